"""Several sources of one chat in one folder, read as one: pages beside JSON, for example."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, pairwise
from operator import itemgetter

from db.identity import is_other_chat, is_same_time
from ingest.files import ExportPath
from ingest.sources import ReadOptions, Source, SourceFile
from model.errors import SourceError
from model.messages import Code
from model.posts import BadMessage, Channel, Post

_DAMAGED = "Nothing in the file can be read; export the channel again."


def combine(
    path: ExportPath, sources: Sequence[Source], *, damaged: Sequence[ExportPath]
) -> Source:
    """Return the sources found in a folder as one; of what they say, the last one's counts.

    Args:
        path: The folder.
        sources: At least one, the richest last.
        damaged: Files in which nothing can be read; they become problems.

    Raises:
        SourceError: They are of several chats.
    """
    for one, other in pairwise(sources):
        if not _is_one_chat(one, other):
            names = ", ".join(f"“{each.channel.title}”" for each in sources)
            raise SourceError(Code.SEVERAL_CHATS, path=path, names=names)
    problems = [
        BadMessage(file=file.name, anchor="", reason=_DAMAGED, rest_lost=True) for file in damaged
    ]
    return Source(
        format=", ".join(source.format for source in sources),
        path=path,
        channel=_combine_channels([source.channel for source in sources]),
        files=(
            *chain.from_iterable(source.files for source in sources),
            *(SourceFile(path=file) for file in damaged),
        ),
        as_of=max(source.as_of for source in sources),
        total=sum(source.total or 0 for source in sources),
        whole=not damaged and all(source.whole for source in sources),
        zoned=all(source.zoned for source in sources),
        read=partial(_read, sources, problems),
        together=tuple(source.files[0].path.name for source in sources),
    )


def _is_one_chat(one: Source, other: Source) -> bool:
    """Tell by their times of posting, else by title, whether two sources are of one chat."""
    times = dict(chain.from_iterable(file.times() for file in one.files))
    told = chain.from_iterable(file.times() for file in other.files)
    both = [(times[number](), read()) for number, read in told if number in times]
    shared = [(known, at) for known, at in both if known and at]
    if any(is_other_chat(known, at) for known, at in shared):
        return False
    is_agreed = any(is_same_time(known, at) for known, at in shared)
    return is_agreed or one.channel.title.casefold() == other.channel.title.casefold()


def _combine_channels(channels: Sequence[Channel]) -> Channel:
    usernames = [each.username for each in channels if each.username]
    ids = [each.telegram_id for each in channels if each.telegram_id is not None]
    return Channel(
        title=channels[-1].title,
        username=usernames[-1] if usernames else None,
        telegram_id=ids[-1] if ids else None,
    )


def _read(
    sources: Sequence[Source], problems: Sequence[BadMessage], options: ReadOptions
) -> Iterator[Post | BadMessage]:
    """Yield what all sources have, the accounts of one post one after the other."""
    streams = [_numbered(source.read(options), place) for place, source in enumerate(sources)]
    for _, item in heapq.merge(*streams, key=itemgetter(0)):
        yield item
    yield from problems


def _numbered(
    messages: Iterator[Post | BadMessage], place: int
) -> Iterator[tuple[tuple[int, int], Post | BadMessage]]:
    number = 0
    for message in messages:
        if isinstance(message, Post):
            number = message.message_id
        yield (number, place), message
