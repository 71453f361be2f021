"""A refusal names its reason, so that it can be said in any language."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest import open_source
from model.errors import ArchiveBusy, ChannelError, LetopisError, SourceError
from model.messages import Code
from tests.ingest.exports import message, page
from tests.ingest.web_pages import web_frame, web_message, web_text

_GOOD = page(message(1, "слова"))
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def _zip(members: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _locked() -> bytes:
    """Return a zip whose members say that they have a password."""
    packed = bytearray(_zip({"messages.html": _GOOD}))
    packed[packed.index(b"PK\x03\x04") + 6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def _broken_member() -> bytes:
    """Return a zip with a member whose data are not what they were."""
    packed = bytearray(_zip({"messages.html": _GOOD}))
    packed[60:80] = b"\xff" * 20
    return bytes(packed)


_CASES: Mapping[str, tuple[bytes, Code]] = {
    "empty": (b"", Code.EMPTY),
    "letter": (b"Dear all,", Code.NO_EXPORT),
    "picture": (_PNG, Code.PICTURE),
    "rar": (b"Rar!\x1a\x07\x00", Code.OTHER_ARCHIVE),
    "contents": (
        b'<title>Exported Data</title> <div class="page_wrap"> lists/chats.html',
        Code.CONTENTS,
    ),
    "copied text": (b"1 234 subscribers\n12 photos\n", Code.COPIED_TEXT),
    "no zip after all": (b"PK\x03\x04", Code.ZIP_DAMAGED),
    "cut zip": (_zip({"messages.html": _GOOD})[:-30], Code.ZIP_DAMAGED),
    "zip with a damaged page": (_broken_member(), Code.ZIP_DAMAGED),
    "zip with a password": (_locked(), Code.ZIP_LOCKED),
    "docx": (
        _zip({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
        Code.OFFICE,
    ),
    "zip of a zip": (_zip({"export.zip": _zip({"messages.html": _GOOD})}), Code.ZIP_NESTED),
    "zip of an empty page": (_zip({"messages.html": ""}), Code.EMPTY),
    "zip of pictures": (_zip({"photo.png": _PNG}), Code.NO_EXPORT),
    "zip that leads away": (_zip({"../messages.html": _GOOD}), Code.NO_EXPORT),
    "zip of two exports": (
        _zip({"a/messages.html": _GOOD, "b/messages.html": _GOOD}),
        Code.SEVERAL_EXPORTS,
    ),
    "zip of two results": (
        _zip(dict.fromkeys(("a.json", "b.json"), '{"messages": []}')),
        Code.SEVERAL_EXPORTS,
    ),
    "zip of two chats": (
        _zip({"messages.html": _GOOD, "messages2.html": page(message(2, "x"), title="Другой")}),
        Code.SEVERAL_CHATS,
    ),
    "page without messages": (page("").encode(), Code.NO_MESSAGES),
    "page in another encoding": (_GOOD.encode("cp1251"), Code.BROKEN_TEXT),
    "page that an editor re-saved": (_GOOD.encode("utf-16"), Code.BROKEN_TEXT),
    "zip of a page that an editor re-saved": (
        _zip({"note.json": "{}", "messages.html": _GOOD.encode("utf-16")}),
        Code.BROKEN_TEXT,
    ),
    "zip of copied text": (_zip({"a.html": "1 234 subscribers\n12 photos\n"}), Code.COPIED_TEXT),
    "chat without messages": (
        b'{"name": "x", "type": "public_channel", "id": 1, "messages": []}',
        Code.NO_MESSAGES,
    ),
    "private chat": (
        b'{"name": "x", "type": "personal_chat", "id": 1, "messages": []}',
        Code.PRIVATE_CHAT,
    ),
    "other JSON": (b'{"messages": []}', Code.OTHER_JSON),
    "cut JSON": (b'{"messages": [', Code.BROKEN_JSON),
    "account": (
        (
            b'{"about": "", "chats": {"list": [{"name": "x", "type": "public_channel", "id": 1, '
            b'"messages": []}]}}'
        ),
        Code.ACCOUNT,
    ),
    "web page without posts": (b'<a href="tg://resolve?domain=x">', Code.NO_WEB_POSTS),
    "web page of two channels": (
        web_frame(
            web_message(1, web_text("a"), username="one")
            + web_message(1, web_text("b"), username="two")
        ).encode(),
        Code.SEVERAL_CHANNELS,
    ),
}


def _reason_to_refuse(path: Path) -> Code | None:
    try:
        open_source(path)
    except SourceError as exc:
        return exc.reason
    return None


@pytest.mark.parametrize("case", _CASES)
def test_refusal_has_its_reason(tmp_path: Path, case: str) -> None:
    """Whatever is wrong with a file, the refusal names it in a word for programs."""
    content, reason = _CASES[case]
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert _reason_to_refuse(path) is reason


def test_reason_stays_with_its_error() -> None:
    """A kind of error has its reason by itself; all keep theirs on the way between processes."""
    assert ArchiveBusy(Code.IMPORT_RUNS, path="a").reason is Code.BUSY
    assert ChannelError(Code.EMPTY_CHANNEL).reason is Code.AMBIGUOUS_CHANNEL
    assert LetopisError(Code.NO_ZONE).reason is Code.NO_ZONE
    copy = pickle.loads(pickle.dumps(SourceError(Code.EMPTY, path=Path("x"))))
    assert (str(copy), copy.reason) == ("empty (path=x)", Code.EMPTY)
