"""Small archives with their index, made afresh for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from db import PostStore
from model.posts import Post
from search import PostIndex, Searcher, open_index
from tests.new_databases import new_archive
from tests.search.making import CHANNEL, TODAY
from tests.searchers import patient_searcher


@pytest.fixture
def cluster(opensearch: str) -> str:
    """Return the URL of a cluster, where nothing is indexed."""
    return f"{opensearch}/test-{token_hex(4)}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """Open an empty archive."""
    with new_archive(tmp_path / "archive.db") as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the index lies."""
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path, store: PostStore) -> Iterator[PostIndex]:
    """Open the archive's index, not yet built."""
    index = open_index(folder, store)
    yield index
    index.close()


@pytest.fixture
def save(store: PostStore) -> Callable[..., None]:
    """Return what saves posts of one channel."""

    def save(*posts: Post) -> None:
        store.save(store.resolve_channel(CHANNEL), posts, as_of=TODAY)

    return save


@pytest.fixture
def searcher(store: PostStore, index: PostIndex) -> Searcher:
    """Return a searcher whose day is `TODAY`."""
    return patient_searcher(store, index, clock=lambda: TODAY)


@pytest.fixture
def library(
    save: Callable[..., None], index: PostIndex, searcher: Searcher
) -> Callable[..., Searcher]:
    """Return what turns posts into a searcher over them."""

    def library(*posts: Post) -> Searcher:
        save(*posts)
        index.catch_up()
        return searcher

    return library
