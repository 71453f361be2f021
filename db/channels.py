"""Identifies the channel of a source: by Telegram id, else username, else title."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from db.reading import read_channels
from db.schema import channel_titles, channels
from db.storable import storable_value
from db.times import time_text
from db.values import StoredChannel
from model.errors import ChannelError
from model.messages import Code
from model.posts import Channel


def list_channels(connection: Connection) -> Sequence[StoredChannel]:
    """Return all channels in the order in which they were added."""
    return tuple(
        StoredChannel(channel_id=channel_id, channel=channel)
        for channel_id, channel in read_channels(connection).items()
    )


def find_channel(
    connection: Connection, channel: Channel, *, apart_from: Collection[int] = ()
) -> StoredChannel | None:
    """Return the stored channel that a source means, if there is one.

    Args:
        connection: The archive.
        channel: As the source names it.
        apart_from: Keys of channels to leave out, known to be different ones.

    Raises:
        ChannelError: Only the title is known, and several channels have it.
    """
    found = [
        each for each in find_candidates(connection, channel) if each.channel_id not in apart_from
    ]
    if has_mark(channel):
        # It has an id or username of its own, so it is a different channel with the same title.
        return found[0] if len(found) == 1 else None
    return _only(found, channel.title)


def find_candidates(connection: Connection, channel: Channel) -> Sequence[StoredChannel]:
    """Return the stored channels that a source may mean: one by id or username, else by title."""
    channel = storable_value(channel)
    stored = list_channels(connection)
    compatible = [each for each in stored if _may_be(each.channel, channel)]
    for is_named in (_by_telegram_id, _by_username):
        for each in compatible:
            if is_named(each.channel, channel):
                return (each,)
    titled = [each for each in compatible if each.channel.title == channel.title.strip()]
    if titled or has_mark(channel):
        return titled
    return _once_titled(connection, compatible, channel.title)


def has_mark(channel: Channel) -> bool:
    """Tell whether a channel has an id or a username."""
    return bool(channel.username) or channel.telegram_id is not None


def is_same_mark(one: Channel, other: Channel) -> bool:
    """Tell whether two channels have the same id or username."""
    return _by_telegram_id(one, other) or _by_username(one, other)


def _once_titled(
    connection: Connection, stored: Sequence[StoredChannel], title: str
) -> Sequence[StoredChannel]:
    bearers = select(channel_titles.c.channel_id).where(channel_titles.c.title == title.strip())
    keys = frozenset(connection.execute(bearers).scalars())
    return [each for each in stored if each.channel_id in keys]


def _may_be(stored: Channel, channel: Channel) -> bool:
    """Return whether no known id or username contradicts the match."""
    if stored.telegram_id is not None and channel.telegram_id is not None:
        return stored.telegram_id == channel.telegram_id
    if stored.username and channel.username:
        return stored.username.lower() == channel.username.lower()
    return True


def _by_telegram_id(stored: Channel, channel: Channel) -> bool:
    return channel.telegram_id is not None and stored.telegram_id == channel.telegram_id


def _by_username(stored: Channel, channel: Channel) -> bool:
    if not stored.username or not channel.username:
        return False
    return stored.username.lower() == channel.username.lower()


def _only(found: Sequence[StoredChannel], title: str) -> StoredChannel | None:
    if len(found) > 1:
        names = ", ".join(each.channel.handle or each.channel.title for each in found)
        raise ChannelError(Code.AMBIGUOUS_CHANNEL, title=title.strip(), names=names)
    return found[0] if found else None


def resolve_channel(
    connection: Connection, channel: Channel, *, as_of: datetime, apart_from: Collection[int] = ()
) -> int:
    """Return the key of the channel that a source means; create it, or fill in unknown fields.

    Raises:
        ChannelError: Only the title is known, and several channels have it.
    """
    channel = storable_value(channel)
    found = find_channel(connection, channel, apart_from=apart_from)
    if found is None:
        return _create(connection, channel, as_of=as_of)
    _note_title(connection, found.channel_id, channel, as_of=as_of)
    _fill_in(connection, found, channel)
    return found.channel_id


def _create(connection: Connection, channel: Channel, *, as_of: datetime) -> int:
    _release_username(connection, channel.username)
    created = (
        insert(channels)
        .values(
            title=channel.title.strip(),
            username=channel.username,
            telegram_id=channel.telegram_id,
        )
        .returning(channels.c.channel_id)
    )
    key = int(connection.execute(created).scalar_one())
    _note_title(connection, key, channel, as_of=as_of)
    return key


def _release_username(connection: Connection, username: str | None) -> None:
    """Remove a username from its former channel; usernames are unique in Telegram."""
    if username:
        holders = func.lower(channels.c.username) == username.lower()
        connection.execute(update(channels).where(holders).values(username=None))


def _fill_in(connection: Connection, found: StoredChannel, channel: Channel) -> None:
    known = found.channel
    key = channels.c.channel_id == found.channel_id
    if channel.telegram_id is not None and known.telegram_id is None:
        values = {"telegram_id": channel.telegram_id}
        connection.execute(update(channels).where(key).values(values))
    if channel.username and channel.username != known.username:
        _release_username(connection, channel.username)
        connection.execute(update(channels).where(key).values(username=channel.username))


def _note_title(connection: Connection, key: int, channel: Channel, *, as_of: datetime) -> None:
    """Add a title to the channel's history; the most recent one becomes its title.

    An id in place of a title means that the source knows none.
    """
    title, seen = channel.title.strip(), time_text(as_of)
    if not title or title == str(channel.telegram_id):
        return
    columns = channel_titles.c
    of_channel = columns.channel_id == key
    known = connection.execute(
        select(columns.first_seen_at, columns.last_seen_at).where(
            of_channel, columns.title == title
        )
    ).first()
    if known is None:
        connection.execute(
            insert(channel_titles).values(
                channel_id=key, title=title, first_seen_at=seen, last_seen_at=seen
            )
        )
    else:
        connection.execute(
            update(channel_titles)
            .where(of_channel, columns.title == title)
            .values(
                first_seen_at=min(seen, known.first_seen_at),
                last_seen_at=max(seen, known.last_seen_at),
            )
        )
    latest = connection.execute(
        select(func.max(columns.last_seen_at)).where(of_channel)
    ).scalar_one()
    if seen >= latest:
        connection.execute(update(channels).where(channels.c.channel_id == key).values(title=title))


def search_channels(connection: Connection, text: str) -> Sequence[StoredChannel]:
    """Return the channels matching an `@name`, address, id or title typed by a person."""
    stored = list_channels(connection)
    username, telegram_id = read_channel_name(text)
    if telegram_id is not None:
        found = [each for each in stored if each.channel.telegram_id == telegram_id]
    elif username:
        wanted = Channel(title="", username=username)
        found = [each for each in stored if _by_username(each.channel, wanted)]
    else:
        found = []
    if found or text.strip().startswith("@"):
        return tuple(found)
    past: dict[int, set[str]] = {}
    for key, title in connection.execute(
        select(channel_titles.c.channel_id, channel_titles.c.title)
    ):
        past.setdefault(key, set()).add(title.casefold())
    wanted_title = text.strip().casefold()
    current = [each for each in stored if each.channel.title.strip().casefold() == wanted_title]
    return tuple(
        current or [each for each in stored if wanted_title in past.get(each.channel_id, ())]
    )


_ADDRESS = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{3,31})/?", re.ASCII)
_NAME = re.compile(r"@([A-Za-z]\w{3,31})", re.ASCII)
_ID = re.compile(r"(?:-100)?(\d{1,18})", re.ASCII)


def read_channel_name(text: str) -> tuple[str | None, int | None]:
    """Parse `@name` or an address as a username, digits as an id; a title is neither."""
    text = text.strip()
    if match := _ADDRESS.fullmatch(text) or _NAME.fullmatch(text):
        return match[1], None
    if match := _ID.fullmatch(text):
        return None, int(match[1])
    return None, None
