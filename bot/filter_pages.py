"""Looks up what a search could be narrowed to and composes the bubble of its filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.finding import channel_titles, find_answer
from bot.listing_pages import listing_title
from bot.narrowing import (
    PERIODS,
    SORTS,
    THINGS,
    Group,
    group_of,
    in_force,
    search_text,
    switched,
    with_options,
    without,
)
from bot.rendering.bubble import Bubble
from bot.rendering.filters import Choice, Panel, all_filters, one_group
from bot.services import Services
from bot.sessions import Listing, Session
from bot.texts import Catalogue
from search import Facet

if TYPE_CHECKING:
    from search import FacetCount

_MOST = 12
"""How many tags or languages are offered."""
_MONTHS = 2400
_Counted = Sequence[tuple[str, int | None]]
"""Filters, each with how many posts would be left."""


async def compose_filters(
    session: Session, shown: int, *, services: Services, texts: Catalogue
) -> Bubble:
    """Return the bubble of all filters, or of one group of them by its number.

    Raises:
        TimeoutError: the search took too long.
        LetopisError: the archive or the index cannot be read.
    """
    group = Group(shown) if shown in set(Group) else None

    def look_up() -> tuple[int, _Counted, Mapping[str, str]]:
        total = find_answer(session, services=services, limit=0).total
        counted = _count(session, group, services) if group else ()
        return total, counted, channel_titles(services)

    total, counted, channels = await services.run(look_up)
    known = with_options(session, (*session.filters, *(operator for operator, _ in counted)))
    if known != session:
        session = await services.open_session(known)
    panel = Panel(
        session=session.session_id,
        title=listing_title(session, total, texts),
        total=total,
        applied=_choices(session, [(operator, None) for operator in in_force(session)]),
        channels=channels,
    )
    if group:
        return one_group(panel, group, _choices(session, counted), texts)
    groups = [each for each in Group if each is not Group.CHANNEL or len(channels) > 1]
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
    """Count what each filter of a group would leave; those in force stand first."""
    counted = _candidates(session, group, services)
    if group is Group.SORT:
        return counted
    applied = [(operator, None) for operator in session.filters if group_of(operator) is group]
    others = [(operator, posts) for operator, posts in counted if operator not in session.filters]
    return [*applied, *others]


def _candidates(session: Session, group: Group, services: Services) -> _Counted:
    match group:
        case Group.TAG:
            return _facets(session, "#", Facet.TAG, services)
        case Group.LANGUAGE:
            return _facets(session, "lang:", Facet.LANGUAGE, services)
        case Group.PERIOD:
            return _periods(without(session, group), services)
        case Group.HAS:
            return _searches(session, [f"has:{thing}" for thing in THINGS], services)
        case Group.CHANNEL:
            return _facets(without(session, group), "channel:", Facet.CHANNEL, services)
        case _:
            return [(sort, None) for sort in SORTS]


def _facets(session: Session, prefix: str, facet: Facet, services: Services) -> _Counted:
    counts = _facet(session, facet, services)
    return [(f"{prefix}{_written(count)}", count.posts) for count in counts]


def _facet(
    session: Session, facet: Facet, services: Services, *, limit: int = _MOST
) -> Sequence[FacetCount]:
    return services.searcher.facets(
        search_text(session), by=facet, limit=limit, only_code=session.listing is Listing.CODE
    )


def _written(count: FacetCount) -> str:
    """Return a value as an operator takes it."""
    return f'"{count.value}"' if " " in count.value else count.value


def _periods(session: Session, services: Services) -> _Counted:
    years: dict[str, int] = {}
    for count in _facet(session, Facet.MONTH, services, limit=_MONTHS):
        year = f"on:{count.value[:4]}"
        years[year] = years.get(year, 0) + count.posts
    newest_first = sorted(years.items(), reverse=True)
    return [*_searches(session, PERIODS, services), *newest_first]


def _searches(session: Session, operators: Iterable[str], services: Services) -> _Counted:
    """Count by searching; what would leave nothing is left out, unless it is in force."""
    found = [
        (
            operator,
            find_answer(switched(session, operator, is_on=True), services=services, limit=0).total,
        )
        for operator in operators
    ]
    return [(operator, posts) for operator, posts in found if posts]
