"""Gaps in a channel's message numbers: found when a post arrives, reported a little later."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from telegram import Bot

from bot.message.compose import clean
from bot.message.message import OutgoingMessage
from bot.owners.notices import notify_owners
from bot.services import Services
from db.bot_live import Gap
from i18n import Catalogue
from i18n.live import live_texts

_PATIENCE = timedelta(seconds=5)
"""How late posts may be: updates can arrive out of order."""
_RANGES_SHOWN = 5

Range = tuple[int, int]


async def report_gaps(bot: Bot, services: Services) -> None:
    """Tell the owners about remaining gaps, each once."""
    now = services.clock()
    take = functools.partial(
        services.bot_store.live.take_gaps, found_before=now - _PATIENCE, now=now
    )
    gaps = await asyncio.to_thread(take)
    for chat_id, of_channel in groupby(gaps, key=attrgetter("chat_id")):
        missing = await asyncio.to_thread(find_missing, tuple(of_channel), services)
        channel = await asyncio.to_thread(services.bot_store.live.find, chat_id)
        if missing and channel:
            compose = functools.partial(_message, channel.title, missing)
            await notify_owners(bot, compose, services=services, spoken=channel.language)


def missing_ranges(first: int, last: int, present: Iterable[int]) -> Iterator[Range]:
    """Yield the ranges of absent numbers between `first` and `last`, in order."""
    start = first
    for number in (*present, last + 1):
        if start < number:
            yield start, number - 1
        start = number + 1


def find_missing(gaps: Sequence[Gap], services: Services) -> Sequence[Range]:
    """Return which numbers of these gaps are in neither the archive nor the spool."""
    return tuple(
        missing
        for gap in gaps
        for missing in missing_ranges(gap.first_id, gap.last_id, _present(gap, services))
    )


def _present(gap: Gap, services: Services) -> Sequence[int]:
    archived = services.store.message_ids(
        gap.channel_id, first_id=gap.first_id, last_id=gap.last_id
    )
    kept = [each for each in services.spool.ids(gap.chat_id) if gap.first_id <= each <= gap.last_id]
    return sorted({*archived, *kept})


def _message(title: str, missing: Sequence[Range], texts: Catalogue) -> OutgoingMessage:
    live = live_texts(texts)
    shown = [write_range(each) for each in missing[:_RANGES_SHOWN]]
    words = texts.list_joint.join(shown)
    if len(missing) > len(shown):
        words = f"{words} {live.and_more}"
    is_several = len(missing) > 1 or missing[0][0] < missing[0][1]
    sentence = live.gap[is_several].format(posts=words, channel=title)
    return OutgoingMessage(body=clean(sentence))


def write_range(each: Range) -> str:
    """Format a range for people."""
    first, last = each
    return str(first) if first == last else f"{first}–{last}"
