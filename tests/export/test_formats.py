"""Posts in each format: complete, in their order, and read by what reads such files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # it has no annotations
import pytest

from export import Format, format_of, write_posts
from model.posts import (
    ArchivedPost,
    Channel,
    Forward,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Reaction,
)
from model.rich_text import Span, SpanKind
from tests.export.making import a_post, with_code
from tests.export.markdown_reading import Line, read_markdown

ZONE = timezone(timedelta(hours=3))
SCHEMA = Path(__file__).with_name("nbformat.v4.5.schema.json")
"""From nbformat 5.11.1, by the Jupyter project."""


def written(form: Format, *posts: ArchivedPost, title: str = "Заметки") -> str:
    """Return posts as a file."""
    out = io.BytesIO()
    assert write_posts(iter(posts), form, out, title=title, zone=ZONE) == len(posts)
    return out.getvalue().decode()


@pytest.mark.parametrize(
    ("suffix", "form"),
    [
        (".md", Format.MARKDOWN),
        (".MARKDOWN", Format.MARKDOWN),
        (".jsonl", Format.JSON_LINES),
        (".ndjson", Format.JSON_LINES),
        (".csv", Format.CSV),
        (".ipynb", Format.NOTEBOOK),
        (".txt", None),
        ("", None),
    ],
)
def test_a_suffix_tells_the_format(suffix: str, form: Format | None) -> None:
    """In any case; of other suffixes nothing is guessed."""
    assert format_of(suffix) is form


def test_markdown_has_a_heading_for_each_post() -> None:
    """The first line heads the rest, with its formatting; facts are between them."""
    bold = Span(kind=SpanKind.BOLD, start=0, end=5)
    posts = (
        a_post(
            2,
            "Джойн #sql\n\nТекст",
            spans=(bold,),
            author="Рита",
            reply_to=1,
            reactions=(Reaction(emoji="👍", count=3), Reaction(emoji="🔥", count=1)),
            views=120,
        ),
        a_post(1, "Репост", forward=Forward(name="Дата_", username="data", message_id=7)),
        a_post(3, "Ещё", forward=Forward(name="Канал", username="data"), reactions=()),
        a_post(4, "И ещё", forward=Forward(name="Костя")),
    )
    text = written(Format.MARKDOWN, *posts, title="#sql [1]")
    assert text.startswith(
        "# #sql \\[1\\]\n\n## **Джойн** #sql\n\n"
        "2024-02-03 10:45 · [Заметки #2](https://t.me/notes/2) · ✍ Рита · ↩ #1 · 👍 3 🔥 1 · 👁 120"
        "\n\nТекст\n\n## Репост\n\n"
    )
    assert "· 🔁 [Дата\\_](https://t.me/data/7)\n" in text
    assert "· 🔁 [Канал](https://t.me/data)\n" in text
    assert text.endswith("· 🔁 Костя\n")


LONG = "слово " * 30


@pytest.mark.parametrize(
    ("archived", "heading", "body"),
    [
        pytest.param(a_post(1, LONG), f"{LONG[:77].rstrip()}…", [LONG.strip()], id="a paragraph"),
        pytest.param(a_post(1, "🔥\nСлова"), "Слова", ["🔥", "Слова"], id="a second line"),
        pytest.param(a_post(1, "a ##\nb"), "a ##", ["b"], id="hashes at its end"),
        pytest.param(a_post(5), "#5", [], id="no words"),
        pytest.param(
            with_code(1, "", "x = 1", "\nи", language="python"), "x = 1", ["и"], id="code"
        ),
        pytest.param(
            a_post(1, "цитата\nда", spans=(Span(kind=SpanKind.QUOTE, start=0, end=6),)),
            "цитата",
            ["цитата", "да"],
            id="a quotation",
        ),
    ],
)
def test_a_heading_is_the_title(archived: ArchivedPost, heading: str, body: list[str]) -> None:
    """What would not stand as a heading stays in the text, and its beginning heads it."""
    _, shown, _, *rest = [
        block.text
        for block in read_markdown(written(Format.MARKDOWN, archived))
        if isinstance(block, Line)
    ]
    assert shown == heading
    assert rest == body


def test_markdown_has_polls_and_attachments() -> None:
    """A poll is its question and answers; an attachment is named."""
    poll = Poll(
        question="Что *лучше*?",
        answers=(PollAnswer(text="1. SQL", voters=5), PollAnswer(text="- [x]")),
    )
    media = (
        Media(kind=MediaKind.VIDEO_MESSAGE),
        Media(kind=MediaKind.FILE, title="a_b_.pdf", path="files/a.pdf"),
    )
    text = written(Format.MARKDOWN, a_post(1, "", poll=poll, media=media))
    assert text.split("\n\n")[1:2] == ["## Что \\*лучше\\*?"]
    assert text.endswith(
        "**Что \\*лучше\\*?**\n\n- 1\\. SQL — 5\n- \\- \\[x\\]\n\n"
        "- 📎 video message\n- 📎 file · a_b\\_.pdf · files/a.pdf\n"
    )
    nameless = a_post(1, "", poll=Poll(question=" ", answers=(PollAnswer(text="да"),)))
    assert written(Format.MARKDOWN, nameless).endswith("\n\n- да\n")


def test_json_lines_are_posts_as_show_prints_them() -> None:
    """One line each, whatever is in the text; times in UTC."""
    posts = (a_post(1, "a\nb\u2028c\x1b[0m"), a_post(2, "д", hashtags=("тег",)))
    lines = written(Format.JSON_LINES, *posts).split("\n")
    assert lines.pop() == ""
    first, second = map(json.loads, lines)
    assert "\x1b" not in lines[0]
    assert first["post"]["content"]["text"] == "a\nb\u2028c\x1b[0m"
    assert first["post"]["posted_at"] == "2024-02-02T07:45:00Z"
    assert second["post"]["hashtags"] == ["тег"]


def test_csv_has_the_columns_of_the_archive() -> None:
    """Texts are exactly as written; what no source told is empty."""
    gone = datetime(2024, 3, 1, tzinfo=UTC)
    posts = (
        a_post(
            1,
            '=1+1;"a"\r\n, б',
            hashtags=("a", "b"),
            media=(Media(kind=MediaKind.PHOTO), Media(kind=MediaKind.FILE)),
            forward=Forward(name="Костя"),
            reactions=(Reaction(emoji="👍", count=3), Reaction(emoji="🔥", count=1)),
            edited_at=gone,
            missing_since=gone,
        ),
        a_post(2, "", channel=Channel(title="Без имени")),
    )
    first, second = csv.DictReader(io.StringIO(written(Format.CSV, *posts), newline=""))
    assert first == {
        "channel": "Заметки",
        "message_id": "1",
        "posted_at": "2024-02-02T07:45:00Z",
        "text": '=1+1;"a"\r\n, б',
        "tags": "#a #b",
        "snippets": "0",
        "links": "0",
        "media": "photo file",
        "author": "",
        "forwarded_from": "Костя",
        "views": "",
        "reactions": "4",
        "edited_at": "2024-03-01T00:00:00Z",
        "missing_since": "2024-03-01T00:00:00Z",
        "url": "https://t.me/notes/1",
    }
    assert (second["reactions"], second["url"]) == ("", "")


def test_a_notebook_runs_the_python_between_the_words() -> None:
    """Each block of Python is a cell where it stands in the text; other code stays in the text."""
    python = with_code(1, "Заголовок\nДо", "x = 1\n", "После", language="python")
    sql = with_code(2, "Запрос", "SELECT 1", language="sql")
    out = io.BytesIO()
    posts: Iterable[ArchivedPost] = (python, sql, with_code(3, "", "y = 2", language="python"))
    assert write_posts(posts, Format.NOTEBOOK, out, title="df *", zone=ZONE) == 2
    notebook = json.loads(out.getvalue())
    assert [(cell["cell_type"], cell["source"]) for cell in notebook["cells"]] == [
        ("markdown", "# df \\*"),
        (
            "markdown",
            "## Заголовок\n\n2024-02-02 10:45 · [Заметки #1](https://t.me/notes/1)\n\nДо",
        ),
        ("code", "x = 1"),
        ("markdown", "После"),
        ("markdown", "## y = 2\n\n2024-02-04 10:45 · [Заметки #3](https://t.me/notes/3)"),
        ("code", "y = 2"),
    ]
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    jsonschema.validate(notebook, json.loads(SCHEMA.read_text("utf-8")))


def test_what_utf_8_cannot_express_is_replaced() -> None:
    """Half of an emoji, as a broken program may send it, stops no export."""
    assert "a?b" in written(Format.MARKDOWN, a_post(1, "a\ud83db"))
