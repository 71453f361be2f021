"""Failures of a PostgreSQL server, each in one sentence that a person understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from model.addresses import ServerAddress
from model.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveUnreachable,
    ArchiveUnwritable,
)
from model.messages import Code

# By SQLSTATE, or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_REASONS: dict[str, tuple[type[ArchiveError], Code]] = {
    "08": (ArchiveUnreachable, Code.SERVER_UNREACHABLE),
    "28": (ArchiveError, Code.SERVER_LOGIN),
    "3D000": (ArchiveError, Code.SERVER_NO_DATABASE),
    "25006": (ArchiveUnwritable, Code.SERVER_READ_ONLY),
    "40P01": (ArchiveBusy, Code.BUSY),
    "42501": (ArchiveUnwritable, Code.SERVER_NO_RIGHTS),
    "53": (ArchiveUnreachable, Code.SERVER_UNREACHABLE),
    "53100": (ArchiveUnwritable, Code.SERVER_FULL),
    "55P03": (ArchiveBusy, Code.BUSY),
    "57P": (ArchiveUnreachable, Code.SERVER_UNREACHABLE),
    "25P03": (ArchiveUnreachable, Code.SERVER_UNREACHABLE),
    "58": (ArchiveError, Code.SERVER_DAMAGED),
    "XX001": (ArchiveError, Code.SERVER_DAMAGED),
    "XX002": (ArchiveError, Code.SERVER_DAMAGED),
}
# A refused connection has no SQLSTATE, only these words, unless the server speaks another language.
_LOGIN = re.compile(r"password authentication failed|no password supplied|role .* does not exist")
_NO_DATABASE = re.compile(r"database .* does not exist")


@contextmanager
def explaining_server_errors(address: ServerAddress, *, busy: Code = Code.BUSY) -> Iterator[None]:
    """Turn failures of a server into one sentence; leave our own bugs as they are."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as exc:
        original = exc.orig if isinstance(exc, DBAPIError) else exc
        found = _explain(original) if isinstance(original, psycopg.Error) else None
        if found is None:
            raise
        kind, code = found
        raise kind(
            busy if code is Code.BUSY else code, path=address, cause=_cause(original)
        ) from exc


def _explain(error: psycopg.Error) -> tuple[type[ArchiveError], Code] | None:
    state = error.sqlstate
    if state is not None:
        known = (_REASONS.get(state[:length]) for length in (5, 3, 2))
        return next((found for found in known if found), None)
    if not isinstance(error, psycopg.OperationalError):
        return None
    said = str(error)
    if _LOGIN.search(said):
        return ArchiveError, Code.SERVER_LOGIN
    if _NO_DATABASE.search(said):
        return ArchiveError, Code.SERVER_NO_DATABASE
    return ArchiveUnreachable, Code.SERVER_UNREACHABLE


def _cause(error: BaseException | None) -> str:
    """Return the server's own words, on one line."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    said = primary or str(error)
    line = said.split("\n", 1)[0].rpartition(" failed: ")[2]
    return " ".join(line.split()).rstrip(".")
