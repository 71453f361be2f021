"""Rich posts (2026) read the same from pages and from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

from ingest import open_source
from ingest.telegram_json.rich_message import read_rich_message
from model.posts import Post
from tests.mirror.messages import MirrorMessage
from tests.mirror.rich_strategies import blocks as rich_blocks
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import JsonChat, write_chat

_NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
_TITLE = "Записки о данных"
_EMPTY = {"type": "empty"}


def read_both(folder: Path, blocks: Sequence[Mapping[str, Any]]) -> tuple[Post, Post]:
    """Write a rich post in both formats, and return how each is read."""
    message = MirrorMessage(post=Post(message_id=1, posted_at=_NOON), rich=tuple(blocks))
    page = write_export(folder / "html", title=_TITLE, messages=[message])
    (folder / "json").mkdir()
    chat = write_chat(folder / "json" / "result.json", JsonChat(title=_TITLE, messages=[message]))
    return _only_post(page), _only_post(chat)


def _only_post(path: Path) -> Post:
    [post] = open_source(path).messages()
    assert isinstance(post, Post)
    return post


@given(blocks=rich_blocks)
def test_both_formats_of_a_rich_post_agree(blocks: Sequence[Mapping[str, Any]]) -> None:
    """Text, spans, links, and the kind and file of every attachment are the same."""
    with TemporaryDirectory() as folder:
        page, chat = read_both(Path(folder), blocks)
    assert page.text == chat.text
    assert page.content == chat.content
    assert page.links == chat.links
    assert _files(page) == _files(chat)


def test_ordered_list_counts_as_a_browser_counts(tmp_path: Path) -> None:
    """Start, direction, style, values and labels number the items."""
    cases: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]], str]] = [
        ({"start": 26, "list_type": "a"}, [{}, {}], "z. aa."),
        ({"start": 1, "list_type": "A"}, [{}], "A."),
        ({"start": 3999, "list_type": "I"}, [{}, {}], "MMMCMXCIX. 4000."),
        ({"start": 0, "list_type": "i"}, [{}, {}], "0. i."),
        ({"reversed": True}, [{}, {}], "2. 1."),
        ({}, [{"value": 7}, {}, {"num": "9)"}], "7. 8. 9)"),
    ]
    for number, (fields, numbers, expected) in enumerate(cases):
        (tmp_path / str(number)).mkdir()
        items = [{"task_state": "none", "content": "text", "text": _EMPTY, **n} for n in numbers]
        block = {"type": "list", "kind": "ordered", "reversed": False, "items": items, **fields}
        page, chat = read_both(tmp_path / str(number), [block])
        assert page.text == chat.text == expected.replace(" ", "\n")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://xn--e1afmkfd.xn--p1ai/%D0%BF%2F", "https://пример.рф/п%2F"),
        ("https://xn--\udc80.example/", "https://xn--\udc80.example/"),
        ("HTTPS://Example.org/%D0", "https://example.org/%D0"),
        ("mailing", "https://mailing"),
    ],
)
def test_addresses_are_decoded_as_far_as_they_can_be(address: str, shown: str) -> None:
    """Encoded host names and letters are decoded; what is not valid stays as it is."""
    link = {"type": "text_link", "href": address, "text": _plain("тут")}
    content = read_rich_message({"blocks": [{"type": "paragraph", "text": link}]}).content
    assert [span.value for span in content.spans] == [shown]


def test_inert_link_without_an_address_is_words(tmp_path: Path) -> None:
    """A link that the exporter left out of a page leaves its words."""
    link = {"type": "text_link", "href": "javascript:x", "text": _plain("тут")}
    page, _ = read_both(tmp_path, [{"type": "paragraph", "text": link}])
    assert page.text == "тут"
    assert page.content.spans == ()


def test_date_in_a_rich_post_does_not_date_the_export(tmp_path: Path) -> None:
    """A date that an author mentions says nothing of when the export was made."""
    date = {"type": "formatted_date", "text": _plain("потом"), "date_unixtime": "4000000000"}
    message = MirrorMessage(
        post=Post(message_id=1, posted_at=_NOON), rich=({"type": "paragraph", "text": date},)
    )
    page = write_export(tmp_path / "html", title=_TITLE, messages=[message])
    assert open_source(page).as_of == _NOON


def _plain(text: str) -> Mapping[str, Any]:
    return {"type": "plain", "text": text}


def _files(post: Post) -> list[tuple[str, str | None, str | None]]:
    return [(media.kind.value, media.path, media.note) for media in post.media]
