"""A post comes out of the archive as it went in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import PostStore, open_archive
from db.merge import merge
from model.posts import Channel, Forward, Media, MediaKind, Poll, PollAnswer, Post, Reaction
from model.rich_text import RichText, Span, SpanKind
from model.searchable import searchable_of
from tests.db.making import MORNING, a_channel, a_post, a_snippet, day, the_post
from tests.db.strategies import posts


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostStore]:
    """One archive for all examples, each in a channel of its own."""
    with open_archive(tmp_path_factory.mktemp("shared") / "archive.db") as store:
        yield store


@given(batch=st.lists(posts, min_size=1, max_size=5, unique_by=lambda post: post.message_id))
def test_any_post_is_kept_as_it_is(shared: PostStore, batch: list[Post]) -> None:
    """Whatever a post holds is there again, and is recognised when it comes once more."""
    title = f"Канал {shared.last_seq()}"
    channel_id = shared.resolve_channel(a_channel(title))

    saved = shared.save(channel_id, batch, as_of=MORNING)
    again = shared.save(channel_id, batch, as_of=MORNING)

    assert saved.added == tuple(post.message_id for post in batch)
    assert again.unchanged == len(batch)
    assert [the_post(shared, channel_id, each.message_id).post for each in batch] == batch
    changed = shared.changed_since(shared.last_seq() - len(batch))
    assert [archived.post for archived in changed] == batch
    assert {archived.channel for archived in changed} == {Channel(title=title)}


@given(batch=st.lists(posts, min_size=1, max_size=5, unique_by=lambda post: post.message_id))
def test_what_can_be_searched_of_any_post_is_read_without_the_rest(
    shared: PostStore, batch: list[Post]
) -> None:
    """It is what can be searched of the whole post."""
    before = shared.last_seq()
    shared.save(shared.resolve_channel(a_channel(f"Канал {before}")), batch, as_of=MORNING)

    read = shared.searchable(before, upto=before + len(batch))

    assert read == [searchable_of(archived) for archived in shared.changed_since(before)]


@given(first=posts, second=posts)
def test_any_post_can_follow_any_other(shared: PostStore, first: Post, second: Post) -> None:
    """A later source may say anything else, and neither it nor the earlier one changes twice."""
    channel_id = shared.resolve_channel(a_channel(f"Канал {shared.last_seq()}"))
    second = replace(second, message_id=first.message_id, posted_at=first.posted_at)
    shared.save(channel_id, [first], as_of=MORNING)

    shared.save(channel_id, [second], as_of=day(1))
    known = the_post(shared, channel_id, first.message_id)

    assert known.post == merge(first, second)
    assert shared.save(channel_id, [second], as_of=day(1)).unchanged == 1
    assert shared.save(channel_id, [first], as_of=MORNING).unchanged == 1
    assert the_post(shared, channel_id, first.message_id) == known


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\x00b", id="NUL"),
        pytest.param("  \n края \t\n", id="blanks at the edges"),
        pytest.param("и\u0306 й é e\u0301", id="composed and not"),
        pytest.param("👩‍💻🏳️‍🌈", id="emoji of several characters"),
    ],
)
def test_text_is_kept_to_the_character(store: PostStore, channel_id: int, text: str) -> None:
    """No character of a text is trimmed, composed or lost."""
    store.save(channel_id, [a_post(text=text)], as_of=MORNING)

    assert the_post(store, channel_id).post.text == text


def test_lone_surrogates_become_replacement_characters(store: PostStore, channel_id: int) -> None:
    """What UTF-8 cannot write becomes U+FFFD, one for one, so that offsets stay right."""
    span = Span(kind=SpanKind.BOLD, start=1, end=2, value="\ud83d")
    post = a_post(
        text="a\ud800b\udfff",
        author="\udc80",
        hashtags=("\udc81",),
        media=(Media(kind=MediaKind.FILE, title="\udc82"),),
        snippets=(a_snippet("\udc83"),),
    )
    post = replace(post, content=RichText(post.text, (span,)))

    first = store.save(channel_id, [post], as_of=MORNING)
    again = store.save(channel_id, [post], as_of=MORNING)

    kept = the_post(store, channel_id).post
    assert (first.added, again.unchanged) == ((1,), 1)
    assert kept.content == RichText("a\ufffdb\ufffd", (replace(span, value="\ufffd"),))
    assert (kept.author, kept.hashtags) == ("\ufffd", ("\ufffd",))
    assert (kept.media[0].title, kept.snippets[0].code) == ("\ufffd", "\ufffd")


def test_numbers_beyond_64_bits_become_the_nearest_within(
    store: PostStore, channel_id: int
) -> None:
    """A number that no column holds is cut to the largest that does, and harms nothing else."""
    huge = 10**30
    post = a_post(
        views=huge,
        reply_to=-huge,
        forward=Forward(name="Там", message_id=huge),
        media=(Media(kind=MediaKind.PHOTO, size=huge, width=3),),
        poll=Poll(question="?", answers=(PollAnswer(text="да", voters=huge),)),
        reactions=(Reaction(emoji="👍", count=huge), Reaction(emoji="❤", count=huge)),
    )

    store.save(channel_id, [post], as_of=MORNING)

    kept = the_post(store, channel_id).post
    largest = 2**63 - 1
    assert (kept.views, kept.reply_to) == (largest, -largest - 1)
    assert kept.forward == Forward(name="Там", message_id=largest)
    assert kept.media == (Media(kind=MediaKind.PHOTO, size=largest, width=3),)
    assert kept.poll == Poll(question="?", answers=(PollAnswer(text="да", voters=largest),))
    assert kept.reactions is not None
    assert [each.count for each in kept.reactions] == [largest, largest]


def test_a_message_id_beyond_64_bits_is_refused(store: PostStore, channel_id: int) -> None:
    """A post whose number no Telegram message can have is told of and left out."""
    saved = store.save(channel_id, [a_post(2**63), a_post(2), a_post(-(2**70))], as_of=MORNING)

    assert saved.refused == (2**63, -(2**70))
    assert saved.added == (2,)


def test_fractions_of_a_second_are_dropped(store: PostStore, channel_id: int) -> None:
    """Times are kept to the second, as Telegram has them, and compare so."""
    post = a_post(posted_at=MORNING.replace(microsecond=999_999))

    store.save(channel_id, [post], as_of=MORNING)
    again = store.save(channel_id, [post], as_of=MORNING)

    assert the_post(store, channel_id).post.posted_at == MORNING
    assert again.unchanged == 1


def test_a_repeated_tag_is_kept_once(store: PostStore, channel_id: int) -> None:
    """A tag that a post holds twice counts once, where it stands first."""
    store.save(channel_id, [a_post(hashtags=("b", "a", "b"))], as_of=MORNING)

    assert the_post(store, channel_id).post.hashtags == ("b", "a")


def test_an_archive_opened_again_holds_the_same(path: Path) -> None:
    """What one run has saved, the next one finds."""
    with open_archive(path) as store:
        channel_id = store.resolve_channel(a_channel())
        store.save(channel_id, [a_post()], as_of=MORNING)
        archive_id = store.archive_id

    with open_archive(path) as store:
        assert the_post(store, channel_id).post == a_post()
        assert store.archive_id == archive_id
