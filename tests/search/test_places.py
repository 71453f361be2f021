"""A pasted address or number of a post: that post first, then what has the words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db import PostStore
from model.posts import Channel
from search import PostIndex, Searcher
from tests.search.making import CHANNEL, TODAY, a_post

Library = Callable[..., Searcher]


@pytest.fixture
def two_channels(store: PostStore, index: PostIndex, searcher: Searcher) -> Searcher:
    """Search two channels that both have a post 45."""
    other = Channel(title="Другой", username="other", telegram_id=77)
    for channel in (CHANNEL, other):
        named = [a_post(45, f"Пост в {channel.title}"), a_post(46, f"Ошибка 45 в {channel.title}")]
        store.save(store.resolve_channel(channel), named, as_of=TODAY)
    index.catch_up()
    return searcher


def places(searcher: Searcher, query: str) -> list[tuple[int | None, int]]:
    """Return channel and number of each hit."""
    hits = searcher.search(query).hits
    return [(hit.archived.channel.telegram_id, hit.archived.post.message_id) for hit in hits]


@pytest.mark.parametrize(
    "query",
    [
        "t.me/other/45",
        "https://t.me/Other/45?single",
        "https://t.me/s/other/45",
        "https://t.me/c/77/45",
        "https://telegram.me/other/3/45",
    ],
)
def test_an_address_finds_its_post_first(two_channels: Searcher, query: str) -> None:
    """The channel of the address decides."""
    assert places(two_channels, query)[0] == (77, 45)
    assert (42, 45) not in places(two_channels, query)


@pytest.mark.parametrize("query", ["45", "#45", " 45 "])
def test_a_number_lists_the_posts_of_all_channels_and_then_its_words(
    two_channels: Searcher, query: str
) -> None:
    """Posts with that number come before those that mention it."""
    found = places(two_channels, query)

    assert set(found[:2]) == {(42, 45), (77, 45)}
    assert set(found[2:]) == {(42, 46), (77, 46)}


def test_a_number_in_a_query_is_a_word(two_channels: Searcher) -> None:
    """Only a number alone names a post."""
    assert set(places(two_channels, "ошибка 45")) == {(42, 46), (77, 46)}


@pytest.mark.parametrize("query", ["t.me/nowhere/45", "4711"])
def test_a_post_that_is_not_there_is_not_found(two_channels: Searcher, query: str) -> None:
    """An unknown channel or number leaves the words."""
    assert not places(two_channels, query)
