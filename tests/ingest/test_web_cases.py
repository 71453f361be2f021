"""Every quirk of the web preview: `cases_web/<quirk>.html` is read as `<quirk>.json` says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import open_source
from tests.ingest.plain_posts import as_plain
from tests.ingest.web_pages import unfold, web_message, web_text, write_web

CASES = sorted((Path(__file__).parent / "cases_web").glob("*.html"))
LAST = 999


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_quirk_is_read_as_written_down(case: Path, tmp_path: Path) -> None:
    """A page with the quirk gives the posts and problems of the file beside it."""
    messages = unfold(case.read_text(encoding="utf-8")) + web_message(LAST, web_text("конец"))
    source = open_source(write_web(tmp_path / "page.html", messages))
    *read, last = map(as_plain, source.messages())
    assert last["message_id"] == LAST
    assert read == json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
