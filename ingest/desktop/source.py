"""A Telegram Desktop HTML export as a `Source`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise, starmap

from ingest.desktop.pages import PageFacts, in_reading_order, is_whole, read_facts, read_times
from ingest.desktop.reading import read_entries
from ingest.desktop.service import date_services
from ingest.files import ExportPath
from ingest.sources import ReadOptions, Source, SourceFile
from model.errors import SourceError
from model.messages import Code
from model.posts import BadMessage, Channel, Post

FORMAT = "desktop-html"


def open_desktop_export(
    path: ExportPath, pages: Sequence[ExportPath], *, channel: str | None = None
) -> Source:
    """Open the pages of one chat, found at `path`.

    Args:
        path: What was given.
        pages: The pages.
        channel: The channel meant; then pages of several titles may be of a renamed channel.

    Raises:
        SourceError: They contain no messages, or those of several chats.
    """
    facts = in_reading_order(read_facts(page) for page in pages)
    title = _find_title(path, facts, channel=channel)
    newest = max((page.newest.in_utc(None) for page in facts if page.newest), default=None)
    messages = sum(len(page.message_ids) for page in facts)
    if not messages or newest is None:
        raise SourceError(Code.NO_MESSAGES, path=path)
    return Source(
        format=FORMAT,
        path=path,
        channel=Channel(title=title),
        files=tuple(
            SourceFile(
                path=page.path,
                message_ids=page.message_ids,
                times=partial(read_times, page.path),
            )
            for page in facts
        ),
        as_of=newest,
        total=messages,
        whole=is_whole(facts),
        zoned=all(page.zoned for page in facts),
        read=partial(_read_messages, facts),
    )


def _find_title(path: ExportPath, pages: Sequence[PageFacts], *, channel: str | None) -> str:
    """Return the title of the pages; of a renamed channel, the latest one."""
    titles = list(dict.fromkeys(page.title for page in pages if page.title is not None))
    if not titles:
        raise SourceError(Code.BROKEN_TEXT, path=path)
    if len(titles) == 1:
        return titles[0]
    by_number = sorted((page for page in pages if page.message_ids), key=_first_id)
    if channel is None or not all(starmap(_follows, pairwise(by_number))):
        raise SourceError(Code.SEVERAL_CHATS, path=path, names=", ".join(titles))
    return next(page.title for page in reversed(by_number) if page.title is not None)


def _first_id(page: PageFacts) -> int:
    return min(page.message_ids)


def _follows(one: PageFacts, other: PageFacts) -> bool:
    """Return whether pages can be of one chat: the later numbers are the later messages."""
    if max(one.message_ids) >= _first_id(other):
        return one.title == other.title
    dates = [page.newest.in_utc(None) for page in (one, other) if page.newest]
    return dates == sorted(dates)


def _read_messages(pages: Sequence[PageFacts], options: ReadOptions) -> Iterator[Post | BadMessage]:
    return date_services(read_entries(pages, options))
