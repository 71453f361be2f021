"""The views answer the questions they are named after."""

from __future__ import annotations

import pytest

from db import PostStore
from model.posts import (
    Channel,
    Forward,
    LanguageSource,
    Link,
    LinkKind,
    Media,
    MediaKind,
    PostKind,
    Reaction,
    SnippetOrigin,
)
from tests.db.making import MORNING, a_channel, a_post, a_snippet, day

_FIRST, _LAST = "2024-03-10T08:30:15Z", "2024-04-08T08:30:15Z"


def _ask(store: PostStore, statement: str) -> list[tuple[object, ...]]:
    return list(store.query(statement).rows)


def test_the_archive_is_read_as_a_person_reads_it(store: PostStore, channel_id: int) -> None:
    """A post stands in one row, with its tags in order and everything counted."""
    store.save(
        channel_id,
        [
            a_post(
                7,
                "Слово",
                posted_at=day(1),
                hashtags=("b", "a"),
                snippets=(a_snippet(), a_snippet()),
                links=(Link(url="https://a.example/", host="a.example", text="a"),),
                media=(Media(kind=MediaKind.VIDEO), Media(kind=MediaKind.FILE)),
                author="Автор",
                forward=Forward(name="Там"),
                views=10,
                reactions=(Reaction(emoji="👍", count=2), Reaction(emoji="❤", count=3)),
                edited_at=day(2),
            ),
            a_post(8, kind=PostKind.SERVICE),
        ],
        as_of=MORNING,
    )
    store.mark_missing(channel_id, (), first_id=1, last_id=9, at=day(30))

    answer = store.query("SELECT * FROM archive")

    assert [dict(zip(answer.columns, row, strict=True)) for row in answer.rows] == [
        {
            "post_id": 1,
            "channel": "Ежедневник",
            "message_id": 7,
            "posted_at": _FIRST,
            "text": "Слово",
            "tags": "#b #a",
            "snippets": 2,
            "links": 1,
            "media": "video file",
            "author": "Автор",
            "forwarded_from": "Там",
            "views": 10,
            "reactions": 5,
            "edited_at": "2024-03-11T08:30:15Z",
            "missing_since": _LAST,
            "url": None,
        }
    ]


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        (a_channel(username="one_two", telegram_id=5), "https://t.me/one_two/7"),
        (a_channel(telegram_id=5), "https://t.me/c/5/7"),
        (a_channel(), None),
    ],
    ids=["public", "private", "unknown"],
)
def test_the_view_and_the_model_give_the_same_address(
    store: PostStore, channel: Channel, url: str | None
) -> None:
    """A post's address in the view is the one that the rest of Letopis gives."""
    store.save(store.resolve_channel(channel), [a_post(7)], as_of=MORNING)

    assert _ask(store, "SELECT url FROM archive") == [(url,)]
    assert channel.post_url(7) == url


def test_code_stands_beside_its_post(store: PostStore, channel_id: int) -> None:
    """Each snippet is a row, with the post's date and tags."""
    python = a_snippet("x\ny", "python", source=LanguageSource.LABEL)
    post = a_post(7, posted_at=day(1), hashtags=("a",), snippets=(python, a_snippet("z")))
    store.save(channel_id, [post], as_of=MORNING)

    statement = "SELECT language, origin, lines, code, posted_at, tags FROM code ORDER BY lines"
    assert _ask(store, statement) == [
        (None, "pre", 1, "z", _FIRST, "#a"),
        ("python", "pre", 2, "x\ny", _FIRST, "#a"),
    ]


def test_tags_reposts_and_sites_are_counted(store: PostStore, channel_id: int) -> None:
    """Counts come with the first and the last time."""
    site = Link(url="https://a.example/1", host="a.example", text="a")
    mention = Link(url="https://t.me/b", host="t.me", text="@b", kind=LinkKind.MENTION)
    there = Forward(name="Там")
    store.save(
        channel_id,
        [
            a_post(1, posted_at=day(1), hashtags=("a", "b"), links=(site, site, mention)),
            a_post(2, posted_at=day(30), hashtags=("a",), links=(site,), forward=there),
            a_post(3, posted_at=day(1), forward=Forward(name="Там", username="there")),
        ],
        as_of=MORNING,
    )

    assert _ask(store, "SELECT * FROM hashtag_counts ORDER BY tag") == [
        ("a", 2, _FIRST, _LAST),
        ("b", 1, _FIRST, _FIRST),
    ]
    assert _ask(store, "SELECT * FROM reposts") == [("Там", "there", 2, _FIRST, _LAST)]
    assert _ask(store, "SELECT * FROM link_hosts") == [("a.example", 3, 2, _FIRST, _LAST)]


def test_months_are_counted_as_the_statistics_count_them(store: PostStore, channel_id: int) -> None:
    """A month's posts with code are those that the rest of Letopis counts."""
    term = a_snippet("термин", origin=SnippetOrigin.INLINE)
    store.save(
        channel_id,
        [
            a_post(1, posted_at=day(1), snippets=(a_snippet(), a_snippet())),
            a_post(2, posted_at=day(2), snippets=(term,)),
            a_post(3, posted_at=day(30), forward=Forward(name="Там")),
            a_post(4, posted_at=day(30), kind=PostKind.SERVICE),
        ],
        as_of=MORNING,
    )

    assert _ask(store, "SELECT * FROM monthly_counts ORDER BY month") == [
        ("2024-03", 2, 0, 1),
        ("2024-04", 1, 1, 0),
    ]
    assert store.stats().with_code == 1
