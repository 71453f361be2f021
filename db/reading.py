"""Posts out of the archive: a fixed number of statements, however many posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, func, select

from db.rows import PARTS, PartRows, SqlRow, read_content, read_post
from db.schema import channels, media, post_versions, posts
from db.storable import fits, storable_text
from db.times import maybe_time, read_time
from db.values import PostVersion
from model.posts import ArchivedPost, Channel, PostKind

# SQLite takes 32,766 parameters in one statement; a prepared one of this size is reused.
_CHUNK = 1000
_ORDER = ("position", "as_of", "post_version_id")
"""What rows of one post are ordered by, where a table has it; posts themselves have no order."""
_Item = TypeVar("_Item")


def chunks(items: Sequence[_Item], size: int = _CHUNK) -> Iterator[Sequence[_Item]]:
    """Yield the items in order, at most `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def get_posts(connection: Connection, post_ids: Sequence[int]) -> Sequence[ArchivedPost]:
    """Return the posts with these keys in the order given, unknown ones left out."""
    found = {
        archived.post_id: archived
        for chunk in chunks([post_id for post_id in post_ids if fits(post_id)])
        for archived in _archived_posts(
            connection, connection.execute(_rows_of_posts(posts), {"post_ids": chunk}).all()
        )
    }
    return tuple(found[post_id] for post_id in post_ids if post_id in found)


def select_posts(connection: Connection, rows_of_posts: Select[Any]) -> Sequence[ArchivedPost]:
    """Return the posts that a selection of whole rows of `posts` finds, in its order."""
    return _archived_posts(connection, connection.execute(rows_of_posts).all())


def _archived_posts(connection: Connection, rows: Sequence[SqlRow]) -> Sequence[ArchivedPost]:
    if not rows:
        return ()
    parts = read_parts(connection, [row.post_id for row in rows])
    by_id = read_channels(connection)
    edited = _select_edited(connection, [row.post_id for row in rows])
    return tuple(
        ArchivedPost(
            post_id=row.post_id,
            seq=row.seq,
            channel_id=row.channel_id,
            channel=by_id[row.channel_id],
            post=read_post(row, parts),
            missing_since=maybe_time(row.missing_since),
            edited=row.post_id in edited,
        )
        for row in rows
    )


_EDITED = select(post_versions.c.post_id).where(
    post_versions.c.post_id.in_(bindparam("post_ids", expanding=True))
)


def _select_edited(connection: Connection, post_ids: Sequence[int]) -> frozenset[int]:
    """Return which of the posts have an earlier text."""
    return frozenset(
        post_id
        for chunk in chunks(post_ids)
        for post_id in connection.execute(_EDITED, {"post_ids": chunk}).scalars()
    )


def read_parts(connection: Connection, post_ids: Sequence[int]) -> PartRows:
    """Return the rows of every part of these posts, by table name, then by post."""
    return {part.table.name: _rows_by_post(connection, part.table, post_ids) for part in PARTS}


def _rows_by_post(
    connection: Connection, table: Table, post_ids: Sequence[int]
) -> Mapping[int, Sequence[SqlRow]]:
    """Return the rows of a table that belong to these posts, by post."""
    grouped: defaultdict[int, list[SqlRow]] = defaultdict(list)
    for chunk in chunks(post_ids):
        # All at once: row by row, SQLAlchemy takes longer than SQLite.
        for row in connection.execute(_rows_of_posts(table), {"post_ids": chunk}).all():
            grouped[row.post_id].append(row)
    return grouped


@cache
def _rows_of_posts(table: Table) -> Select[Any]:
    """Return the selection of a table's rows for `post_ids`, in the order they are read.

    Made once: every search reads nine tables, and making a statement costs more than running it.
    """
    columns = table.c
    order = [columns[name] for name in _ORDER if name in columns]
    chosen = columns.post_id.in_(bindparam("post_ids", expanding=True))
    return select(table).where(chosen).order_by(*order)


def read_channels(connection: Connection) -> Mapping[int, Channel]:
    """Return every channel by its key; there are few."""
    return {
        row.channel_id: Channel(title=row.title, username=row.username, telegram_id=row.telegram_id)
        for row in connection.execute(select(channels).order_by(channels.c.channel_id))
    }


def read_versions(
    connection: Connection, post_ids: Sequence[int]
) -> Mapping[int, Sequence[PostVersion]]:
    """Return the earlier texts of these posts, oldest first; posts without any are left out."""
    return {
        post_id: tuple(
            PostVersion(content=read_content(row.text, row.entities), as_of=read_time(row.as_of))
            for row in rows
        )
        for post_id, rows in _rows_by_post(connection, post_versions, post_ids).items()
    }


def find_post(connection: Connection, channel_id: int, message_id: int) -> ArchivedPost | None:
    """Return the post with this number in a channel, or `None`."""
    if not fits(message_id):
        return None
    named = (posts.c.channel_id == channel_id, posts.c.message_id == message_id)
    found = select_posts(connection, select(posts).where(*named))
    return found[0] if found else None


def select_album(connection: Connection, channel_id: int, album_id: str) -> Sequence[ArchivedPost]:
    """Return the posts of an album in the order they were sent."""
    named = (posts.c.channel_id == channel_id, posts.c.album_id == storable_text(album_id))
    return select_posts(connection, select(posts).where(*named).order_by(posts.c.message_id))


def select_copies(connection: Connection, channel_id: int) -> Sequence[str]:
    """Return the copies of files that the posts of a channel name, each once."""
    named = select(media.c.copy).join(posts).where(posts.c.channel_id == channel_id)
    found = named.where(media.c.copy.is_not(None)).distinct()
    return tuple(connection.execute(found).scalars())


def select_message_ids(
    connection: Connection, channel_id: int, *, first_id: int, last_id: int
) -> Sequence[int]:
    """Return the message numbers of a range that a channel has, in order."""
    columns = posts.c
    in_range = (columns.channel_id == channel_id) & columns.message_id.between(first_id, last_id)
    statement = select(columns.message_id).where(in_range).order_by(columns.message_id)
    return tuple(connection.execute(statement).scalars())


def select_last_message_id(connection: Connection, channel_id: int) -> int | None:
    """Return a channel's highest message number."""
    highest = select(func.max(posts.c.message_id)).where(posts.c.channel_id == channel_id)
    found: int | None = connection.execute(highest).scalar_one()
    return found


def select_changed(connection: Connection, seq: int, *, limit: int) -> Sequence[ArchivedPost]:
    """Return the posts that changed after `seq`, in the order of these changes."""
    after = select(posts).where(posts.c.seq > seq)
    return select_posts(connection, after.order_by(posts.c.seq).limit(limit))


def select_newest(connection: Connection, *, limit: int, offset: int) -> Sequence[ArchivedPost]:
    """Return the latest posts proper, newest first."""
    columns = posts.c
    messages = select(posts).where(columns.kind == PostKind.MESSAGE.value)
    newest_first = (columns.posted_at.desc(), columns.message_id.desc())
    return select_posts(connection, messages.order_by(*newest_first).limit(limit).offset(offset))
