"""TDLib's own text functions, called synchronously: no client, no thread, no network."""

from __future__ import annotations

import json

from tdjson import td_execute

from bot.terminal.server import JsonObject
from tests.standin.errors import ApiError


def execute(kind: str, **arguments: object) -> JsonObject:
    """Run one of TDLib's synchronous functions; its error becomes an `ApiError`."""
    raw = td_execute(json.dumps({"@type": kind, **arguments}).encode())
    assert raw is not None, f"TDLib cannot run {kind} synchronously"
    answer: JsonObject = json.loads(raw)
    if answer["@type"] == "error":
        raise ApiError(answer["message"], code=answer["code"])
    return answer


def silence() -> None:
    """Keep TDLib's own log off the terminal, but for what makes it abort."""
    execute("setLogVerbosityLevel", new_verbosity_level=0)


def clean_file_name(name: str) -> str:
    """Return the name under which Telegram shows an uploaded file."""
    return str(execute("cleanFileName", file_name=name)["text"])
