"""What a batch of posts asks of the archive: read what is stored, decide, write nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from db.merge import Known, Revision, revise
from db.reading import ARCHIVED, chunks, read_versions, select_posts
from db.rows import SqlRow
from db.schema import posts
from db.storable import Storable, storable
from db.times import read_time, time_text
from model.posts import ArchivedPost, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stored post and what it should become."""

    archived: ArchivedPost
    revision: Revision
    missing_since: datetime | None

    @property
    def is_news(self) -> bool:
        """Tell whether there is anything to write but how recent the post is."""
        return (
            self.revision.post != self.archived.post
            or self.missing_since != self.archived.missing_since
            or self.revision.earlier is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do with a batch; `confirmed` are keys of posts that a newer source has as they are.

    `unchanged` counts the posts that bring no news, the confirmed ones included.
    """

    added: Sequence[Storable]
    changes: Sequence[Change]
    confirmed: Sequence[int]
    unchanged: int


def plan_batch(
    connection: Connection, channel_id: int, batch: Sequence[Post], *, as_of: datetime
) -> Plan:
    """Decide what to do with posts of distinct message ids."""
    stored = _read_stored(connection, channel_id, [post.message_id for post in batch])
    as_of_text = time_text(as_of)
    added, doubtful, confirmed = [], {}, []
    for arrival in map(storable, batch):
        post = arrival.post
        row = stored.get(post.message_id)
        if row is None:
            added.append(arrival)
        elif row.content_hash != arrival.digest or (row.missing_since or "~") <= as_of_text:
            doubtful[row.post_id] = post
        elif row.as_of < as_of_text:
            confirmed.append(row.post_id)
    as_of_stored = {row.post_id: row.as_of for row in stored.values()}
    decided = _decide(connection, doubtful, as_of_stored, as_of=as_of)
    changes = [change for change in decided if change.is_news]
    confirmed += [
        change.archived.post_id
        for change in decided
        if not change.is_news and as_of_stored[change.archived.post_id] < as_of_text
    ]
    return Plan(
        added=added,
        changes=changes,
        confirmed=confirmed,
        unchanged=len(batch) - len(added) - len(changes),
    )


_STORED = select(
    posts.c.message_id,
    posts.c.post_id,
    posts.c.content_hash,
    posts.c.as_of,
    posts.c.missing_since,
).where(
    posts.c.channel_id == bindparam("channel_id"),
    posts.c.message_id.in_(bindparam("message_ids", expanding=True)),
)


def _read_stored(
    connection: Connection, channel_id: int, message_ids: Sequence[int]
) -> Mapping[int, SqlRow]:
    return {
        row.message_id: row
        for chunk in chunks(message_ids)
        for row in connection.execute(_STORED, {"channel_id": channel_id, "message_ids": chunk})
    }


def _decide(
    connection: Connection,
    incoming: Mapping[int, Post],
    as_of_stored: Mapping[int, str],
    *,
    as_of: datetime,
) -> Sequence[Change]:
    if not incoming:
        return ()
    keys = list(incoming)
    versions = read_versions(connection, keys)
    return [
        Change(
            archived=archived,
            revision=revise(
                Known(
                    post=archived.post,
                    as_of=read_time(as_of_stored[archived.post_id]),
                    earlier=versions.get(archived.post_id, ()),
                ),
                incoming[archived.post_id],
                as_of=as_of,
            ),
            missing_since=_still_missing(archived, as_of=as_of),
        )
        for archived in select_posts(connection, ARCHIVED.where(posts.c.post_id.in_(keys)))
    ]


def _still_missing(archived: ArchivedPost, *, as_of: datetime) -> datetime | None:
    """Return when the post went missing, unless a source of that time or later holds it."""
    gone = archived.missing_since
    return gone if gone and as_of < gone else None
