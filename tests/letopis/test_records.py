"""One post whole, and the rows of a statement, as a terminal and as a pipe show them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rich.console import Console

from db import PostVersion
from db.values import QueryResult
from letopis import records
from model.posts import (
    ArchivedPost,
    Channel,
    Forward,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    Reaction,
)
from model.rich_text import RichText

_AT = datetime(2024, 3, 5, 10, tzinfo=UTC)
_BARE = Post(message_id=7, posted_at=_AT, content=RichText(text=""))


def archived(post: Post, **facts: object) -> ArchivedPost:
    """Return a post as an archive holds it."""
    channel = Channel(title="Заметки", username="notes")
    return ArchivedPost(post_id=1, seq=1, channel_id=1, channel=channel, post=post, **facts)  # type: ignore[arg-type]


def test_everything_that_hangs_on_a_post_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Origin, reply, signature, poll, attachments, reactions and views have a line each."""
    post = Post(
        message_id=7,
        posted_at=_AT,
        content=RichText(text="Опрос"),
        forward=Forward(name="Data Secrets", posted_at=_AT),
        reply_to=5,
        author="Глеб",
        poll=Poll(
            question="Что быстрее?",
            answers=(PollAnswer(text="polars", voters=1200), PollAnswer(text="pandas")),
        ),
        media=(Media(kind=MediaKind.FILE, title="a.ipynb", path="files/a.ipynb"),),
        reactions=(Reaction(emoji="👍", count=3), Reaction(emoji="🔥", count=1)),
        views=4100,
    )
    records.print_post(archived(post, missing_since=_AT), as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "Заметки #7 · 2024-03-05T10:00:00Z",
        "https://t.me/notes/7",
        "reposted from Data Secrets, 2024-03-05T10:00:00Z",
        "in reply to #5",
        "signed Глеб",
        "no longer in the channel since 2024-03-05T10:00:00Z",
        "",
        "Опрос",
        "",
        "Что быстрее?",
        "  - polars · 1,200",
        "  - pandas",
        "[file] a.ipynb · files/a.ipynb",
        "👍 3  🔥 1",
        "4,100 views",
    ]


def test_earlier_texts_follow_the_latest_first(capsys: pytest.CaptureFixture[str]) -> None:
    """A post that was edited shows how it read before; one without words says so."""
    records.print_post(
        archived(_BARE),
        [
            PostVersion(content=RichText(text="первый"), as_of=datetime(2024, 3, 6, tzinfo=UTC)),
            PostVersion(content=RichText(text="второй"), as_of=datetime(2024, 3, 7, tzinfo=UTC)),
        ],
        as_json=False,
    )
    shown = capsys.readouterr().out
    assert "(no text)" in shown
    assert shown.index("until 2024-03-07") < shown.index("второй") < shown.index("первый")


def test_rows_in_a_pipe_are_never_cut_to_a_width(capsys: pytest.CaptureFixture[str]) -> None:
    """Each row stays on a line of its own, however many columns there are."""
    columns = tuple(f"column_{number}" for number in range(20))
    records.print_rows(QueryResult(columns=columns, rows=(("значение",) * 20,)), as_json=False)
    lines = [line for line in capsys.readouterr().out.splitlines() if "значение" in line]
    assert [line.count("значение") for line in lines] == [20]


def test_long_cell_in_a_pipe_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """A text of many lines is one line, to its end, which no blanks follow."""
    rows = (("первая\nвторая " + "x" * 20_000, "конец"), ("коротко", ""))
    records.print_rows(QueryResult(columns=("text", "n"), rows=rows), as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split() == ["первая", "вторая", "x" * 20_000, "конец"]
    assert lines[4] == " коротко"


def test_long_cell_on_a_terminal_is_one_short_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post's text does not tear the table apart."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    table = QueryResult(columns=("text", "n"), rows=(("первая\nвторая " + "x" * 90, 1),))
    records.print_rows(table, as_json=False)
    shown = capsys.readouterr().out
    assert "первая вторая xxx" in shown
    assert "…" in shown


def test_wide_rows_stand_apart_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a table does not fit the terminal, every column has a line, and texts are whole."""
    console = Console(width=60, force_terminal=True, color_system=None)
    monkeypatch.setattr(records, "open_console", lambda: console)
    text = "раз\n\n  два\n" + "три " * 30 + "\n\n"
    table = QueryResult(columns=("post_id", "text"), rows=((4, text),), more=True)
    with console.capture() as capture:
        records.print_rows(table, as_json=False)
    assert capture.get().splitlines() == [
        "─── row 1",
        "post_id  4",
        "text     раз",
        "",
        "           два",
        " " * 9 + "три " * 30,
    ]
