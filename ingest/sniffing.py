"""Recognises file formats by the first bytes, never by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from ingest.files import ExportPath

_SNIFFED = 32768
# The messages of a chat, or the beginning of an account export.
_JSON_EXPORT = re.compile(
    rb'"messages"\s*:\s*\[|"(?:left_)?chats"\s*:\s*\{|"personal_information"\s*:|\{\s*"about"\s*:'
)
_OTHER_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"')
# Rewritten pages may have other white space and quotes, or another title.
_DESKTOP = re.compile(rb"<title>\s*Exported Data\s*</title>|\bid=[\"']?message-?\d", re.IGNORECASE)
_HISTORY = re.compile(rb"class=[\"']?history\b", re.IGNORECASE)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_ARCHIVE_STARTS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_WIDE_STARTS = (b"\xff\xfe", b"\xfe\xff")
_PICTURE_STARTS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
# A saved page may begin with any amount of CSS, but its head mentions Telegram.
_WEB_PAGE = re.compile(rb'class="[^"]*\btgme_|"tg://resolve\?domain=|\xe2\x80\x93 Telegram</title>')
# What reader mode or copy and paste makes of such a page; two matches are enough.
_WEB_TEXT = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rb"^[\d., ]+[KM]? (?:subscribers?|members?)\r?$",
        rb"^[\d., ]+[KM]? (?:photos?|videos?|files?|links?)\r?$",
        rb"^[\d.,]+[KM]? views?\b",
        rb"^Forwarded from ",
        rb"^Please open Telegram to view this post",
        rb"^VIEW IN TELEGRAM",
    )
)


class Format(StrEnum):
    """The recognised formats."""

    DESKTOP_PAGE = "page of messages"
    DESKTOP_INDEX = "other page of an export"
    MACOS_PAGE = "page of messages from macOS"
    WEB_PAGE = "saved page of a channel's web preview"
    WEB_TEXT = "text copied from such a page"
    JSON = "JSON of a chat or an account"
    OTHER_JSON = "JSON of another program"
    ZIP = "zip"
    OTHER_ARCHIVE = "archive of another kind"
    PICTURE = "picture"
    WIDE_TEXT = "text in UTF-16"
    UNKNOWN = "unknown"


def sniff(path: ExportPath) -> Format:
    """Recognise a file's format.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        return sniff_bytes(file.read(_SNIFFED))


def sniff_bytes(start: bytes) -> Format:
    """Recognise a format by the first bytes of a file."""
    return next((kind for kind, is_it in _SIGNS if is_it(start)), Format.UNKNOWN)


def _is_json(start: bytes) -> bool:
    opens = start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    return opens and _JSON_EXPORT.search(start) is not None


def _is_other_json(start: bytes) -> bool:
    return _OTHER_JSON.match(start) is not None


def _is_macos(start: bytes) -> bool:
    return b'class="page_header chat_header"' in start or b"return ShowHashtag('" in start


def _is_desktop(start: bytes) -> bool:
    return b"page_wrap" in start and _DESKTOP.search(start) is not None


def _is_web_text(start: bytes) -> bool:
    return sum(sign.search(start) is not None for sign in _WEB_TEXT) > 1


_SIGNS: tuple[tuple[Format, Callable[[bytes], bool]], ...] = (
    (Format.ZIP, lambda start: start.startswith(_ZIP_STARTS)),
    (Format.OTHER_ARCHIVE, lambda start: start.startswith(_ARCHIVE_STARTS)),
    (Format.PICTURE, lambda start: start.startswith(_PICTURE_STARTS)),
    (Format.WIDE_TEXT, lambda start: start.startswith(_WIDE_STARTS)),
    (Format.JSON, _is_json),
    (Format.MACOS_PAGE, _is_macos),
    (Format.DESKTOP_PAGE, lambda start: _is_desktop(start) and _HISTORY.search(start) is not None),
    (Format.DESKTOP_INDEX, _is_desktop),
    (Format.WEB_PAGE, lambda start: _WEB_PAGE.search(start) is not None),
    (Format.WEB_TEXT, _is_web_text),
    (Format.OTHER_JSON, _is_other_json),
)
