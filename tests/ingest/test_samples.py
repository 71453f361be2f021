"""Real exports, where there are any: they are read without a problem, text for text.

They belong to other people and are no part of this project. Set `LETOPIS_SAMPLES` to a folder with
`html/<name>/…` and, for the same channel exported both ways, `json/<name>/…/result.json`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import Source, open_source
from model.posts import Post, PostKind
from tests.ingest.plain_reading import read_plainly

FOLDER = Path(os.environ.get("LETOPIS_SAMPLES", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="LETOPIS_SAMPLES names no folder")

EXPORTS = sorted(FOLDER.glob("html/*"))
BOTH_WAYS = [
    (html, data)
    for html in EXPORTS
    for data in sorted((FOLDER / "json" / html.name).rglob("result.json"))
]


def read_posts(source: Source) -> Iterator[Post]:
    """Yield the posts of an export without a problem."""
    for item in source.messages():
        assert isinstance(item, Post), item
        yield item


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name[:20])
def test_real_export_reads_like_its_page(export: Path) -> None:
    """Every message of a real page has the text, reply and origin that a second reading finds."""
    source = open_source(export)
    pages = [file.path.read_bytes().decode() for file in source.files]
    plain = [message for content in pages for message in read_plainly(content)]
    for post, message in zip(read_posts(source), plain, strict=True):
        assert (post.message_id, post.text) == (message.message_id, message.text)
        assert post.reply_to == message.reply_to
        assert message.origin in ("", post.forward.name if post.forward else "")


@pytest.mark.parametrize(("export", "data"), BOTH_WAYS, ids=lambda path: path.parts[-1][:20])
def test_pages_agree_with_the_data_of_the_same_channel(export: Path, data: Path) -> None:
    """Both exports of one channel have the same ids, texts, instants, replies and origins."""
    messages = json.loads(data.read_text(encoding="utf-8"))["messages"]
    for post, message in zip(read_posts(open_source(export)), messages, strict=True):
        assert post.message_id == message["id"]
        if post.kind is PostKind.MESSAGE:
            assert post.posted_at.timestamp() == int(message["date_unixtime"])
            assert post.text == _joined(message["text"])
            elsewhere = "reply_to_peer_id" in message
            assert post.reply_to == (None if elsewhere else message.get("reply_to_message_id"))
            assert (post.forward is None) == ("forwarded_from" not in message)
            assert post.author == message.get("author")


def _joined(text: Any) -> str:
    parts = [text] if isinstance(text, str) else text
    return "".join(part if isinstance(part, str) else part["text"] for part in parts)
