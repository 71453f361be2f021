"""What the stores need of a database: the seam behind which SQLite and other databases stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection

from db.kinds import DatabaseKind
from db.leadership import Leadership
from db.lease import Fence, Fenced
from db.values import QueryResult
from model.addresses import Address
from model.messages import Message

if TYPE_CHECKING:
    from db.databases.sqlite import SqliteDatabase

Parameters = Mapping[str, str | int | float | None]
"""Values of a statement's parameters."""

TextFunction = Callable[[str], str]
"""A function that a person's statement may call."""

Stem = Callable[[str], str]
"""Returns the stems of a text, separated by spaces."""

Progress = Callable[[int, int], None]
"""Called with the posts done and the number expected."""


class Database(Protocol):
    """A database of one kind: transactions, migration, checks and copies.

    Methods that take a connection read in its open transaction. Failures of the database are raised
    as `ArchiveError` with one sentence, from whatever is done inside its transactions.
    """

    @property
    def address(self) -> Address:
        """Return where it is; as text, it shows no password."""

    @property
    def file(self) -> SqliteDatabase | None:
        """Return the SQLite file that it is, for what nothing else has."""

    @property
    def kind(self) -> DatabaseKind:
        """Return what it holds."""

    @property
    def read_only(self) -> bool:
        """Return whether nothing may be written."""

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Read one consistent snapshot, unaffected by concurrent writes."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Write in one transaction, rolled back on any exception; writers exclude each other."""

    def migrating(self) -> AbstractContextManager[Connection]:
        """Write in one transaction that may rebuild tables."""

    def leadership(self, name: str, *, guarded: Sequence[Fenced] = ()) -> Leadership:
        """Return the leadership in a role among all that use the database.

        Only the leader may write to the databases `guarded`.
        """

    def fence_off(self, fence: Fence) -> None:
        """Refuse what earlier leaders write, and from now on what ours does in a later term."""

    def importing(self, channel_id: int, *, wait: float) -> AbstractContextManager[None]:
        """Keep programs on other machines from importing into a channel.

        Raises:
            ArchiveBusy: One was still importing after `wait` seconds.
        """

    def read_revision(self, connection: Connection) -> str | None:
        """Return the latest migration that was run, `None` if the database is empty.

        Raises:
            ArchiveError: It holds something else.
        """

    def remaking_views(
        self, connection: Connection, *, revision: str | None
    ) -> AbstractContextManager[None]:
        """Drop what would block migrations, our views among it, and make it anew afterwards."""

    def reads_alike(self) -> bool:
        """Return whether an older schema can be read like the current one."""

    def query(
        self,
        statement: str,
        *,
        parameters: Parameters | None = None,
        functions: Mapping[str, TextFunction] | None = None,
        limit: int | None = None,
        seconds: float | None = None,
    ) -> QueryResult:
        """Run a person's own read-only statement; see `PostStore.query`."""

    def read_schema(self, connection: Connection) -> str:
        """Return the statements of all tables and views."""

    def read_columns(self, connection: Connection) -> Mapping[str, Sequence[str]]:
        """Return the columns of each view and table, views first."""

    def read_counters(self, connection: Connection) -> Mapping[str, int]:
        """Return the last key that each table has given, where it is known beside the rows."""

    def write_counters(self, connection: Connection, counters: Mapping[str, int]) -> None:
        """Have no table give a key that it has, or one up to those of `read_counters`."""

    def find_faults(self, connection: Connection) -> Sequence[Message]:
        """Check everything that is stored; return its problems."""

    def find_schema_faults(self, connection: Connection) -> Sequence[Message]:
        """Describe how the schema differs from a new one, and what prevents writing."""

    def find_added(self, connection: Connection) -> Sequence[str]:
        """Describe what other programs have added, a few words each."""

    def disk_usage(self) -> int:
        """Return the bytes that it takes on its disk."""

    def back_up(self, target: Path) -> None:
        """Write a complete copy to a new SQLite file, while the database is in use.

        Raises:
            ArchiveUnwritable: The target exists or is not writable.
        """
