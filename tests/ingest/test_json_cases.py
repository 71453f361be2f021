"""Every quirk of JSON exports: `cases_json/<quirk>.messages.json` and how it is read beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import open_source
from tests.ingest.exports import TITLE
from tests.ingest.plain_posts import as_plain

CASES = sorted((Path(__file__).parent / "cases_json").glob("*.messages.json"))


def expected_of(case: Path) -> Path:
    """Return the file that says how a case is read."""
    return case.with_name(case.name.replace(".messages.", ".posts."))


def write_case(case: Path, folder: Path) -> Path:
    """Write the messages of a case as the export of a channel; a case may be a whole chat."""
    messages = json.loads(case.read_text(encoding="utf-8"))
    chat = messages
    if isinstance(messages, list):
        head = {"name": TITLE, "type": "public_channel", "id": 1500000001}
        chat = {**head, "messages": messages}
    path = folder / "result.json"
    path.write_text(json.dumps(chat, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.partition(".")[0])
def test_quirk_is_read_as_written_down(case: Path, tmp_path: Path) -> None:
    """An export with the quirk gives the posts and problems of the file beside it."""
    source = open_source(write_case(case, tmp_path), channel="Saved messages")
    read = [as_plain(item) for item in source.messages()]
    assert read == json.loads(expected_of(case).read_text(encoding="utf-8"))
