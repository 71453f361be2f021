"""Finds what belongs together with a post: what it answers, its answers, its album, neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from db.rows import SqlRow
from db.schema.posts import posts
from db.values import Thread
from model.posts import ArchivedPost, PostKind

_MOST_ANSWERS = 50


def read_thread(connection: Connection, archived: ArchivedPost) -> Thread:
    """Return the keys of the posts around a post; an album counts as one post."""
    post, number = archived.post, posts.c.message_id
    here = posts.c.channel_id == archived.channel_id

    def keys(where: ColumnElement[bool]) -> Mapping[int, int]:
        # With ORDER BY, SQLite would scan all posts of the channel.
        found = connection.execute(_messages(here, where)).all()
        return {row.message_id: row.post_id for row in sorted(found, key=_number)}

    def neighbour(where: ColumnElement[bool], order: ColumnElement[int]) -> int | None:
        row = connection.execute(_messages(here, where).order_by(order).limit(1)).first()
        if row is None:
            return None
        if row.album_id is not None:
            album = _messages(here, posts.c.album_id == row.album_id)
            row = connection.execute(album.order_by(posts.c.text == "", number)).first() or row
        return int(row.post_id)

    album = {} if post.album_id is None else keys(posts.c.album_id == post.album_id)
    own = album or {post.message_id: archived.post_id}
    answered = keys(number == post.reply_to) if post.reply_to else {}
    return Thread(
        answered=next(iter(answered.values()), None),
        answers=tuple(keys(posts.c.reply_to.in_(own)).values())[:_MOST_ANSWERS],
        album=tuple(album.values()) if len(album) > 1 else (),
        previous=neighbour(number < min(own), number.desc()),
        next=neighbour(number > max(own), number.asc()),
    )


def _number(row: SqlRow) -> int:
    return int(row.message_id)


def _messages(*where: ColumnElement[bool]) -> Select[Any]:
    is_message = posts.c.kind == PostKind.MESSAGE.value
    return select(posts.c.post_id, posts.c.message_id, posts.c.album_id).where(is_message, *where)
