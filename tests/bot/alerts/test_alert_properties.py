"""Telegram accepts every alert and every list of saved searches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert_view import SearchMatches, bundle_alert, digest_page, single_alert
from bot.alerts.saved_view import saved_card, saved_page
from bot.message.html import to_html
from bot.message.message import OutgoingMessage
from bot.message.nesting import nest
from bot.results.listing_view import Entry, excerpt_of
from db import LikedPost, PeriodStats, TagCount
from db.bot_alert_settings import AlertSettings
from db.bot_saved import AlertMode, SavedSearch
from i18n import ENGLISH, RUSSIAN, Locale
from model.posts import ArchivedPost
from model.text import utf16_length
from tests.bot.oracle import parse_html
from tests.bot.strategies import posts, texts

_NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)
_READERS = st.sampled_from((Locale(texts=RUSSIAN), Locale(texts=ENGLISH)))
_LARGE = 10**15

_SEARCH = SavedSearch(
    saved_search_id=_LARGE,
    user_id=_LARGE,
    query="",
    mode=AlertMode.AT_ONCE,
    created_at=_NOW,
    paused_at=None,
    muted_until=_NOW + timedelta(days=1),
    archive_id="",
    seq=_LARGE,
    opened_seq=_LARGE,
    new=_LARGE,
)
_searches = st.lists(
    texts.map(lambda query: replace(_SEARCH, query=query[:300])), min_size=1, max_size=20
)


@given(posts(), _searches, _READERS)
def test_any_post_can_be_told(
    archived: ArchivedPost, searches: list[SavedSearch], locale: Locale
) -> None:
    """One post, found by any searches, is a message within the limits."""
    post = archived.post
    highlights = [(0, min(3, len(post.text)))] if post.text else []
    excerpt = excerpt_of(post, post.text[:400], highlights=highlights)
    entry = Entry(archived=archived, excerpt=excerpt)

    _assert_sendable(single_alert(entry, searches, locale))


@given(st.lists(posts(), max_size=5), _searches, _READERS)
def test_any_heaps_can_be_told(
    shown: list[ArchivedPost], searches: list[SavedSearch], locale: Locale
) -> None:
    """Any posts of any searches are one message within the limits."""
    matches = [
        SearchMatches(search=each, since=_LARGE, posts=_LARGE, shown=shown) for each in searches
    ]

    _assert_sendable(bundle_alert(matches, _LARGE, _names(shown), locale))


@given(_searches, _READERS)
def test_any_searches_are_a_list(searches: list[SavedSearch], locale: Locale) -> None:
    """Twenty searches of any length are one message, and each alone is one."""
    settings = AlertSettings(user_id=1)

    _assert_sendable(saved_page(searches, settings, most=20, now=_NOW, locale=locale))
    for search in searches:
        _assert_sendable(saved_card(search, _NOW, locale))


@given(st.lists(posts(), max_size=5), st.lists(texts, max_size=10), st.booleans(), _READERS)
def test_any_week_is_a_digest(
    shown: list[ArchivedPost], tags: list[str], is_wanted: bool, locale: Locale
) -> None:
    """Any posts and tags of a week are one message within the limits."""
    stats = PeriodStats(
        posts=len(shown),
        with_code=len(shown),
        tags=tuple(TagCount(tag=tag, posts=_LARGE) for tag in tags),
        best=tuple(LikedPost(archived=archived, reactions=_LARGE) for archived in shown),
        latest=tuple(shown),
    )

    _assert_sendable(
        digest_page(stats, _NOW, _NOW, channels=_names(shown), is_wanted=is_wanted, locale=locale)
    )


def _names(shown: list[ArchivedPost]) -> dict[str, str]:
    """Name the channels of the posts, as long as names can be."""
    return {str(archived.channel_id): "x" * 30 for archived in shown}


def _assert_sendable(outgoing: OutgoingMessage) -> None:
    text, entities = parse_html(to_html(outgoing.body))
    assert text == nest(outgoing.body).text
    assert utf16_length(text) <= 4096
    assert text.strip()
    assert len(entities) <= 100
    for row in outgoing.rows:
        for button in row:
            assert len(button.data.encode()) <= 64
            assert button.label.strip()
