"""Saves a search; blocking, so run it in a thread."""

from __future__ import annotations

from enum import StrEnum

from bot.results.refinements import WITH_CODE, search_text, toggled
from bot.services import Services
from bot.sessions import Listing, Session
from search import Remark, parse_query

MOST = 20
"""Maximum number of saved searches per person."""


class SaveOutcome(StrEnum):
    """The outcome of saving a search."""

    FOLLOWED = "followed"
    ALREADY = "already"
    FULL = "full"
    NOTHING = "nothing"


def followed_query(session: Session) -> str:
    """Return the query of a message's session, with its filters."""
    if session.listing is Listing.CODE:
        session = toggled(session, WITH_CODE, is_on=True)
    return search_text(session)


def follow(query: str, user_id: int, services: Services) -> SaveOutcome:
    """Save a search; posts that match it now do not count as new.

    Raises:
        LetopisError: The archive, the index or the bot's own file cannot be used.
    """
    parsed = parse_query(query)
    if parsed.blank or any(note.code is Remark.NOTHING_TO_SEARCH for note in parsed.notes):
        return SaveOutcome.NOTHING
    saved = services.bot_store.saved
    mine = saved.of_person(user_id)
    if any(_folded(query) == _folded(search.query) for search in mine):
        return SaveOutcome.ALREADY
    if len(mine) >= MOST:
        return SaveOutcome.FULL
    # In this order: a post arriving in between is either known, or matched later.
    seq = services.store.last_seq()
    known = services.searcher.matching(query)
    saved.save(
        user_id,
        query,
        archive_id=services.store.archive_id,
        seq=seq,
        known=known,
        now=services.clock(),
    )
    return SaveOutcome.FOLLOWED


def _folded(query: str) -> str:
    return " ".join(query.split()).casefold()
