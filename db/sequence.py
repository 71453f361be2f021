"""The archive's change counter, which numbers posts and search indexes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select, update

from db.schema import archive_info, posts
from model.messages import Code, Message

LAST_SEQ = "last_seq"


def read_last_number(connection: Connection) -> int:
    """Return the number of the latest change, 0 in an empty archive."""
    value = archive_info.c.value
    stored = connection.execute(select(value).where(archive_info.c.name == LAST_SEQ)).scalar_one()
    return int(stored)


def next_numbers(connection: Connection, count: int) -> range:
    """Take the next `count` numbers; none is ever reused, even after deletions."""
    last = read_last_number(connection)
    connection.execute(
        update(archive_info).where(archive_info.c.name == LAST_SEQ).values(value=str(last + count))
    )
    return range(last + 1, last + count + 1)


def check_numbers(connection: Connection) -> Iterator[Message]:
    """Yield what is wrong with the counter: numbers that it would give a second time."""
    latest = connection.execute(select(func.max(posts.c.seq))).scalar() or 0
    if latest > read_last_number(connection):
        yield Message.of(Code.COUNTER_BEHIND, latest=latest)
