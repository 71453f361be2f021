"""Saved pages of a channel's web preview as a `Source`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from db.channels import read_channel_name
from db.identity import Told, posted_at
from ingest.complexity import TOO_COMPLEX, is_too_complex
from ingest.files import ExportPath
from ingest.sources import ReadOptions, Source, SourceFile
from ingest.web_preview.page import PageEntry, read_page
from model.errors import SourceError
from model.messages import Code
from model.posts import BadMessage, Channel, Post

FORMAT = "web-preview"
# A page of 20 posts has 150 KB; one scrolled through for years with embedded pictures has more.
_MAX_PAGE = 64 * 1024**2
_TOO_BIG = "The page is larger than 64 MB; save it as “Webpage, HTML only”, in several parts."
_NOT_UTF_8 = "The page is not UTF-8 text; save it again and do not let an editor re-save it."


@dataclass(frozen=True, slots=True, kw_only=True)
class _SavedPage:
    """A parsed page; `problem` says why it could not be read."""

    path: ExportPath
    entries: Sequence[PageEntry] = ()
    problem: str | None = None


def open_web_pages(
    path: ExportPath, pages: Sequence[ExportPath], *, channel: str | None = None
) -> Source:
    """Open saved pages found at `path`; they are small and kept in memory.

    Args:
        path: What was given to the import.
        pages: The pages; posts on several of them are read once.
        channel: The channel meant, if they show several: `@name`, its number or its title.

    Raises:
        SourceError: They contain no posts, or those of several channels.
    """
    saved = [_read_saved(page) for page in pages]
    shown = _choose(path, [entry for page in saved for entry in page.entries], channel)
    dates = [item.posted_at for entry in shown for item in entry.items if isinstance(item, Post)]
    if not dates:
        for page in saved:
            if page.problem:
                raise SourceError(Code.BROKEN_PAGE, path=path, problem=page.problem)
        name = channel.removeprefix("@") if channel else "name"
        raise SourceError(Code.NO_WEB_POSTS, path=path, name=name)
    names = {(entry.channel.username or "").casefold() for entry in shown}
    ids = [entry.channel.telegram_id for entry in shown if entry.channel.telegram_id]
    return Source(
        format=FORMAT,
        path=path,
        channel=Channel(
            title=shown[0].channel.title,
            username=shown[0].channel.username,
            telegram_id=ids[0] if ids else None,
        ),
        files=tuple(
            SourceFile(
                path=page.path,
                message_ids=tuple(_numbers(page, names)),
                times=partial(_read_times, page, names),
            )
            for page in saved
        ),
        as_of=max(dates),
        total=len({number for page in saved for number in _numbers(page, names)}),
        whole=False,
        zoned=True,
        read=partial(_read, saved, names),
    )


def _read_saved(path: ExportPath) -> _SavedPage:
    if path.stat().st_size > _MAX_PAGE:
        return _SavedPage(path=path, problem=_TOO_BIG)
    content = path.read_bytes()
    if is_too_complex(content):
        return _SavedPage(path=path, problem=TOO_COMPLEX)
    try:
        text = content.decode("utf-8-sig")
        return _SavedPage(path=path, entries=read_page(text, file=path.name))
    except UnicodeDecodeError:
        return _SavedPage(path=path, problem=_NOT_UTF_8)


def _choose(
    path: ExportPath, entries: Sequence[PageEntry], channel: str | None
) -> Sequence[PageEntry]:
    """Return the messages of the channel meant."""
    titles = {(entry.channel.username or "").casefold(): entry.channel for entry in entries}
    if len(titles) < 2:
        return entries
    meant = [entry for entry in entries if channel is not None and _is_meant(entry, channel)]
    if len({(entry.channel.username or "").casefold() for entry in meant}) == 1:
        return meant
    named = ", ".join(f"@{each.username}" for each in titles.values())
    raise SourceError(Code.SEVERAL_CHANNELS, path=path, names=named)


def _is_meant(entry: PageEntry, channel: str) -> bool:
    username, telegram_id = read_channel_name(channel)
    if telegram_id is not None:
        return telegram_id == entry.channel.telegram_id
    own = entry.channel.username or ""
    return (username or channel).strip().casefold() in (
        own.casefold(),
        entry.channel.title.casefold(),
    )


def _read_times(page: _SavedPage, names: set[str]) -> Iterator[Told]:
    for item in sorted(_posts(page, names), key=attrgetter("message_id")):
        yield item.message_id, partial(posted_at, item)


def _posts(page: _SavedPage, names: set[str]) -> Iterator[Post]:
    for entry in page.entries:
        if (entry.channel.username or "").casefold() in names:
            yield from (item for item in entry.items if isinstance(item, Post))


def _numbers(page: _SavedPage, names: set[str]) -> Iterator[int]:
    for entry in page.entries:
        if (entry.channel.username or "").casefold() in names:
            for item in entry.items:
                yield item.message_id if isinstance(item, Post) else entry.message_id


def _read(
    saved: Sequence[_SavedPage], names: set[str], options: ReadOptions
) -> Iterator[Post | BadMessage]:
    """Yield every message once, in ascending order, then whatever could not be read at all."""
    pages = [page for page in saved if page.path not in options.skip]
    found: dict[int, PageEntry] = {}
    for page in pages:
        for entry in page.entries:
            if (entry.channel.username or "").casefold() in names:
                found.setdefault(entry.message_id, entry)
    for _, entry in sorted(found.items()):
        yield from entry.items
    for page in pages:
        if page.problem is not None:
            yield BadMessage(file=page.path.name, anchor="", reason=page.problem, rest_lost=True)
