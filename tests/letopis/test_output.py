"""What commands print: on a terminal, into a pipe, for programs, and with nothing to tell."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import open_archive
from i18n import ENGLISH
from letopis.sample import sample_export
from model.posts import (
    BadMessage,
    Channel,
    Forward,
    LanguageSource,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    Reaction,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText, Span, SpanKind
from tests.ingest.exports import message, page, write_pages
from tests.letopis.conftest import Run

_HOSTILE = "\x1b[31m\x9b2J\x07\x85\u202eтекст\u2066"
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_bytes_of_a_row_can_be_printed(run: Run, sample_home: Path) -> None:
    """What JSON has no kind for is shown as text."""
    rows = run("sql", "SELECT x'41' AS raw", "--json", home=sample_home)
    assert json.loads(rows.out) == [{"raw": "b'A'"}]


def test_infinite_numbers_are_null_in_json(run: Run, sample_home: Path) -> None:
    """JSON has no infinite numbers, and programs stop at `Infinity`."""
    rows = run("sql", "SELECT 9e999 AS n, -9e999 AS m, 1.5 AS o", "--json", home=sample_home)
    assert rows.out == '[{"n": null, "m": null, "o": 1.5}]\n'


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose archive names everything with what a terminal obeys."""
    folder = tmp_path_factory.mktemp("hostile")
    post = Post(
        message_id=1,
        posted_at=datetime(2024, 3, 5, tzinfo=UTC),
        content=RichText(
            f"первая {_HOSTILE}\nimport os{_HOSTILE} #тег",
            (
                Span(kind=SpanKind.PRE, start=8 + len(_HOSTILE), end=17 + 2 * len(_HOSTILE)),
                Span(
                    kind=SpanKind.HASHTAG, start=18 + 2 * len(_HOSTILE), end=22 + 2 * len(_HOSTILE)
                ),
            ),
        ),
        author=_HOSTILE,
        forward=Forward(name=_HOSTILE),
        media=(Media(kind=MediaKind.FILE, path=_HOSTILE, title=_HOSTILE, note=_HOSTILE),),
        poll=Poll(question=_HOSTILE, answers=(PollAnswer(text=_HOSTILE),)),
        reactions=(Reaction(emoji=_HOSTILE, count=1),),
        hashtags=("тег", _HOSTILE),
        snippets=(
            Snippet(
                origin=SnippetOrigin.PRE,
                code=f"import os{_HOSTILE}",
                start=8 + len(_HOSTILE),
                end=17 + 2 * len(_HOSTILE),
                language=_HOSTILE,
                language_source=LanguageSource.LABEL,
            ),
        ),
    )
    with open_archive(folder / "archive.db") as store:
        channel_id = store.resolve_channel(Channel(title=_HOSTILE))
        import_id = store.begin_import(
            channel_id, source=_HOSTILE, format=_HOSTILE, as_of=post.posted_at, options=""
        )
        store.save(channel_id, [post], as_of=post.posted_at, import_id=import_id)
        later = replace(post, content=RichText(f"иначе {_HOSTILE}"))
        store.save(channel_id, [later], as_of=post.posted_at, import_id=import_id)
        store.add_problems(import_id, [BadMessage(file=_HOSTILE, anchor=_HOSTILE, reason=_HOSTILE)])
    return folder


@pytest.mark.parametrize("is_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize(
    "command",
    [
        "tags",
        "stats",
        "imports --problems",
        "show 1",
        "search иначе",
        "search ничего\x1b[31m\x9b",
        "similar 1",
        "where",
        'sql SELECT\xa0*,1\xa0AS\xa0"\x9b31m"\xa0FROM\xa0archive',
        "sql SELECT\xa0text\xa0FROM\xa0posts",
        "sql SELEC\x9b",
        "show 5 --channel \x9bx",
    ],
)
def test_nothing_printed_is_obeyed_by_a_terminal(
    run: Run, hostile_home: Path, command: str, is_json: bool
) -> None:
    """Titles, names and texts of others change no colour, clear no screen and turn no line."""
    arguments = [part.replace("\xa0", " ") for part in command.split(" ")]
    outcome = run(*arguments, *["--json"] * is_json, home=hostile_home)
    assert not _OBEYED.search(outcome.out + outcome.err)
    if is_json and outcome.code == 0:
        assert json.loads(outcome.out)


def test_doctor_names_nothing_that_a_terminal_obeys(run: Run, hostile_home: Path) -> None:
    """The doctor names channels and folders too."""
    assert not _OBEYED.search(run("doctor", home=hostile_home).out)


def test_import_names_nothing_that_a_terminal_obeys(run: Run, tmp_path: Path) -> None:
    """The title and the texts of an export are told of as it is read."""
    folder = tmp_path / "export\x9b31m"
    for text in ("раз", "два"):
        write_pages(
            folder, {"messages.html": page(message(1, f"{text} \x9b31m \x1b[2J"), title="А\x9b")}
        )
        outcome = run("ingest", str(folder))
        assert outcome.code == 0
        assert text in outcome.out or text == "раз"
        assert not _OBEYED.search(outcome.out + outcome.err)


def test_what_is_copied_from_json_is_whole(run: Run, hostile_home: Path) -> None:
    """JSON escapes what it must not print, and loses nothing."""
    [row] = json.loads(run("sql", "SELECT author FROM posts", "--json", home=hostile_home).out)
    assert row == {"author": _HOSTILE}


@pytest.mark.parametrize("command", ["tags", "stats", "imports", "where"])
def test_every_list_is_for_people_and_for_programs(
    run: Run, sample_home: Path, command: str
) -> None:
    """`--json` prints one value on one line, otherwise a table."""
    plain = run(command, home=sample_home)
    assert plain.code == 0
    assert len(plain.out.splitlines()) >= 3
    assert json.loads(run(command, "--json", home=sample_home).out)


def test_empty_lists_say_so(run: Run, empty_home: Path) -> None:
    """Before the first import every list says what to do or that there is nothing."""
    assert run("tags", home=empty_home).out == "No hashtags.\n"
    assert "letopis ingest" in run("stats", home=empty_home).out
    assert run("imports", home=empty_home).out == "Nothing was imported yet.\n"
    assert "not there yet" in run("where", home=empty_home).out


@pytest.mark.measured
@pytest.mark.slow
def test_output_without_room_is_one_sentence(sample_home: Path) -> None:
    """What is written into a full disk is not called a fault of the program."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "letopis", "--home", str(sample_home), "stats", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert ended.returncode != 0
    assert ended.stderr.decode() == f"letopis: {ENGLISH.terminal.disk_full}\n"


@pytest.mark.slow
def test_numbers_add_up(run: Run, tmp_path: Path, sample_home: Path) -> None:
    """What was added is told of again by the counts of posts and of service lines."""
    assert "added 81" in run("ingest", str(sample_export()), home=tmp_path / "again").out
    assert "archive: in order, 77 posts, 4 service lines" in run("doctor", home=sample_home).out
    stats = run("stats", home=sample_home).out
    assert "Данные на заметку: 77 posts\n" in stats
    assert "\n4 service lines, 42 with code, 5 reposts," in stats
    assert f"\n{ENGLISH.stats.latest_months}\n" in stats


def test_counts_of_one_and_none_read_well(run: Run, tmp_path: Path) -> None:
    """A single post is counted as one, and where there is no code there is no table of it."""
    run("ingest", str(write_pages(tmp_path / "export", {"messages.html": page(message(1, "x"))})))
    stats = run("stats").out
    assert ": 1 post\n" in stats
    assert "\n0 service lines, 0 with code," in stats
    assert ENGLISH.stats.top_languages not in stats
    assert f"\n{ENGLISH.stats.by_month}\n2024-03 1 █" in stats


def test_imports_name_their_sources_whole(
    run: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a narrow terminal no name is cut, for the exports of a channel begin alike."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = run("imports", home=sample_home).out
    assert "…" not in out
    assert "ChatExport_202" in out
    assert " 6-11-20\n" in out


@pytest.mark.parametrize("columns", ["30", "60"])
def test_no_number_is_cut_on_a_narrow_terminal(
    run: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """Where a table cannot be as narrow as the terminal, each value is on a line of its own."""
    when = " ".join(run("imports", home=sample_home).out.splitlines()[3].split()[:2])
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    imports, channels = (
        re.sub("\x1b\\[[0-9]*m", "", run(command, home=sample_home).out)
        for command in ("imports", "channels")
    )
    assert imports == (
        f"\nwhen (UTC)  {when}\nsource      ChatExport_2026-11-20\nadded       81\n"
        "changed     0\nunchanged   0\nmissing     0\nproblems    0\n"
    )
    named = [line.split()[0] for line in channels.splitlines()[1:]]
    assert named == ["title", "posts", "period", "sources"]  # without what is not known


def test_files_that_are_named_alike_are_named_with_their_folder(run: Run, tmp_path: Path) -> None:
    """Every chat's JSON is called `result.json`, which tells nobody anything."""
    folder = tmp_path / "ChatExport_2024-03-05"
    run("ingest", str(write_pages(folder, {"messages.html": page(message(1, "a"))})))
    run("ingest", str(folder / "messages.html"), "--tz", "UTC")
    listed = run("imports").out
    assert f" {Path(folder.name, 'messages.html')} " in listed
    assert f" {folder.name} " in listed


def test_lines_in_a_pipe_are_not_folded(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However narrow the terminal is that a pipe was opened in, a row is a line of its own."""
    monkeypatch.setenv("COLUMNS", "40")
    folder = tmp_path / f"ChatExport_{'x' * 200}"
    tag = f"#{'слово' * 30}"
    run("ingest", str(write_pages(folder, {"messages.html": page(message(1, tag))})))
    assert f" {folder.name} " in run("imports").out
    [line] = [line for line in run("tags").out.splitlines() if "#" in line]
    assert line.split() == [tag, "1"]
