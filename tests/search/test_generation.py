"""A generation tells what its engine fails with from what its documents fail with."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.documents import Document
from search.engines import EngineDamaged
from search.generation import open_generation
from tests.search.making import LEAKS

DOCUMENT = Document(post_id=1, seq=1, posted=0, text="граф", beside="", facts=frozenset(), twin=-1)


@LEAKS
@pytest.mark.parametrize("name", ["whoosh-here", "tantivy-here"])
def test_a_write_fails_for_its_own_reason(tmp_path: Path, name: str) -> None:
    """Documents that cannot be made are no damage; files that are gone are."""
    folder = tmp_path / name
    folder.mkdir()
    generation = open_generation(folder, create=True)
    generation.write([DOCUMENT])

    def failing() -> Iterator[Document]:
        yield DOCUMENT
        raise ValueError("no document")

    with pytest.raises(ValueError, match="no document"):
        generation.write(failing())
    for path in (*folder.glob("*.seg"), *folder.glob("*.fast")):
        path.unlink()
    with pytest.raises(EngineDamaged):
        generation.write([DOCUMENT])
    gc.collect()
