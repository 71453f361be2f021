"""Copies a database into one of any kind, and proves that the two are equal.

Tables are copied in the order of their foreign keys, in batches by primary key. A batch and the
mark of how far it reaches are written in one transaction, so an interrupted copy is continued. The
source is read once, in one snapshot: what an earlier run copied is only compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import IntegrityError

from db.copies import marks
from db.copies.marks import Mark, copied_tables
from db.copies.rows import Row, Tally, column_names, count_rows, has_rows, key_reader, read_rows
from db.database import Database
from db.dialects import speech_of
from db.engine import creating, refuse_unusable
from db.kinds import DatabaseKind
from db.migrate import bring_up_to_date, connect
from db.opening import ARCHIVE_ID
from db.schema import archive_info
from model.addresses import Address
from model.errors import ArchiveBusy, ArchiveError, ArchiveUnwritable
from model.messages import Code

Advance = Callable[[int, int], None]
"""Called with the rows done and the number expected."""

_BATCH = 2000
_BUSY_SECONDS = 60.0


def _ignore(_done: int, _expected: int) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedTable:
    """What a table holds in the source and in the copy."""

    table: str
    source: Tally
    copy: Tally


@contextmanager
def copying_database(
    source: Database,
    address: Address,
    *,
    copying: Advance = _ignore,
    comparing: Advance = _ignore,
    batch: int = _BATCH,
) -> Iterator[Sequence[ComparedTable]]:
    """Copy everything into an empty database, or continue a copy; yield what both hold.

    Nobody can open the copy until the block is left without failure. One that is complete already
    is only compared. If the source has changed since an interrupted run, everything is copied anew.
    Costs one pass over the source and one over the copy, and a few megabytes of memory.

    Args:
        source: The database; others may use it meanwhile.
        address: Where the copy is made; a missing file is created, and its folder too.
        copying: Called as rows of the source are done.
        comparing: Called as rows of the copy are read back.
        batch: Rows that are read and written at once.

    Raises:
        ArchiveError: The target holds something else, the source breaks the rules of its schema, or
            another process writes to the target.
    """
    if isinstance(address, Path):
        _make_file(address, source)
    with source.reading() as snapshot, closing(_connect(address, source.kind)) as target:
        copy = _Copy(source, snapshot, target, copying, comparing, batch)
        if copy.begin():
            yield copy.compare_complete()
        else:
            yield copy.run()
            copy.finish()


def copy_to_new_file(source: Database, path: Path) -> None:
    """Copy everything to a new SQLite file, which appears as soon as it is complete.

    Raises:
        ArchiveUnwritable: The file exists, or cannot be written.
    """
    try:
        with (
            creating(path) as part,
            source.reading() as snapshot,
            closing(_connect(part, source.kind)) as target,
        ):
            copy = _Copy(source, snapshot, target, _ignore, _ignore, _BATCH)
            copy.begin()
            copy.run()
            copy.finish()
    except FileExistsError as exc:
        raise ArchiveUnwritable(Code.EXISTS, path=path) from exc


class _DiffersError(Exception):
    """What an earlier run copied is not what the source holds now."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy of one snapshot of the source."""

    source: Database
    snapshot: Connection
    target: Database
    copying: Advance
    comparing: Advance
    batch: int

    @property
    def tables(self) -> Sequence[Table]:
        """Return the tables, each after those that it references."""
        return copied_tables(self.source.kind)

    def begin(self) -> bool:
        """Prepare an empty target; return whether it is one that was complete already.

        Raises:
            ArchiveError: The target is no beginning of a copy of this source.
        """
        kind, name = self.target.kind, _read_name(self.source, self.snapshot)
        seed = partial(marks.begin, kind=kind, source=name)
        with self.target.reading() as reading:
            revision = self.target.read_revision(reading)
        if revision is None:
            bring_up_to_date(self.target, seed=seed)
        elif revision == kind.head:
            with self.target.writing() as writing:
                if any(has_rows(writing, each) for each in self.tables if each is not archive_info):
                    return True
                seed(writing)
                marks.begin_anew(writing, kind)
        elif revision != marks.unfinished_revision(kind) or self._begun_from() != name:
            raise self._refusal()
        return False

    def run(self) -> Sequence[ComparedTable]:
        """Copy what is missing, or everything if the source has changed, and compare.

        Raises:
            ArchiveError: The copy differs.
        """
        try:
            return self._run()
        except _DiffersError:
            with self.target.writing() as writing:
                marks.begin_anew(writing, self.target.kind)
            return self._run()

    def finish(self) -> None:
        """Go on giving keys where the source does, and let others open the copy."""
        counters = self.source.read_counters(self.snapshot)
        with self.target.writing() as writing:
            self.target.write_counters(writing, counters)
            marks.finish(writing, self.target.kind)

    def compare_complete(self) -> Sequence[ComparedTable]:
        """Compare with a target that no longer is an unfinished copy.

        Raises:
            ArchiveError: It holds something else.
        """
        compared = self._compare(self._tally(self.snapshot, self.copying))
        if any(each.source != each.copy for each in compared):
            raise self._refusal()
        return compared

    def _run(self) -> Sequence[ComparedTable]:
        """Copy what is missing, and compare.

        Raises:
            _DiffersError: The source has changed since an earlier run.
            ArchiveError: The source has not changed, and yet the copy differs.
        """
        with self.target.reading() as reading:
            reached = marks.read_marks(reading)
        done = _Done(self.copying, self._count(self.snapshot))
        found = {
            each.name: self._copy_table(each, reached[each.name], done) for each in self.tables
        }
        compared = self._compare(found)
        differing = [each.table for each in compared if each.source != each.copy]
        if differing and any(mark.last_key for mark in reached.values()):
            raise _DiffersError
        if differing:
            names = ", ".join(differing)
            raise ArchiveError(Code.COPY_DIFFERS, path=self.target.address, tables=names)
        return compared

    def _copy_table(self, table: Table, mark: Mark, done: _Done) -> Tally:
        """Copy the rows after a mark; return the tally of all rows of the source."""
        before = self._tally_table(self.snapshot, table, done, most=mark.tally.rows)
        if before != mark.tally:
            raise _DiffersError
        read_key = key_reader(table)
        for rows in read_rows(self.snapshot, table, batch=self.batch, after=mark.last_key):
            reached = Mark(read_key(rows[-1]), mark.tally.plus(rows))
            self._write(table, rows, mark, reached)
            mark = reached
            done.add(len(rows))
        return mark.tally

    def _write(self, table: Table, rows: Sequence[Row], before: Mark, after: Mark) -> None:
        names = column_names(table)
        try:
            with self.target.writing() as writing:
                if not marks.move(writing, table, before, after):
                    raise ArchiveBusy(Code.COPY_RUNS, path=self.target.address)
                speech_of(writing.dialect).insert_rows(writing, table, names, rows)
        except IntegrityError as exc:
            raise ArchiveError(
                Code.COPY_REFUSED, path=self.source.address, table=table.name
            ) from exc

    def _compare(self, found: Mapping[str, Tally]) -> Sequence[ComparedTable]:
        with self.target.reading() as reading:
            copied = self._tally(reading, self.comparing)
        return tuple(
            ComparedTable(table=name, source=tally, copy=copied[name])
            for name, tally in found.items()
        )

    def _tally(self, connection: Connection, advance: Advance) -> Mapping[str, Tally]:
        done = _Done(advance, self._count(connection))
        return {each.name: self._tally_table(connection, each, done) for each in self.tables}

    def _tally_table(
        self, connection: Connection, table: Table, done: _Done, *, most: int | None = None
    ) -> Tally:
        tally = Tally()
        for rows in read_rows(connection, table, batch=self.batch, most=most):
            tally = tally.plus(rows)
            done.add(len(rows))
        return tally

    def _count(self, connection: Connection) -> int:
        return sum(count_rows(connection, each) for each in self.tables)

    def _begun_from(self) -> str:
        with self.target.reading() as reading:
            return marks.read_source(reading)

    def _refusal(self) -> ArchiveError:
        return ArchiveError(Code.COPY_OTHER, source=self.source.address, path=self.target.address)


def _make_file(path: Path, source: Database) -> None:
    """Create a file as an unfinished copy, unless there is one; refuse an empty one."""
    if path.exists():
        refuse_unusable(path, read_only=False)
        return
    with source.reading() as snapshot:
        name = _read_name(source, snapshot)
    with (
        suppress(FileExistsError),
        creating(path) as part,
        closing(_connect(part, source.kind)) as new,
    ):
        bring_up_to_date(new, seed=partial(marks.begin, kind=source.kind, source=name))


def _read_name(source: Database, snapshot: Connection) -> str:
    """Return what tells a source from others: the id of an archive, or the address."""
    if archive_info.name not in source.kind.metadata.tables:
        return str(source.address)
    stored = select(archive_info.c.value).where(archive_info.c.name == ARCHIVE_ID)
    return str(snapshot.execute(stored).scalar_one())


def _connect(address: Address, kind: DatabaseKind) -> Database:
    return connect(address, kind, read_only=False, busy_seconds=_BUSY_SECONDS)


@dataclass(slots=True)
class _Done:
    """Counts the rows that are done."""

    advance: Advance
    expected: int
    rows: int = 0

    def add(self, rows: int) -> None:
        self.rows += rows
        self.advance(self.rows, self.expected)
