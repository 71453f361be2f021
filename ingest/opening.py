"""Recognises a source by its content, and opens it with the reader of its format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from ingest.combined import combine
from ingest.desktop.pages import is_page_name, read_title
from ingest.desktop.source import open_desktop_export
from ingest.export_date import date_in_name, with_export_date
from ingest.files import ExportPath
from ingest.macos.source import open_macos_export
from ingest.sniffing import Format, sniff
from ingest.sources import Source
from ingest.telegram_json.source import open_json_export
from ingest.web_preview.source import open_web_pages
from ingest.zipped import (
    MemberError,
    ZippedPath,
    is_office_document,
    nested_archive,
    open_zip,
)
from model.errors import SourceError
from model.messages import Code

# Folders for files that people sent: a page in them is an attachment.
# fmt: off
_MEDIA_FOLDERS = frozenset({
    "css", "js", "images", "photos", "video_files", "files", "voice_messages",
    "round_video_messages", "stickers", "contacts", "profile_pictures", "stories", "lists",
})
# fmt: on
# What is wrong with a file that does not keep the others beside it from being read.
_DAMAGE = {
    Code.BROKEN_JSON,
    Code.BROKEN_PAGE,
    Code.BROKEN_TEXT,
    Code.NO_MESSAGES,
    Code.OTHER_JSON,
    Code.TDL_WITHOUT_CONTENT,
}
_RESULT = re.compile(r"result(?: ?\(\d+\))?\.json", re.IGNORECASE)
_DEPTH = 4
_NAMED = 5

Opener: TypeAlias = Callable[[ExportPath, Sequence[ExportPath], str | None], Source]


@dataclass(frozen=True, slots=True)
class _Export:
    """The files of one export in a folder, by format.

    `damaged` files are named like an export's and are of no format.
    """

    folder: ExportPath
    files: Mapping[Format, Sequence[ExportPath]]
    damaged: Sequence[ExportPath]


def open_source(path: ExportPath, *, channel: str | None = None) -> Source:
    """Open an export: its folder, a folder containing it, or one of its files.

    Args:
        path: The folder or file.
        channel: The channel meant, if the export has several: its number or title.

    Raises:
        SourceError: It is not an export of one channel; the message says what to give instead.
    """
    try:
        source = _open_folder(path, channel) if path.is_dir() else _open_file(path, channel)
    except OSError as exc:
        code = exc.code if isinstance(exc, MemberError) else Code.UNREADABLE
        raise SourceError(code, path=path, cause=exc.strerror or exc) from exc
    return with_export_date(source, date_in_name(source.folder.name))


def _open_file(path: ExportPath, channel: str | None) -> Source:
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise SourceError(Code.UNREADABLE, path=path, cause=exc.strerror) from exc
    if size == 0:
        raise SourceError(Code.EMPTY, path=path)
    kind = sniff(path)
    if kind is Format.ZIP:
        return _open_zip(path, channel)
    if kind in _OPENERS:
        return _OPENERS[kind](path, [path], channel)
    raise _refusal(path, kind)


def _refusal(path: ExportPath, kind: Format) -> SourceError:
    return SourceError(_REFUSALS[kind], path=path)


def _open_zip(path: ExportPath, channel: str | None) -> Source:
    """Open the contents of a zip, which cannot be shared with other processes."""
    root = open_zip(path)
    source = _open_folder(root, channel)
    return replace(source, path=path, read=lambda how: source.read(replace(how, jobs=1)))


def _open_folder(path: ExportPath, channel: str | None) -> Source:
    exports = list(_find_exports(path, depth=_DEPTH))
    if not exports:
        raise _nothing_in(path)
    # The JSON of an account export lies above its chats' folders and includes them all.
    export = exports[0]
    if len(exports) > 1 and not (Format.JSON in export.files and export.folder == path):
        named = [each for each in exports if channel and _is_titled(each, channel)]
        if len(named) != 1:
            names = _list_folders(path, named or exports)
            raise SourceError(Code.SEVERAL_EXPORTS, path=path, names=names)
        [export] = named
    return _open_export(path, export, channel)


def _open_export(path: ExportPath, export: _Export, channel: str | None) -> Source:
    """Open all formats of an export; if one is damaged, the others are read all the same."""
    if len(export.files) == 1 and not export.damaged:
        [(kind, files)] = export.files.items()
        return _OPENERS[kind](path, files, channel)
    sources: list[Source] = []
    damaged, failures = list(export.damaged), []
    for kind, files in export.files.items():
        try:
            sources.append(_OPENERS[kind](path, files, channel))
        except SourceError as exc:
            if exc.reason not in _DAMAGE:
                raise
            failures.append(exc)
            damaged += files
    if not sources:
        raise failures[0]
    return combine(path, sources, damaged=damaged)


def _nothing_in(path: ExportPath) -> SourceError:
    """Say why a folder or zip is not an export."""
    if isinstance(path, ZippedPath):
        if is_office_document(path):
            return SourceError(Code.OFFICE, path=path)
        inner = nested_archive(path)
        if inner is not None:
            return SourceError(Code.ZIP_NESTED, path=path, inner=inner)
    empty = next(_empty_pages(path), None)
    if empty is not None:
        return SourceError(Code.EMPTY, path=empty)
    for page in filter(_may_be_exported, path.iterdir()):
        kind = sniff(page)
        if kind in _REFUSALS and kind not in (Format.UNKNOWN, Format.OTHER_JSON):
            return _refusal(page, kind)
    return SourceError(Code.NO_EXPORT, path=path)


def _list_folders(path: ExportPath, exports: Sequence[_Export]) -> str:
    shown = [_describe(path, each) for each in exports[:_NAMED]]
    return ", ".join([*shown, "…"] if len(exports) > _NAMED else shown)


def _describe(path: ExportPath, export: _Export) -> str:
    """Return an export's place below a folder, with its title if its pages tell it."""
    place = export.folder.as_posix().removeprefix(path.as_posix()).strip("/") or "."
    title = _title_of(export)
    return f"{place} “{title}”" if title else place


def _is_titled(export: _Export, title: str) -> bool:
    return (_title_of(export) or "").casefold() == title.strip().casefold()


def _title_of(export: _Export) -> str | None:
    pages = export.files.get(Format.DESKTOP_PAGE, ())
    return next(filter(None, map(read_title, pages)), None)


def _find_exports(folder: ExportPath, *, depth: int) -> Iterator[_Export]:
    """Yield every folder that contains an export, with its files."""
    entries = sorted(
        (entry for entry in folder.iterdir() if not entry.name.startswith(".")),
        key=lambda entry: entry.name,
    )
    files = [entry for entry in entries if _may_be_exported(entry)]
    kinds = {file: sniff(file) for file in files}
    found = {
        kind: [file for file in files if _belongs(file, kinds, kind)]
        for kind in _OPENERS
        if kind in kinds.values()
    }
    if found:
        claimed = set(chain.from_iterable(found.values()))
        damaged = [file for file in files if _is_damaged(file, kinds) and file not in claimed]
        yield _Export(folder, found, damaged)
    if depth:
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink() and entry.name not in _MEDIA_FOLDERS:
                yield from _find_exports(entry, depth=depth - 1)


def _empty_pages(folder: ExportPath) -> Iterator[ExportPath]:
    """Yield the empty files named like an export's."""
    for entry in folder.iterdir():
        if _may_be_exported(entry) and entry.stat().st_size == 0:
            yield entry


def _may_be_exported(path: ExportPath) -> bool:
    return path.suffix.lower() in (".html", ".htm", ".json") and path.is_file()


def _belongs(file: ExportPath, kinds: Mapping[ExportPath, Format], kind: Format) -> bool:
    """Return whether a file is part of an export of this kind.

    A page damaged beyond recognition still counts by its name, so that its loss is noticed.
    """
    is_page = is_page_name(file.name) and kind is Format.DESKTOP_PAGE
    return kinds[file] is kind or (is_page and kinds[file] is Format.UNKNOWN)


def _is_damaged(file: ExportPath, kinds: Mapping[ExportPath, Format]) -> bool:
    """Return whether a file of no format has the name of an export's."""
    is_named = is_page_name(file.name) or _RESULT.fullmatch(file.name) is not None
    return is_named and kinds[file] in (Format.UNKNOWN, Format.OTHER_JSON, Format.WIDE_TEXT)


def _open_json(path: ExportPath, files: Sequence[ExportPath], channel: str | None) -> Source:
    if len(files) > 1:
        names = ", ".join(file.name for file in files[:_NAMED])
        raise SourceError(Code.SEVERAL_EXPORTS, path=path, names=names)
    return open_json_export(files[0], channel=channel)


_REFUSALS: Mapping[Format, Code] = {
    Format.DESKTOP_INDEX: Code.CONTENTS,
    Format.WEB_TEXT: Code.COPIED_TEXT,
    Format.OTHER_ARCHIVE: Code.OTHER_ARCHIVE,
    Format.WIDE_TEXT: Code.BROKEN_TEXT,
    Format.PICTURE: Code.PICTURE,
    Format.OTHER_JSON: Code.OTHER_JSON,
    Format.UNKNOWN: Code.NO_EXPORT,
}

# If a folder has a chat in several formats, the richest one comes last and has the last word.
_OPENERS: Mapping[Format, Opener] = {
    Format.WEB_PAGE: lambda path, files, channel: open_web_pages(path, files, channel=channel),
    Format.MACOS_PAGE: lambda path, files, _: open_macos_export(path, files),
    Format.DESKTOP_PAGE: lambda path, files, channel: open_desktop_export(
        path, files, channel=channel
    ),
    Format.JSON: _open_json,
}
