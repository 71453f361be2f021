"""Channel identity: the id of a message and its time of posting never change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from operator import itemgetter
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, select

from db.rows import SqlRow
from db.schema import posts
from db.storable import fits_column
from db.times import read_time
from db.values import Comparison, OtherTime, PostedAt
from model.posts import Post, Precision

ReadTime: TypeAlias = Callable[[], PostedAt | None]
Told: TypeAlias = tuple[int, ReadTime]

_BATCH = 1000
_SAMPLE = 50
# A wrong time zone shifts times by at most this much, and by whole quarters of an hour.
WIDEST_ZONE = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)
# Some sources round to the minute.
_ROUNDED = timedelta(minutes=1)
# Two dates without time of day that may be the same day in different zones.
_ABOUT_A_DAY = timedelta(hours=48)

_POSTED_AT = select(posts.c.message_id, posts.c.posted_at, posts.c.posted_precision)
_KNOWN = _POSTED_AT.where(
    posts.c.channel_id == bindparam("channel_id"),
    posts.c.message_id.between(bindparam("first_id"), bindparam("last_id")),
)
_SOME = _POSTED_AT.where(
    posts.c.channel_id == bindparam("channel_id"),
    posts.c.message_id.in_(bindparam("message_ids", expanding=True)),
)
_number = itemgetter(0)


def is_same_time(one: PostedAt, other: PostedAt) -> bool:
    """Tell whether two times may be of one post, read in different time zones."""
    apart = abs(one.moment - other.moment)
    if not _are_exact(one, other):
        return apart <= _ABOUT_A_DAY
    return apart <= WIDEST_ZONE and (apart + _ROUNDED) % _QUARTER <= 2 * _ROUNDED


def is_other_chat(one: PostedAt, other: PostedAt) -> bool:
    """Tell whether two times of one message id prove that there are two chats.

    A day alone proves nothing: a page that lost its date separators shows wrong ones.
    """
    return _are_exact(one, other) and not is_same_time(one, other)


def _are_exact(*times: PostedAt) -> bool:
    return all(each.precision is Precision.SECOND for each in times)


def compare_times(connection: Connection, channel_id: int, told: Iterable[Told]) -> Comparison:
    """Compare times of posting with those stored, with one statement per thousand messages.

    Of a thousand messages fifty are compared: two chats share no time of posting. If none of
    them is stored, all are looked for.

    Args:
        connection: The archive.
        channel_id: The channel.
        told: Message ids in ascending order, each with what reads its time (`None` if unknown).
    """
    found = _Found()
    ends: list[Told] = []
    for times in _batches(told):
        first_id, last_id = min(times), max(times)
        ends += ((first_id, times[first_id]), (last_id, times[last_id]))
        sample = list(times)[:: max(len(times) // _SAMPLE, 1)]
        stored = connection.execute(_SOME, {"channel_id": channel_id, "message_ids": sample}).all()
        if not stored:
            stored = connection.execute(
                _KNOWN,
                {"channel_id": channel_id, "first_id": first_id, "last_id": last_id},
            ).all()
        for row in stored:
            found.compare(row, times.get(row.message_id))
    return Comparison(
        known=found.known,
        shared=found.shared,
        agreeing=found.agreeing,
        conflicts=tuple(found.conflicts),
        is_disordered=bool(ends) and _is_disordered(connection, channel_id, ends),
    )


@dataclass(slots=True)
class _Found:
    """What was compared so far."""

    known: int = 0
    shared: int = 0
    agreeing: int = 0
    conflicts: list[OtherTime] = field(default_factory=list)

    def compare(self, row: SqlRow, read_time: ReadTime | None) -> None:
        """Compare a stored post with what the source tells of it, if it has it."""
        self.known += 1
        if read_time is None:
            return
        at, told = read_posted_at(row), read_time()
        if told is None:
            self.shared += 1
        elif is_same_time(at, told):
            self.shared += 1
            self.agreeing += _are_exact(at, told)
        elif is_other_chat(at, told):
            self.conflicts.append(
                OtherTime(message_id=row.message_id, known=at.moment, told=told.moment)
            )


def _batches(told: Iterable[Told]) -> Iterator[Mapping[int, ReadTime]]:
    remaining = (each for each in told if fits_column(each[0]))
    while batch := dict(islice(remaining, _BATCH)):
        yield batch


def posted_at(post: Post) -> PostedAt:
    """Return when a post was posted."""
    return PostedAt(post.posted_at, post.precision)


def read_posted_at(row: SqlRow) -> PostedAt:
    """Return when a stored post was posted."""
    return PostedAt(read_time(row.posted_at), Precision(row.posted_precision))


def _is_disordered(connection: Connection, channel_id: int, ends: Sequence[Told]) -> bool:
    """Tell whether the stored posts next to a range of ids contradict its order in time."""
    number = posts.c.message_id
    of_channel = _POSTED_AT.where(posts.c.channel_id == channel_id).limit(1)
    first_id, read_first = min(ends, key=_number)
    last_id, read_last = max(ends, key=_number)
    before = connection.execute(of_channel.where(number < first_id).order_by(number.desc())).first()
    after = connection.execute(of_channel.where(number > last_id).order_by(number)).first()
    first, last = read_first() if before else None, read_last() if after else None
    return bool(
        (before and first and read_posted_at(before).moment > first.moment + _ABOUT_A_DAY)
        or (after and last and read_posted_at(after).moment < last.moment - _ABOUT_A_DAY)
    )
