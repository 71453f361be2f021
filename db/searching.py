"""Reads the searchable part of posts, three times as fast as whole posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    literal_column,
    select,
    union_all,
)

from db.reading import EARLIER
from db.rows import SqlRow
from db.schema import links, media, poll_answers, polls, post_hashtags, posts, snippets
from db.times import read_time
from model.posts import LinkKind, SnippetOrigin
from model.searchable import Searchable


def select_searchable(connection: Connection, seq: int, *, upto: int) -> Sequence[Searchable]:
    """Return the searchable part of the posts changed after `seq` and not after `upto`."""
    among = {"after": seq, "upto": upto}
    found: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for post_id, field, _, text in connection.execute(_TEXTS, among).all():
        found[post_id][field].append(text)
    rows = connection.execute(_POSTS, among).all()
    return [_read_searchable(row, found.get(row.post_id, {})) for row in rows]


def _read_searchable(row: SqlRow, texts: Mapping[str, Sequence[str]]) -> Searchable:
    post_id, seq, channel_id, message_id, kind, posted_at, *others = row
    fields: dict[str, Any] = {field: tuple(some) for field, some in texts.items()}
    posted = read_time(posted_at)
    return Searchable(post_id, seq, channel_id, message_id, kind, posted, *others, **fields)


_AMONG = (posts.c.seq > bindparam("after"), posts.c.seq <= bindparam("upto"))
# In the order of `Searchable`'s fields.
_POSTS = (
    select(
        posts.c.post_id,
        posts.c.seq,
        posts.c.channel_id,
        posts.c.message_id,
        posts.c.kind,
        posts.c.posted_at,
        posts.c.text,
        posts.c.author,
        posts.c.via_bot,
        posts.c.forwarded_from,
        posts.c.forwarded_username,
        posts.c.reply_to.is_not(None),
        posts.c.missing_since.is_not(None),
        EARLIER.exists(),
    )
    .where(*_AMONG)
    .order_by(posts.c.seq)
)


def _texts(field: str, column: Column[Any], *where: ColumnElement[bool]) -> Select[Any]:
    """Select a column as the texts of one field of `Searchable`."""
    table = column.table
    # A poll's question has no position and comes before its answers.
    position: ColumnElement[Any] = table.c.get("position", literal_column("-1"))
    return (
        select(table.c.post_id, literal_column(f"'{field}'"), position, column)
        .select_from(posts.join(table, posts.c.post_id == table.c.post_id))
        .where(*_AMONG, *where)
    )


_IS_INLINE = snippets.c.origin == SnippetOrigin.INLINE.value
_IS_WEB = links.c.kind == LinkKind.WEB.value
_TEXTS = union_all(
    _texts("hashtags", post_hashtags.c.tag),
    _texts("blocks", snippets.c.code, ~_IS_INLINE),
    _texts("inline", snippets.c.code, _IS_INLINE),
    _texts("languages", snippets.c.language, snippets.c.language != ""),
    _texts("web_hosts", links.c.host, _IS_WEB),
    _texts("other_hosts", links.c.host, ~_IS_WEB),
    _texts("media", media.c.kind),
    _texts("titles", media.c.title, media.c.title != ""),
    _texts("poll", polls.c.question),
    _texts("poll", poll_answers.c.text),
).order_by(literal_column("3"))
