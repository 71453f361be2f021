"""The macOS export as a `Source`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import partial

from db.identity import Told, posted_at
from ingest.complexity import TOO_COMPLEX, is_too_complex
from ingest.desktop.service import Entry, ServiceLine, date_services
from ingest.files import ExportPath
from ingest.macos.page import MacPage, read_page
from ingest.sources import ReadOptions, Source, SourceFile
from model.errors import SourceError
from model.messages import Code
from model.posts import BadMessage, Channel, Post

FORMAT = "macos-html"
_NOT_UTF_8 = "The page is not UTF-8 text; export it again and do not let an editor re-save it."


def open_macos_export(path: ExportPath, pages: Sequence[ExportPath]) -> Source:
    """Open the pages of one chat, found at `path`.

    Raises:
        SourceError: They contain no datable messages, or those of several chats.
    """
    read = {page: _read_file(page, zone=None) for page in pages}
    titles = list(dict.fromkeys(page.title for page in read.values() if page.title))
    if len(titles) > 1:
        raise SourceError(Code.SEVERAL_CHATS, path=path, names=", ".join(titles))
    numbers = {page: _message_ids(found.entries) for page, found in read.items()}
    files = sorted(pages, key=lambda page: (numbers[page][:1] or (0,), page.name))
    dates = [
        entry.posted_at
        for page in read.values()
        for entry in page.entries
        if isinstance(entry, Post)
    ]
    if not titles or not dates:
        raise SourceError(Code.NO_MESSAGES, path=path)
    return Source(
        format=FORMAT,
        path=path,
        channel=Channel(title=titles[0]),
        files=tuple(
            SourceFile(path=page, message_ids=numbers[page], times=partial(_read_times, page))
            for page in files
        ),
        as_of=max(dates),
        total=sum(map(len, numbers.values())),
        # Messages may be missing only because they were not recognised.
        whole=False,
        zoned=False,
        read=partial(_read_messages, files),
    )


def _read_times(page: ExportPath) -> Iterator[Told]:
    for entry in _read_file(page, zone=None).entries:
        if isinstance(entry, Post):
            yield entry.message_id, partial(posted_at, entry)


def _message_ids(entries: Sequence[Entry]) -> tuple[int, ...]:
    return tuple(entry.message_id for entry in entries if isinstance(entry, Post | ServiceLine))


def _read_messages(
    pages: Sequence[ExportPath], options: ReadOptions
) -> Iterator[Post | BadMessage]:
    entries = (
        entry
        for page in pages
        if page not in options.skip
        for entry in _read_file(page, zone=options.zone).entries
    )
    return date_services(entries)


def _read_file(path: ExportPath, *, zone: tzinfo | None) -> MacPage:
    content = path.read_bytes()
    if is_too_complex(content):
        return _unreadable(path, TOO_COMPLEX)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return _unreadable(path, _NOT_UTF_8)
    folder = path.parent.absolute().as_posix()
    return read_page(text, file=path.name, folder=folder, zone=zone)


def _unreadable(path: ExportPath, reason: str) -> MacPage:
    problem = BadMessage(file=path.name, anchor="", reason=reason, rest_lost=True)
    return MacPage(title="", entries=(problem,))
