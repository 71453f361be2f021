"""Matches of saved searches: which are waiting to be sent, and which were sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update

from db.bot_saved import MatchState, SavedSearch, read_saved_search
from db.database import Database
from db.inserting import insert_new
from db.reading import chunks
from db.schema.bot_saved import IS_FOUND, IS_WAITING, saved_posts, saved_searches
from db.times import read_time, time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMatches:
    """Unsent matches of one saved search: how many, and the time range in which they were found."""

    search: SavedSearch
    posts: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMatches:
    """Posts of one saved search taken for sending, the most recently found first.

    All of them were found after the change `since`.
    """

    search: SavedSearch
    post_ids: tuple[int, ...]
    since: int


class AlertStore:
    """The queue of alerts, in the bot's own file; every change is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self, found: Mapping[int, Sequence[tuple[int, int]]], *, upto: int, now: datetime
    ) -> None:
        """Record the matches found up to a change; they are sent unless the search is paused.

        `found` maps saved searches to the keys and change numbers of matching posts. A post that
        matched before keeps its state. Afterwards all saved searches count as checked up to `upto`.
        """
        columns = saved_searches.c
        state = select(columns.saved_search_id, columns.paused_at).where(
            columns.saved_search_id.in_(found)
        )
        with self._database.writing() as connection:
            # A search deleted in the meantime is not in it.
            paused = {row.saved_search_id: row.paused_at for row in connection.execute(state)}
            rows = [
                {
                    "saved_search_id": key,
                    "post_id": post_id,
                    "seq": seq,
                    "state": MatchState.KNOWN if paused_at else MatchState.WAITING,
                    "found_at": time_text(now),
                }
                for key, paused_at in paused.items()
                for post_id, seq in found[key]
            ]
            if rows:
                connection.execute(insert_new(saved_posts), rows)
            looked = update(saved_searches).where(columns.seq < upto).values(seq=upto)
            connection.execute(looked)

    def waiting(self) -> Sequence[PendingMatches]:
        """Return the unsent matches, by person."""
        posts = saved_posts.c
        heaps = (
            select(
                posts.saved_search_id,
                func.count().label("posts"),
                func.min(posts.found_at).label("first_at"),
                func.max(posts.found_at).label("last_at"),
            )
            .where(IS_WAITING)
            .group_by(posts.saved_search_id)
            .subquery()
        )
        columns = saved_searches.c
        joined = select(saved_searches, heaps.c.posts, heaps.c.first_at, heaps.c.last_at).join(
            heaps, heaps.c.saved_search_id == columns.saved_search_id
        )
        with self._database.reading() as connection:
            rows = connection.execute(joined.order_by(columns.user_id, columns.saved_search_id))
            return tuple(
                PendingMatches(
                    search=read_saved_search(row),
                    posts=row.posts,
                    first_at=read_time(row.first_at),
                    last_at=read_time(row.last_at),
                )
                for row in rows
            )

    def waiting_posts(self, saved_search_ids: Collection[int], *, limit: int) -> Sequence[int]:
        """Return the posts waiting in any of these saved searches, each once, oldest first."""
        posts = saved_posts.c
        waits = IS_WAITING & posts.saved_search_id.in_(saved_search_ids)
        first = func.min(posts.seq)
        each = select(posts.post_id).where(waits).group_by(posts.post_id)
        with self._database.reading() as connection:
            ordered = each.order_by(first, posts.post_id).limit(limit)
            return tuple(connection.execute(ordered).scalars())

    def claim(
        self, saved_search_ids: Collection[int], *, post_id: int | None = None
    ) -> Sequence[ClaimedMatches]:
        """Mark the waiting matches of these searches (all, or one post) as sent, and return them.

        A crash between this call and the sending loses the alert: nothing is ever sent twice.
        """
        posts = saved_posts.c
        waits = IS_WAITING & posts.saved_search_id.in_(saved_search_ids)
        if post_id is not None:
            waits &= posts.post_id == post_id
        wanted = select(posts.saved_search_id, posts.post_id, posts.seq).where(waits)
        claimed: defaultdict[int, list[Any]] = defaultdict(list)
        with self._database.writing() as connection:
            for row in connection.execute(wanted.order_by(posts.seq.desc(), posts.post_id.desc())):
                claimed[row.saved_search_id].append(row)
            connection.execute(update(saved_posts).where(waits).values(state=MatchState.TOLD))
            chosen = select(saved_searches).where(saved_searches.c.saved_search_id.in_(claimed))
            searches = connection.execute(chosen.order_by(saved_searches.c.saved_search_id)).all()
        return tuple(_read_claimed(row, claimed[row.saved_search_id]) for row in searches)

    def release(self, claimed: Iterable[ClaimedMatches]) -> None:
        """Put matches back in the queue that were taken but certainly not sent."""
        posts = saved_posts.c
        with self._database.writing() as connection:
            for each in claimed:
                of_search = posts.saved_search_id == each.search.saved_search_id
                for chunk in chunks(each.post_ids):
                    chosen = of_search & posts.post_id.in_(chunk)
                    connection.execute(
                        update(saved_posts).where(chosen).values(state=MatchState.WAITING)
                    )

    def count_found(self, saved_search_id: int, *, since: int) -> int:
        """Return the number of posts that a saved search found after a change."""
        wanted = select(func.count()).select_from(saved_posts).where(_found(saved_search_id, since))
        with self._database.reading() as connection:
            return connection.execute(wanted).scalar_one()

    def found(
        self, saved_search_id: int, *, since: int, limit: int, offset: int = 0
    ) -> Sequence[int]:
        """Return the posts that a saved search found after a change, most recently found first."""
        posts = saved_posts.c
        wanted = select(posts.post_id).where(_found(saved_search_id, since))
        latest_first = wanted.order_by(posts.seq.desc(), posts.post_id.desc())
        with self._database.reading() as connection:
            return tuple(connection.execute(latest_first.limit(limit).offset(offset)).scalars())


def _read_claimed(row: Row[Any], posts: Sequence[Row[Any]]) -> ClaimedMatches:
    return ClaimedMatches(
        search=read_saved_search(row),
        post_ids=tuple(post.post_id for post in posts),
        since=posts[-1].seq - 1,
    )


def _found(saved_search_id: int, since: int) -> ColumnElement[bool]:
    posts = saved_posts.c
    return IS_FOUND & (posts.saved_search_id == saved_search_id) & (posts.seq > since)
