"""Names channels briefly, to tell the posts of an archive of several apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.message.compose import clean, join
from bot.message.message import Button, OutgoingMessage
from bot.routing import Request
from bot.services import Services
from bot.transport.callback_data import Action, press
from bot.transport.delivery import send
from i18n import Catalogue
from model.text import shorten

if TYPE_CHECKING:
    from db import StoredChannel
    from model.posts import ArchivedPost

ALL = 0
"""In the place of a channel's key."""
_NAME_LENGTH = 30
_PER_ROW = 2
_MOST_BUTTONS = 20
_OPERATOR = re.compile(r"(?:channel|канал):", re.IGNORECASE)
_SHORTEST_NAME = 3
_SUBTITLE = re.compile(r"(?<!\s)\s+[—–|•·/-]\s+|:\s+")
"""Separates a channel's name from what it says about itself."""


def channel_names(services: Services) -> Mapping[str, str]:
    """Return the names of the archive's channels by key; none if there is only one."""
    channels = services.store.channels()
    return brief_names(channels) if len(channels) > 1 else {}


def name_of(archived: ArchivedPost, channels: Mapping[str, str]) -> str:
    """Return the name of a post's channel, `""` if there is only one."""
    return channels.get(str(archived.channel_id), "")


async def choose_channel(request: Request, action: Action, *, services: Services) -> int | None:
    """Return the key of the channel that a command names, `ALL` if none.

    If that is no channel, or several, ask which one with buttons of the action, and return `None`.
    """
    names = await services.run(lambda: channel_names(services))
    words = request.words.strip()
    if not names or not words:
        return ALL
    found = await services.run(lambda: find_named(words, names, services=services))
    if len(found) == 1:
        return found[0]
    texts = request.texts
    unknown = texts.notes["unknown_channel"].format(words=texts.quoted(shorten(words, 60)))
    shown = {key: name for key, name in names.items() if int(key) in found} or names
    question = texts.which_channel if found else f"{unknown} {texts.which_channel}"
    rows = channel_rows(shown, action, chosen=ALL, texts=texts)
    await send(request.message, OutgoingMessage(body=join([question]), rows=rows))
    return None


def find_named(words: str, names: Mapping[str, str], *, services: Services) -> Sequence[int]:
    """Return the keys of the channels called so: by `@name`, address, id, title or part of it."""
    sought = _OPERATOR.sub("", words, count=1).strip(" \"'«»“”")
    exact = services.store.find_channels(sought)
    if exact:
        return [row.channel_id for row in exact]
    folded = sought.removeprefix("@").casefold()
    titles = {str(row.channel_id): row.channel.title for row in services.store.channels()}
    return [
        int(key)
        for key, name in names.items()
        if folded and folded in f"{titles.get(key, '')} {name}".casefold()
    ]


def channel_rows(
    names: Mapping[str, str], action: Action, *, chosen: int, texts: Catalogue
) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons for the channels other than the chosen one, and for all of them."""
    others = [
        Button(label=f"📢 {name}", data=press(action, channel=int(key)))
        for key, name in list(names.items())[:_MOST_BUTTONS]
        if int(key) != chosen
    ]
    if chosen != ALL:
        others.append(Button(label=texts.button_all_channels, data=press(action, channel=ALL)))
    return tuple(tuple(others[at : at + _PER_ROW]) for at in range(0, len(others), _PER_ROW))


def channel_filters(channel: int) -> tuple[str, ...]:
    """Return the filters that leave the posts of a channel, none for `ALL`."""
    return () if channel == ALL else (f"channel:{channel}",)


def channel_of(filters: Iterable[str]) -> int:
    """Return the channel whose posts the filters leave, or `ALL`."""
    parted = (operator.partition(":") for operator in filters)
    return next((int(key) for name, _, key in parted if name == "channel"), ALL)


def brief_names(channels: Sequence[StoredChannel]) -> Mapping[str, str]:
    """Return a short and distinct name for each channel, by key."""
    names = {str(row.channel_id): _brief(row.channel.title) for row in channels}
    used = Counter(names.values())
    for row in channels:
        key = str(row.channel_id)
        if used[names[key]] > 1:
            handle = row.channel.handle or key
            names[key] = f"{shorten(clean(row.channel.title).text, _NAME_LENGTH)} ({handle})"
    return names


def _brief(title: str) -> str:
    whole = clean(title).text.strip()
    name = _SUBTITLE.split(whole, maxsplit=1)[0]
    return shorten(name if len(name) >= _SHORTEST_NAME else whole, _NAME_LENGTH)
