"""Composes alerts: one post, several in one message, or the weekly digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.alerts.saved_view import open_new_button
from bot.message.compose import Piece, bold, clean, code, join, link
from bot.message.message import Button, OutgoingMessage
from bot.results.channels import name_of
from bot.results.facts import title_without_words
from bot.results.listing_view import Entry, entry_text
from bot.transport.callback_data import Action, press
from i18n import Catalogue, Locale
from model.posts import bare_title
from model.text import shorten

if TYPE_CHECKING:
    from db import PeriodStats
    from db.bot_saved import SavedSearch
    from model.posts import ArchivedPost, Post
    from model.rich_text import RichText

_QUERY_LENGTH = 80
_LABEL_LENGTH = 30
_TITLE_LENGTH = 90
_TITLES = 5
_TITLES_EACH = 3
"""Titles shown per saved search if there are several."""
_WITH_TITLES = 5
"""Saved searches whose titles are shown; more would not fit."""
_BUTTONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchMatches:
    """The matches of one saved search: how many after a change, and some of them."""

    search: SavedSearch
    since: int
    posts: int
    shown: Sequence[ArchivedPost]


def single_alert(entry: Entry, searches: Sequence[SavedSearch], locale: Locale) -> OutgoingMessage:
    """Compose the alert for one post, found by one or more saved searches."""
    texts, words = locale.texts, locale.texts.following
    is_changed = _is_changed(entry.archived.post, searches[0])
    what = words.alert_changed if is_changed else words.alert_new
    by = words.by_one if len(searches) == 1 else words.by_several
    before, after = by.split("{queries}")
    heading = join(["🔔 ", bold(what), before, _queries(searches, texts), after])
    body = join([heading, entry_text(entry, locale)], by="\n\n")
    return OutgoingMessage(
        body=body, rows=((_open(entry.archived, texts),), _endings(searches, texts))
    )


def bundle_alert(
    matches: Sequence[SearchMatches], posts: int, channels: Mapping[str, str], locale: Locale
) -> OutgoingMessage:
    """Compose one alert for many posts; several searches may share some of them.

    `channels` are names by key, if there are several.
    """
    texts, words = locale.texts, locale.texts.following
    what = texts.form(posts, words.bundle).format(count=texts.number(posts))
    if len(matches) == 1:
        before, after = words.by_one.split("{queries}")
        by = join([before, _queries([matches[0].search], texts), after])
    else:
        count = len(matches)
        by = join([texts.form(count, words.by_searches).format(count=count)])
    heading = join(["🔔 ", bold(what), by])
    shown = [
        _matches_of(matched, channels, texts, is_only=len(matches) == 1)
        for matched in matches[:_WITH_TITLES]
    ]
    rest = [_matches_line(matched, texts) for matched in matches[_WITH_TITLES:]]
    body = join([heading, *shown, *([join(rest, by="\n")] if rest else [])], by="\n\n")
    return OutgoingMessage(body=body, rows=_bundle_rows(matches, texts))


def digest_page(
    stats: PeriodStats,
    first: datetime,
    last: datetime,
    *,
    channels: Mapping[str, str],
    is_wanted: bool,
    locale: Locale,
) -> OutgoingMessage:
    """Compose a week's digest, with the button that turns digests off or on."""
    texts, words = locale.texts, locale.texts.following
    days = words.digest_of.format(
        first=locale.day(first), last=locale.day(last - timedelta(seconds=1))
    )
    parts: list[Piece] = [join([join(["📰 ", bold(words.digest_title)]), days], by="\n")]
    parts.append(_numbers(stats, texts))
    if stats.best:
        lines = [
            join([f"{number}. ", _title(liked.archived, channels, texts), " — ", reactions])
            for number, liked in enumerate(stats.best, 1)
            for reactions in [texts.count(liked.reactions, words.reactions)]
        ]
        parts.append(join([bold(words.digest_best), *lines], by="\n"))
    if stats.latest:
        titles = [join(["• ", _title(archived, channels, texts)]) for archived in stats.latest]
        parts.append(join([bold(words.digest_latest), *titles], by="\n"))
    parts.append(words.digest_on if is_wanted else words.digest_off)
    label = words.button_digest_off if is_wanted else words.button_digest_on
    wanting = Button(label=label, data=press(Action.DIGEST_WANTED, is_wanted=int(not is_wanted)))
    return OutgoingMessage(body=join(parts, by="\n\n"), rows=((wanting,), (_to_list(texts),)))


def _is_changed(post: Post, search: SavedSearch) -> bool:
    """Return whether a post is older than the saved search and matches after an edit."""
    return bool(post.edited_at) and post.posted_at < search.created_at


def _numbers(stats: PeriodStats, texts: Catalogue) -> Piece:
    if not stats.posts:
        return texts.following.digest_none
    counts = [texts.count(stats.posts, texts.posts)]
    if stats.with_code:
        counts.append(texts.count(stats.with_code, texts.posts_with_code))
    lines = [" · ".join(counts)]
    if stats.tags:
        tags = " · ".join(f"#{shorten(count.tag, 40)} {count.posts}" for count in stats.tags)
        lines.append(texts.following.digest_tags.format(tags=tags))
    return "\n".join(lines)


def _matches_of(
    matched: SearchMatches, channels: Mapping[str, str], texts: Catalogue, *, is_only: bool
) -> RichText:
    shown = matched.shown[: _TITLES if is_only else _TITLES_EACH]
    lines: list[Piece] = [join(["• ", _title(archived, channels, texts)]) for archived in shown]
    if not is_only:
        lines.insert(0, _matches_line(matched, texts))
    more = matched.posts - len(shown)
    if more:
        lines.append(texts.following.and_more.format(count=texts.number(more)))
    return join(lines, by="\n")


def _matches_line(matched: SearchMatches, texts: Catalogue) -> RichText:
    query = code(shorten(matched.search.query, _QUERY_LENGTH))
    return join([query, f" — {texts.number(matched.posts)}"])


def _bundle_rows(
    matches: Sequence[SearchMatches], texts: Catalogue
) -> tuple[tuple[Button, ...], ...]:
    if len(matches) == 1:
        (matched,) = matches
        opening = open_new_button(
            matched.search.saved_search_id, matched.since, matched.posts, texts
        )
        return ((opening,), _endings([matched.search], texts))
    buttons = [
        (
            Button(
                label=f"🆕 {shorten(matched.search.query, _LABEL_LENGTH)} · "
                f"{texts.number(matched.posts)}",
                data=press(
                    Action.SAVED_NEW, search=matched.search.saved_search_id, since=matched.since
                ),
            ),
        )
        for matched in matches[:_BUTTONS]
    ]
    return (*buttons, (_to_list(texts),))


def _endings(searches: Sequence[SavedSearch], texts: Catalogue) -> tuple[Button, ...]:
    """Return the buttons that mute or end a saved search; of several, choose one first."""
    if len(searches) > 1:
        return (_to_list(texts),)
    key = searches[0].saved_search_id
    words = texts.following
    return (
        Button(label=words.button_mute, data=press(Action.ALERT_MUTE, search=key)),
        Button(label=words.button_unsubscribe, data=press(Action.ALERT_END, search=key)),
    )


def _to_list(texts: Catalogue) -> Button:
    """Return the button that sends the list as a new message, so that the alert stays."""
    return Button(
        label=texts.following.button_to_list, data=press(Action.SAVED_LIST, is_new_message=1)
    )


def _open(archived: ArchivedPost, texts: Catalogue) -> Button:
    """Return the button that opens a post: in Telegram, or here if it has no address."""
    words = texts.following
    if archived.url:
        return Button(label=words.button_original, url=archived.url)
    return Button(label=words.button_read, data=press(Action.OPEN_POST, post=archived.post_id))


def _queries(searches: Sequence[SavedSearch], texts: Catalogue) -> RichText:
    before, after = texts.quotes
    shown = [
        join([before, code(shorten(search.query, _QUERY_LENGTH)), after])
        for search in searches[:_TITLES]
    ]
    more = len(searches) - len(shown)
    if more:
        shown.append(join([texts.following.and_more.format(count=more)]))
    return join(shown, by=texts.list_joint)


def _title(archived: ArchivedPost, channels: Mapping[str, str], texts: Catalogue) -> RichText:
    post, channel = archived.post, name_of(archived, channels)
    title = shorten(bare_title(clean(post.title).text), _TITLE_LENGTH)
    linked = link(title or title_without_words(post, texts), archived.url)
    return join([linked, f" · {channel}"]) if channel else linked
