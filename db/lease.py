"""Leadership by a lease in PostgreSQL: it runs out by the server's clock, unless it is renewed.

A lock of the server would last as long as a connection, which a stopped process keeps. Each term
has a number, the epoch, one higher than that of the term before it. A fence in each database that
the leader writes holds the number, and every writer checks it in its own transaction: one that
wakes up in a later term can no longer write, and no term begins amid a transaction of an earlier
one.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Protocol, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Function,
    MetaData,
    Table,
    Text,
    func,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from db.inserting import insert_new
from model.errors import NotLeading
from model.messages import Code

_log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

TERM = timedelta(seconds=6)
"""How long a lease lasts after its last renewal."""
_RENEWALS = 4
"""How often it is renewed in that time."""
_PATIENCE = 1.5
"""Seconds to wait for an answer of the server."""
_MARGIN = 1 / 12
"""By which part of it the holder takes it for lost before anybody else can have it."""
_TABLES_LOCK = 0x4C45_5442_0001
"""Two processes that create one table at the same moment would fail."""

_metadata = MetaData()
_leases = Table(
    "leases",
    _metadata,
    Column("name", Text, primary_key=True, comment="The role: bot, indexer."),
    Column("fence_id", Text, nullable=False, comment="Its fence, here and in other databases."),
    Column("holder", Text, nullable=False, comment="Machine and process; only to be read."),
    Column("epoch", BigInteger, nullable=False, comment="Number of the term, never used twice."),
    Column(
        "expires_at",
        DateTime(timezone=True),
        nullable=False,
        comment="When others may take it, by the clock of this server.",
    ),
    comment="Which process acts in a role, for as long as it renews its lease.",
)
_fences = Table(
    "fences",
    _metadata,
    Column("fence_id", Text, primary_key=True, comment="That of a lease, perhaps elsewhere."),
    Column("epoch", BigInteger, nullable=False, comment="The term whose writes are let through."),
    comment="What keeps processes from writing that lead no longer.",
)


def seconds_since_boot() -> float:
    """Return the seconds that have passed, also while the machine was asleep."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One term of a lease, as the databases know it that its holder writes."""

    fence_id: str
    epoch: int

    def put_up(self, connection: Connection) -> None:
        """Refuse writers of earlier terms; waits for what they have begun.

        Raises:
            NotLeading: A later term has begun.
        """
        _create_tables(connection)
        row = {"fence_id": self.fence_id, "epoch": self.epoch}
        connection.execute(insert_new(_fences).values(row))
        columns = _fences.c
        earlier = (columns.fence_id == self.fence_id) & (columns.epoch < self.epoch)
        connection.execute(update(_fences).where(earlier).values(epoch=self.epoch))
        self.check(connection)

    def check(self, connection: Connection) -> None:
        """Let no later term begin before the open transaction has ended.

        Raises:
            NotLeading: It has begun.
        """
        term = select(_fences.c.epoch).where(_fences.c.fence_id == self.fence_id)
        if connection.execute(term.with_for_update(read=True)).scalar() != self.epoch:
            raise NotLeading(Code.NOT_LEADING)


class Fenced(Protocol):
    """A database that checks a fence in each of its transactions that write."""

    def fence_off(self, fence: Fence) -> None:
        """Put a fence up, and check it from now on."""


class Lease:
    """Leadership among processes on any machine; see `Leadership`.

    `engine` is used for the lease alone, and gives up within seconds; `guarded` are the databases
    that only the leader writes.
    """

    can_wait = True

    def __init__(
        self,
        engine: Engine,
        name: str,
        *,
        guarded: Sequence[Fenced],
        term: timedelta = TERM,
        timer: Callable[[], float] = seconds_since_boot,
    ) -> None:
        self._engine = engine
        self._name = name
        self._guarded = guarded
        self._term = term
        self._timer = timer
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._held_until = float("-inf")
        self._is_prepared = False
        self._ending = Event()
        self._renewing: Thread | None = None

    def take(self, *, on_lost: Callable[[], object]) -> bool:
        """Begin a term, unless another process is in one."""
        asked = self._timer()
        try:
            fence = self._promptly(self._begin_term)
        except (SQLAlchemyError, TimeoutError) as exc:
            _log.warning("It is not known which bot works: %s", exc)
            return False
        if fence is None:
            return False
        self._hold_from(asked)
        self._ending = Event()
        self._renewing = Thread(
            target=self._keep, args=(fence, self._ending, on_lost), name="lease", daemon=True
        )
        self._renewing.start()
        try:
            for database in self._guarded:
                database.fence_off(fence)
        except BaseException:
            self.give_up()
            raise
        return True

    def is_held(self) -> bool:
        """Return whether nobody else can have begun a term."""
        return self._timer() < self._held_until

    def give_up(self) -> None:
        """End the term, if this process is in one; it must have stopped writing."""
        self._ending.set()
        if self._renewing:
            self._renewing.join()
            self._renewing = None

    def _begin_term(self) -> Fence | None:
        columns = _leases.c
        is_free = (columns.name == self._name) & (columns.expires_at <= _now())
        values = {
            "holder": self._holder,
            "epoch": columns.epoch + 1,
            "expires_at": _now() + self._term,
        }
        begun = update(_leases).where(is_free).values(values)
        with self._engine.begin() as connection:
            if not self._is_prepared:
                self._prepare(connection)
            row = connection.execute(begun.returning(columns.fence_id, columns.epoch)).first()
        self._is_prepared = True
        return Fence(**row._asdict()) if row else None

    def _prepare(self, connection: Connection) -> None:
        _create_tables(connection)
        row = {
            "name": self._name,
            "fence_id": secrets.token_hex(8),
            "holder": "",
            "epoch": 0,
            "expires_at": _now(),
        }
        connection.execute(insert_new(_leases).values(row))

    def _keep(self, fence: Fence, ending: Event, on_lost: Callable[[], object]) -> None:
        """Renew the lease until the term ends, in one way or the other."""
        pause = self._term.total_seconds() / _RENEWALS
        while not ending.wait(pause):
            if not self._renew(fence):
                self._held_until = float("-inf")
                on_lost()
                return
        if self.is_held():
            self._held_until = float("-inf")
            self._change(fence, expires_at=_now())

    def _renew(self, fence: Fence) -> bool:
        """Renew the lease if possible; return whether it is held."""
        asked = self._timer()
        changed = self._change(fence, expires_at=_now() + self._term)
        # Once it seemed to be lost, it is: messages were held back.
        if changed and self.is_held():
            self._hold_from(asked)
        return changed is not False and self.is_held()

    def _change(self, fence: Fence, **values: object) -> bool | None:
        """Change the lease; return whether the term goes on, `None` if that is not known."""
        columns = _leases.c
        ours = (columns.name == self._name) & (columns.epoch == fence.epoch)

        def change() -> bool:
            with self._engine.begin() as connection:
                return connection.execute(update(_leases).where(ours).values(values)).rowcount == 1

        try:
            return self._promptly(change)
        except (SQLAlchemyError, TimeoutError) as exc:
            _log.info("the lease cannot be renewed: %r", exc)
            return None

    def _promptly(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask the server, in a thread: where the link is cut, no answer may ever come.

        Raises:
            TimeoutError: It did not answer in time.
        """
        answer: Future[_Answer] = Future()

        def run() -> None:
            try:
                answer.set_result(ask())
            except SQLAlchemyError as exc:
                answer.set_exception(exc)

        Thread(target=run, name="lease-question", daemon=True).start()
        return answer.result(timeout=_PATIENCE)

    def _hold_from(self, asked: float) -> None:
        self._held_until = asked + self._term.total_seconds() * (1 - _MARGIN)


def _create_tables(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(_TABLES_LOCK)))
    _metadata.create_all(connection)


def _now() -> Function[datetime]:
    """Return the time at the server, which goes on during a transaction."""
    return func.clock_timestamp(type_=DateTime(timezone=True))
