"""Filters of a search: operators that buttons add and remove.

A filter is stored as the text a person could have typed, such as `lang:python`, so buttons can do
nothing that words cannot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum

from bot.sessions import Session


class Group(IntEnum):
    """Groups of filters; buttons carry the number."""

    TAG = 1
    LANGUAGE = 2
    PERIOD = 3
    HAS = 4
    CHANNEL = 5
    SOURCE = 6
    SORT = 7


WITH_CODE = "has:code"
PERIODS = ("last 1 week", "last 1 month", "last 1 year")
SORTS = ("sort:relevance", "sort:new", "sort:old")
THINGS = ("code", "link", "photo", "video", "file", "poll", "audio", "voice", "gif")

_PREFIXES = {
    "#": Group.TAG,
    "lang:": Group.LANGUAGE,
    "has:": Group.HAS,
    "channel:": Group.CHANNEL,
    "from:": Group.SOURCE,
    "sort:": Group.SORT,
}
_SINGLE = {Group.PERIOD, Group.CHANNEL, Group.SORT}
"""Groups with at most one active filter: a new one replaces the old."""
_LEADING_OR = re.compile(r"^(?:\s*(?:OR|ИЛИ|или|\|+)(?=\s|\Z))+")


def group_of(operator: str) -> Group:
    """Return the group of a filter."""
    found = (group for prefix, group in _PREFIXES.items() if operator.startswith(prefix))
    return next(found, Group.PERIOD)


def toggled(session: Session, operator: str, *, is_on: bool) -> Session:
    """Return the session with a filter added or removed; idempotent."""
    group = group_of(operator)
    kept = [
        other
        for other in session.filters
        if other != operator and not (is_on and group in _SINGLE and group_of(other) is group)
    ]
    return replace(session, filters=(*kept, *([operator] if is_on else [])))


def without(session: Session, group: Group) -> Session:
    """Return the session without the filters of a group."""
    return replace(
        session, filters=tuple(other for other in session.filters if group_of(other) is not group)
    )


def active_filters(session: Session) -> Sequence[str]:
    """Return the filters that have an effect: relevance is the default order."""
    return [operator for operator in session.filters if operator != SORTS[0]]


def search_text(session: Session) -> str:
    """Return the whole query as a person could type it, filters first, since the end may be cut."""
    if not session.filters:
        return session.query
    # After the filters, a leading OR would join them.
    return " ".join([*session.filters, _LEADING_OR.sub("", session.query).strip()]).strip()


def sort_of(session: Session) -> str | None:
    """Return the chosen sort order, `None` for the query's own."""
    found = (text for text in session.filters if group_of(text) is Group.SORT)
    chosen = next(found, None)
    return chosen and chosen.partition(":")[2]


def with_options(session: Session, options: tuple[str, ...]) -> Session:
    """Return the session with these texts among its options; existing ones keep their index.

    So a button pressed twice, or one of an older state of the message, keeps its meaning.
    """
    new = [option for option in dict.fromkeys(options) if option not in session.options]
    return replace(session, options=(*session.options, *new))
