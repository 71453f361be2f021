"""Looks up a page of a listing and composes its bubble."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.bubble import Bubble
from bot.rendering.compose import bold, join
from bot.rendering.listing import Entry, Page, excerpt_of, list_page, nothing_found, opening_of
from bot.rendering.notes import say_completeness, say_notes
from bot.rendering.post_text import code_of
from bot.services import Services
from bot.sessions import Listing, Session
from bot.suggestions import suggested_queries
from bot.texts import Catalogue
from model.rich_text import RichText

if TYPE_CHECKING:
    from search import Answer, Hit

QUERY_LENGTH = 256
"""Longer queries are cut: nobody types one, and the heading shows it whole."""
SEARCH_MARK = "🔎"
CODE_MARK = "💻"

_PAGE_SIZES = {Listing.SEARCH: 5, Listing.CODE: 3, Listing.RECENT: 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a page is made of."""

    total: int
    entries: Sequence[Entry]
    remarks: Sequence[str]
    suggestions: Sequence[str] = ()


async def compose_page(
    session: Session, number: int, *, services: Services, texts: Catalogue
) -> Bubble:
    """Return the bubble of one page, counted from 1; a page too far is the last one.

    Raises:
        TimeoutError: the search took too long.
        LetopisError: the archive or the index cannot be read.
    """
    size = _PAGE_SIZES[session.listing]
    find = _find_recent if session.listing is Listing.RECENT else _find_posts
    number = max(number, 1)
    look_up = functools.partial(find, session, services=services, texts=texts, size=size)
    found = await services.run(functools.partial(look_up, number))
    pages = max(-(-found.total // size), 1)
    if number > pages:
        number = pages
        found = await services.run(functools.partial(look_up, number))
    if not found.total and session.listing is not Listing.RECENT:
        return nothing_found(
            session.query,
            remarks=found.remarks,
            session=session.session_id,
            code_only=session.code_only,
            suggestions=found.suggestions,
            texts=texts,
        )
    page = Page(
        session=session.session_id,
        title=_title(session, found.total, texts),
        remarks=_remarks(session, found, texts),
        number=number,
        pages=pages,
        entries=found.entries,
        code_only=session.code_only if session.listing is Listing.SEARCH else None,
        suggestions=found.suggestions,
    )
    return list_page(page, services.reader(texts))


def _find_posts(
    session: Session, number: int, *, services: Services, texts: Catalogue, size: int
) -> _Found:
    is_code = session.listing is Listing.CODE
    answer: Answer = services.searcher.search(
        session.query,
        limit=size,
        offset=(number - 1) * size,
        only_code=is_code or session.code_only,
    )
    entries = [_code_entry(hit) if is_code else _entry(hit) for hit in answer.hits]
    remarks = [
        *say_notes(answer.notes, texts=texts),
        *say_completeness(answer.total, answer.complete, texts=texts),
    ]
    suggestions = suggested_queries(session.query, answer.notes)
    return _Found(total=answer.total, entries=entries, remarks=remarks, suggestions=suggestions)


def _find_recent(
    _session: Session, number: int, *, services: Services, texts: Catalogue, size: int
) -> _Found:
    del texts
    posts = services.store.newest(limit=size, offset=(number - 1) * size)
    entries = [Entry(archived=archived, excerpt=opening_of(archived.post)) for archived in posts]
    return _Found(total=services.store.stats().posts, entries=entries, remarks=())


def _entry(hit: Hit) -> Entry:
    return Entry(
        archived=hit.archived, excerpt=excerpt_of(hit.excerpt.text, hit.excerpt.highlights)
    )


def _code_entry(hit: Hit) -> Entry:
    """Show the snippet that matched best; the search puts it first."""
    worthy = code_of(hit.archived.post)
    best = next((snippet for snippet in hit.snippets if snippet in worthy), None)
    return Entry(
        archived=hit.archived,
        excerpt=excerpt_of(hit.excerpt.text, hit.excerpt.highlights),
        snippet=best,
    )


def _title(session: Session, total: int, texts: Catalogue) -> RichText:
    count = texts.count(total, texts.posts)
    if session.listing is Listing.RECENT:
        return join(["🆕 ", bold(texts.recent_title), f" — {count}"])
    mark = CODE_MARK if session.listing is Listing.CODE else SEARCH_MARK
    return join([f"{mark} ", bold(session.query), f" — {count}"])


def _remarks(session: Session, found: _Found, texts: Catalogue) -> Sequence[str]:
    return [*([texts.only_code] if session.code_only else []), *found.remarks]
