"""The channels of the archive: what each holds, where it comes from, what is odd about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, func, select, update

from db.channels import list_channels
from db.identity import WIDEST_ZONE
from db.schema import channels, imports, posts
from db.times import maybe_time, read_time
from db.values import ChannelOverview, StoredChannel
from model.errors import ChannelError
from model.messages import Code, Message
from model.posts import Precision


def read_overviews(connection: Connection) -> Sequence[ChannelOverview]:
    """Return every channel with what it holds, in the order they were added."""
    columns = posts.c
    counted = select(
        columns.channel_id,
        func.count(),
        func.min(columns.posted_at),
        func.max(columns.posted_at),
    ).group_by(columns.channel_id)
    held = {key: values for key, *values in connection.execute(counted)}
    sources: defaultdict[int, dict[str, None]] = defaultdict(dict)
    imported = select(imports.c.channel_id, imports.c.source).order_by(imports.c.import_id)
    for key, source in connection.execute(imported):
        sources[key][source] = None
    return tuple(
        _overview(each, sources[each.channel_id], *held.get(each.channel_id, (0, None, None)))
        for each in list_channels(connection)
    )


def _overview(
    stored: StoredChannel,
    sources: Iterable[str],
    number: int,
    first_at: str | None,
    last_at: str | None,
) -> ChannelOverview:
    return ChannelOverview(
        channel_id=stored.channel_id,
        channel=stored.channel,
        posts=number,
        first_at=maybe_time(first_at),
        last_at=maybe_time(last_at),
        sources=tuple(sources),
    )


def name_channel(
    connection: Connection,
    stored: StoredChannel,
    *,
    username: str | None,
    telegram_id: int | None,
) -> None:
    """Give a channel a username or a Telegram id.

    Raises:
        ChannelError: Another channel has it, or this one has another id.
    """
    for each in list_channels(connection):
        is_taken = telegram_id is not None and each.channel.telegram_id == telegram_id
        if username and (each.channel.username or "").lower() == username.lower():
            is_taken = True
        if is_taken and each.channel_id != stored.channel_id:
            mark = f"@{username}" if username else telegram_id
            raise ChannelError(Code.MARK_TAKEN, mark=str(mark), title=each.channel.title)
    known = stored.channel.telegram_id
    if telegram_id is not None and known not in (None, telegram_id):
        raise ChannelError(
            Code.NUMBER_KNOWN, title=stored.channel.title, known=str(known), number=str(telegram_id)
        )
    values = {"username": username} if username else {"telegram_id": telegram_id}
    key = channels.c.channel_id == stored.channel_id
    connection.execute(update(channels).where(key).values(values))


def find_mixed(connection: Connection) -> Iterator[Message]:
    """Yield the channels in which a later id has an earlier time, as in two chats mixed up."""
    for each in list_channels(connection):
        earlier = list(_find_earlier(connection, each.channel_id))
        if earlier:
            yield Message.of(
                Code.MIXED_CHANNEL,
                title=each.channel.handle or each.channel.title,
                number=len(earlier),
                message_id=earlier[0],
            )


def _find_earlier(connection: Connection, channel_id: int) -> Iterator[int]:
    """Yield the ids of posts dated before a post of a lower id, beyond a change of time zone."""
    columns = posts.c
    exact = columns.posted_precision == Precision.SECOND.value
    dated = select(columns.message_id, columns.posted_at).where(
        columns.channel_id == channel_id, exact
    )
    newest = ""
    for row in connection.execute(dated.order_by(columns.message_id)):
        if row.posted_at >= newest:
            newest = row.posted_at
        elif read_time(newest) - read_time(row.posted_at) > WIDEST_ZONE:
            yield row.message_id
