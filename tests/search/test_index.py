"""The index catches up with its archive, and is built anew whenever it cannot be trusted."""

from __future__ import annotations

import gc
import json
import multiprocessing
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from filelock import FileLock

from db import PostStore, open_archive
from model.errors import IndexBusy, IndexUnavailable
from model.posts import Channel, PostKind
from search import PostIndex, RebuildReason, Searcher, open_index
from search.documents import document_of
from search.expression import Expression
from search.forms import Form
from search.reader import IndexReader
from tests.search.making import CHANNEL, TODAY, a_post, found

Save = Callable[..., None]


def current(folder: Path) -> Path:
    """Return the folder of the current generation."""
    return folder / (folder / "CURRENT").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the index lies."""
    return tmp_path / "index"


def test_the_first_catch_up_builds_the_index(index: PostIndex, save: Save) -> None:
    """A missing index is built from the whole archive, with its progress shown."""
    save(a_post(1, "граф"), a_post(2, "граф"))
    seen: list[tuple[int, int]] = []

    done = index.catch_up(progress=lambda done, expected: seen.append((done, expected)))

    assert (done.documents, done.reason, done.rebuilt) == (2, RebuildReason.MISSING, True)
    assert done.engine == "whoosh"
    assert seen == [(2, 2)]


def test_catching_up_takes_only_what_is_new(index: PostIndex, save: Save) -> None:
    """Later catch-ups write new and changed posts, and nothing where nothing happened."""
    save(a_post(1, "граф"))
    index.catch_up()
    save(a_post(2, "граф"))

    assert (index.catch_up().documents, index.catch_up().documents) == (1, 0)
    assert not index.catch_up().rebuilt


def test_a_changed_post_is_found_by_its_new_text_alone(
    store: PostStore, index: PostIndex, searcher: Searcher
) -> None:
    """An edited post leaves no trace of what it said before."""
    channel = store.resolve_channel(Channel(title="Заметки"))
    store.save(channel, [a_post(1, "старое слово"), a_post(2, "третье")], as_of=TODAY)
    index.catch_up()
    store.save(channel, [a_post(1, "новое слово")], as_of=TODAY.replace(hour=13))
    index.catch_up()

    assert found(searcher.search("старое")) == []
    assert found(searcher.search("новое")) == [1]
    assert searcher.search("").total == 2


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_much_is_committed_in_parts(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """Of thousands of posts, the first are found before the last; ended amid them, it goes on."""
    index = open_index(folder, store, engine=engine)
    index.catch_up()
    save(*(a_post(number, f"слово{number}") for number in range(1, 2502)))
    seen: list[tuple[int, int]] = []

    def end_late(done: int, expected: int) -> None:
        seen.append((done, expected))
        if done > 2000:
            raise LookupError

    with pytest.raises(LookupError):
        index.catch_up(progress=end_late)

    assert seen == [(done, 2501) for done in (500, 1000, 1500, 2000, 2500)]
    searcher = Searcher(store, index)
    assert (found(searcher.search("слово1999")), index.behind()) == ([1999], 501)
    assert index.catch_up().documents == 501
    assert (found(searcher.search("слово2500")), index.behind()) == ([2500], 0)
    index.close()


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_post_that_changes_while_the_index_is_built_is_in_it_once(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """It is found by the text that was read, and by its new one when that is taken in."""
    save(*(a_post(number, f"слово{number}") for number in range(1, 502)))
    index = open_index(folder, store, engine=engine)
    searcher = Searcher(store, index)

    def change(done: int, _: int) -> None:
        if done == 500:
            store.save(
                store.resolve_channel(CHANNEL),
                [a_post(1, "другое"), a_post(501, "третье")],
                as_of=TODAY.replace(hour=13),
            )

    index.catch_up(progress=change)

    assert index.find(Expression(repeats=True), offset=0, limit=1).posts == 500
    assert (index.catch_up().documents, searcher.search("").posts) == (2, 501)
    assert [found(searcher.search(text)) for text in ("слово1", "другое", "третье")] == [
        [],
        [1],
        [501],
    ]
    index.close()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_processes_that_read_ahead_build_the_same_index(
    store: PostStore, tmp_path: Path, save: Save, engine: str
) -> None:
    """Of thousands of posts, both ways find the same, and show the same progress."""
    save(*(a_post(number, f"слово{number} граф{number % 7}") for number in range(1, 8002)))
    seen: dict[int, list[tuple[int, int]]] = {1: [], 2: []}
    answers = []
    for jobs, steps in seen.items():
        index = open_index(tmp_path / f"index{jobs}", store, engine=engine, jobs=jobs)
        assert index.catch_up(progress=lambda *step, to=steps: to.append(step)).documents == 8001
        searcher = Searcher(store, index)
        answers.append([found(searcher.search(text)) for text in ("граф3", "слово8001", "слво77")])
        index.close()

    assert seen[1] == seen[2]
    assert answers[0] == answers[1]


def test_how_far_it_is_behind_is_known(store: PostStore, folder: Path, save: Save) -> None:
    """Posts that are new or changed count, and all of them where it is to be built anew."""
    index = open_index(folder, store, whoosh_limit=3)
    save(a_post(1, "граф"), a_post(2, "граф"))
    assert (index.behind(), index.in_doubt()) == (2, True)
    index.catch_up()
    assert index.behind() == 0
    save(a_post(3, "граф"))
    assert (index.behind(), index.in_doubt()) == (1, False)
    save(a_post(4, "граф"))
    assert (index.behind(), index.in_doubt()) == (4, True)
    index.catch_up()
    assert index.behind() == 0
    index.close()


def test_a_search_builds_an_index_that_is_not_there(save: Save, searcher: Searcher) -> None:
    """Whoever searches first need not know of the index."""
    save(a_post(1, "граф"))

    assert found(searcher.search("граф")) == [1]


def _cut(folder: Path) -> None:
    for path in current(folder).glob("*.seg"):
        path.write_bytes(path.read_bytes()[:100])


def _write_nonsense(folder: Path) -> None:
    (folder / "CURRENT").write_text("../../etc", "utf-8")


def _lose_stamp(folder: Path) -> None:
    (current(folder) / "stamp.json").unlink()


def _spoil_stamp(folder: Path) -> None:
    (current(folder) / "stamp.json").write_text("{", "utf-8")


def _empty_stamp(folder: Path) -> None:
    (current(folder) / "stamp.json").write_text("[]", "utf-8")


def _age(folder: Path) -> None:
    stamp = json.loads((current(folder) / "stamp.json").read_text("utf-8"))
    (current(folder) / "stamp.json").write_text(json.dumps({**stamp, "analysis": 0}), "utf-8")


def _swap_engine(folder: Path) -> None:
    stamp = json.loads((current(folder) / "stamp.json").read_text("utf-8"))
    (current(folder) / "stamp.json").write_text(json.dumps({**stamp, "engine": "other"}), "utf-8")


def _lose_generation(folder: Path) -> None:
    shutil.rmtree(current(folder))


def _lose_toc(folder: Path) -> None:
    for path in current(folder).glob("*.toc"):
        path.write_bytes(b"junk")


def _spoil_forms(folder: Path) -> None:
    (current(folder) / "forms" / "meta.json").write_text("junk\n", "utf-8")


def _lose_forms(folder: Path) -> None:
    shutil.rmtree(current(folder) / "forms")


# Whoosh leaves files open where it finds damage, or that a file has gone; they are collected before
# the next test.
LEAKS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

DAMAGES = [
    pytest.param(_cut, RebuildReason.DAMAGED, id="a file cut short"),
    pytest.param(_lose_toc, RebuildReason.DAMAGED, id="a table of contents of junk"),
    pytest.param(_write_nonsense, RebuildReason.DAMAGED, id="a name of no generation"),
    pytest.param(_spoil_stamp, RebuildReason.DAMAGED, id="a stamp cut short"),
    pytest.param(_spoil_forms, RebuildReason.DAMAGED, id="spellings of junk"),
    pytest.param(_lose_forms, RebuildReason.DAMAGED, id="no spellings"),
    pytest.param(_lose_stamp, RebuildReason.MISSING, id="no stamp"),
    pytest.param(_lose_generation, RebuildReason.MISSING, id="no generation"),
    pytest.param(_empty_stamp, RebuildReason.DAMAGED, id="a stamp of another kind"),
    pytest.param(_age, RebuildReason.OUTDATED, id="an older analysis"),
    pytest.param(_swap_engine, RebuildReason.ENGINE, id="another engine"),
]


@LEAKS
@pytest.mark.parametrize(("damage", "reason"), DAMAGES)
def test_an_index_in_doubt_is_rebuilt(
    store: PostStore,
    folder: Path,
    save: Save,
    damage: Callable[[Path], None],
    reason: RebuildReason,
) -> None:
    """A damaged, older or foreign index is built anew, and says why."""
    save(a_post(1, "граф"))
    first = open_index(folder, store)
    first.catch_up()
    first.close()
    damage(folder)

    index = open_index(folder, store)
    done = index.catch_up()

    assert done.reason is reason
    assert found(Searcher(store, index).search("граф")) == [1]
    index.close()
    gc.collect()


@LEAKS
@pytest.mark.parametrize(("damage", "reason"), DAMAGES)
def test_a_search_mends_an_index_that_fails(
    store: PostStore,
    folder: Path,
    save: Save,
    damage: Callable[[Path], None],
    reason: RebuildReason,
) -> None:
    """A damage that nobody noticed before a search is mended by it."""
    save(a_post(1, "граф"))
    first = open_index(folder, store)
    first.catch_up()
    first.close()
    damage(folder)

    index = open_index(folder, store)

    assert found(Searcher(store, index).search("граф")) == [1]
    assert reason
    index.close()
    gc.collect()


def test_the_index_of_another_archive_is_rebuilt(
    tmp_path: Path, store: PostStore, folder: Path, save: Save
) -> None:
    """An index knows its archive by a stamp, not by its place."""
    save(a_post(1, "граф"))
    open_index(folder, store).catch_up()
    with open_archive(tmp_path / "other.db") as other:
        index = open_index(folder, other)

        assert index.catch_up().reason is RebuildReason.FOREIGN
        assert Searcher(other, index).search("").total == 0
        index.close()


def test_the_index_of_an_archive_put_back_is_rebuilt(
    tmp_path: Path, store: PostStore, folder: Path, save: Save
) -> None:
    """An archive put back from a copy has seen less than its index."""
    save(a_post(1, "граф"))
    shutil.copy(tmp_path / "archive.db", tmp_path / "copy.db")
    with open_archive(tmp_path / "copy.db") as copy:
        early = copy.last_seq()
        save(a_post(2, "узел"))
        open_index(folder, store).catch_up()
        index = open_index(folder, copy)

        assert early < store.last_seq()
        assert index.catch_up().reason is RebuildReason.FOREIGN
        index.close()


def test_a_rebuild_replaces_the_old_generation(
    index: PostIndex, folder: Path, save: Save, searcher: Searcher
) -> None:
    """After a rebuild there is one generation, and open searchers use it."""
    save(a_post(1, "граф"))
    index.catch_up()
    before = current(folder)
    (folder / "whoosh-halfway").mkdir()

    assert index.rebuild().reason is RebuildReason.ASKED
    assert not before.exists()
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {current(folder).name}
    assert found(searcher.search("граф")) == [1]


def test_another_process_is_seen(
    store: PostStore, index: PostIndex, folder: Path, save: Save
) -> None:
    """What another index over the same folder commits or rebuilds is found at once."""
    save(a_post(1, "граф"))
    index.catch_up()
    searcher = Searcher(store, index)
    assert found(searcher.search("граф")) == [1]
    other = open_index(folder, store)

    save(a_post(2, "граф и узел"))
    other.catch_up()
    assert sorted(found(searcher.search("граф"))) == [1, 2]
    assert found(searcher.search("узле")) == [2]
    other.rebuild()
    assert sorted(found(searcher.search("граф"))) == [1, 2]
    other.close()


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_search_outlives_a_rebuild(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """Words that were asked of before another process rebuilt are answered after it, too."""
    save(a_post(1, "граф и график"), a_post(2, "граф"))
    index = open_index(folder, store, engine=engine)
    index.catch_up()
    words = index.vocabulary()
    other = open_index(folder, store, engine=engine)
    other.rebuild()
    assert index.find(Expression(), offset=0, limit=5).total == 2

    assert words.count("граф") == 2
    assert words.frequency("график") == 1
    assert words.rarity(1) > words.rarity(2)
    assert list(words.slips("грфик")) == ["график"]
    assert sorted(words.beginning("гра", limit=5)) == ["граф", "график"]
    index.close()
    other.close()


@LEAKS
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_many_search_while_posts_come_in(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """Threads that search see all that was committed before they asked, and no error."""
    save(a_post(1, "граф"))
    index = open_index(folder, store, engine=engine)
    index.catch_up()
    searcher = Searcher(store, index)
    committed = 1
    done = threading.Event()

    def search() -> int:
        searches = 0
        while not done.is_set():
            least = committed
            assert searcher.search("граф").total >= least
            assert searcher.search("грфа").total >= 0
            searches += 1
        return searches

    with ThreadPoolExecutor(4) as threads:
        searching = [threads.submit(search) for _ in range(4)]
        try:
            for number in range(2, 12):
                save(a_post(number, f"граф слово{number}"))
                index.rebuild() if number % 4 == 0 else index.catch_up()
                committed = number
        finally:
            done.set()
        assert all(one.result() for one in searching)
    index.close()
    gc.collect()


def test_what_a_killed_process_left_is_removed(index: PostIndex, folder: Path, save: Save) -> None:
    """An unfinished or former generation goes with the next catch-up, and the current one stays."""
    save(a_post(1, "граф"))
    index.catch_up()
    kept = current(folder)
    (folder / "whoosh-halfway").mkdir()
    shutil.copytree(kept, folder / "whoosh-former")

    assert not index.catch_up().rebuilt
    assert [path for path in folder.iterdir() if path.is_dir()] == [kept]


def test_spellings_are_kept_before_their_posts(index: PostIndex, folder: Path, save: Save) -> None:
    """Whatever post is found, its words are known; written twice, they are known all the same."""
    save(a_post(1, "граф"))
    index.catch_up()
    save(a_post(2, "редкость"))
    killed = IndexReader(current(folder))
    killed.forms.add([Form(text="редкость", term="редкост", documents=1)], seed=1)
    killed.close()

    assert index.vocabulary().slips("редксть") == {}
    assert index.catch_up().documents == 1
    assert list(index.vocabulary().slips("редксть")) == ["редкость"]


def _rebuild_forever(archive: Path, folder: Path, engine: str) -> None:
    with open_archive(archive) as store:
        index = open_index(folder, store, engine=engine)
        while True:
            index.rebuild()


def _post_forever(archive: Path, folder: Path, engine: str) -> None:
    with open_archive(archive) as store:
        index = open_index(folder, store, engine=engine)
        channel = store.resolve_channel(CHANNEL)
        number = store.last_message_id(channel) or 0
        while True:
            number += 1
            store.save(channel, [a_post(number, f"граф слово{number}")], as_of=TODAY)
            index.catch_up()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
@pytest.mark.parametrize("work", [_rebuild_forever, _post_forever])
def test_a_killed_writer_leaves_the_index_whole(
    store: PostStore,
    folder: Path,
    save: Save,
    work: Callable[[Path, Path, str], None],
    engine: str,
) -> None:
    """However a writer dies, there is an index for those who read, and the next one completes it.

    Searches in another process are answered throughout.
    """
    save(*(a_post(number, f"граф {number}") for number in range(1, 30)))
    index = open_index(folder, store, engine=engine)
    index.catch_up()
    searcher = Searcher(store, index)
    context = multiprocessing.get_context("spawn")
    for moment in (0.05, 0.2, 0.33):
        before = (store.last_seq(), current(folder))
        process = context.Process(target=work, args=(store.path, folder, engine))
        process.start()
        while (store.last_seq(), current(folder)) == before:
            assert searcher.search("граф").total >= 29
        process.join(moment)
        process.kill()
        process.join()

        assert not index.catch_up().rebuilt
        assert searcher.search("граф").posts == store.size()
        last = store.newest(limit=1)[0].post.text.split()[-1]
        assert searcher.search(f'"{last}"').total == 1
        assert [path for path in folder.iterdir() if path.is_dir()] == [current(folder)]
    index.close()


def _rebuild(archive: Path, folder: Path, times: int) -> None:
    with open_archive(archive) as store:
        index = open_index(folder, store)
        for _ in range(times):
            assert index.rebuild().documents == 29
        index.close()


@pytest.mark.slow
def test_two_processes_rebuild_at_once(
    tmp_path: Path, store: PostStore, folder: Path, save: Save
) -> None:
    """They take turns, both succeed, and one whole generation is left."""
    save(*(a_post(number, f"граф {number}") for number in range(1, 30)))
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_rebuild, args=(tmp_path / "archive.db", folder, 5))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    assert [path for path in folder.iterdir() if path.is_dir()] == [current(folder)]
    index = open_index(folder, store)
    assert Searcher(store, index).search("граф").total == 29
    index.close()


def test_the_folder_is_private(index: PostIndex, folder: Path) -> None:
    """Nobody else may read or write what is unpickled."""
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    index.catch_up()
    assert stat.S_IMODE(current(folder).stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, store: PostStore) -> None:
    """The error says which folder it is and what to do."""
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(IndexUnavailable, match=r"index folder .*file/index cannot be written"):
        open_index(tmp_path / "file" / "index", store)


def test_another_writer_is_waited_for(store: PostStore, folder: Path, save: Save) -> None:
    """A writer that does not finish is an error that says so."""
    save(a_post(1, "граф"))
    index = open_index(folder, store, lock_seconds=0.05)

    with FileLock(folder / "write.lock"), pytest.raises(IndexBusy, match="Another Letopis"):
        index.catch_up()


def test_another_writer_need_not_be_waited_for(index: PostIndex, folder: Path) -> None:
    """Whoever cannot wait is told at once."""
    with FileLock(folder / "write.lock"), pytest.raises(IndexBusy):
        index.catch_up(waits=False)


def test_a_folder_that_is_gone_is_an_error(index: PostIndex, folder: Path) -> None:
    """Where nothing can be written, the error names the folder."""
    shutil.rmtree(folder)
    folder.write_text("", "utf-8")

    with pytest.raises(IndexUnavailable, match="cannot be written"):
        index.catch_up()


def test_an_index_that_fails_even_rebuilt_is_an_error(index: PostIndex, save: Save) -> None:
    """One mending is tried, no more."""
    save(a_post(1, "граф"))
    unanswerable = cast("Expression", None)

    with pytest.raises(IndexUnavailable, match="even rebuilt"):
        index.find(unanswerable, offset=0, limit=5)


def test_an_index_that_another_thread_mended_is_not_built_again(
    store: PostStore, index: PostIndex, folder: Path, save: Save
) -> None:
    """Of two that meet the same damage one rebuilds, and the other uses what it built."""
    save(a_post(1, "граф"))
    index.catch_up()
    failing = Searcher(store, index)
    assert found(failing.search("граф")) == [1]
    other = open_index(folder, store)
    other.rebuild()
    built = current(folder)

    index._mend("whoosh-gone")
    index._mend("")

    assert current(folder) == built
    (folder / "CURRENT").unlink()
    index._mend("whoosh-gone")
    assert current(folder) != built
    other.close()


def test_a_growing_archive_changes_its_engine(
    store: PostStore, folder: Path, save: Save, caplog: pytest.LogCaptureFixture
) -> None:
    """Past the limit the index is rebuilt once for tantivy, says so, and answers as before."""
    caplog.set_level("INFO", "search.index")
    index = open_index(folder, store, whoosh_limit=3)
    save(*(a_post(number, "граф") for number in (1, 2, 3)))
    assert index.catch_up().engine == "whoosh"
    save(a_post(1, "граф граф"), a_post(2, "граф узел"))
    assert index.catch_up().engine == "whoosh"
    searcher = Searcher(store, index)
    before = found(searcher.search("граф"))

    save(a_post(4, "граф"))
    done = index.catch_up()

    sentence = (
        "The archive has more than 3 posts now: its search index has been built anew, this once, "
        "with tantivy."
    )
    assert (done.engine, done.reason, done.said) == ("tantivy", RebuildReason.GROWN, sentence)
    assert sorted(found(searcher.search("граф"))) == sorted([4, *before])
    again = index.catch_up()
    assert (again.rebuilt, again.said) == (False, "")
    assert caplog.messages.count(sentence) == 1
    index.close()


def test_an_engine_that_was_chosen_is_kept_to(store: PostStore, folder: Path, save: Save) -> None:
    """What was asked for once holds, here and elsewhere, until it is left open again."""
    save(a_post(1, "граф"))
    index = open_index(folder, store)

    assert index.rebuild(engine="tantivy").engine == "tantivy"
    save(a_post(2, "граф"))
    assert (index.catch_up().engine, index.catch_up().rebuilt) == ("tantivy", False)
    assert index.rebuild().engine == "tantivy"
    other = open_index(folder, store, engine="whoosh")
    assert other.catch_up().said == "The search index has been built anew with whoosh."
    assert index.catch_up().reason is RebuildReason.ENGINE
    done = index.rebuild(engine="auto")
    assert done.said == "The search index has been built anew with whoosh, as asked."
    assert not index.catch_up().rebuilt
    assert found(Searcher(store, index).search("граф")) == [2, 1]
    index.close()
    other.close()


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_check_finds_what_catching_up_does_not(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """An index that does not hold just the posts of the archive is built anew."""
    index = open_index(folder, store, engine=engine)
    save(a_post(1, "граф"), a_post(2, "граф", kind=PostKind.SERVICE))
    assert index.check().reason is RebuildReason.MISSING
    assert index.check().reason is None
    save(a_post(3, "граф"))
    assert (index.check().documents, index.check().rebuilt) == (1, False)

    strange = replace(document_of(store.newest(limit=1)[0]), post_id=99)
    index._current_reader().engine.write([strange])
    done = index.check()
    assert done.reason is RebuildReason.DAMAGED
    assert done.said == "The search index was damaged and has been built anew from the archive."
    assert found(Searcher(store, index).search("граф")) == [3, 1]
    index.close()


@pytest.fixture
def spoilt(store: PostStore, folder: Path, save: Save) -> Iterator[PostIndex]:
    """Open an index that opens well, and over which tantivy panics when it is read."""
    save(*(a_post(number, "граф узел " + "ребро " * number) for number in range(1, 60)))
    first = open_index(folder, store, engine="tantivy")
    first.catch_up()
    first.close()
    for path in current(folder).glob("*.idx"):
        held = bytearray(path.read_bytes())
        place = slice(len(held) // 10, len(held) * 4 // 5)
        held[place] = b"\xff" * len(held[place])
        path.write_bytes(held)
    index = open_index(folder, store, engine="tantivy")
    yield index
    index.close()


def test_a_check_finds_what_cannot_be_read(spoilt: PostIndex) -> None:
    """Damage that opening does not show is found by reading through."""
    assert not spoilt.catch_up().rebuilt
    assert spoilt.check().reason is RebuildReason.DAMAGED
    assert not spoilt.check().rebuilt


def test_a_search_mends_what_cannot_be_read(spoilt: PostIndex, store: PostStore) -> None:
    """However an engine fails, even by a panic, the answer comes from a mended index."""
    assert Searcher(store, spoilt).search("граф", limit=60).total == 59


def test_a_failed_write_leaves_the_index_as_it_was(
    store: PostStore, index: PostIndex, save: Save, searcher: Searcher
) -> None:
    """When a catch-up stops midway, what was committed stays, and the next one completes it."""
    save(a_post(1, "граф"))
    index.catch_up()
    save(a_post(2, "граф"))

    def give_up(_done: int, _expected: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.catch_up(progress=give_up)

    assert found(searcher.search("граф")) == [1]
    assert index.catch_up().documents == 1
    assert found(searcher.search("граф")) == [2, 1]


def test_closing_twice_is_harmless(index: PostIndex) -> None:
    """A closed index opens again when it is asked."""
    index.close()
    index.close()

    assert index.vocabulary().count("граф") == 0


def test_an_engine_can_be_asked_for(store: PostStore, folder: Path, save: Save) -> None:
    """A setting goes before the archive's size, and a change of it rebuilds."""
    save(a_post(1, "граф"))
    asked = open_index(folder, store, engine="tantivy")
    assert asked.catch_up().engine == "tantivy"
    assert found(Searcher(store, asked).search("граф")) == [1]
    asked.close()

    index = open_index(folder, store)
    assert index.catch_up().reason is RebuildReason.ENGINE
    index.close()
