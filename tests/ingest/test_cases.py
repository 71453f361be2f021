"""Every quirk of Telegram Desktop's pages: `cases/<quirk>.html` is read as `<quirk>.json` says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import open_source
from model.posts import BadMessage, Post, PostKind
from tests.ingest.exports import page, write_pages
from tests.ingest.plain_posts import as_plain
from tests.ingest.plain_reading import read_plainly

CASES = sorted((Path(__file__).parent / "cases").glob("*.html"))
FLAT = [case for case in CASES if not case.stem.startswith("rich_")]


def read_case(case: Path, folder: Path) -> list[Post | BadMessage]:
    """Read the messages of a case in the frame of a page."""
    write_pages(folder, {"messages.html": page(case.read_text(encoding="utf-8"))})
    return list(open_source(folder).messages())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_quirk_is_read_as_written_down(case: Path, tmp_path: Path) -> None:
    """A page with the quirk gives the posts and problems of the file beside it."""
    read = [as_plain(item) for item in read_case(case, tmp_path)]
    expected = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    assert read == expected


@pytest.mark.parametrize(
    "case",
    [each for each in CASES if not each.stem.startswith(("rich_", "touched_"))],
    ids=lambda case: case.stem,
)
def test_second_reading_agrees(case: Path, tmp_path: Path) -> None:
    """An independent reading finds the same texts, replies and origins, rich posts aside."""
    posts = [item for item in read_case(case, tmp_path) if isinstance(item, Post)]
    plain = {message.message_id: message for message in read_plainly(page_of(case))}
    for post in posts:
        message = plain[post.message_id]
        assert message.service == (post.kind is PostKind.SERVICE)
        assert message.text == post.text
        assert message.reply_to == post.reply_to
        if message.origin:
            assert post.forward is not None
            assert message.origin.partition(" via @")[0] == post.forward.name


def page_of(case: Path) -> str:
    """Return a case in the frame of a page."""
    return page(case.read_text(encoding="utf-8"))
