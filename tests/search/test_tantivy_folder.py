"""A tantivy folder is written transactionally, whatever happened to earlier writers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tantivy import Document, Query, SchemaBuilder

from search.engines.tantivy_folder import TantivyFolder

_BYTES = 15_000_000
_BUILDER = SchemaBuilder()
_BUILDER.add_text_field("word", stored=True, tokenizer_name="spaces")
SCHEMA = _BUILDER.build()


def put(folder: TantivyFolder, words: Iterable[str]) -> None:
    """Put words in the place of themselves."""
    with folder.writing(heap_size=_BYTES) as writer:
        for word in words:
            writer.delete_documents_by_term("word", word)
            writer.add_document(Document.from_dict({"word": word}, SCHEMA))
    folder.refresh()


def times(folder: TantivyFolder, word: str) -> int:
    """Count the documents of a word."""
    query = Query.term_query(SCHEMA, "word", word)
    return len(folder.searcher.search(query, limit=9).hits)


def files(path: Path) -> set[str]:
    """Return the names of the files that hold documents or say which are deleted."""
    return {file.name for file in path.iterdir() if "." in file.name.strip(".")}


@pytest.mark.parametrize("again", [["a"], ["b", "a"]], ids=["the same", "another"])
def test_leftovers_of_a_killed_writer_are_removed(tmp_path: Path, again: list[str]) -> None:
    """Files that no commit names are removed, even those written after opening."""
    path = tmp_path / "whole"
    path.mkdir()
    folder = TantivyFolder(path, SCHEMA, create=True)
    put(folder, ["a", "b", "c"])
    committed = (path / "meta.json").read_bytes()
    shutil.copytree(path, tmp_path / "killed")
    put(TantivyFolder(tmp_path / "killed", SCHEMA, create=False), ["a"])
    left = files(tmp_path / "killed") - files(path)
    for name in (*left, ".managed.json"):
        shutil.copy(tmp_path / "killed" / name, path / name)
    assert (path / "meta.json").read_bytes() == committed

    put(folder, again)

    assert [times(folder, word) for word in "abc"] == [1, 1, 1]
    assert any(name.endswith(".del") for name in left)
    assert not [name for name in files(path) & left if not name.endswith(".del")]


def _cut(held: bytes) -> bytes:
    return held[: len(held) // 2]


def _change(held: bytes) -> bytes:
    return held[:3] + bytes([held[3] ^ 1]) + held[4:]


def _empty(_: bytes) -> bytes:
    return b""


def _lengthen_end(held: bytes) -> bytes:
    return held[:-8] + b"\xff\xff\xff\x7f" + held[-4:]


def _rename_checksum(held: bytes) -> bytes:
    return held.replace(b'"crc"', b'"cra"')


def _damaged(folder: Path, kind: str, damage: Callable[[bytes], bytes]) -> Path:
    """Put a damaged file in the place of another, which tantivy may have mapped into memory."""
    [path] = folder.glob(f"*.{kind}")
    beside = path.with_suffix(".new")
    beside.write_bytes(damage(path.read_bytes()))
    return beside.replace(path)


@pytest.mark.parametrize("damage", [_cut, _change, _empty, _lengthen_end, _rename_checksum])
@pytest.mark.parametrize("kind", ["idx", "term", "store", "fieldnorm"])
def test_a_damaged_file_is_not_read(
    tmp_path: Path, kind: str, damage: Callable[[bytes], bytes]
) -> None:
    """Its checksum tells it: nothing is said by tantivy, which would panic over it."""
    put(TantivyFolder(tmp_path, SCHEMA, create=True), ["a", "b"])
    assert times(TantivyFolder(tmp_path, SCHEMA, create=False), "a") == 1
    path = _damaged(tmp_path, kind, damage)
    with pytest.raises(ValueError, match=path.name):
        TantivyFolder(tmp_path, SCHEMA, create=False)


@pytest.mark.parametrize("meta", ['{"segments": [1]}', '{"segments": [{}]}', "[]"])
def test_a_list_of_segments_of_another_shape_is_damage(tmp_path: Path, meta: str) -> None:
    """It may be read as JSON and say nothing that tantivy says."""
    put(TantivyFolder(tmp_path, SCHEMA, create=True), ["a"])
    (tmp_path / "meta.json").write_text(meta, "utf-8")
    with pytest.raises(ValueError, match=r"meta\.json"):
        TantivyFolder(tmp_path, SCHEMA, create=False)


def test_checksums_are_checked_only_for_small_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large index, other damage is found when it is read."""
    put(TantivyFolder(tmp_path, SCHEMA, create=True), ["a", "b"])
    _damaged(tmp_path, "fieldnorm", _change)
    monkeypatch.setattr("search.engines.tantivy_folder._BYTES_CHECKED", 20)
    assert times(TantivyFolder(tmp_path, SCHEMA, create=False), "a") == 1


def test_files_that_are_merged_away_meanwhile_are_passed_over(tmp_path: Path) -> None:
    """What is not there is for tantivy to tell."""
    put(TantivyFolder(tmp_path, SCHEMA, create=True), ["a"])
    for path in tmp_path.glob("*.store"):
        path.unlink()
    with pytest.raises(ValueError, match=r"\.store"):
        TantivyFolder(tmp_path, SCHEMA, create=False)
