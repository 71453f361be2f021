"""Composes the list of saved searches, each of them, and the quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.alerts.schedule import is_muted
from bot.message.compose import Piece, bold, code, join
from bot.message.message import Button, OutgoingMessage
from bot.transport.callback_data import Action, press
from db.bot_saved import AlertMode
from i18n import Catalogue, Locale
from model.text import shorten

if TYPE_CHECKING:
    from db.bot_alert_settings import AlertSettings
    from db.bot_saved import SavedSearch

QUIET_CHOICES = ((22, 8), (23, 8), (23, 9), (0, 8), (21, 7), (20, 10))
"""Choices of quiet hours."""

_QUERY_LENGTH = 80
_IN_A_ROW = 5


def saved_page(
    searches: Sequence[SavedSearch],
    alert_settings: AlertSettings,
    *,
    most: int,
    now: datetime,
    locale: Locale,
) -> OutgoingMessage:
    """Compose the list of a person's saved searches."""
    texts, words = locale.texts, locale.texts.following
    count = words.count_of.format(count=len(searches), most=most)
    lines = [_line(number, each, now, locale) for number, each in enumerate(searches, 1)]
    body = join(
        [
            join(["🔔 ", bold(words.title), f" — {count}"]),
            join(lines or [words.nothing_saved], by="\n"),
            quiet_line(alert_settings, texts),
        ],
        by="\n\n",
    )
    numbers = [
        Button(label=str(number), data=press(Action.SAVED, search=each.saved_search_id))
        for number, each in enumerate(searches, 1)
    ]
    rows = [
        tuple(numbers[start : start + _IN_A_ROW]) for start in range(0, len(numbers), _IN_A_ROW)
    ]
    settings = (
        Button(label=words.button_quiet, data=press(Action.QUIET)),
        Button(label=words.button_digest, data=press(Action.DIGEST)),
    )
    return OutgoingMessage(body=body, rows=(*rows, settings))


def saved_card(search: SavedSearch, now: datetime, locale: Locale) -> OutgoingMessage:
    """Compose one saved search with its actions."""
    texts, words = locale.texts, locale.texts.following
    key = search.saved_search_id
    body = join(
        [
            join(["🔔 ", code(search.query)]),
            _state(search, now, locale),
            words.since.format(day=locale.day(search.created_at)),
        ],
        by="\n",
    )
    modes = tuple(
        Button(
            label=f"• {words.modes[mode]}" if mode is search.mode else words.modes[mode],
            data=press(Action.SAVED_MODE, search=key, place=place),
        )
        for place, mode in enumerate(AlertMode)
    )
    label = words.button_resume if search.paused_at else words.button_pause
    pausing = Button(
        label=label, data=press(Action.SAVED_PAUSE, search=key, is_on=int(not search.paused_at))
    )
    muted = is_muted(search, now)
    label = words.button_unmute if muted else words.button_mute
    muting = Button(label=label, data=press(Action.SAVED_MUTE, search=key, is_on=int(not muted)))
    opening = [Button(label=words.button_open, data=press(Action.SAVED_SEARCH, search=key))]
    if search.new:
        opening.insert(0, open_new_button(key, search.opened_seq, search.new, texts))
    ending = (
        Button(label=words.button_delete, data=press(Action.SAVED_DELETE, search=key)),
        list_button(texts),
    )
    return OutgoingMessage(body=body, rows=(modes, (pausing, muting), tuple(opening), ending))


def quiet_page(alert_settings: AlertSettings, now: datetime, locale: Locale) -> OutgoingMessage:
    """Compose the choice of quiet hours."""
    words = locale.texts.following
    clock = words.clock.format(now=f"{now.astimezone(locale.zone):%H:%M}")
    body = join([quiet_line(alert_settings, locale.texts), words.quiet_title, clock], by="\n")
    chosen = alert_settings.quiet_from, alert_settings.quiet_to
    choices = [
        Button(
            label=f"• {first}–{last}" if (first, last) == chosen else f"{first}–{last}",
            data=press(Action.QUIET_HOURS, first=first, last=last),
        )
        for first, last in QUIET_CHOICES
    ]
    never = words.never if chosen[0] != chosen[1] else f"• {words.never}"
    last_row = (
        Button(label=never, data=press(Action.QUIET_HOURS, first=0, last=0)),
        list_button(locale.texts),
    )
    return OutgoingMessage(body=body, rows=(tuple(choices[:3]), tuple(choices[3:]), last_row))


def quiet_line(alert_settings: AlertSettings, texts: Catalogue) -> str:
    """Describe a person's quiet hours."""
    if alert_settings.quiet_from == alert_settings.quiet_to:
        return texts.following.never_quiet
    return texts.following.quiet.format(
        first=alert_settings.quiet_from, last=alert_settings.quiet_to
    )


def open_new_button(saved_search_id: int, since: int, posts: int, texts: Catalogue) -> Button:
    """Return the button that lists what was found after a change of the archive."""
    label = texts.following.button_open_new.format(count=texts.number(posts))
    return Button(label=label, data=press(Action.SAVED_NEW, search=saved_search_id, since=since))


def list_button(texts: Catalogue) -> Button:
    """Return the button that leads to the list of saved searches."""
    return Button(
        label=texts.following.button_list, data=press(Action.SAVED_LIST, is_new_message=0)
    )


def _line(number: int, search: SavedSearch, now: datetime, locale: Locale) -> Piece:
    query = code(shorten(search.query, _QUERY_LENGTH))
    return join([f"{number}. ", query, f" — {_state(search, now, locale)}"])


def _state(search: SavedSearch, now: datetime, locale: Locale) -> str:
    texts, words = locale.texts, locale.texts.following
    facts = [words.paused if search.paused_at else words.modes[search.mode]]
    if search.muted_until and is_muted(search, now):
        facts.append(words.muted.format(until=locale.minute(search.muted_until)))
    facts.append(texts.count(search.new, words.new) if search.new else words.nothing_new)
    return " · ".join(facts)
