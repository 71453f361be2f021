"""The log of imports: what was read, what changed, and what could not be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from db.reading import chunks
from db.schema import import_files, import_problems, imports
from db.storable import storable_text, storable_value
from db.times import maybe_time, read_time, time_text
from db.values import ImportedFile, ImportRow, SaveResult
from model.posts import BadMessage


def insert_import(
    connection: Connection,
    *,
    channel_id: int,
    source: str,
    format_name: str,
    options: str,
    as_of: datetime,
    started_at: datetime,
) -> int:
    """Record the beginning of an import; return its key."""
    begun = (
        insert(imports)
        .values(
            channel_id=channel_id,
            source=storable_text(source),
            format=format_name,
            options=storable_text(options),
            as_of=time_text(as_of),
            started_at=time_text(started_at),
        )
        .returning(imports.c.import_id)
    )
    return int(connection.execute(begun).scalar_one())


def count_saved(connection: Connection, import_id: int, saved: SaveResult) -> None:
    """Add a batch to the import's counters, so that they are right even if it is interrupted."""
    columns = imports.c
    connection.execute(
        update(imports)
        .where(columns.import_id == import_id)
        .values(
            added=columns.added + len(saved.added),
            changed=columns.changed + len(saved.changed),
            unchanged=columns.unchanged + saved.unchanged,
        )
    )


def close_import(
    connection: Connection,
    import_id: int,
    *,
    finished_at: datetime,
    counts: dict[str, int],
) -> None:
    """Record the end of an import, and the counters it reports itself."""
    connection.execute(
        update(imports)
        .where(imports.c.import_id == import_id)
        .values(finished_at=time_text(finished_at), **counts)
    )


def insert_problems(connection: Connection, import_id: int, problems: Iterable[BadMessage]) -> None:
    """Store the records that an import could not read."""
    rows = [
        {
            "import_id": import_id,
            "file": problem.file,
            "anchor": problem.anchor,
            "reason": problem.reason,
        }
        for problem in map(storable_value, problems)
    ]
    if rows:
        connection.execute(insert(import_problems), rows)


def insert_files(connection: Connection, import_id: int, files: Iterable[ImportedFile]) -> None:
    """Store the digests of files that an import read completely."""
    rows = [
        {"import_id": import_id, "path": file.path, "digest": file.digest, "size": file.size}
        for file in {file.path: file for file in map(storable_value, files)}.values()
    ]
    if rows:
        connection.execute(insert(import_files), rows)


def select_options(connection: Connection, channel_id: int) -> Sequence[str]:
    """Return how the sources of a channel were read, latest first."""
    columns = imports.c
    of_channel = select(columns.options).where(columns.channel_id == channel_id)
    return tuple(connection.execute(of_channel.order_by(columns.import_id.desc())).scalars())


def select_known_digests(
    connection: Connection,
    digests: Sequence[str],
    *,
    options: str | None = None,
    channel_id: int | None = None,
) -> frozenset[str]:
    """Return which digests belong to finished imports with these options or of this channel."""
    known = select(import_files.c.digest).join(imports).where(imports.c.finished_at.is_not(None))
    if options is not None:
        known = known.where(imports.c.options == storable_text(options))
    if channel_id is not None:
        known = known.where(imports.c.channel_id == channel_id)
    return frozenset(
        digest
        for chunk in chunks(digests)
        for digest in connection.execute(known.where(import_files.c.digest.in_(chunk))).scalars()
    )


def select_imports_as_of(
    connection: Connection, channel_id: int, moments: Collection[str]
) -> Mapping[str, int]:
    """Return the latest import of each source of a channel, by the date of the source."""
    columns = imports.c
    rows = select(columns.as_of, func.max(columns.import_id)).where(
        columns.channel_id == channel_id, columns.as_of.in_(bindparam("moments", expanding=True))
    )
    return {
        as_of: import_id
        for chunk in chunks(list(moments))
        for as_of, import_id in connection.execute(rows.group_by(columns.as_of), {"moments": chunk})
    }


def select_imports(connection: Connection, *, limit: int, after: int) -> Sequence[ImportRow]:
    """Return the imports after a given one, newest first."""
    problems = (
        select(func.count())
        .where(import_problems.c.import_id == imports.c.import_id)
        .scalar_subquery()
        .label("problems")
    )
    later = select(imports, problems).where(imports.c.import_id > after)
    newest = later.order_by(imports.c.import_id.desc()).limit(limit)
    return tuple(_read_import(row._asdict()) for row in connection.execute(newest))


def _read_import(row: dict[str, Any]) -> ImportRow:
    times = {
        "as_of": read_time(row["as_of"]),
        "started_at": read_time(row["started_at"]),
        "finished_at": maybe_time(row["finished_at"]),
    }
    return ImportRow(**(row | times))


def select_problems(connection: Connection, import_id: int) -> Sequence[BadMessage]:
    """Return what an import could not read, in reading order."""
    columns = import_problems.c
    rows = connection.execute(
        select(columns.file, columns.anchor, columns.reason)
        .where(columns.import_id == import_id)
        .order_by(columns.import_problem_id)
    )
    return tuple(BadMessage(file=row.file, anchor=row.anchor, reason=row.reason) for row in rows)
