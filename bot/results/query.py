"""Queries for a page of posts; blocking, so run them in a thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.results.channels import channel_names, name_of
from bot.results.code_answers import CodeAnswer, code_answers, find_code_answers
from bot.results.filters_view import applied_line
from bot.results.listing_view import Entry, aside_of, excerpt_of, opening_of
from bot.results.post_text import code_of
from bot.results.refinements import WITH_CODE, active_filters, sort_of
from bot.results.suggestions import query_parts, shorter_queries, suggested_queries
from bot.services import Services
from bot.sessions import Listing, Session
from i18n import Catalogue
from i18n.command_words import command_meant
from i18n.query_notes import say_completeness, say_notes
from model.rich_text import RichText
from search import Facet, Remark, condition_meant
from search.operators import HAS_VALUES

if TYPE_CHECKING:
    from model.posts import ArchivedPost
    from search import Answer, Hit, Note

_SHORTER = 3
_MOST_PARTS = 12
"""Of longer queries nobody wants to leave out a word: they are pasted."""
_SIMILAR = 20
THREADS = {Listing.ANSWERS, Listing.ALBUM}
"""Lists of the posts that belong together with a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The content of a page; `order` is the sort order, `""` if it cannot be chosen.

    `complete` of the `total` posts have all the words; the first `leading` posts have pages of
    their own. `suggestions` are queries, with their numbers of posts if known.
    """

    total: int
    complete: int
    leading: int = 0
    entries: Sequence[Entry] = ()
    remarks: Sequence[str] = ()
    suggestions: Sequence[tuple[str, int | None]] = ()
    order: str = ""
    ranked: bool = False
    has_code: bool = False
    has_channels: bool = False

    def pages(self, size: int) -> int:
        """Return the number of pages, at least 1."""
        return max(_pages(self.leading, size) + _pages(self.total - self.leading, size), 1)


def find_page(
    session: Session, number: int, *, services: Services, texts: Catalogue, size: int
) -> Found:
    """Return one page of a list, counted from 1.

    Raises:
        LetopisError: The archive or the index cannot be read.
    """
    offset = (number - 1) * size
    channels = channel_names(services)
    if session.listing in THREADS:
        return _find_thread(session, channels, services=services, limit=size, offset=offset)
    if session.origin:
        hits = services.searcher.similar(session.origin.post_id, limit=_SIMILAR)
        entries = [entry_of(hit, channels) for hit in hits[offset : offset + size]]
        return Found(total=len(hits), complete=len(hits), entries=entries)
    if session.listing is Listing.RECENT and not session.filters:
        posts = services.store.newest(limit=size, offset=offset)
        total = services.store.count_messages()
        return Found(
            total=total,
            complete=total,
            entries=_unsearched(posts, channels),
            has_channels=bool(channels),
        )
    if session.listing is Listing.SAVED:
        return _find_saved(session, channels, services=services, limit=size, offset=offset)
    return _find_matches(session, number, channels, services=services, texts=texts, size=size)


def _find_matches(
    session: Session,
    number: int,
    channels: Mapping[str, str],
    *,
    services: Services,
    texts: Catalogue,
    size: int,
) -> Found:
    # Where the page begins depends on how many posts are complete, which only the answer says.
    first = max((number - 2) * size, 0)
    answer = find_answer(
        session,
        services=services,
        limit=number * size - first,
        offset=first,
        facets=[Facet.HAS] if session.listing is Listing.SEARCH else (),
    )
    ranked = any(clause.ranked for clause in answer.query.clauses)
    order = sort_of(session) or answer.query.sort or ("relevance" if ranked else "new")
    # By date, posts with all the words are among the others.
    leading = answer.complete if order == "relevance" else 0
    start, end = _place_of(number, size, total=answer.total, leading=leading)
    hits = answer.hits[start - first : end - first]
    as_code = session.listing is Listing.CODE
    entries = [(_code_entry if as_code else entry_of)(hit, channels) for hit in hits]
    if number == 1 and (order == "relevance" or not entries):
        answers = find_code_answers(session, services)
        entries = _with_code_answers(entries, answers, channels, complete=answer.complete)
    is_near = start >= leading > 0 and bool(hits)
    return Found(
        total=answer.total or len(entries),
        complete=answer.complete or len(entries) * (not answer.total),
        leading=leading,
        entries=entries,
        remarks=[
            *_word_hint(session, texts),
            *applied_line(active_filters(session), channels=channels, texts=texts),
            *say_notes(_notes(answer, session), texts=texts),
            *say_completeness(answer.total, answer.complete, texts=texts),
            *([f"ℹ️ {texts.from_here_near}"] if is_near else []),
        ],
        suggestions=list(_suggest(session, answer, hits, services=services)),
        order=order,
        ranked=ranked,
        has_code=_has_code(answer, hits, services=services),
        has_channels=bool(channels),
    )


def _pages(posts: int, size: int) -> int:
    return -(-posts // size)


def _place_of(number: int, size: int, *, total: int, leading: int) -> tuple[int, int]:
    """Return which matches are on a page: leading ones, or those after them."""
    pages = _pages(leading, size)
    if number <= pages:
        start = (number - 1) * size
        return start, min(start + size, leading)
    start = leading + (number - 1 - pages) * size
    return start, min(start + size, total)


def _has_code(answer: Answer, hits: Sequence[Hit], *, services: Services) -> bool:
    """Return whether a search for code finds any: in its matches, or in answers to the best."""
    matches = answer.facets.get(Facet.HAS, ())
    return any(count.condition == WITH_CODE for count in matches) or any(
        code_answers([hit.archived for hit in hits[:1]], services)
    )


def _with_code_answers(
    entries: Sequence[Entry],
    answers: Sequence[CodeAnswer],
    channels: Mapping[str, str],
    *,
    complete: int,
) -> list[Entry]:
    """Put code that answers a found post after the complete posts with code of their own."""
    listed = {entry.archived.post_id: entry for entry in entries}
    moved = [
        replace(
            listed.get(answer.archived.post_id) or _answer_entry(answer.archived, channels),
            question=answer.question,
        )
        for answer in answers
    ]
    found = {entry.archived.post_id for entry in moved}
    first = [
        entry
        for entry in entries[:complete]
        if code_of(entry.archived.post) and entry.archived.post_id not in found
    ]
    found |= {entry.archived.post_id for entry in first}
    return [*first, *moved, *(e for e in entries if e.archived.post_id not in found)]


def _answer_entry(archived: ArchivedPost, channels: Mapping[str, str]) -> Entry:
    return Entry(
        archived=archived,
        excerpt=RichText(),
        snippet=code_of(archived.post)[0],
        channel=name_of(archived, channels),
    )


def _find_thread(
    session: Session,
    channels: Mapping[str, str],
    *,
    services: Services,
    limit: int,
    offset: int,
) -> Found:
    """Return the answers to a post, or the posts of its album."""
    assert session.origin
    post_ids: Sequence[int] = ()
    for archived in services.store.get([session.origin.post_id]):
        thread = services.store.thread(archived)
        post_ids = thread.answers if session.listing is Listing.ANSWERS else thread.album
    posts = services.store.get(post_ids[offset : offset + limit])
    found = _unsearched(posts, channels)
    return Found(total=len(post_ids), complete=len(post_ids), entries=found)


def _unsearched(posts: Sequence[ArchivedPost], channels: Mapping[str, str]) -> Sequence[Entry]:
    return [
        Entry(
            archived=archived,
            excerpt=opening_of(archived.post),
            channel=name_of(archived, channels),
        )
        for archived in posts
    ]


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
    entries = [entry_of(hit, channels) for hit in hits]
    return Found(total=total, complete=total, entries=entries)


def find_answer(
    session: Session,
    *,
    services: Services,
    limit: int,
    offset: int = 0,
    query: str | None = None,
    facets: Collection[Facet] = (),
) -> Answer:
    """Search for a session's query, or for another query with its filters."""
    return services.searcher.search(
        session.query if query is None else query,
        limit=limit,
        offset=offset,
        only_code=session.listing is Listing.CODE,
        sort=sort_of(session),
        within=session.filters,
        facets=facets,
    )


def find_keys(session: Session, *, services: Services) -> Sequence[int]:
    """Return the keys of all posts of a search, in its order.

    Raises:
        LetopisError: The archive or the index cannot be read.
    """
    return services.searcher.find_all(
        session.query,
        only_code=session.listing is Listing.CODE,
        sort=sort_of(session),
        within=session.filters,
    )


def find_shorter_queries(session: Session, *, services: Services) -> Sequence[tuple[str, int]]:
    """Return shortened versions of a query without results, and what each finds."""
    shorter = _counted(shorter_queries(session.query), session, services=services)
    return sorted(shorter, key=lambda way: -way[1])[:_SHORTER]


def _suggest(
    session: Session, answer: Answer, hits: Sequence[Hit], *, services: Services
) -> Iterator[tuple[str, int | None]]:
    """Yield queries that may have been meant: corrected, as a condition, or without a word.

    If no post has all the words, those words are kept that the best posts have.
    """
    for query in suggested_queries(session.query, answer.notes):
        yield query, None
    yield from _counted(filter(None, [condition_meant(session.query)]), session, services=services)
    parts = query_parts(session.query)
    if hits and not answer.complete and len(parts) <= _MOST_PARTS:
        among = services.searcher.in_memory(hit.archived for hit in hits)
        having = [services.searcher.matching(part, among=among) for part in parts]
        nearer = dict.fromkeys(
            tuple(
                part
                for part, posts in zip(parts, having, strict=True)
                if hit.archived.post_id in posts
            )
            for hit in hits
        )
        most = max(map(len, nearer))
        longest = [" ".join(kept) for kept in nearer if kept and len(kept) == most]
        yield from _counted(longest[:_SHORTER], session, services=services)


def _counted(
    queries: Iterable[str], session: Session, *, services: Services
) -> Sequence[tuple[str, int]]:
    """Return the queries for which some post has all the words, with the number of these posts."""
    found = [
        (query, find_answer(session, services=services, limit=0, query=query).complete)
        for query in queries
    ]
    return [(query, posts) for query, posts in found if posts]


def _word_hint(session: Session, texts: Catalogue) -> Iterator[str]:
    """Name the command or the condition for which the query is also a plain word."""
    if command := command_meant(session.query):
        yield f"ℹ️ {texts.filters.command_hint.format(command=command)}"
    elif condition := condition_meant(session.query):
        things = texts.filters.things.get(HAS_VALUES[condition.partition(":")[2]])
        if things:
            yield f"ℹ️ {texts.filters.thing_hint.format(things=things, condition=condition)}"


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
        excerpt=excerpt_of(
            hit.archived.post,
            hit.excerpt.text,
            highlights=hit.excerpt.highlights,
            offset=hit.excerpt.offset,
        ),
        repeats=hit.repeats,
        asides=[
            aside_of(aside.kind, aside.excerpt.text, aside.excerpt.highlights)
            for aside in hit.asides
        ],
    )


def _code_entry(hit: Hit, channels: Mapping[str, str]) -> Entry:
    """Show the best matching snippet, which the search returns first."""
    worthy = code_of(hit.archived.post)
    best = next((snippet for snippet in hit.snippets if snippet in worthy), None)
    return replace(entry_of(hit, channels), snippet=best)
