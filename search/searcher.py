"""Answers a search: text in, posts with excerpts, highlights and matching code out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from itertools import islice

from db import PostStore
from model.posts import ArchivedPost, Channel, Snippet
from model.searchable import searchable_of
from search.analysis import chunks
from search.asides import Aside, find_asides
from search.deadline import Deadline, Timer
from search.documents import document_of, is_same_text, twin_of
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
from search.readings import best_reading, notes_on, settle
from search.similar import similar_to

TIME_LIMIT = 0.4
"""Seconds in the index before results so far are ranked, which takes Whoosh another .1 s."""
_MOST_REPEATS = 50
_FACET_VALUES = 10
_FEW = 10
_FIRST_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A matching post; snippets with a sought word come first.

    `snippet_marks` are the matches in each snippet's code, in code points. `repeats` are other
    posts with the same text, oldest first, whether or not they meet the conditions of the search;
    if there are many, the 50 archived last. `asides` are matches outside the text: in a poll, a
    file's name, an address.
    """

    archived: ArchivedPost
    score: float
    excerpt: Excerpt
    snippets: tuple[Snippet, ...]
    snippet_marks: tuple[tuple[tuple[int, int], ...], ...] = ()
    repeats: tuple[ArchivedPost, ...] = ()
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of hits for a query.

    Posts with the same text are one hit. `total` counts the hits on all pages, `complete` those
    with every word of the query, which come first. `posts` also counts repeats. `notes` report
    oddities of the query, and what else was searched. `facets` are the requested counts, as far as
    time allowed.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A reading of a text, how it was searched for, and what it found."""

    query: Query
    expression: Expression
    notes: tuple[Note, ...]
    found: MatchPage

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def complete(self) -> int:
        return self.found.complete


def _now() -> datetime:
    return datetime.now(UTC)


class Searcher:
    """Searches an archive through its index; thread-safe.

    `zone` is the time zone of days in queries such as `on:2024-03-05`. After `time_limit` seconds
    of `timer`, a search returns what it has found and says so; by default these are CPU seconds, so
    that a busy machine loses no results.
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
        """Return a page of hits for a query; every text is a query.

        A query without words lists the newest posts that meet its conditions.

        Args:
            text: What was typed.
            limit: Maximum number of hits on the page.
            offset: Number of hits before it.
            only_code: Whether posts must have code.
            sort: `relevance`, `new` or `old`; overrides the query's own.
            within: Additional conditions, such as those of facets, each a query.
            facets: Properties to count the matches by, ten values each.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        started = time.perf_counter()
        with self.index.reading() as reader:
            # To read a query takes little, but the first one of a process, which is not cut for it.
            deadline = Deadline(self._time_limit, self._timer)
            reading = self._search(
                text,
                reader,
                offset=max(offset, 0),
                limit=max(limit, 0),
                deadline=deadline,
                only_code=only_code,
                sort=sort,
                within=within,
            )
            query, found = reading.query, reading.found
            hits = self._hits(reader, found.matches, sought_by(reading.expression))
            counts = self._count(reader, reading, facets, limit=_FACET_VALUES, deadline=deadline)
        about = found.about or any(count.about for each in counts.values() for count in each)
        doubts = {Remark.ABOUT: about, Remark.CUT_SHORT: deadline.cut}
        said = [Note(code=code) for code, is_so in doubts.items() if is_so]
        return Answer(
            query=query,
            text=text,
            total=found.total,
            complete=found.complete,
            posts=found.posts,
            took_ms=(time.perf_counter() - started) * 1000,
            hits=hits,
            notes=(*query.notes, *notes_on(query, reading.notes), *said),
            facets=counts,
        )

    def find_all(
        self,
        text: str,
        *,
        only_code: bool = False,
        sort: str | None = None,
        within: Sequence[str] = (),
    ) -> Sequence[int]:
        """Return the keys of all posts that `search` finds, in its order, without a time limit.

        Posts with the same text are all included: as many as `Answer.posts` counts.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        with self.index.reading() as reader:
            reading = self._search(text, reader, only_code=only_code, sort=sort, within=within)
            every = replace(reading.expression, repeats=True)
            found = _find(reader, reading.query, every, offset=0, limit=sys.maxsize)
            return tuple(match.post_id for match in found.matches)

    def facets(
        self,
        text: str,
        *,
        by: Facet,
        limit: int = 10,
        only_code: bool = False,
        within: Sequence[str] = (),
    ) -> tuple[FacetCount, ...]:
        """Count a search's matches by a property: most first; months and years, latest first.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        with self.index.reading() as reader:
            reading = self._search(text, reader, only_code=only_code, within=within)
            return self._count(reader, reading, [by], limit=limit).get(by, ())

    def in_memory(self, posts: Iterable[ArchivedPost]) -> MemoryMatcher:
        """Return a matcher for a few posts, to be used by `matching` with many queries."""
        return MemoryMatcher(document_of(searchable_of(archived)) for archived in posts)

    def matching(self, text: str, *, among: MemoryMatcher | None = None) -> frozenset[int]:
        """Return the posts that match a query completely, as counted by `search`.

        But conditions are never dropped: those that leave nothing may match later posts. Words are
        expanded as in a search. `among` restricts it to a few posts, which need not be indexed; by
        default the whole archive is searched.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        with self.index.reading() as reader:
            query = self._settled(text, reader)
            expression = self._plan(query, reader, sort=Sort.NEW).expression
            if among is not None:
                return frozenset() if _asks_nothing(query) else among.complete(expression)
            every = replace(expression, minimum=len(expression.words), repeats=True)
            found = _find(reader, query, every, offset=0, limit=sys.maxsize)
            return frozenset(match.post_id for match in found.matches)

    def hits(self, text: str, post_ids: Sequence[int]) -> tuple[Hit, ...]:
        """Return posts in the form of hits of a search, in the given order.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        matches = [Match(post_id=post_id, score=0, twin=-post_id) for post_id in post_ids]
        with self.index.reading() as reader:
            planned = self._plan(self._settled(text, reader), reader)
            return self._hits(reader, matches, sought_by(planned.expression))

    def similar(self, post_id: int, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the posts that share a post's most significant words, best first.

        The post itself and posts with the same text are excluded.

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
        """Return the other posts with the same text, as `search` lists them with a hit.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        twin = twin_of(searchable_of(archived))
        match = Match(post_id=archived.post_id, score=0, twin=twin)
        with self.index.reading() as reader:
            return _oldest_first(self.store.get(_repeats(reader, [match])[archived.post_id]))

    def same_text(self, text: str) -> tuple[ArchivedPost, ...]:
        """Return the posts that consist of a text, except for case and spaces, oldest first.

        Raises:
            IndexUnavailable: The index can be neither read nor rebuilt.
        """
        first = " ".join(chunk.text for chunk in islice(chunks(text), _FIRST_WORDS))
        hits = self.search(f'"{first}"', limit=_FEW).hits
        found = [archived for hit in hits for archived in (hit.archived, *hit.repeats)]
        return _oldest_first(each for each in found if is_same_text(each.post.text, text))

    def _count(
        self,
        reader: IndexReader,
        reading: _Reading,
        facets: Collection[Facet],
        *,
        limit: int,
        deadline: Deadline | None = None,
    ) -> Mapping[Facet, tuple[FacetCount, ...]]:
        if not facets or _asks_nothing(reading.query):
            return dict.fromkeys(facets, ())
        channels = self._channels() if Facet.CHANNEL in facets else {}
        return count_facets(
            reader, reading.expression, facets, limit=limit, channels=channels, deadline=deadline
        )

    def _search(
        self,
        text: str,
        reader: IndexReader,
        *,
        offset: int = 0,
        limit: int = 0,
        deadline: Deadline | None = None,
        only_code: bool,
        sort: str | None = None,
        within: Sequence[str],
    ) -> _Reading:
        """Search for the reading of a text that finds most of it."""
        remarks: list[Note] = []

        def search(query: Query) -> _Reading:
            planned = self._plan(query, reader, only_code=only_code, sort=sort, within=within)
            remarks.extend(note for note in planned.notes if note.code is Remark.UNKNOWN_CHANNEL)
            found = _find(
                reader, query, planned.expression, offset=offset, limit=limit, deadline=deadline
            )
            return _Reading(
                query=query, expression=planned.expression, notes=planned.notes, found=found
            )

        reading = best_reading(self._settled(text, reader), search)
        # An unknown channel is also a reason to search for words alone.
        return replace(reading, notes=tuple(dict.fromkeys((*remarks, *reading.notes))))

    def _settled(self, text: str, reader: IndexReader) -> Query:
        def find_texts(expression: Expression, limit: int) -> Sequence[str]:
            found = reader.find(expression, offset=0, limit=limit)
            posts = self.store.get([match.post_id for match in found.matches])
            return [archived.post.text for archived in posts]

        return settle(parse_query(text), reader, find_texts=find_texts, today=self._today())

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _plan(
        self,
        query: Query,
        reader: IndexReader,
        *,
        only_code: bool = False,
        sort: str | None = None,
        within: Sequence[str] = (),
    ) -> PlannedQuery:
        for condition in within:
            query = replace(query, clauses=query.clauses + parse_query(condition).clauses)
        return plan(
            query,
            reader=reader,
            channels=self._channels() if query.place or query.asks_for(Filter.CHANNEL) else {},
            today=self._today(),
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
    """Return the other posts with each match's text; if there are many, the last ones."""
    alike = reader.twins([match.twin for match in matches if match.twin >= 0])
    return {
        match.post_id: [
            post_id for post_id in sorted(alike.get(match.twin, ())) if post_id != match.post_id
        ][-_MOST_REPEATS:]
        for match in matches
    }


def _asks_nothing(query: Query) -> bool:
    """Return whether a query has neither words nor conditions."""
    return any(note.code is Remark.NOTHING_TO_SEARCH for note in query.notes)


def _hit(
    archived: ArchivedPost, *, score: float, sought: Sought, repeats: Sequence[ArchivedPost]
) -> Hit:
    post = archived.post
    marked = [(snippet, find_marks(snippet.code, sought)) for snippet in post.snippets]
    # A stable sort keeps the post's order among equal ones.
    marked.sort(key=lambda pair: -len({mark.term for mark in pair[1]}))
    marks = find_marks(post.text, sought)
    # A poll alone has its question for a text, which is its title too.
    excerpt = make_excerpt(post.text, marks)
    if post.poll and not post.text.strip():
        question = post.poll.question.strip()
        excerpt = make_excerpt(question, find_marks(question, sought))
    return Hit(
        archived=archived,
        score=score,
        excerpt=excerpt,
        snippets=tuple(snippet for snippet, _ in marked),
        snippet_marks=tuple(
            tuple(merged((mark.start, mark.end) for mark in marks)) for _, marks in marked
        ),
        repeats=_oldest_first(repeats),
        asides=find_asides(post, sought, told={mark.term for mark in marks}),
    )


def _oldest_first(posts: Iterable[ArchivedPost]) -> tuple[ArchivedPost, ...]:
    return tuple(sorted(posts, key=lambda archived: archived.post.posted_at))
