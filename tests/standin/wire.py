"""What a bot's HTTP request says: the method's name, its arguments, its files."""

from __future__ import annotations

import json
from email.message import Message as Headers
from email.parser import HeaderParser
from typing import BinaryIO
from urllib.parse import parse_qsl

from bot.terminal.methods import as_texts
from bot.terminal.server import Call
from tests.standin.errors import ApiError

UPLOAD_LIMIT = 50 << 20


def read_integer(call: Call, name: str, default: int, low: int, high: int) -> int:
    """Return a number within its bounds; what is no number counts as 0, as on the server."""
    given = call.args.get(name)
    if given is None:
        return default
    return min(max(to_integer(given), low), high)


def read_flag(call: Call, name: str) -> bool:
    """Return a truth value."""
    return call.text(name).lower() in {"true", "yes", "1"}


def read_json(call: Call, name: str, refusal: str) -> object:
    """Return a JSON argument, `None` where it is absent; `refusal` answers what is no JSON."""
    given = call.text(name)
    if not given:
        return None
    try:
        value: object = json.loads(given)
    except ValueError:
        raise ApiError(refusal) from None
    return value


def to_integer(text: str) -> int:
    """Read the leading number of a text, or 0."""
    text = text.strip()
    sign = -1 if text.startswith("-") else 1
    digits = ""
    for character in text.removeprefix("-"):
        if character not in "0123456789":
            break
        digits += character
    return sign * int(digits or "0")


def read_body(stream: BinaryIO, headers: Headers) -> bytes:
    """Read a request's body whole, by its length or in chunks."""
    if headers.get("Transfer-Encoding", "").lower() == "chunked":
        return _read_chunks(stream)
    return stream.read(int(headers.get("Content-Length") or 0))


def _read_chunks(stream: BinaryIO) -> bytes:
    body = bytearray()
    while size := int(stream.readline().split(b";")[0], 16):
        body += stream.read(size)
        stream.readline()
    while stream.readline().strip():
        pass
    return bytes(body)


def read_call(method: str, query: str, headers: Headers, body: bytes) -> Call:
    """Read the arguments of a call from its address and its body, in any of the four forms."""
    args = dict(parse_qsl(query, keep_blank_values=True))
    files: dict[str, tuple[str, bytes]] = {}
    kind = headers.get_content_type()
    if kind == "application/json" and body:
        args |= _read_json(body)
    elif kind == "multipart/form-data":
        boundary = headers.get_param("boundary", "")
        args_in_body, files = _read_multipart(body, str(boundary))
        args |= args_in_body
    elif body:
        args |= parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return Call(method=method.lower(), args=args, files=files)


def _read_json(body: bytes) -> dict[str, str]:
    try:
        values = json.loads(body)
    except ValueError:
        raise ApiError("Can't parse JSON object") from None
    if not isinstance(values, dict):
        raise ApiError("JSON object expected")
    return as_texts(values)


def _read_multipart(
    body: bytes, boundary: str
) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    args: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:]:
        if part.startswith(b"--"):
            break
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = HeaderParser().parsestr(head.decode("utf-8", "replace"))
        name = _parameter(headers, "name")
        file_name = _parameter(headers, "filename")
        if file_name is None:
            args[name or ""] = content.decode("utf-8", "surrogateescape")
        else:
            files[name or ""] = (file_name, content)
    return args, files


def _parameter(headers: Headers, name: str) -> str | None:
    value = headers.get_param(name, header="content-disposition")
    return value if isinstance(value, str) else None
