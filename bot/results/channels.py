"""Names channels briefly, to tell the posts of an archive of several apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.message.compose import clean
from bot.services import Services
from model.text import shorten

if TYPE_CHECKING:
    from db import StoredChannel
    from model.posts import ArchivedPost

_NAME_LENGTH = 30
_SHORTEST_NAME = 3
_SUBTITLE = re.compile(r"\s+[—–|•·/-]\s+|:\s+")
"""Separates a channel's name from what it says about itself."""


def channel_names(services: Services) -> Mapping[str, str]:
    """Return the names of the archive's channels by key; none if there is only one."""
    channels = services.store.channels()
    return brief_names(channels) if len(channels) > 1 else {}


def name_of(archived: ArchivedPost, channels: Mapping[str, str]) -> str:
    """Return the name of a post's channel, `""` if there is only one."""
    return channels.get(str(archived.channel_id), "")


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
