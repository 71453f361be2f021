"""Queries for a page of posts; blocking, so run them in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.results.channels import channel_names, name_of
from bot.results.filters_view import applied_line
from bot.results.listing_view import Entry, excerpt_of, opening_of
from bot.results.post_text import code_of
from bot.results.refinements import active_filters, sort_of
from bot.results.suggestions import shorter_queries, suggested_queries
from bot.services import Services
from bot.sessions import Listing, Session
from i18n import Catalogue
from i18n.command_words import command_meant
from i18n.query_notes import say_completeness, say_notes
from search import Remark

if TYPE_CHECKING:
    from search import Answer, Hit, Note

_SHORTER = 3
_SIMILAR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The content of a page; `order` is the sort order, `""` if it cannot be chosen."""

    total: int
    entries: Sequence[Entry] = ()
    remarks: Sequence[str] = ()
    suggestions: Sequence[str] = ()
    order: str = ""
    ranked: bool = False


def find_page(
    session: Session, number: int, *, services: Services, texts: Catalogue, size: int
) -> Found:
    """Return one page of a list, counted from 1.

    Raises:
        LetopisError: The archive or the index cannot be read.
    """
    offset = (number - 1) * size
    channels = channel_names(services)
    if session.origin:
        hits = services.searcher.similar(session.origin.post_id, limit=_SIMILAR)
        entries = [entry_of(hit, channels) for hit in hits[offset : offset + size]]
        return Found(total=len(hits), entries=entries)
    if session.listing is Listing.RECENT and not session.filters:
        posts = services.store.newest(limit=size, offset=offset)
        entries = [
            Entry(
                archived=archived,
                excerpt=opening_of(archived.post),
                channel=name_of(archived, channels),
            )
            for archived in posts
        ]
        return Found(total=services.store.count_messages(), entries=entries)
    if session.listing is Listing.SAVED:
        return _find_saved(session, channels, services=services, limit=size, offset=offset)
    answer = find_answer(session, services=services, limit=size, offset=offset)
    as_code = session.listing is Listing.CODE
    ranked = any(clause.ranked for clause in answer.query.clauses)
    suggestions = suggested_queries(session.query, answer.notes)
    return Found(
        total=answer.total,
        entries=[(_code_entry if as_code else entry_of)(hit, channels) for hit in answer.hits],
        remarks=[
            *_command_hint(session, texts),
            *applied_line(active_filters(session), channels=channels, texts=texts),
            *say_notes(_notes(answer, session), texts=texts),
            *say_completeness(answer.total, answer.complete, texts=texts),
        ],
        suggestions=suggestions,
        order=sort_of(session) or answer.query.sort or ("relevance" if ranked else "new"),
        ranked=ranked,
    )


def _find_saved(
    session: Session,
    channels: Mapping[str, str],
    *,
    services: Services,
    limit: int,
    offset: int,
) -> Found:
    """Return what a saved search has found since a change of the archive."""
    alerts, key = services.bot_store.alerts, session.saved_search
    found = alerts.found(key, since=session.since, limit=limit, offset=offset)
    hits = services.searcher.hits(session.query, found)
    total = alerts.count_found(key, since=session.since)
    return Found(total=total, entries=[entry_of(hit, channels) for hit in hits])


def find_answer(
    session: Session, *, services: Services, limit: int, offset: int = 0, query: str | None = None
) -> Answer:
    """Search for a session's query, or for another query with its filters."""
    return services.searcher.search(
        session.query if query is None else query,
        limit=limit,
        offset=offset,
        only_code=session.listing is Listing.CODE,
        sort=sort_of(session),
        within=session.filters,
    )


def find_shorter_queries(session: Session, *, services: Services) -> Sequence[tuple[str, int]]:
    """Return shortened versions of a query without results, and what each finds."""
    found = [
        (query, find_answer(session, services=services, limit=0, query=query).total)
        for query in shorter_queries(session.query)
    ]
    shorter = [(query, posts) for query, posts in found if posts]
    return sorted(shorter, key=lambda way: -way[1])[:_SHORTER]


def _command_hint(session: Session, texts: Catalogue) -> Sequence[str]:
    """Name the command for which the query is also a plain word."""
    command = command_meant(session.query)
    return [f"ℹ️ {texts.filters.command_hint.format(command=command)}"] if command else []


def _notes(answer: Answer, session: Session) -> Sequence[Note]:
    """Leave out notes on a period chosen by button, which is shown anyway."""
    return [
        note
        for note in answer.notes
        if note.code is not Remark.PERIOD or note.values[0] not in session.filters
    ]


def entry_of(hit: Hit, channels: Mapping[str, str]) -> Entry:
    """Return a hit as an entry of a list; `channels` are names by key, if there are several."""
    return Entry(
        archived=hit.archived,
        channel=name_of(hit.archived, channels),
        excerpt=excerpt_of(hit.excerpt.text, hit.excerpt.highlights),
        repeats=hit.repeats,
    )


def _code_entry(hit: Hit, channels: Mapping[str, str]) -> Entry:
    """Show the best matching snippet, which the search returns first."""
    worthy = code_of(hit.archived.post)
    best = next((snippet for snippet in hit.snippets if snippet in worthy), None)
    return replace(entry_of(hit, channels), snippet=best)
