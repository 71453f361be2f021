"""Answer a search: text in, posts with excerpts, highlights and matching code out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from db import PostStore
from model.posts import ArchivedPost, Channel, Snippet
from model.searchable import searchable_of
from search.deadline import Deadline, Timer
from search.documents import document_of, twin_of
from search.engines import Match, MatchPage
from search.expression import Expression, Sort
from search.facets import FacetCount, count_facets
from search.highlight import Excerpt, Sought, find_marks, make_excerpt, merged, sought_by
from search.index import PostIndex
from search.memory_match import MemoryMatcher
from search.parser import parse_query
from search.planner import PlannedQuery, plan
from search.query import Facet, Filter, Note, Query, Remark
from search.reader import IndexReader
from search.similar import similar_to

TIME_LIMIT = 0.4
"""Seconds in the index, after which what there is is put in order: with Whoosh another tenth."""
_MOST_REPEATS = 50
_FACET_VALUES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found; the snippets that hold a sought word come first.

    `snippet_marks` are the places of sought words in each snippet's code, as code points.
    `repeats` are the archive's other posts with the same text, the oldest first, whether or not
    they meet the conditions of the search; of very many, the last 50 that were archived.
    """

    archived: ArchivedPost
    score: float
    excerpt: Excerpt
    snippets: tuple[Snippet, ...]
    snippet_marks: tuple[tuple[tuple[int, int], ...], ...] = ()
    repeats: tuple[ArchivedPost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of hits for a text.

    Posts with the same text are one hit. `total` counts all hits, on every page, `complete` those
    among them that have every word of the query; they come first. `posts` counts every post found,
    those with the same text too. `notes` say what was odd about the query or done beyond it.
    `facets` are counts of those asked for, as far as there was time.
    """

    query: Query
    text: str
    total: int
    complete: int
    posts: int
    took_ms: float
    hits: tuple[Hit, ...]
    notes: tuple[Note, ...]
    facets: Mapping[Facet, tuple[FacetCount, ...]] = field(default_factory=dict)


def _now() -> datetime:
    return datetime.now(UTC)


class Searcher:
    """Searches an archive through its index; safe to use from several threads.

    `zone` is where the days of a query such as `on:2024-03-05` begin and end. After `time_limit`
    seconds, as `timer` counts them, a search answers with what it has found and says so; they are
    seconds of the processor, so that a busy machine loses no answers.
    """

    def __init__(
        self,
        store: PostStore,
        index: PostIndex,
        *,
        zone: tzinfo = UTC,
        clock: Callable[[], datetime] = _now,
        time_limit: float = TIME_LIMIT,
        timer: Timer = time.thread_time,
    ) -> None:
        self.store = store
        self._clock = clock
        self.index = index
        self._zone = zone
        self._time_limit = time_limit
        self._timer = timer

    def search(
        self,
        text: str,
        *,
        limit: int = 5,
        offset: int = 0,
        only_code: bool = False,
        sort: str | None = None,
        within: Sequence[str] = (),
        facets: Collection[Facet] = (),
    ) -> Answer:
        """Return a page of the posts that a text asks for; every text has an answer.

        A text without words lists the newest posts that meet its conditions.

        Args:
            text: What was typed.
            limit: How many hits there are on the page.
            offset: How many there are before it.
            only_code: Whether a post must show code.
            sort: `relevance`, `new` or `old`; goes before the text's own.
            within: Conditions to be met besides, such as those of facets, each a text.
            facets: What to count the matches by, ten values each.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        started = time.perf_counter()
        query = parse_query(text)
        with self.index.reading() as reader:
            planned = self._plan(query, reader, only_code=only_code, sort=sort, within=within)
            # To read a query takes little, but the first one of a process, which is not cut for it.
            deadline = Deadline(self._time_limit, self._timer)
            found = _find(
                reader,
                query,
                planned.expression,
                offset=max(offset, 0),
                limit=max(limit, 0),
                deadline=deadline,
            )
            hits = self._hits(reader, found.matches, sought_by(planned.expression))
            counts = self._count(
                reader, query, planned.expression, facets, limit=_FACET_VALUES, deadline=deadline
            )
        cut = (Note(code=Remark.CUT_SHORT),) if deadline.cut else ()
        return Answer(
            query=query,
            text=text,
            total=found.total,
            complete=found.complete,
            posts=found.posts,
            took_ms=(time.perf_counter() - started) * 1000,
            hits=hits,
            notes=query.notes + planned.notes + cut,
            facets=counts,
        )

    def facets(
        self,
        text: str,
        *,
        by: Facet,
        limit: int = 10,
        only_code: bool = False,
        within: Sequence[str] = (),
    ) -> tuple[FacetCount, ...]:
        """Count a search's matches by what they have: most first, of months and years the latest.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        query = parse_query(text)
        with self.index.reading() as reader:
            planned = self._plan(query, reader, only_code=only_code, sort=None, within=within)
            return self._count(reader, query, planned.expression, [by], limit=limit).get(by, ())

    def in_memory(self, posts: Iterable[ArchivedPost]) -> MemoryMatcher:
        """Return a few posts as `matching` can look through them, for any number of texts."""
        return MemoryMatcher(document_of(searchable_of(archived)) for archived in posts)

    def matching(self, text: str, *, among: MemoryMatcher | None = None) -> frozenset[int]:
        """Return the posts that meet all of a text: those that `search` counts as complete.

        A word is met by what a search would take for it too. `among` asks of a few posts only,
        which need not be in the index; by default all of the archive is looked through.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        query = parse_query(text)
        with self.index.reading() as reader:
            expression = self._plan(query, reader, only_code=False, sort=Sort.NEW).expression
            if among is not None:
                return frozenset() if _asks_nothing(query) else among.complete(expression)
            every = replace(expression, minimum=len(expression.words), repeats=True)
            found = _find(reader, query, every, offset=0, limit=sys.maxsize)
            return frozenset(match.post_id for match in found.matches)

    def hits(self, text: str, post_ids: Sequence[int]) -> tuple[Hit, ...]:
        """Return posts as `search` would show them among its hits, in the order given.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        matches = [Match(post_id=post_id, score=0, twin=-post_id) for post_id in post_ids]
        with self.index.reading() as reader:
            planned = self._plan(parse_query(text), reader, only_code=False, sort=None)
            return self._hits(reader, matches, sought_by(planned.expression))

    def similar(self, post_id: int, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the posts that share the most telling words of a post, best first.

        Neither the post itself nor one with its text is among them.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        posts = self.store.get([post_id])
        if not posts:
            return ()
        own = twin_of(searchable_of(posts[0]))
        with self.index.reading() as reader:
            expression = similar_to(posts[0], reader)
            found = reader.find(expression, offset=0, limit=limit + 1)
            others = [match for match in found.matches if match.twin != own]
            return self._hits(reader, others[:limit], sought_by(expression))

    def repeats(self, archived: ArchivedPost) -> tuple[ArchivedPost, ...]:
        """Return the other posts with a post's text as `search` shows them with a hit.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        twin = twin_of(searchable_of(archived))
        match = Match(post_id=archived.post_id, score=0, twin=twin)
        with self.index.reading() as reader:
            return _oldest_first(self.store.get(_repeats(reader, [match])[archived.post_id]))

    def _count(
        self,
        reader: IndexReader,
        query: Query,
        expression: Expression,
        facets: Collection[Facet],
        *,
        limit: int,
        deadline: Deadline | None = None,
    ) -> Mapping[Facet, tuple[FacetCount, ...]]:
        if not facets or _asks_nothing(query):
            return dict.fromkeys(facets, ())
        channels = self._channels() if Facet.CHANNEL in facets else {}
        return count_facets(
            reader, expression, facets, limit=limit, channels=channels, deadline=deadline
        )

    def _plan(
        self,
        query: Query,
        reader: IndexReader,
        *,
        only_code: bool,
        sort: str | None,
        within: Sequence[str] = (),
    ) -> PlannedQuery:
        for condition in within:
            query = replace(query, clauses=query.clauses + parse_query(condition).clauses)
        return plan(
            query,
            reader=reader,
            channels=self._channels() if query.asks_for(Filter.CHANNEL) else {},
            today=self._clock().astimezone(self._zone).date(),
            zone=self._zone,
            only_code=only_code,
            sort=None if sort is None else Sort(sort),
        )

    def _channels(self) -> Mapping[int, Channel]:
        return {row.channel_id: row.channel for row in self.store.channels()}

    def _hits(
        self, reader: IndexReader, matches: Sequence[Match], sought: Sought
    ) -> tuple[Hit, ...]:
        repeats = _repeats(reader, matches)
        wanted = [*repeats, *(post_id for ids in repeats.values() for post_id in ids)]
        posts = {archived.post_id: archived for archived in self.store.get(wanted)}
        return tuple(
            _hit(
                posts[match.post_id],
                score=match.score,
                sought=sought,
                repeats=[posts[repeat] for repeat in repeats[match.post_id] if repeat in posts],
            )
            for match in matches
            if match.post_id in posts
        )


def _find(
    reader: IndexReader,
    query: Query,
    expression: Expression,
    *,
    offset: int,
    limit: int,
    deadline: Deadline | None = None,
) -> MatchPage:
    if _asks_nothing(query):
        return MatchPage(matches=(), total=0, complete=0, posts=0)
    return reader.find(expression, offset=offset, limit=limit, deadline=deadline)


def _repeats(reader: IndexReader, matches: Sequence[Match]) -> Mapping[int, Sequence[int]]:
    """Return for each match the other posts that have its text, or the last of very many."""
    alike = reader.twins([match.twin for match in matches if match.twin >= 0])
    return {
        match.post_id: [
            post_id for post_id in sorted(alike.get(match.twin, ())) if post_id != match.post_id
        ][-_MOST_REPEATS:]
        for match in matches
    }


def _asks_nothing(query: Query) -> bool:
    """Say whether a text holds no word to search for, and no condition either."""
    return any(note.code is Remark.NOTHING_TO_SEARCH for note in query.notes)


def _hit(
    archived: ArchivedPost, *, score: float, sought: Sought, repeats: Sequence[ArchivedPost]
) -> Hit:
    post = archived.post
    marked = [(snippet, find_marks(snippet.code, sought)) for snippet in post.snippets]
    # The order of the post is kept among those that hold as many of the words.
    marked.sort(key=lambda pair: -len({mark.term for mark in pair[1]}))
    return Hit(
        archived=archived,
        score=score,
        excerpt=make_excerpt(post.text, find_marks(post.text, sought)),
        snippets=tuple(snippet for snippet, _ in marked),
        snippet_marks=tuple(
            tuple(merged((mark.start, mark.end) for mark in marks)) for _, marks in marked
        ),
        repeats=_oldest_first(repeats),
    )


def _oldest_first(posts: Iterable[ArchivedPost]) -> tuple[ArchivedPost, ...]:
    return tuple(sorted(posts, key=lambda archived: archived.post.posted_at))
