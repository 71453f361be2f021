"""An index that cannot be trusted is detected, whatever the damage, and rebuilt."""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from db import PostStore, open_archive
from model.errors import IndexUnavailable, IndexUnwritable
from model.posts import PostKind
from model.searchable import searchable_of
from search import PostIndex, RebuildReason, open_index
from search.documents import document_of
from search.engines import EngineDamaged
from search.expression import Expression
from search.generation import open_generation
from tests.search.making import LEAKS, a_post, current, found
from tests.searchers import patient_searcher

pytestmark = [pytest.mark.slow, pytest.mark.measured]

Save = Callable[..., None]
Room = Callable[[], AbstractContextManager[None]]


def _cut(folder: Path) -> None:
    for path in current(folder).glob("*.seg"):
        path.write_bytes(path.read_bytes()[:100])


def _write_nonsense(folder: Path) -> None:
    (folder / "CURRENT").write_text("../../etc", "utf-8")


def _put_folder_in_place(folder: Path) -> None:
    (folder / "CURRENT").unlink()
    (folder / "CURRENT").mkdir()
    (folder / "CURRENT" / "file").touch()


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


DAMAGES = [
    pytest.param(_cut, RebuildReason.DAMAGED, id="a file cut short"),
    pytest.param(_lose_toc, RebuildReason.DAMAGED, id="a table of contents of junk"),
    pytest.param(_write_nonsense, RebuildReason.DAMAGED, id="a name of no generation"),
    pytest.param(_put_folder_in_place, RebuildReason.DAMAGED, id="a folder for a name"),
    pytest.param(_spoil_stamp, RebuildReason.DAMAGED, id="a stamp cut short"),
    pytest.param(_spoil_forms, RebuildReason.DAMAGED, id="spellings of junk"),
    pytest.param(_lose_forms, RebuildReason.DAMAGED, id="no spellings"),
    pytest.param(_lose_stamp, RebuildReason.MISSING, id="no stamp"),
    pytest.param(_lose_generation, RebuildReason.MISSING, id="no generation"),
    pytest.param(_empty_stamp, RebuildReason.DAMAGED, id="a stamp of another kind"),
    pytest.param(_age, RebuildReason.OUTDATED, id="an older analysis"),
    pytest.param(_swap_engine, RebuildReason.ENGINE, id="another engine"),
]


def _make_damaged(
    store: PostStore, folder: Path, save: Save, damage: Callable[[Path], None]
) -> None:
    """Index one post, and let something happen to the index."""
    save(a_post(1, "граф"))
    first = open_index(folder, store)
    first.catch_up()
    first.close()
    damage(folder)


@LEAKS
@pytest.mark.parametrize(("damage", "reason"), DAMAGES)
def test_an_untrusted_index_is_rebuilt(
    store: PostStore,
    folder: Path,
    save: Save,
    damage: Callable[[Path], None],
    reason: RebuildReason,
) -> None:
    """A damaged, older or foreign index is rebuilt, and the reason is given."""
    _make_damaged(store, folder, save, damage)

    index = open_index(folder, store)
    done = index.catch_up()

    assert done.reason is reason
    assert found(patient_searcher(store, index).search("граф")) == [1]
    index.close()
    gc.collect()


@pytest.mark.slow
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
    _make_damaged(store, folder, save, damage)

    index = open_index(folder, store)

    assert found(patient_searcher(store, index).search("граф")) == [1]
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
        assert patient_searcher(other, index).search("").total == 0
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


def test_a_bug_is_no_damage(index: PostIndex, folder: Path, save: Save) -> None:
    """What fails for no reason of the files is raised as it is, and nothing is rebuilt."""
    save(a_post(1, "граф"))
    index.catch_up()
    built = current(folder)
    unanswerable = cast("Expression", None)

    with index.reading() as reader, pytest.raises(AttributeError):
        reader.find(unanswerable, offset=0, limit=5)

    assert current(folder) == built


@contextmanager
def _without_descriptors() -> Iterator[None]:
    """Let no file be opened."""
    lowest = os.dup(0)
    os.close(lowest)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@LEAKS
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_an_index_out_of_reach_is_left_as_it_is(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """Where the system opens no more files, a search says to try again, and later does."""
    index, other = (open_index(folder, store, engine=engine) for _ in range(2))
    searcher = patient_searcher(store, index)
    save(a_post(1, "граф"))
    index.catch_up()
    built = current(folder)
    assert found(searcher.search("граф")) == [1]

    save(a_post(2, "граф"))
    other.catch_up()
    for _ in range(2):
        with _without_descriptors():
            with pytest.raises(IndexUnavailable, match="index_out_of_reach"):
                searcher.search("граф")
            with pytest.raises(IndexUnavailable, match="index_out_of_reach"):
                index.needs_rebuild()
        index.close()
    assert current(folder) == built
    assert found(searcher.search("граф")) == [2, 1]
    gc.collect()


def test_an_index_that_another_thread_mended_is_not_built_again(
    store: PostStore, index: PostIndex, folder: Path, save: Save
) -> None:
    """Of two that meet the same damage one rebuilds, and the other uses what it built."""
    save(a_post(1, "граф"))
    index.catch_up()
    failing = patient_searcher(store, index)
    assert found(failing.search("граф")) == [1]
    other = open_index(folder, store)
    other.rebuild()
    built = current(folder)

    index._mend("whoosh-gone", EngineDamaged())
    index._mend("", EngineDamaged())

    assert current(folder) == built
    (folder / "CURRENT").unlink()
    index._mend("whoosh-gone", EngineDamaged())
    assert current(folder) != built
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

    strange = replace(document_of(searchable_of(store.newest(limit=1)[0])), post_id=99)
    open_generation(current(folder)).write([strange])
    done = index.check()
    assert done.reason is RebuildReason.DAMAGED
    assert done.reason is RebuildReason.DAMAGED
    assert found(patient_searcher(store, index).search("граф")) == [3, 1]
    index.close()


def _with_checksum(footer: bytes, checksum: int) -> bytes:
    """Return the end of a file of tantivy's with another checksum in it."""
    values = {**json.loads(footer[:-8]), "crc": checksum}
    told = json.dumps(values, separators=(",", ":")).encode()
    return told + len(told).to_bytes(4, "little") + footer[-4:]


def _spoil(folder: Path) -> None:
    """Spoil tantivy's index so that it opens well, and panics when it is read."""
    for path in current(folder).glob("*.idx"):
        held = bytearray(path.read_bytes())
        end = held.rindex(b'{"version"')
        place = slice(end // 10, end * 4 // 5)
        held[place] = b"\xff" * len(held[place])
        # The damage is to be met by reading alone.
        checksum = zlib.crc32(held[:end])
        path.write_bytes(held[:end] + _with_checksum(bytes(held[end:]), checksum))


@pytest.fixture
def spoilt(store: PostStore, folder: Path, save: Save) -> Iterator[PostIndex]:
    """Open an index that opens well, and over which tantivy panics when it is read."""
    save(*(a_post(number, "граф узел " + "ребро " * number) for number in range(1, 60)))
    first = open_index(folder, store, engine="tantivy")
    first.catch_up()
    first.close()
    _spoil(folder)
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
    assert patient_searcher(store, spoilt).search("граф", limit=60).total == 59


def test_an_index_is_rebuilt_once_for_a_damage(
    spoilt: PostIndex, store: PostStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the one that was built fails as well, it is said, and not built at every search."""
    searcher = patient_searcher(store, spoilt)
    assert searcher.search("граф").total == 59
    spoilt.close()
    _spoil(folder)
    built = current(folder)

    for _ in range(2):
        with pytest.raises(IndexUnavailable, match="index_unreadable"):
            searcher.search("граф", limit=60)
    assert current(folder) == built
    assert [one.exc_info is not None for one in caplog.records if one.levelname == "ERROR"] == [
        True,
        True,
    ]


@LEAKS
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_write_without_room_leaves_the_index_as_it_was(
    store: PostStore, folder: Path, save: Save, without_room: Room, engine: str
) -> None:
    """It is told in one sentence, nothing is left over, and with room the index goes on."""
    save(a_post(1, "граф"))
    index = open_index(folder, store, engine=engine)
    index.catch_up()
    built = current(folder)
    save(a_post(2, "граф"))
    for _ in range(2):
        with (
            without_room(),
            pytest.raises(IndexUnwritable, match="index_not_built"),
        ):
            index.catch_up()
    with (built / "filling").open("wb") as file:
        file.truncate(1 << 42)
    with without_room(), pytest.raises(IndexUnwritable, match="No space left on device"):
        index.catch_up()
    assert [path for path in folder.iterdir() if path.is_dir()] == [built]
    assert found(patient_searcher(store, index).search("граф")) == [1]
    assert not index.catch_up().rebuilt
    assert found(patient_searcher(store, index).search("граф")) == [2, 1]
    index.close()
    gc.collect()


@LEAKS
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_damage_that_is_met_by_writing_is_mended(
    store: PostStore, folder: Path, save: Save, engine: str
) -> None:
    """What opens well and cannot be added to is built anew."""
    save(*(a_post(number, f"граф слово{number}") for number in range(1, 60)))
    with closing(open_index(folder, store, engine=engine)) as index:
        index.catch_up()
    for path in (*current(folder).glob("*.seg"), *current(folder).glob("*.idx")):
        held = bytearray(path.read_bytes())
        place = slice(len(held) // 3, len(held) * 2 // 3)
        held[place] = bytes(len(held[place]))
        path.write_bytes(held)
    save(*(a_post(number, f"узел слово{number}") for number in range(20, 80)))
    with closing(open_index(folder, store, engine=engine)) as index:
        assert index.check().reason is RebuildReason.DAMAGED
        assert patient_searcher(store, index).search("узел", limit=99).total == 60
    gc.collect()
