"""Rich posts (2026) read the same from pages and from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time
from typing import Any

import pytest
from hypothesis import given

from ingest import open_source
from ingest.rich_post import RichPostBuilder
from ingest.telegram_json.rich_message import read_rich_message
from model.posts import Post
from tests.ingest.exports import message, page, write_pages
from tests.mirror.messages import MirrorMessage
from tests.mirror.rich_strategies import blocks as rich_blocks
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import JsonChat, write_chat

_NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
_TITLE = "Записки о данных"
_EMPTY = {"type": "empty"}


def read_both(folder: Path, blocks: Sequence[Mapping[str, Any]]) -> tuple[Post, Post]:
    """Write a rich post in both formats, and return how each is read."""
    rich = MirrorMessage(post=Post(message_id=1, posted_at=_NOON), rich=tuple(blocks))
    export = write_export(folder / "html", title=_TITLE, messages=[rich])
    (folder / "json").mkdir()
    chat = write_chat(folder / "json" / "result.json", JsonChat(title=_TITLE, messages=[rich]))
    return _only_post(export), _only_post(chat)


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
    dated = MirrorMessage(
        post=Post(message_id=1, posted_at=_NOON), rich=({"type": "paragraph", "text": date},)
    )
    export = write_export(tmp_path / "html", title=_TITLE, messages=[dated])
    assert open_source(export).as_of == _NOON


@pytest.mark.parametrize(
    "block",
    [
        '<article class="rich_related_article"></article>',
        '<section class="rich_reference_block" data-rich-kind="channel"></section>',
        '<figure class="rich_embed"></figure>',
        '<div class="rich_embed_post_author"></div>',
    ],
)
def test_block_without_its_contents_is_nothing(tmp_path: Path, block: str) -> None:
    """A page that somebody edited may lack what the exporter always writes."""
    text = page(message(1, block).replace('"text"', '"text rich_message"'))
    [post] = open_source(write_pages(tmp_path, {"messages.html": text})).messages()
    assert isinstance(post, Post)
    assert (post.text, post.media, post.links) == ("", (), ())


def test_empty_cells_cost_no_time() -> None:
    """The time for a row grows with its length alone."""
    began = thread_time()
    post = RichPostBuilder()
    for _ in range(200_000):
        post.begin_cell()
        post.write(lambda text: text.add(""))
    post.write(lambda text: text.add("x"))
    assert post.build().content.text == "\t" * 200_000 + "x"
    assert thread_time() - began < 2


def _plain(text: str) -> Mapping[str, Any]:
    return {"type": "plain", "text": text}


def _files(post: Post) -> list[tuple[str, str | None, str | None]]:
    return [(media.kind.value, media.path, media.note) for media in post.media]
