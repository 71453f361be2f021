"""The index catches up with its archive, in a folder of its own, with the engine that fits."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from db import PostStore
from model.errors import IndexUnavailable
from model.posts import Channel
from search import PostIndex, RebuildReason, Searcher, open_index
from search.expression import Expression
from tests.search.making import CHANNEL, TODAY, a_post, current, found
from tests.searchers import patient_searcher

Save = Callable[..., None]


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


@pytest.mark.measured
@pytest.mark.slow
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
        if done > 2250:
            raise LookupError

    with pytest.raises(LookupError):
        index.catch_up(progress=end_late)

    assert seen == [(done, 2501) for done in range(250, 2501, 250)]
    searcher = patient_searcher(store, index)
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
    searcher = patient_searcher(store, index)

    def change(done: int, _: int) -> None:
        if done == 500:
            store.save(
                store.resolve_channel(CHANNEL),
                [a_post(1, "другое"), a_post(501, "третье")],
                as_of=TODAY.replace(hour=13),
            )

    index.catch_up(progress=change)

    with index.reading() as reader:
        assert reader.find(Expression(repeats=True), offset=0, limit=1).posts == 500
    assert (index.catch_up().documents, searcher.search("").posts) == (2, 501)
    assert [found(searcher.search(text)) for text in ("слово1", "другое", "третье")] == [
        [],
        [1],
        [501],
    ]
    index.close()


@pytest.mark.measured
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
        searcher = patient_searcher(store, index)
        answers.append([found(searcher.search(text)) for text in ("граф3", "слово8001", "слво77")])
        index.close()

    assert seen[1] == seen[2]
    assert answers[0] == answers[1]


def test_how_far_it_is_behind_is_known(store: PostStore, folder: Path, save: Save) -> None:
    """Posts that are new or changed count, and all of them where it is to be built anew."""
    index = open_index(folder, store, whoosh_limit=3)
    save(a_post(1, "граф"), a_post(2, "граф"))
    assert (index.behind(), index.needs_rebuild()) == (2, True)
    index.catch_up()
    assert index.behind() == 0
    save(a_post(3, "граф"))
    assert (index.behind(), index.needs_rebuild()) == (1, False)
    save(a_post(4, "граф"))
    assert (index.behind(), index.needs_rebuild()) == (4, True)
    index.catch_up()
    assert index.behind() == 0
    index.close()


def test_a_search_builds_an_index_that_is_not_there(save: Save, searcher: Searcher) -> None:
    """Whoever searches first need not know of the index."""
    save(a_post(1, "граф"))

    assert found(searcher.search("граф")) == [1]


def test_the_folder_is_private(index: PostIndex, folder: Path) -> None:
    """Nobody else may read or write what is unpickled."""
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    index.catch_up()
    assert stat.S_IMODE(current(folder).stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, store: PostStore) -> None:
    """The error says which folder it is and what to do."""
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(IndexUnavailable, match=r"index_unwritable .*file/index"):
        open_index(tmp_path / "file" / "index", store)


def test_a_folder_that_is_gone_is_an_error(index: PostIndex, folder: Path) -> None:
    """Where nothing can be written, the error names the folder."""
    shutil.rmtree(folder)
    folder.write_text("", "utf-8")

    with pytest.raises(IndexUnavailable, match="index_unwritable"):
        index.catch_up()


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
    searcher = patient_searcher(store, index)
    before = found(searcher.search("граф"))

    save(a_post(4, "граф"))
    done = index.catch_up()

    assert (done.engine, done.reason, done.limit) == ("tantivy", RebuildReason.GROWN, 3)
    assert sorted(found(searcher.search("граф"))) == sorted([4, *before])
    again = index.catch_up()
    assert not again.rebuilt
    assert caplog.messages.count("the index was built anew with tantivy: grown") == 1
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
    assert other.catch_up().reason is RebuildReason.ENGINE
    assert index.catch_up().reason is RebuildReason.ENGINE
    done = index.rebuild(engine="auto")
    assert done.reason is RebuildReason.ASKED
    assert not index.catch_up().rebuilt
    assert found(patient_searcher(store, index).search("граф")) == [2, 1]
    index.close()
    other.close()


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

    with index.reading() as reader:
        assert reader.counts(["граф"]) == {"граф": 0}


def test_an_engine_can_be_asked_for(store: PostStore, folder: Path, save: Save) -> None:
    """A setting goes before the archive's size, and a change of it rebuilds."""
    save(a_post(1, "граф"))
    asked = open_index(folder, store, engine="tantivy")
    assert asked.catch_up().engine == "tantivy"
    assert found(patient_searcher(store, asked).search("граф")) == [1]
    asked.close()

    index = open_index(folder, store)
    assert index.catch_up().reason is RebuildReason.ENGINE
    index.close()
