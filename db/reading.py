"""Reads posts in a fixed number of statements, independent of their number."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, func, select, tuple_

from db.dialects import speech_of
from db.parts import read_parts
from db.rows import read_content, read_post
from db.schema import channels, media, post_versions, posts
from db.storable import fits_column, storable_text
from db.times import maybe_time, read_time
from db.values import KeptCopy, PostVersion
from model.posts import ArchivedPost, Channel, PostKind

# SQLite allows 32,766 parameters per statement; a prepared statement of this size is reused.
_CHUNK = 1000
_Item = TypeVar("_Item")


def chunks(items: Sequence[_Item], size: int = _CHUNK) -> Iterator[Sequence[_Item]]:
    """Yield the items in order, in chunks of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


EARLIER = select(post_versions.c.post_id).where(post_versions.c.post_id == posts.c.post_id)
# An outer join, so that SQLite looks for posts first: otherwise it would scan a channel to find an
# album.
ARCHIVED = select(
    posts,
    channels.c.title,
    channels.c.username,
    channels.c.telegram_id,
    EARLIER.exists().label("edited"),
).outerjoin(channels)
"""Posts with their channels, and whether there is an earlier text: narrow it with `where`."""
# The same of some keys, written out like the statement in `db.parts`.
_BY_KEYS = f"""
    SELECT {", ".join(map(str, posts.c))},
        title, username, telegram_id,
        EXISTS (SELECT 1 FROM post_versions WHERE post_versions.post_id = posts.post_id)
    FROM posts LEFT JOIN channels ON channels.channel_id = posts.channel_id
    WHERE posts.post_id {{keys}}
"""  # noqa: S608  # the names are those of our table
_ArchivedRow = namedtuple("_ArchivedRow", ARCHIVED.selected_columns.keys())  # type: ignore[misc]  # noqa: PYI024  # typed by the table


def get_posts(connection: Connection, post_ids: Sequence[int]) -> Sequence[ArchivedPost]:
    """Return the posts with these keys in the given order, without unknown ones."""
    keys = [post_id for post_id in post_ids if fits_column(post_id)]
    rows = speech_of(connection.dialect).select_by_keys(connection, _BY_KEYS, keys)
    found = {
        archived.post_id: archived
        for chunk in chunks(list(map(_ArchivedRow._make, rows)))
        for archived in _archived_posts(connection, chunk)
    }
    return tuple(found[post_id] for post_id in post_ids if post_id in found)


def select_posts(connection: Connection, archived: Select[Any]) -> Sequence[ArchivedPost]:
    """Return the posts found by a statement based on `ARCHIVED`, in its order."""
    rows = connection.execute(archived).all()
    return tuple(each for chunk in chunks(rows) for each in _archived_posts(connection, chunk))


def _archived_posts(connection: Connection, rows: Sequence[Any]) -> Sequence[ArchivedPost]:
    """Return the posts of up to a thousand rows."""
    parts = read_parts(connection, [row.post_id for row in rows])
    return tuple(
        ArchivedPost(
            post_id=row.post_id,
            seq=row.seq,
            channel_id=row.channel_id,
            channel=_read_channel(row),
            post=read_post(row, parts),
            missing_since=maybe_time(row.missing_since),
            edited=bool(row.edited),
        )
        for row in rows
    )


def _read_channel(row: Any) -> Channel:
    return Channel(title=row.title, username=row.username, telegram_id=row.telegram_id)


def read_channels(connection: Connection) -> Mapping[int, Channel]:
    """Return all channels by key; there are few."""
    return {
        row.channel_id: _read_channel(row)
        for row in connection.execute(select(channels).order_by(channels.c.channel_id))
    }


_VERSIONS = (
    select(post_versions)
    .where(post_versions.c.post_id.in_(bindparam("post_ids", expanding=True)))
    .order_by(post_versions.c.as_of, post_versions.c.post_version_id)
)


def read_versions(
    connection: Connection, post_ids: Sequence[int]
) -> Mapping[int, Sequence[PostVersion]]:
    """Return the earlier texts of these posts, oldest first; posts without any are left out."""
    found: defaultdict[int, list[PostVersion]] = defaultdict(list)
    for chunk in chunks(post_ids):
        for row in connection.execute(_VERSIONS, {"post_ids": chunk}).all():
            found[row.post_id].append(
                PostVersion(
                    content=read_content(row.text, row.entities), as_of=read_time(row.as_of)
                )
            )
    return {post_id: tuple(versions) for post_id, versions in found.items()}


def select_messages(
    connection: Connection, *, after: tuple[int, int], limit: int
) -> Sequence[ArchivedPost]:
    """Return posts after a channel's key and message number, in order, without service messages."""
    columns = posts.c
    later = tuple_(columns.channel_id, columns.message_id) > after
    messages = ARCHIVED.where(later, columns.kind == PostKind.MESSAGE.value)
    ordered = messages.order_by(columns.channel_id, columns.message_id)
    return select_posts(connection, ordered.limit(limit))


def find_post(connection: Connection, channel_id: int, message_id: int) -> ArchivedPost | None:
    """Return the post with this number in a channel, or `None`."""
    if not fits_column(message_id):
        return None
    named = (posts.c.channel_id == channel_id, posts.c.message_id == message_id)
    found = select_posts(connection, ARCHIVED.where(*named))
    return found[0] if found else None


def select_album(connection: Connection, channel_id: int, album_id: str) -> Sequence[ArchivedPost]:
    """Return the posts of an album in order."""
    named = (posts.c.channel_id == channel_id, posts.c.album_id == storable_text(album_id))
    # With ORDER BY, SQLite would scan all posts of the channel.
    found = select_posts(connection, ARCHIVED.where(*named))
    return sorted(found, key=lambda archived: archived.post.message_id)


def select_copies(connection: Connection, channel_id: int) -> Sequence[str]:
    """Return the distinct file copies referenced by a channel's posts."""
    named = select(media.c.copy).join(posts).where(posts.c.channel_id == channel_id)
    found = named.where(media.c.copy.is_not(None)).distinct()
    return tuple(connection.execute(found).scalars())


def select_kept_copies(connection: Connection) -> Sequence[KeptCopy]:
    """Return the distinct file copies referenced by posts, each with its first post."""
    named = (
        select(media.c.copy, media.c.size, channels.c.title, posts.c.message_id)
        .select_from(media.join(posts).join(channels))
        .where(media.c.copy.is_not(None))
        .order_by(posts.c.post_id, media.c.position)
    )
    found: dict[str, KeptCopy] = {}
    for name, size, title, message_id in connection.execute(named):
        if name not in found:
            found[name] = KeptCopy(name=name, size=size, channel=title, message_id=message_id)
    return tuple(found.values())


def select_message_ids(
    connection: Connection, channel_id: int, *, first_id: int, last_id: int
) -> Sequence[int]:
    """Return a channel's message numbers in a range, in order."""
    columns = posts.c
    in_range = (columns.channel_id == channel_id) & columns.message_id.between(first_id, last_id)
    statement = select(columns.message_id).where(in_range).order_by(columns.message_id)
    return tuple(connection.execute(statement).scalars())


def select_last_message_id(connection: Connection, channel_id: int) -> int | None:
    """Return a channel's highest message number."""
    highest = select(func.max(posts.c.message_id)).where(posts.c.channel_id == channel_id)
    found: int | None = connection.execute(highest).scalar_one()
    return found


def select_id_range(connection: Connection, channel_id: int) -> tuple[int, int] | None:
    """Return a channel's lowest and highest message number."""
    number = posts.c.message_id
    ends = select(func.min(number), func.max(number)).where(posts.c.channel_id == channel_id)
    lowest, highest = connection.execute(ends).one()
    return None if lowest is None else (lowest, highest)


def select_changed(connection: Connection, seq: int, *, limit: int) -> Sequence[ArchivedPost]:
    """Return the posts changed after `seq`, in order of change."""
    after = ARCHIVED.where(posts.c.seq > seq)
    return select_posts(connection, after.order_by(posts.c.seq).limit(limit))


def select_changes(connection: Connection, seq: int, *, upto: int) -> Mapping[int, int]:
    """Return key and change number of posts changed after `seq` and not after `upto`."""
    changed = select(posts.c.post_id, posts.c.seq).where(posts.c.seq > seq, posts.c.seq <= upto)
    return {row.post_id: row.seq for row in connection.execute(changed)}


def select_change_numbers(connection: Connection, seq: int, *, every: int) -> Sequence[int]:
    """Return every n-th change number after `seq`, and the last one."""
    number = posts.c.seq
    place = func.row_number().over(order_by=number).label("place")
    later = select(number, place).where(number > seq).subquery()
    nth = select(later.c.seq).where(later.c.place % every == 0).order_by(later.c.seq)
    found = list(connection.execute(nth).scalars())
    last = connection.execute(select(func.max(number)).where(number > seq)).scalar()
    return found if last is None or found[-1:] == [last] else [*found, last]


def select_newest(connection: Connection, *, limit: int, offset: int) -> Sequence[ArchivedPost]:
    """Return the latest posts, newest first, without service messages."""
    columns = posts.c
    messages = ARCHIVED.where(columns.kind == PostKind.MESSAGE.value)
    newest_first = (columns.posted_at.desc(), columns.message_id.desc())
    return select_posts(connection, messages.order_by(*newest_first).limit(limit).offset(offset))
