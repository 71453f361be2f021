"""Exports as owners send them: pages, results and zips, good and bad."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.ingest.exports import message, page

TITLE = "Записки"


def page_of(folder: Path, *numbers: int, name: str = "messages.html", title: str = TITLE) -> Path:
    """Write a page of short posts; it names its channel by the title alone."""
    path = folder / name
    content = page("".join(message(n, f"запись {n} про куздру") for n in numbers), title=title)
    path.write_text(content, encoding="utf-8")
    return path


def result_of(folder: Path, *numbers: int, telegram_id: int = 1500000001) -> Path:
    """Write a result.json of short posts; it names its channel by its id."""
    path = folder / "result.json"
    messages = [
        {
            "id": number,
            "type": "message",
            "date": "2024-03-05T10:00:00",
            "date_unixtime": "1709632800",
            "text": f"запись {number} про бокра",
            "text_entities": [{"type": "plain", "text": f"запись {number} про бокра"}],
        }
        for number in numbers
    ]
    chat = {"name": TITLE, "type": "public_channel", "id": telegram_id, "messages": messages}
    path.write_text(json.dumps(chat, ensure_ascii=False), encoding="utf-8")
    return path


def zip_of(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def zipped_export(folder: Path, count: int, *, name: str = "ChatExport.zip") -> Path:
    """Write a zip of an HTML export, in a folder of its own and with a picture."""
    text = page("".join(message(n, f"запись {n} про куздру") for n in range(1, count + 1)))
    return zip_of(
        folder / name,
        {"ChatExport_2024-03-06/messages.html": text, "ChatExport_2024-03-06/photos/1.jpg": "x"},
    )
