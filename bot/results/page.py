"""Loads a page of a list and composes its message."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from bot.message.compose import bold, join
from bot.message.message import OutgoingMessage
from bot.results.listing_view import ListingActions, Page, Suggestion, list_page
from bot.results.nothing_found import nothing_found
from bot.results.query import Found, find_page, find_shorter_queries
from bot.results.refinements import WITH_CODE, active_filters, search_text, with_options
from bot.services import Services
from bot.sessions import CODE_MARK, SEARCH_MARK, Listing, Session
from bot.transport.callback_data import Action, press
from i18n import Catalogue
from i18n.query_notes import say_found
from model.rich_text import RichText
from model.text import shorten

SHOWN_LENGTH = 256
"""Units of a query that a message shows: nobody types longer ones."""

_PAGE_SIZES = {
    Listing.SEARCH: 5,
    Listing.CODE: 3,
    Listing.RECENT: 5,
    Listing.SIMILAR: 5,
    Listing.ANSWERS: 5,
    Listing.ALBUM: 5,
    Listing.SAVED: 5,
}

_SEARCHES = {Listing.SEARCH, Listing.CODE}


async def compose_page(
    session: Session, number: int, *, services: Services, texts: Catalogue
) -> OutgoingMessage:
    """Return the message of one page, counted from 1; too high a number gives the last page.

    Raises:
        TimeoutError: The search took too long.
        LetopisError: The archive or the index cannot be read.
    """
    size = _PAGE_SIZES[session.listing]
    number = max(number, 1)
    look_up = functools.partial(find_page, session, services=services, texts=texts, size=size)
    found = await services.run(functools.partial(look_up, number))
    pages = found.pages(size)
    if number > pages:
        number = pages
        found = await services.run(functools.partial(look_up, number))
    if not found.total and session.listing in _SEARCHES:
        return await _compose_nothing(session, found, services=services, texts=texts)
    offered = [query for query, _ in found.suggestions]
    session = await _keep_suggestions(session, offered, services)
    page = Page(
        session=session.session_id,
        title=listing_title(session, found.total, texts, complete=found.complete),
        remarks=found.remarks,
        number=number,
        pages=pages,
        entries=found.entries,
        onward=_onward(found, number, size, texts),
        actions=ListingActions() if session.origin else _actions(session, found),
        back=_back(session),
        suggestions=_suggestions(session, found.suggestions),
    )
    return list_page(page, services.locale(texts))


def listing_title(session: Session, total: int, texts: Catalogue, *, complete: int) -> RichText:
    """Return the first line of a list: the query, and the number of results."""
    count = say_found(total, complete, texts=texts)
    query = bold(shorten(session.query, SHOWN_LENGTH))
    if session.listing is Listing.RECENT:
        in_all = texts.in_all.format(posts=count)
        return join(["🆕 ", bold(texts.recent_title), f" — {in_all}"])
    if session.listing is Listing.SIMILAR:
        return join(["≈ ", texts.cards.similar_title, " ", query, f" — {count}"])
    if session.listing is Listing.ANSWERS:
        return join(["↓ ", texts.cards.answers_title, " ", query, f" — {count}"])
    if session.listing is Listing.ALBUM:
        return join(["🖼 ", texts.cards.album_title, " ", query, f" — {count}"])
    if session.listing is Listing.SAVED:
        return join(["🔔 ", query, f" — {texts.count(total, texts.following.new)}"])
    mark = CODE_MARK if session.listing is Listing.CODE else SEARCH_MARK
    return join([f"{mark} ", query, f" — {count}"])


async def _compose_nothing(
    session: Session, found: Found, *, services: Services, texts: Catalogue
) -> OutgoingMessage:
    """Say that nothing was found, what was tried, and what else would find something."""
    ways = await services.run(functools.partial(find_shorter_queries, session, services=services))
    offered = list(dict([*found.suggestions, *ways]).items())
    session = await _keep_suggestions(session, [query for query, _ in offered], services)
    return nothing_found(
        shorten(session.query, SHOWN_LENGTH),
        remarks=found.remarks,
        session=session.session_id,
        suggestions=_suggestions(session, offered),
        is_filtered=bool(active_filters(session)),
        texts=texts,
    )


async def _keep_suggestions(
    session: Session, queries: Sequence[str], services: Services
) -> Session:
    """Store the queries for the buttons, if they are new."""
    known = with_options(session, tuple(queries))
    return session if known == session else await services.open_session(known)


def _suggestions(
    session: Session, offered: Sequence[tuple[str, int | None]]
) -> Sequence[Suggestion]:
    return [
        Suggestion(query=query, place=session.options.index(query), posts=posts)
        for query, posts in offered
    ]


def _actions(session: Session, found: Found) -> ListingActions:
    """Return the possible actions; a single post is neither filtered nor sorted."""
    if session.listing is Listing.SAVED:
        return ListingActions()
    is_one = found.total <= 1
    filters = len(active_filters(session))
    return ListingActions(
        filters=None if is_one and not filters else filters,
        code_only=_code_only(session, found),
        next_order="" if is_one or not found.order else _next_order(found),
        can_choose_channel=found.has_channels and session.listing is Listing.RECENT,
        can_export=not is_one and session.listing in _SEARCHES,
        can_follow=session.listing is not Listing.SIMILAR and bool(search_text(session)),
    )


def _onward(found: Found, number: int, size: int, texts: Catalogue) -> str:
    """Announce the near matches, if they begin on the next page."""
    near = found.total - found.leading
    is_last = 0 < found.leading <= number * size < found.leading + size
    return texts.count(near, texts.near) if near and is_last else ""


def _code_only(session: Session, found: Found) -> bool | None:
    is_on = WITH_CODE in session.filters
    return is_on if session.listing is Listing.SEARCH and (is_on or found.has_code) else None


def _back(session: Session) -> str:
    """Return the data of the button back to the card that the list was opened from."""
    origin = session.origin
    return (
        press(Action.OPEN, origin.session_id, page=origin.page, post=origin.post_id)
        if origin
        else ""
    )


def _next_order(found: Found) -> str:
    """Return the next sort order; without words there is no relevance."""
    orders = ["relevance", "new", "old"] if found.ranked else ["new", "old"]
    place = orders.index(found.order) if found.order in orders else -1
    return orders[(place + 1) % len(orders)]
