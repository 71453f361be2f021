"""The views of single channels, and of what happened to posts, answer their questions."""

from __future__ import annotations

import pytest

from db import PostStore
from model.posts import Channel, Forward, Link, PostKind, SnippetOrigin
from tests.db.making import MORNING, a_channel, a_post, a_snippet, day

_SITE = Link(url="https://a.example/1", host="a.example", text="a")


@pytest.fixture
def two(store: PostStore) -> PostStore:
    """An archive of two channels that use the same tag, site and source."""
    for title, count in (("Раз", 2), ("Два", 1)):
        channel_id = store.resolve_channel(a_channel(title, username=f"n{count}"), as_of=MORNING)
        posts = [
            a_post(
                number,
                posted_at=day(number),
                hashtags=("tag",),
                links=(_SITE, _SITE),
                forward=Forward(name="Там", username="there"),
                snippets=(
                    a_snippet(origin=SnippetOrigin.INLINE),
                    *(a_snippet() for _ in range(2 - number)),
                ),
            )
            for number in range(1, count + 1)
        ]
        service = a_post(9, posted_at=day(1), kind=PostKind.SERVICE)
        store.save(channel_id, [*posts, service], as_of=MORNING)
    return store


def ask(store: PostStore, statement: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement."""
    return list(store.query(statement).rows)


_FIRST, _SECOND = "2024-03-10T08:30:15Z", "2024-03-11T08:30:15Z"


@pytest.mark.parametrize(
    ("view", "ones", "others"),
    [
        ("channel_hashtag_counts", ("tag", 2, _FIRST, _SECOND), ("tag", 1, _FIRST, _FIRST)),
        ("channel_monthly_counts", ("2024-03", 2, 2, 1), ("2024-03", 1, 1, 1)),
        (
            "channel_reposts",
            ("Там", "there", 2, _FIRST, _SECOND),
            ("Там", "there", 1, _FIRST, _FIRST),
        ),
        (
            "channel_link_hosts",
            ("a.example", 4, 2, _FIRST, _SECOND),
            ("a.example", 2, 1, _FIRST, _FIRST),
        ),
    ],
)
def test_each_channel_is_counted_by_itself(
    two: PostStore, view: str, ones: tuple[object, ...], others: tuple[object, ...]
) -> None:
    """The columns are those of the view that counts all channels, after the channel."""
    rows = ask(two, f"SELECT * FROM {view} ORDER BY channel_id")
    assert rows == [(1, "Раз", *ones), (2, "Два", *others)]
    total = view.removeprefix("channel_")
    columns = two.query(f"SELECT * FROM {view}").columns[2:]
    assert columns == two.query(f"SELECT * FROM {total}").columns
    summed = f"SELECT sum(posts) FROM {view}"
    assert ask(two, summed) == ask(two, summed.replace(view, total))


def test_edits_stand_between_their_texts(store: PostStore) -> None:
    """Each earlier text has the next one beside it, and the last one today's."""
    channel_id = store.resolve_channel(Channel(title="Раз", telegram_id=5), as_of=MORNING)
    for number, text in enumerate(("раз", "два", "три")):
        store.save(channel_id, [a_post(7, text)], as_of=day(number))
    rows = ask(store, "SELECT message_id, before, after, url FROM edits ORDER BY as_of")
    url = "https://t.me/c/5/7"
    assert rows == [(7, "раз", "два", url), (7, "два", "три", url)]


def test_missing_posts_are_listed(store: PostStore, channel_id: int) -> None:
    """A post that a later export lacks is there with the time of that export."""
    store.save(channel_id, [a_post(1), a_post(2, "где я")], as_of=MORNING)
    store.mark_missing(channel_id, {1}, first_id=1, last_id=2, at=day(1))
    rows = ask(store, "SELECT message_id, kind, text, missing_since, url FROM missing_posts")
    assert rows == [(2, "message", "где я", _FIRST, None)]


def test_an_album_is_one_row(store: PostStore, channel_id: int) -> None:
    """Its first post stands for it; the caption may be another's."""
    album = [a_post(n, text, album_id="a") for n, text in ((5, ""), (6, "подпись"), (7, ""))]
    store.save(channel_id, [*album, a_post(8)], as_of=MORNING)
    rows = ask(store, "SELECT channel, album_id, message_id, posts, text FROM albums")
    assert rows == [("Ежедневник", "a", 5, 3, "подпись")]


def test_an_answer_stands_beside_what_it_answers(store: PostStore, channel_id: int) -> None:
    """What is not archived leaves its number."""
    posts = [a_post(1, "вопрос"), a_post(2, "ответ", reply_to=1), a_post(3, "и", reply_to=99)]
    store.save(channel_id, posts, as_of=MORNING)
    statement = "SELECT message_id, text, asked_message_id, asked_text FROM threads"
    assert sorted(ask(store, statement)) == [(2, "ответ", 1, "вопрос"), (3, "и", 99, None)]
