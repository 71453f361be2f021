"""Of the machines that share an archive and a cluster, one indexes at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import PostStore, open_archive
from db.leadership import Leadership
from model.addresses import parse_address
from model.errors import IndexBusy
from search.engines.opensearch_client import OpenSearchClient
from search.engines.opensearch_generations import OpenSearchGenerations
from tests.new_databases import new_archive

# Nothing is asked of it here.
CLUSTER = OpenSearchClient("http://127.0.0.1:1")


@pytest.fixture
def store(postgres_url: str, tmp_path: Path) -> Iterator[PostStore]:
    """An archive that several machines share."""
    with open_archive(parse_address(postgres_url), home=tmp_path) as store:
        yield store


def machine(folder: Path, leadership: Leadership) -> OpenSearchGenerations:
    """Return the index as one machine sees it."""
    folder.mkdir()
    return OpenSearchGenerations(folder, CLUSTER, "archive", leadership=leadership)


def test_one_machine_indexes_at_a_time(store: PostStore, tmp_path: Path) -> None:
    """Another one is refused at once, or after it has waited; then it has its turn."""
    one = machine(tmp_path / "one", store.leadership("indexer"))
    other = machine(tmp_path / "other", store.leadership("indexer"))

    for patience in (0.0, 0.2):
        refused = pytest.raises(IndexBusy)
        with one.writing(lock_seconds=0), refused, other.writing(lock_seconds=patience):
            pytest.fail("two machines index")
    with other.writing(lock_seconds=0):
        pass


def test_failure_gives_the_turn_away(store: PostStore, tmp_path: Path) -> None:
    """Nobody waits for a machine whose work has failed."""
    one = machine(tmp_path / "one", store.leadership("indexer"))
    other = machine(tmp_path / "other", store.leadership("indexer"))

    with pytest.raises(RuntimeError), one.writing(lock_seconds=0):
        raise RuntimeError
    with other.writing(lock_seconds=0):
        pass


def test_archive_in_a_file_is_of_one_machine(tmp_path: Path) -> None:
    """The lock of the index's folder is enough; nothing is put beside the archive."""
    with new_archive(tmp_path / "archive" / "archive.db") as store:
        before = sorted(path.name for path in (tmp_path / "archive").iterdir())
        only = machine(tmp_path / "index", store.leadership("indexer"))
        with only.writing(lock_seconds=0):
            after = sorted(path.name for path in (tmp_path / "archive").iterdir())

    assert after == before
