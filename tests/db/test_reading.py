"""Posts are found by key, number, change and age, in few statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from db import (
    ArchiveStats,
    ChannelCount,
    LanguageCount,
    MonthCount,
    PostStore,
    TagCount,
)
from model.posts import (
    LanguageSource,
    Link,
    Media,
    MediaKind,
    Post,
    PostKind,
    SnippetOrigin,
)
from tests.db.making import MORNING, a_channel, a_post, a_snippet, day, the_post
from tests.files import file_of


def test_posts_come_in_the_order_asked_for(store: PostStore, channel_id: int) -> None:
    """Keys may come in any order, repeatedly, and be unknown or impossible."""
    store.save(channel_id, [a_post(1), a_post(2), a_post(3)], as_of=MORNING)

    found = store.get([3, 99, 1, 10**30, 3])

    assert [archived.post_id for archived in found] == [3, 1, 3]
    assert store.get([]) == store.get([99]) == ()


def test_all_messages_come_in_reading_order(store: PostStore, channel_id: int) -> None:
    """Channel by channel, by their numbers, in more than one batch, without service messages."""
    other = store.resolve_channel(a_channel("Другой"))
    store.save(other, [a_post(5), a_post(3)], as_of=MORNING)
    many = [a_post(number) for number in (*range(1100, 0, -1), -7)]
    store.save(channel_id, [*many, a_post(2000, kind=PostKind.SERVICE)], as_of=MORNING)

    found = [(each.channel_id, each.post.message_id) for each in store.messages()]

    first = [(channel_id, number) for number in (-7, *range(1, 1101))]
    assert found == [*first, (other, 3), (other, 5)]


def test_a_post_knows_its_channel_and_address(store: PostStore) -> None:
    """A post comes with its channel, and so with its address in Telegram."""
    channel = a_channel("Раз", username="one_two")
    channel_id = store.resolve_channel(channel)
    store.save(channel_id, [a_post(7)], as_of=MORNING)

    archived = the_post(store, channel_id, 7)

    assert (archived.channel, archived.channel_id) == (channel, channel_id)
    assert archived.url == "https://t.me/one_two/7"


def test_an_album_comes_in_the_order_it_was_sent(store: PostStore, channel_id: int) -> None:
    """Its posts stand by their numbers, whichever was saved first; no others are among them."""
    album = [a_post(number, album_id="один") for number in (9, 3, 5)]
    store.save(channel_id, [*album, a_post(4), a_post(6, album_id="два")], as_of=MORNING)
    other = store.resolve_channel(a_channel("Другой"))
    store.save(other, [a_post(1, album_id="один")], as_of=MORNING)

    found = store.album(channel_id, "один")

    assert [archived.post.message_id for archived in found] == [3, 5, 9]


@pytest.mark.parametrize("message_id", [2, -5, 10**30])
def test_an_unknown_number_finds_nothing(
    store: PostStore, channel_id: int, message_id: int
) -> None:
    """A number that no post has is no error."""
    store.save(channel_id, [a_post(1)], as_of=MORNING)

    assert store.find(channel_id, message_id) is None
    assert store.find(channel_id + 1, 1) is None


def test_changes_are_read_in_their_order(store: PostStore, channel_id: int) -> None:
    """A reader that asks for what came after its last change misses none."""
    store.save(channel_id, [a_post(number) for number in range(5)], as_of=MORNING)
    store.save(channel_id, [a_post(1, "иначе")], as_of=day(1))

    seen = []
    seq = 0
    while batch := store.changed_since(seq, limit=2):
        seen += [archived.post.message_id for archived in batch]
        seq = batch[-1].seq

    assert seen == [0, 2, 3, 4, 1]
    assert seq == store.last_seq() == 6


def test_later_changes_are_counted_off(store: PostStore, channel_id: int) -> None:
    """Of the numbers of changes every so many-th is named, and the last."""
    store.save(channel_id, [a_post(number) for number in range(7)], as_of=MORNING)

    assert [store.change_numbers(seq, every=3) for seq in (0, 1, 6, 7)] == [
        [3, 6, 7],
        [4, 7],
        [7],
        [],
    ]


def test_newest_posts_come_first(store: PostStore, channel_id: int) -> None:
    """The latest posts come by time, then number; lines that Telegram wrote are left out."""
    store.save(
        channel_id,
        [
            a_post(1, posted_at=day(1)),
            a_post(2, posted_at=day(3)),
            a_post(3, posted_at=day(2)),
            a_post(4, posted_at=day(4), kind=PostKind.SERVICE),
            a_post(5, posted_at=day(3)),
        ],
        as_of=MORNING,
    )

    assert [each.post.message_id for each in store.newest(limit=3)] == [5, 2, 3]
    assert [each.post.message_id for each in store.newest(limit=3, offset=2)] == [3, 1]


def test_one_channel_is_told_in_numbers(store: PostStore, channel_id: int) -> None:
    """Statistics and tags of a channel leave out what others hold."""
    other = store.resolve_channel(a_channel("Другой"))
    code = a_snippet("x = 1", "python", source=LanguageSource.RULES)
    photo = (Media(kind=MediaKind.PHOTO),)
    store.save(channel_id, [a_post(1, hashtags=("a",)), a_post(2)], as_of=MORNING)
    posts = [a_post(1, hashtags=("a", "b"), snippets=(code,), media=photo)]
    store.save(other, posts, as_of=MORNING)

    mine, theirs = store.stats(channel_id=channel_id), store.stats(channel_id=other)

    assert [count.channel_id for count in (*mine.channels, *theirs.channels)] == [channel_id, other]
    assert (mine.posts, mine.tags, mine.snippets, mine.media) == (2, 1, 0, 0)
    assert (theirs.posts, theirs.tags, theirs.snippets, theirs.media) == (1, 2, 1, 1)
    assert (mine.by_language, sum(count.posts for count in mine.by_month)) == ((), 2)
    assert [count.tag for count in store.tag_counts(channel_id=channel_id)] == ["a"]
    assert [count.tag for count in store.tag_counts(channel_id=other, prefix="b")] == ["b"]
    assert store.stats(channel_id=99).posts == 0


@pytest.fixture
def tagged(store: PostStore, channel_id: int) -> PostStore:
    """An archive of posts with tags."""
    tags = [("llm", "ml"), ("llm", "llm_system_design"), ("ml", "я", "ёж%"), ("llm",), ()]
    batch = [a_post(number, hashtags=each) for number, each in enumerate(tags)]
    store.save(channel_id, batch, as_of=MORNING)
    return store


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        pytest.param("", [("llm", 3), ("ml", 2), ("llm_system_design", 1)], id="all"),
        pytest.param("#LLM", [("llm", 3), ("llm_system_design", 1)], id="as it is typed"),
        pytest.param("llm_", [("llm_system_design", 1)], id="an underscore is no wildcard"),
        pytest.param("Я", [("я", 1)], id="Cyrillic"),
        pytest.param("%", [], id="a percent sign is no wildcard"),
        pytest.param("\ud800", [], id="no text at all"),
    ],
)
def test_tags_are_counted(tagged: PostStore, prefix: str, expected: list[tuple[str, int]]) -> None:
    """Tags come by how many posts carry them, then by name, narrowed to a beginning."""
    counts = tagged.tag_counts(prefix=prefix, limit=3)

    assert list(counts) == [TagCount(tag=tag, posts=posts) for tag, posts in expected]


def test_tags_are_listed_page_by_page(tagged: PostStore) -> None:
    """A page begins where the one before has ended."""
    assert [each.tag for each in tagged.tag_counts(limit=2, offset=1)] == [
        "ml",
        "llm_system_design",
    ]


def test_all_posts_are_counted(tagged: PostStore) -> None:
    """The archive's size is the number of its posts, whatever they are."""
    assert tagged.size() == 5


def test_an_empty_archive_has_numbers_too(store: PostStore) -> None:
    """Nothing is counted as nothing."""
    stats = store.stats()

    assert (stats.posts, stats.service, stats.snippets, stats.by_month) == (0, 0, 0, ())
    assert (stats.first_at, stats.last_at, stats.channels) == (None, None, ())


def test_the_archive_is_told_in_numbers(store: PostStore, channel_id: int) -> None:
    """Counts speak of posts proper; code is what is a block, was recognised or has a language."""
    empty = store.resolve_channel(a_channel("Пустой"))
    python = a_snippet("x = 1", "python", source=LanguageSource.RULES)
    term = a_snippet("термин", origin=SnippetOrigin.INLINE)
    call = a_snippet("f()", "python", source=LanguageSource.RULES, origin=SnippetOrigin.INLINE)
    link = Link(url="https://a.example/", host="a.example", text="a")
    store.save(
        channel_id,
        [
            a_post(1, "было", posted_at=day(0), snippets=(python, a_snippet("?"))),
            a_post(2, posted_at=day(1), snippets=(term,), links=(link,), hashtags=("a",)),
            a_post(3, posted_at=day(30), snippets=(call,), hashtags=("a", "b")),
            a_post(4, posted_at=day(31), media=(Media(kind=MediaKind.PHOTO),) * 2),
            a_post(5, posted_at=day(-9), kind=PostKind.SERVICE),
        ],
        as_of=MORNING,
    )
    store.save(channel_id, [a_post(1, "стало", posted_at=day(0))], as_of=day(1))
    store.mark_missing(channel_id, (), first_id=2, last_id=2, at=day(1))

    assert store.stats() == ArchiveStats(
        posts=4,
        service=1,
        with_code=1,
        snippets=1,
        tags=2,
        links=1,
        media=2,
        reposts=0,
        missing=1,
        versions=1,
        first_at=day(0),
        last_at=day(31),
        by_month=(MonthCount(month="2024-03", posts=2), MonthCount(month="2024-04", posts=2)),
        by_language=(LanguageCount(language="python", snippets=1),),
        channels=(
            ChannelCount(channel_id=channel_id, channel=a_channel(), posts=4),
            ChannelCount(channel_id=empty, channel=a_channel("Пустой"), posts=0),
        ),
    )


def test_whether_there_are_more_posts_than_a_number(store: PostStore, channel_id: int) -> None:
    """As many are not more."""
    store.save(channel_id, [a_post(1), a_post(2)], as_of=MORNING)
    assert [store.has_more_than(number) for number in (0, 1, 2, 3)] == [True, True, False, False]


@pytest.fixture
def count_selects(store: PostStore) -> Iterator[Callable[[], int]]:
    """How many statements have read from the archive so far."""
    statements: list[str] = []

    def trace(connection: sqlite3.Connection, *_: Any) -> None:
        connection.set_trace_callback(statements.append)

    engine = file_of(store)._engine
    event.listen(engine, "checkout", trace)
    yield lambda: sum(each.split()[0] == "SELECT" for each in statements)
    event.remove(engine, "checkout", trace)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda store: store.get(range(1, 301)), id="get"),
        pytest.param(lambda store: store.changed_since(0), id="changed since"),
        pytest.param(lambda store: store.searchable(0, upto=300), id="searchable"),
        pytest.param(lambda store: store.newest(limit=300), id="newest"),
    ],
)
def test_many_posts_take_as_few_statements_as_one(
    store: PostStore,
    channel_id: int,
    count_selects: Callable[[], int],
    read: Callable[[PostStore], list[Post]],
) -> None:
    """Reading costs two statements for any number of posts."""
    batch = [a_post(number, hashtags=("a",), snippets=(a_snippet(),)) for number in range(300)]
    store.save(channel_id, batch, as_of=MORNING)
    before = count_selects()

    assert len(read(store)) == 300

    assert count_selects() - before == 2


def test_edited_are_posts_with_an_earlier_text(store: PostStore, channel_id: int) -> None:
    """A post is edited once its words differed, not by a reaction, which moves Telegram's time."""
    store.save(channel_id, [a_post(1, "было"), a_post(2), a_post(3)], as_of=MORNING)
    later = [a_post(1, "стало"), a_post(2, edited_at=day(1)), a_post(3, reactions=())]
    store.save(channel_id, later, as_of=day(1))

    assert [each.post.message_id for each in store.changed_since(0) if each.edited] == [1]


def test_what_can_be_searched_tells_the_states_of_a_post(store: PostStore, channel_id: int) -> None:
    """Of the changes after one and up to another, in their order."""
    store.save(channel_id, [a_post(number, "было") for number in (1, 2, 3, 4)], as_of=MORNING)
    store.save(channel_id, [a_post(2, "стало", reply_to=1)], as_of=day(1))
    store.mark_missing(channel_id, {1, 2, 4}, first_id=1, last_id=4, at=day(2))
    store.save(channel_id, [a_post(4, "потом")], as_of=day(3))

    found = store.searchable(3, upto=6)

    assert [(each.post_id, each.text) for each in found] == [(2, "стало"), (3, "было")]
    assert [(each.is_edited, each.is_reply, each.is_missing) for each in found] == [
        (True, True, False),
        (False, False, True),
    ]
