"""Writes posts: new ones are inserted, changed ones merged, unchanged ones skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from db.dialects import speech_of
from db.imports import select_imports_as_of
from db.merge import Revision
from db.planning import Addition, BatchPlan, Change, plan_batch
from db.rows import PARTS, POST_COLUMNS, Values, Written, entities_json
from db.schema import post_versions, posts
from db.sequence import next_numbers
from db.storable import MAX_INT, MIN_INT, storable
from db.times import maybe_text, time_text
from db.values import SaveResult, TextEdit
from model.posts import Post

_BATCH = 1000
_POST_COLUMNS = ("post_id", "channel_id", *POST_COLUMNS, "as_of", "seq", "content_hash")
_UPDATE_POST = update(posts).where(posts.c.post_id == bindparam("changed_id"))


def save_posts(
    connection: Connection,
    channel_id: int,
    incoming: Iterable[Post],
    *,
    as_of: datetime,
    dry_run: bool,
) -> SaveResult:
    """Save posts in the open transaction, a batch at a time, to bound memory use."""
    added: dict[int, None] = {}
    changed: dict[int, None] = {}
    edits: list[TextEdit] = []
    refused: list[int] = []
    unchanged = 0
    for batch in _batches(incoming, refused.append):
        plan = plan_batch(connection, channel_id, batch, as_of=as_of)
        if not dry_run:
            _write(connection, channel_id, plan, as_of=time_text(as_of))
        added.update((addition.settled.post.message_id, None) for addition in plan.added)
        changed.update((change.archived.post.message_id, None) for change in plan.changes)
        revised = [addition.revisions for addition in plan.added]
        revised += [change.revisions for change in plan.changes]
        edits += _edits(chain.from_iterable(revised))
        unchanged += plan.unchanged
    return SaveResult(
        added=tuple(added),
        changed=tuple(message_id for message_id in changed if message_id not in added),
        edits=tuple(edits),
        unchanged=unchanged,
        refused=tuple(refused),
    )


def _edits(revisions: Iterable[Revision]) -> Iterator[TextEdit]:
    for revision in revisions:
        earlier, post = revision.earlier, revision.post
        if earlier is not None:
            yield TextEdit(message_id=post.message_id, old=earlier.content.text, new=post.text)


def _batches(
    incoming: Iterable[Post], refuse: Callable[[int], None]
) -> Iterator[Mapping[int, Sequence[Post]]]:
    """Yield batches by message id; a source may contain a post more than once."""
    batch: defaultdict[int, list[Post]] = defaultdict(list)
    count = 0
    for post in incoming:
        if not MIN_INT <= post.message_id <= MAX_INT:
            refuse(post.message_id)
            continue
        if count == _BATCH:
            yield batch
            batch, count = defaultdict(list), 0
        batch[post.message_id].append(post)
        count += 1
    if batch:
        yield batch


def _write(connection: Connection, channel_id: int, plan: BatchPlan, *, as_of: str) -> None:
    numbers = next_numbers(connection, len(plan.added)) if plan.added else ()
    numbered = list(zip(numbers, plan.added, strict=True))
    _insert_new(connection, channel_id, numbered, as_of=as_of)
    revised = [(post_id, addition.revisions) for post_id, addition in numbered]
    revised += [(change.archived.post_id, change.revisions) for change in plan.changes]
    _insert_versions(connection, channel_id, revised)
    _update_changed(connection, plan.changes)
    _confirm(connection, plan.confirmed, as_of=as_of)


def _insert_new(
    connection: Connection,
    channel_id: int,
    numbered: Sequence[tuple[int, Addition]],
    *,
    as_of: str,
) -> None:
    _insert(
        connection,
        posts,
        [
            (seq, channel_id, *addition.settled.values, as_of, seq, addition.settled.digest)
            for seq, addition in numbered
        ],
        columns=_POST_COLUMNS,
    )
    for part in PARTS:
        fill, told = part.rows, attrgetter(part.field)
        _insert(
            connection,
            part.table,
            [
                row
                for seq, addition in numbered
                if told(addition.settled.post)
                for row in fill(seq, addition.settled.post)
            ],
        )


def _insert(
    connection: Connection,
    table: Table,
    rows: list[Written],
    *,
    columns: tuple[str, ...] | None = None,
) -> None:
    """Insert rows in table order, with all columns but the table's own key, or the given ones."""
    if rows:
        names = columns or _own_columns(table)
        speech_of(connection.dialect).insert_rows(connection, table, names, rows)


@cache
def _own_columns(table: Table) -> tuple[str, ...]:
    own_key = table.autoincrement_column
    return tuple(column.name for column in table.columns if column is not own_key)


def _insert_versions(
    connection: Connection, channel_id: int, revised: Iterable[tuple[int, Sequence[Revision]]]
) -> None:
    earlier = [
        (post_id, revision.earlier)
        for post_id, revisions in revised
        for revision in revisions
        if revision.earlier
    ]
    sources = select_imports_as_of(
        connection, channel_id, {time_text(version.as_of) for _, version in earlier}
    )
    rows = [
        (
            post_id,
            time_text(version.as_of),
            sources.get(time_text(version.as_of)),
            version.content.text,
            entities_json(version.content.spans),
        )
        for post_id, version in earlier
    ]
    _insert(connection, post_versions, rows)


def _update_changed(connection: Connection, changes: Sequence[Change]) -> None:
    if not changes:
        return
    rows: list[Values] = []
    for seq, change in zip(next_numbers(connection, len(changes)), changes, strict=True):
        settled = storable(change.revisions[-1].post)
        rows.append(
            dict(zip(POST_COLUMNS, settled.values, strict=True))
            | {
                "changed_id": change.archived.post_id,
                "seq": seq,
                "as_of": time_text(change.revisions[-1].as_of),
                "content_hash": settled.digest,
                "missing_since": maybe_text(change.missing_since),
            }
        )
    connection.execute(_UPDATE_POST, rows)
    _replace_parts(connection, changes)


def _replace_parts(connection: Connection, changes: Sequence[Change]) -> None:
    """Rewrite the parts that differ; most changes are counters and leave code as it is."""
    for part in PARTS:
        told = attrgetter(part.field)
        stale: list[Values] = []
        fresh: list[Written] = []
        for change in changes:
            post = change.revisions[-1].post
            if told(change.archived.post) != told(post):
                post_id = change.archived.post_id
                stale.append({"stale_id": post_id})
                fresh += part.rows(post_id, post)
        if stale:
            owner = part.table.c.post_id == bindparam("stale_id")
            connection.execute(delete(part.table).where(owner), stale)
        _insert(connection, part.table, fresh)


def _confirm(connection: Connection, post_ids: Sequence[int], *, as_of: str) -> None:
    """Record that a source as recent as `as_of` has these posts unchanged."""
    rows: list[dict[str, Any]] = [{"confirmed_id": post_id} for post_id in post_ids]
    if rows:
        statement = update(posts).where(
            posts.c.post_id == bindparam("confirmed_id"), posts.c.as_of < as_of
        )
        connection.execute(statement.values(as_of=as_of), rows)


def find_absent(
    connection: Connection,
    channel_id: int,
    present_ids: Container[int],
    *,
    first_id: int,
    last_id: int,
    at: datetime,
) -> Sequence[int]:
    """Return the keys of posts in a range that a full export of `at` should contain but does not.

    An export only knows its own date by its newest post: one made after a deletion in a channel
    that has been quiet since has the same date as the export before it.
    """
    columns = posts.c
    in_range = select(columns.post_id, columns.message_id).where(
        columns.channel_id == channel_id,
        columns.message_id.between(first_id, last_id),
        columns.missing_since.is_(None),
        columns.as_of <= time_text(at),
    )
    return [
        row.post_id
        for row in connection.execute(in_range.order_by(columns.message_id))
        if row.message_id not in present_ids
    ]


def mark_missing(connection: Connection, post_ids: Sequence[int], *, at: datetime) -> None:
    """Record that a source of `at` should contain these posts but does not."""
    if post_ids:
        numbered = zip(post_ids, next_numbers(connection, len(post_ids)), strict=True)
        rows = [{"changed_id": post_id, "seq": seq} for post_id, seq in numbered]
        marked = _UPDATE_POST.values(missing_since=time_text(at), seq=bindparam("seq"))
        connection.execute(marked, rows)
