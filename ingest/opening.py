"""Recognises a source by its content, and opens it with the reader of its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ingest.desktop.pages import is_page_name
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
_DEPTH = 4
_NAMED = 5

Opener: TypeAlias = Callable[[ExportPath, Sequence[ExportPath], str | None], Source]


@dataclass(frozen=True, slots=True)
class _Export:
    """The files of one export in a folder."""

    folder: ExportPath
    kind: Format
    files: Sequence[ExportPath]


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
    if len(exports) > 1 and not (export.kind is Format.JSON and export.folder == path):
        raise SourceError(Code.SEVERAL_EXPORTS, path=path, names=_list_folders(path, exports))
    return _OPENERS[export.kind](path, export.files, channel)


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
        if kind in _REFUSALS and kind is not Format.UNKNOWN:
            return _refusal(page, kind)
    return SourceError(Code.NO_EXPORT, path=path)


def _list_folders(path: ExportPath, exports: Sequence[_Export]) -> str:
    names = [each.folder.as_posix().removeprefix(path.as_posix()).strip("/") for each in exports]
    shown = [name or "." for name in names[:_NAMED]]
    return ", ".join([*shown, "…"] if len(names) > _NAMED else shown)


def _find_exports(folder: ExportPath, *, depth: int) -> Iterator[_Export]:
    """Yield every folder that contains an export, with its files."""
    entries = sorted(
        (entry for entry in folder.iterdir() if not entry.name.startswith(".")),
        key=lambda entry: entry.name,
    )
    files = [entry for entry in entries if _may_be_exported(entry)]
    kinds = {file: sniff(file) for file in files}
    kind = next((kind for kind in _OPENERS if kind in kinds.values()), None)
    if kind is not None:
        yield _Export(folder, kind, [file for file in files if _belongs(file, kinds, kind)])
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
    damaged = kinds[file] is Format.UNKNOWN and is_page_name(file.name)
    return kinds[file] is kind or (damaged and kind is Format.DESKTOP_PAGE)


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
    Format.UNKNOWN: Code.NO_EXPORT,
}

# If a folder has a chat in two formats, the richer one comes first.
_OPENERS: Mapping[Format, Opener] = {
    Format.JSON: _open_json,
    Format.DESKTOP_PAGE: lambda path, files, _: open_desktop_export(path, files),
    Format.MACOS_PAGE: lambda path, files, _: open_macos_export(path, files),
    Format.WEB_PAGE: lambda path, files, channel: open_web_pages(path, files, channel=channel),
}
