"""The exporter has the habits of Telegram Desktop, slips included."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from model.posts import Forward, Post, Reaction
from model.rich_text import RichText
from tests.mirror.messages import (
    MODERN,
    V2_7,
    V3_7,
    V5_6,
    Button,
    Dialect,
    MirrorMessage,
    OriginKind,
)
from tests.mirror.tdesktop_html import write_export

_NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)


def _post(message_id: int, *, seconds: int = 0, text: str = "слово", **fields: object) -> Post:
    at = _NOON + timedelta(seconds=seconds)
    return Post(
        message_id=message_id,
        posted_at=at,
        content=RichText(text),
        **fields,  # type: ignore[arg-type]  # any field of a post
    )


def _write(folder: Path, *messages: MirrorMessage | Post, dialect: Dialect = MODERN) -> str:
    write_export(folder, title="Канал", messages=messages, dialect=dialect)
    return (folder / "messages.html").read_text(encoding="utf-8")


def test_a_short_page_is_written_to_the_byte(tmp_path: Path) -> None:
    """A page with one message is, to the byte, what Telegram Desktop writes."""
    expected = Path(__file__).with_name("one_message.html").read_text(encoding="utf-8")

    assert _write(tmp_path, _post(5, text=" a<b\n")) == expected


@pytest.mark.parametrize(
    ("seconds", "joined"), [(900, True), (901, False)], ids=["in 15 minutes", "later"]
)
def test_a_message_soon_after_another_joins_it(tmp_path: Path, seconds: int, joined: bool) -> None:
    """A message at most 900 seconds after one of the same sender shows no sender."""
    html = _write(tmp_path, _post(1), _post(2, seconds=seconds))

    assert ('clearfix joined" id="message2"' in html) is joined


def test_a_page_starts_anew(tmp_path: Path) -> None:
    """The first message of a page follows a separator and never joins; links name the page."""
    messages = [_post(1), _post(2), _post(3, reply_to=1)]
    write_export(tmp_path, title="Канал", messages=messages, page_size=2)
    second = (tmp_path / "messages2.html").read_text(encoding="utf-8")

    assert re.findall(r'class="message[^"]*" id="[^"]*"', second) == [
        'class="message service" id="message-2"',
        'class="message default clearfix" id="message3"',
    ]
    assert '<a href="messages.html#go_to_message1">this message</a>' in second


def test_a_joined_forward_of_a_user_shows_no_origin(tmp_path: Path) -> None:
    """Of two messages forwarded at once from a user, the second shows neither name nor date."""
    messages = [
        MirrorMessage(
            post=_post(number, forward=Forward(name="Костя", posted_at=_NOON)),
            origin=OriginKind.USER,
        )
        for number in (1, 2)
    ]

    assert _write(tmp_path, *messages).count("Костя") == 1


def test_an_old_version_leaves_the_message_with_buttons_open(tmp_path: Path) -> None:
    """From 4.15.1 to 5.8 the messages after a button table stand inside the message with it."""
    buttons = ((Button(label="a & b", url="https://example.org/?a=1&b=2"),),)
    messages = [MirrorMessage(post=_post(1), buttons=buttons), MirrorMessage(post=_post(2))]
    html = _write(tmp_path, *messages, dialect=V5_6)

    assert '<a ="" href="https://example.org/?a=1&amp;b=2">' in html
    assert "\na & b\n" in html
    assert '\n      <div class="message default clearfix joined" id="message2">' in html
    assert html.count("<div") == html.count("</div")


def test_the_suffix_is_the_offset_of_winter(tmp_path: Path) -> None:
    """A summer date shows the clock of summer and the offset of winter."""
    write_export(tmp_path, title="Канал", messages=[_post(1)], zone=ZoneInfo("Europe/Berlin"))

    assert 'title="01.07.2024 14:00:00 UTC+01:00"' in (tmp_path / "messages.html").read_text()


def test_a_line_separator_leaves_two_bytes_behind(tmp_path: Path) -> None:
    """U+2028 is written as a line break and two bytes that are no UTF-8."""
    write_export(tmp_path, title="Канал", messages=[_post(1, text="a\u2028b")])

    assert b"a<br>\x80\xa8b" in (tmp_path / "messages.html").read_bytes()


@pytest.mark.parametrize(
    ("dialect", "tag"), [(MODERN, "span"), (V5_6, "div"), (V3_7, None)], ids=["6.1", "5.6", "3.7"]
)
def test_reactions_depend_on_the_version(tmp_path: Path, dialect: Dialect, tag: str | None) -> None:
    """Reactions are spans, were divisions before, and did not exist before that."""
    html = _write(tmp_path, _post(1, reactions=(Reaction(emoji="👍", count=3),)), dialect=dialect)

    assert re.findall(r'<(\w+) class="reactions"', html) == ([tag] if tag else [])


def test_an_old_version_names_no_zone(tmp_path: Path) -> None:
    """Before 3.7.6 dates stand without their zone."""
    assert 'title="01.07.2024 12:00:00"' in _write(tmp_path, _post(1), dialect=V2_7)
