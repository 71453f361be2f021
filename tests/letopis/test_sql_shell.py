"""The shell of `letopis sql`, typed into through a pipe of prompt_toolkit's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from letopis.home import Home
from letopis.sql_shell import SqlCompleter
from tests.letopis.conftest import Outcome, Run

Typing = Callable[..., Outcome]
_CTRL_C, _CTRL_D = "\x03", "\x04"


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """A home of the sample channel in which history may be kept."""
    shutil.copytree(sample_home, tmp_path / "shell")
    return tmp_path / "shell"


@pytest.fixture
def typing(run: Run, home: Path) -> Typing:
    """Return a function that types into the shell until it ends."""

    def type_in(typed: str, *options: str) -> Outcome:
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            keys.send_text(typed + _CTRL_D)
            return run("sql", *options, home=home, typed="")

    return type_in


def test_statements_and_canned_queries_are_answered(typing: Typing) -> None:
    """A statement may have several lines; a canned query is complete without a semicolon."""
    shown = typing("SELECT 1 AS x,\n2 AS y;\ntop-tags count=1\n", "--csv")
    assert shown.out.splitlines()[1:] == ["x,y", "1,2", "tag,posts", "sql,9"]
    assert (shown.code, shown.err) == (0, "")


def test_a_mistake_does_not_end_the_shell(typing: Typing) -> None:
    """What is wrong is said, and the next line answered."""
    shown = typing("SELEC 1;\ntop-tags 'a\ntop-tag;\n\n;\nSELECT 7 AS x;\n", "--csv")
    assert [line.split()[0] for line in shown.err.splitlines()] == ["SQLite", "'a", "There"]
    assert shown.out.splitlines()[1:] == ["x", "7"]


def test_commands_show_what_there_is(typing: Typing) -> None:
    """Tables, statements that make them, canned queries, another form, and the end."""
    shown = typing(".tables\n.schema posts\n.mode csv\nSELECT 5 AS x;\n.quit\nSELECT 6 AS x;\n").out
    assert "\narchive\n" in shown
    assert shown.count("CREATE TABLE") == 1
    assert "posted_at TEXT" in shown
    assert shown.endswith("x\n5\n")
    assert "CREATE VIEW archive" in typing(".schema\n").out
    assert "latest-posts" in typing(".queries\n").out


@pytest.mark.parametrize("command", [".help", ".mode", ".mode xml", ".what"])
def test_other_commands_show_the_help(typing: Typing, command: str) -> None:
    """Whatever begins with a dot is no statement."""
    assert ".schema NAME" in typing(f"{command}\n").out


def test_a_line_may_be_given_up(typing: Typing) -> None:
    """Ctrl-C forgets what was typed."""
    shown = typing(f"SELECT 1 AS a{_CTRL_C}SELECT 2 AS b;\n", "--csv")
    assert shown.out.splitlines()[1:] == ["b", "2"]


def test_what_was_typed_is_kept(typing: Typing, home: Path) -> None:
    """The next shell knows it, and nobody else may read it."""
    typing("SELECT 1 AS a;\n")
    kept = Home(home).sql_history
    assert "SELECT 1 AS a;" in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_a_home_that_is_only_read_gets_no_history(
    run: Run,
    sample_home: Path,
    open_folder: Path,
    without_rights: Callable[[], AbstractContextManager[None]],
) -> None:
    """What cannot be kept is forgotten."""
    home = open_folder / "home"
    shutil.copytree(sample_home, home)
    for path in (home, *home.iterdir()):
        path.chmod(0o755)
    with create_pipe_input() as keys, without_rights():
        keys.send_text("SELECT 1 AS a;\n" + _CTRL_D)
        with create_app_session(input=keys, output=DummyOutput()):
            assert run("sql", "--csv", home=home, typed="").out.endswith("a\n1\n")
    assert not Home(home).sql_history.exists()


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("", []),
        ("SELECT * FROM arch", ["archive", "archive_id"]),
        ("sel", ["SELECT"]),
        ("SELECT posts.poste", ["posted_at"]),
        ("SELECT pos", ["posts", "post_id", "posted_at"]),
        ("SELECT posts.", ["post_id", "posted_at"]),
        ("SELECT nowhere.po", []),
        ("top-t", ["top-tags"]),
        ("SELECT top-t", []),
        (".sch", [".schema"]),
        ("SELECT ste", ["stem"]),
    ],
)
def test_words_are_completed(before: str, offered: Sequence[str]) -> None:
    """Names, keywords and functions anywhere; canned queries and commands at the beginning."""
    completer = SqlCompleter(
        {"archive": ["archive_id", "posts"], "posts": ["post_id", "posted_at"]}
    )
    found = completer.get_completions(Document(before), CompleteEvent())
    assert [each.text for each in found] == offered
