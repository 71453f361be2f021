"""JSON that the exporter wrote wrongly, or that broke later: mended, or kept as far as it goes."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import open_source
from model.errors import SourceError
from model.posts import BadMessage, Post
from model.rich_text import RichText
from tests.mirror.messages import MirrorMessage
from tests.mirror.telegram_json import JsonChat, write_account

DATE = '"date": "2024-03-05T10:00:00", "date_unixtime": "1709622000"'
HEAD = '{"name": "Записки", "type": "public_channel", "id": 5, "messages": [\n'


def message(message_id: int, fields: str) -> str:
    """Return a message on a line of its own."""
    return f'{{"id": {message_id}, "type": "message", {DATE}, {fields}}}'


def write(folder: Path, content: str | bytes) -> Path:
    """Write a file as it is."""
    path = folder / "result.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> tuple[list[str], list[BadMessage]]:
    """Return the texts and the problems of an export."""
    items = list(open_source(path).messages())
    return (
        [item.text for item in items if isinstance(item, Post)],
        [item for item in items if isinstance(item, BadMessage)],
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"a\x0Cb", "a\x0cb"),
        (r"a\x1bb", "a\x1bb"),
        (r"C:\\x0Cb", r"C:\x0Cb"),
        (r"\\\x0Cb", "\\\x0cb"),
        (r"\"\x0C\"", '"\x0c"'),
        (r"a\u2028b", "a\nb"),
        (r"a\x00b", "a\ufffdb"),
    ],
)
def test_control_characters_are_mended(tmp_path: Path, written: str, text: str) -> None:
    r"""Control characters written `\x0C` are read, and a backslash before an x stays one."""
    path = write(tmp_path, HEAD + message(1, f'"text": "{written}"') + "]}")
    assert read(path) == ([text], [])


@pytest.mark.parametrize("separator", [b"\\u2028\x80\xa8", b"\\u2029\x80\xa9"])
def test_bytes_left_by_line_separators_are_dropped(tmp_path: Path, separator: bytes) -> None:
    """The two bytes that the exporter leaves after a line separator do not spoil the text."""
    content = (HEAD + message(1, '"text": "aSEPb"') + "]}").encode().replace(b"SEP", separator)
    assert read(write(tmp_path, content)) == (["a\nb"], [])


def test_bare_document_ids_are_quoted(tmp_path: Path) -> None:
    """The unquoted sticker paths of 4.0.4 to 4.1.1 are mended; numbers and null stay."""
    emoji = '{\n    "type": "custom_emoji",\n    '
    entities = [
        emoji + '"text": "A",\n    "document_id": stickers/a (1).webp\n   }',
        emoji + '"document_id": (File not included),\r\n    "text": "B"\n   }',
        emoji + '"text": "C",\n    "document_id": 5368324170671202286\n   }',
        emoji + '"text": "D",\n    "document_id": null\n   }',
        emoji + '"text": "E",\n    "document_id": "quoted"\n   }',
    ]
    path = write(tmp_path, HEAD + message(1, f'"text": [{",".join(entities)}]') + "]}")
    assert read(path) == (["ABCDE"], [])


def test_faults_on_the_border_of_two_blocks_are_mended(tmp_path: Path) -> None:
    """A fault is mended wherever the blocks of a stream happen to cut it."""
    for shift in range(12):
        padding = "y" * (2**18 - 200 + shift * 17)
        lines = (HEAD + message(1, f'"text": "{padding}"') + ",\n").encode()
        fault = message(2, r'"text": "SEP\x0C\\x0C"').encode().replace(b"SEP", b"\\u2028\x80\xa8")
        content = lines + fault + b"]}"
        for whole in (content, content.replace(b"\n", b" ")):
            assert read(write(tmp_path, whole))[0][1:] == ["\n\x0c\\x0C"]


def test_backslashes_without_end_are_read_in_time(tmp_path: Path) -> None:
    """A line of millions of backslashes is mended block by block."""
    path = write(
        tmp_path, HEAD.replace("\n", "") + message(1, f'"text": "{chr(92) * 3_000_000}"') + "]}"
    )
    [text], problems = read(path)
    assert len(text) == 1_500_000
    assert problems == []


def test_truncated_file_keeps_what_parsed(tmp_path: Path) -> None:
    """Of a file that breaks off, every whole message is kept and the place is told."""
    content = HEAD + message(1, '"text": "один"') + ",\n" + message(2, '"text": "два"')
    path = write(tmp_path, content + ',\n{"id": 3, "type": "mess')
    source = open_source(path)
    assert not source.whole
    texts, [problem] = read(path)
    assert texts == ["один", "два"]
    assert problem.anchor == "line 4, column 24"
    assert problem.reason == "The file breaks off here; export the channel again to get the rest."


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ('{"id": 3, "text": "три" oops}', "line 4, column 25"),
        ('{"id": 3, "text": "ты\x01"}', "line 4, column 22"),
        ('{"id": 3, "text": "\\ud800\\q"}', "line 4, column 27"),
        ('{"id": 99999999999999999999}', "line 4, column 28"),
        ('{"id": 3, "size": 1e99999}', "line 4, column 26"),
        ("[" * 5000, "line 4, column 99"),
        ('{"a": ' * 5000, "line 4, column 589"),
        ("NaN", "line 4, column 1"),
        ("5]", "line 5, column 2"),
    ],
)
def test_damage_is_told_with_its_place(tmp_path: Path, broken: str, place: str) -> None:
    """What comes before a damaged place is kept; the place is told by line and column."""
    content = HEAD + message(1, '"text": "один"') + ",\n" + message(2, '"text": "два"')
    path = write(
        tmp_path, f"{content},\n{broken}\n,{message(4, chr(34) + 'text' + chr(34) + ': 1')}]}}"
    )
    texts, problems = read(path)
    assert texts == ["один", "два"]
    assert problems[-1].anchor == place
    assert problems[-1].reason.startswith("The file is damaged here")
    assert not open_source(path).whole


def test_bytes_that_are_no_utf_8_are_damage(tmp_path: Path) -> None:
    """Text in another encoding ends the reading with its place."""
    content = (
        HEAD + message(1, '"text": "one"') + ",\n" + message(2, '"text": "KOI"') + "]}"
    ).encode()
    texts, [problem] = read(write(tmp_path, content.replace(b"KOI", "кои".encode("koi8-r"))))
    assert texts == ["one"]
    assert problem.anchor.startswith("line 3, column 10")


def test_damage_after_a_channel_does_not_affect_it(tmp_path: Path) -> None:
    """A named channel of an account is read whole, though the file breaks off in a later chat."""
    first = JsonChat(title="Первый", telegram_id=1, messages=_mirror("a", "b"))
    second = JsonChat(title="Второй", telegram_id=2, messages=_mirror("c", "d"))
    path = write_account(tmp_path / "result.json", [first, second])
    path.write_bytes(path.read_bytes()[:-300])
    read_first = list(open_source(path, channel="1").messages())
    assert [item.text for item in read_first if isinstance(item, Post)] == ["a", "b"]
    assert len(read_first) == 2
    [problem] = [
        item for item in open_source(path, channel="2").messages() if isinstance(item, BadMessage)
    ]
    assert problem.reason.startswith("The file breaks off here")


def _mirror(*texts: str) -> list[MirrorMessage]:
    return [
        MirrorMessage(
            post=Post(
                message_id=number,
                posted_at=datetime(2024, 3, 5, number, tzinfo=UTC),
                content=RichText(text),
            )
        )
        for number, text in enumerate(texts, start=1)
    ]


_SAMPLE = (
    HEAD
    + message(
        1, '"text": [{"type": "pre", "text": "x\\x0C", "language": "sql"}, ""], "photo": "a.jpg"'
    )
    + ",\n"
    + message(2, '"poll": {"question": "Да?", "answers": [{"text": "a", "voters": 1}]}, "text": ""')
    + ",\n"
    + message(
        3, '"forwarded_from": null, "reactions": [{"type": "emoji", "count": 1, "emoji": "❤"}]'
    )
    + ',\n{"id": 4, "type": "service", "action": "pin_message", "message_id": 1, '
    + DATE
    + "}]}"
).encode()
_edits = st.lists(
    st.tuples(
        st.integers(0, len(_SAMPLE)),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from(
                [b'"', b"{", b"[", b"]}", b"null", b"-1", b"1e9", b"\\", b"\n", b"[[[["]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(edits=_edits)
def test_nothing_breaks_on_mangled_bytes(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    """Whatever became of the bytes, there are posts and problems, or one sentence of refusal."""
    content = _SAMPLE
    for place, length, replacement in edits:
        content = content[:place] + replacement + content[place + length :]
    path = write(tmp_path_factory.getbasetemp(), content)
    with suppress(SourceError):
        items = list(open_source(path).messages())
        assert all(isinstance(item, Post | BadMessage) for item in items)


_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
# fmt: off
_KEYS = [
    "id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "author",
    "forwarded_from", "via_bot", "photo", "file", "media_type", "width", "duration_seconds",
    "poll", "todo_list", "text", "text_entities", "reactions", "action", "actor", "members",
    "inline_bot_buttons", "contact_information", "location_information", "invoice_information",
    "place_name", "reply_to_message_id", "reply_to_peer_id", "title", "rich_message",
    "giveaway_results", "schedule_date",
]
# fmt: on


@given(
    fields=st.dictionaries(st.sampled_from(_KEYS), _json_values, max_size=8), service=st.booleans()
)
def test_nothing_breaks_on_odd_values(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any], service: bool
) -> None:
    """A message whose fields hold anything at all is a post or a problem."""
    odd = {
        "id": 2,
        "type": "service" if service else "message",
        "date_unixtime": "1709622000",
        **fields,
    }
    good = {"id": 1, "type": "message", "date_unixtime": "1709622000", "text": "цел"}
    chat = {"name": "x", "type": "public_channel", "id": 5, "messages": [good, odd, good]}
    path = tmp_path_factory.getbasetemp() / "odd.json"
    path.write_text(json.dumps(chat), encoding="utf-8")
    items = list(open_source(path).messages())
    assert [item.text for item in (items[0],) if isinstance(item, Post)] == ["цел"]
