"""Counts possible filters of a search and composes their message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.message.message import OutgoingMessage
from bot.results.channels import channel_names
from bot.results.filters_view import Choice, Panel, all_filters, one_group
from bot.results.page import listing_title
from bot.results.query import find_answer
from bot.results.refinements import (
    PERIODS,
    SORTS,
    THINGS,
    Group,
    active_filters,
    group_of,
    toggled,
    with_options,
    without,
)
from bot.services import Services
from bot.sessions import Listing, Session
from i18n import Catalogue
from search import Facet

if TYPE_CHECKING:
    from search import Answer

_MOST = 12
"""How many tags or languages are offered."""
_THINGS_MOST = 30
_FACETS = {
    Group.TAG: Facet.TAG,
    Group.LANGUAGE: Facet.LANGUAGE,
    Group.SOURCE: Facet.SOURCE,
}
_Counted = Sequence[tuple[str, int | None]]
"""Filters, each with the number of posts it would leave."""


async def compose_filters(
    session: Session, shown: int, *, services: Services, texts: Catalogue
) -> OutgoingMessage:
    """Return the message with all filters, or with one group by its number.

    Raises:
        TimeoutError: The search took too long.
        LetopisError: The archive or the index cannot be read.
    """
    group = Group(shown) if shown in set(Group) else None

    def look_up() -> tuple[Answer, _Counted, Mapping[str, str]]:
        answer = find_answer(session, services=services, limit=0)
        counted = _count(session, group, services) if group else ()
        return answer, counted, channel_names(services)

    answer, counted, channels = await services.run(look_up)
    known = with_options(session, (*session.filters, *(operator for operator, _ in counted)))
    if known != session:
        session = await services.open_session(known)
    panel = Panel(
        session=session.session_id,
        title=listing_title(session, answer.total, texts, complete=answer.complete),
        total=answer.total,
        applied=_choices(session, [(operator, None) for operator in active_filters(session)]),
        channels=channels,
    )
    if group:
        return one_group(panel, group, _choices(session, counted), texts)
    groups = [each for each in Group if each is not Group.CHANNEL or channels]
    return all_filters(panel, groups, texts)


def _choices(session: Session, counted: _Counted) -> Sequence[Choice]:
    return [
        Choice(
            operator=operator,
            place=session.options.index(operator),
            is_on=operator in session.filters,
            posts=posts,
        )
        for operator, posts in counted
    ]


def _count(session: Session, group: Group, services: Services) -> _Counted:
    """Count what each filter of a group would leave; active ones come first."""
    counted = _candidates(session, group, services)
    if group is Group.SORT:
        return counted
    applied = [(operator, None) for operator in session.filters if group_of(operator) is group]
    others = [(operator, posts) for operator, posts in counted if operator not in session.filters]
    return [*applied, *others]


def _candidates(session: Session, group: Group, services: Services) -> _Counted:
    match group:
        case Group.PERIOD:
            others = without(session, group)
            return [*_periods(others, services), *_facet(others, Facet.YEAR, services)]
        case Group.HAS:
            counts = _facet(session, Facet.HAS, services, limit=_THINGS_MOST)
            return [count for count in counts if count[0].partition(":")[2] in THINGS]
        case Group.CHANNEL:
            return _facet(without(session, group), Facet.CHANNEL, services)
        case Group.SORT:
            return [(sort, None) for sort in SORTS]
        case _:
            return _facet(session, _FACETS[group], services)


def _facet(session: Session, facet: Facet, services: Services, *, limit: int = _MOST) -> _Counted:
    counts = services.searcher.facets(
        session.query,
        by=facet,
        limit=limit,
        only_code=session.listing is Listing.CODE,
        within=session.filters,
    )
    return [(count.condition, count.posts) for count in counts]


def _periods(session: Session, services: Services) -> _Counted:
    """Count the posts of the last week, month and year, without empty periods."""
    found = [
        (
            spell,
            find_answer(toggled(session, spell, is_on=True), services=services, limit=0).posts,
        )
        for spell in PERIODS
    ]
    return [(spell, posts) for spell, posts in found if posts]
