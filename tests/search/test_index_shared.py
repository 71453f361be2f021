"""An index is searched and written by several threads and processes, which may be killed."""

from __future__ import annotations

import gc
import multiprocessing
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from db import PostStore, open_archive
from model.errors import IndexBusy
from search import PostIndex, RebuildReason, Searcher, open_index
from search.expression import Expression, Field, Term
from search.generation import open_generation
from search.spellings import Spelling
from search.vocabulary import Vocabulary
from tests.search.making import CHANNEL, LEAKS, TODAY, a_post, current, found
from tests.searchers import patient_searcher

Save = Callable[..., None]


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
    searcher = patient_searcher(store, index)
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
    """What it asks after another process rebuilt is answered as of when it began."""
    save(a_post(1, "граф и график"), a_post(2, "граф"))
    index = open_index(folder, store, engine=engine)
    index.catch_up()
    other = open_index(folder, store, engine=engine)
    with index.reading() as reader:
        save(a_post(3, "граф"))
        other.rebuild()
        with index.reading() as later:
            assert later.find(Expression(), offset=0, limit=5).total == 3

        words = Vocabulary(reader)
        assert words.count("граф") == reader.documents() == 2
        assert words.frequencies(["график"]) == {"график": 1}
        assert words.idf(1) > words.idf(2)
        assert list(words.typos("грфик")) == ["график"]
        assert sorted(reader.with_prefix("гра", limit=5)) == ["граф", "график"]
        assert reader.find(Expression(), offset=0, limit=5).total == 2
    index.close()
    other.close()


@pytest.mark.slow
@LEAKS
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_many_search_while_posts_come_in(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """Threads that search see all that was committed before they asked, and no error."""
    save(a_post(1, "граф"))
    index = open_index(folder, store, engine=engine)
    index.catch_up()
    searcher = patient_searcher(store, index)
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


@LEAKS
def test_failure_of_an_old_generation_does_not_affect_others(
    store: PostStore, folder: Path, save: Save
) -> None:
    """A search that fails on an old generation does not close the current one."""
    save(a_post(1, "граф"))
    index = open_index(folder, store, engine="whoosh")
    index.catch_up()
    term = Expression(words=(Term(field=Field.WORDS, text="граф"),))

    def begin() -> tuple[Future[int], threading.Event]:
        """Let a thread ask, once it has the reader of now and may go on."""
        has_begun, goes_on = threading.Event(), threading.Event()

        def ask() -> int:
            with index.reading() as reader:
                has_begun.set()
                assert goes_on.wait(60)
                return reader.find(term, offset=0, limit=5).total

        asked = threads.submit(ask)
        assert has_begun.wait(60)
        return asked, goes_on

    with ThreadPoolExecutor(2) as threads:
        overtaken, overtaken_goes_on = begin()
        index.rebuild()
        built = current(folder)
        other, other_goes_on = begin()
        overtaken_goes_on.set()
        assert overtaken.result() == 1
        other_goes_on.set()
        assert other.result() == 1

    assert current(folder) == built
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
    killed = open_generation(current(folder))
    killed.keep([Spelling(text="редкость", term="редкост", documents=1)], seed=1)

    with index.reading() as reader:
        assert Vocabulary(reader).typos("редксть") == {}
    assert index.catch_up().documents == 1
    with index.reading() as reader:
        assert list(Vocabulary(reader).typos("редксть")) == ["редкость"]


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
    searcher = patient_searcher(store, index)
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
    assert patient_searcher(store, index).search("граф").total == 29
    index.close()


def test_another_writer_is_waited_for(store: PostStore, folder: Path, save: Save) -> None:
    """A writer that does not finish is an error that says so."""
    save(a_post(1, "граф"))
    index = open_index(folder, store, lock_seconds=0.05)

    with FileLock(folder / "write.lock"), pytest.raises(IndexBusy, match="index_busy"):
        index.catch_up()


def test_another_writer_need_not_be_waited_for(index: PostIndex, folder: Path) -> None:
    """Whoever cannot wait is told at once."""
    with FileLock(folder / "write.lock"), pytest.raises(IndexBusy):
        index.catch_up(waits=False)
