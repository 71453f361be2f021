"""`letopis sql`: what it takes, what it prints, and full text."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from db import canned_queries
from i18n.questions import RUSSIAN_QUESTIONS
from tests.letopis.conftest import Run


@pytest.fixture
def own_home(sample_home: Path, tmp_path: Path) -> Path:
    """A home of the sample channel that may be changed."""
    home = tmp_path / "own"
    shutil.copytree(sample_home, home)
    return home


def test_rows_come_as_csv(run: Run, empty_home: Path) -> None:
    """A spreadsheet reads them, whatever stands in a cell."""
    done = run("sql", "SELECT 'a,\"b\"' AS x, 'c\nd' AS y, NULL AS z", "--csv", home=empty_home)
    assert list(csv.reader(io.StringIO(done.out))) == [["x", "y", "z"], ['a,"b"', "c\nd", ""]]


def test_rows_come_as_markdown(run: Run, empty_home: Path) -> None:
    """A table that stays one, whatever stands in a cell."""
    done = run("sql", "SELECT 'a|b' AS x, ' c\n*d*' AS y, NULL AS z", "--markdown", home=empty_home)
    assert done.out == "| x | y | z |\n| --- | --- | --- |\n| a\\|b | c<br>\\*d\\* |  |\n"


def test_what_is_left_out_is_said_beside_the_rows(run: Run, empty_home: Path) -> None:
    """A program that reads the rows does not read it."""
    done = run("sql", "VALUES (1), (2)", "--csv", "--limit", "1", home=empty_home)
    assert (done.out, "more rows" in done.err) == ("column1\n1\n", True)


def test_a_terminal_obeys_no_text(
    run: Run, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control characters of a text reach a file, and no terminal."""
    statement = "SELECT char(27) || '[31m' AS x"
    assert "\x1b" in run("sql", statement, "--csv", home=empty_home).out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "\x1b" not in run("sql", statement, "--csv", home=empty_home).out


@pytest.mark.parametrize(
    ("statement", "value", "out"),
    [
        ("SELECT :tag AS x", "tag=sql", "x\nsql\n"),
        ("SELECT :tag AS x", ":tag=a=b", "x\na=b\n"),
        ("SELECT typeof(:n) AS x", "n=12", "x\ninteger\n"),
        ("SELECT typeof(:n) AS x", "n=012", "x\ntext\n"),
    ],
)
def test_parameters_have_values(
    run: Run, empty_home: Path, statement: str, value: str, out: str
) -> None:
    """`name=value` is the value of `:name`, a number if it is written as one."""
    assert run("sql", statement, value, "--csv", home=empty_home).out == out


def test_what_is_no_value_is_refused(run: Run, empty_home: Path) -> None:
    """The answer shows how a value is given."""
    refused = run("sql", "SELECT 1", "WHERE", home=empty_home)
    assert (refused.code, "name=value" in refused.err) == (2, True)


def test_a_statement_is_read_from_standard_input(run: Run, empty_home: Path) -> None:
    """A longer one is kept in a file."""
    assert run("sql", "--csv", home=empty_home, stdin=b"SELECT 1 AS x\n").out == "x\n1\n"


def test_functions_of_letopis_may_be_called(run: Run, empty_home: Path) -> None:
    """`stem` and `fold` are those of the search."""
    done = run("sql", "SELECT stem('Моделями C++'), fold('Ёлка')", "--csv", home=empty_home)
    assert done.out.splitlines()[1] == '"модел ""c++""",елка'


def test_full_text_is_asked_for(run: Run, own_home: Path) -> None:
    """The table finds any form of a word; later imports are in it; it can be removed."""
    made = run("sql", "--enable-fts", home=own_home)
    assert (made.code, "table posts_fts" in made.out) == (0, True)
    asked = "SELECT count(*) AS n FROM posts_fts WHERE posts_fts MATCH stem('моделями')"
    found = run("sql", asked, "--csv", home=own_home).out
    assert int(found.split()[1]) > 0
    with closing(sqlite3.connect(own_home / "archive.db")) as archive, archive:
        archive.execute("UPDATE posts SET text = 'модель' WHERE text NOT LIKE '%модел%'")
    run("search", "модель", home=own_home)
    assert int(run("sql", asked, "--csv", home=own_home).out.split()[1]) == 81
    assert "in order" in run("doctor", home=own_home).out
    assert "removed" in run("sql", "--disable-fts", home=own_home).out
    assert run("sql", asked, home=own_home).code == 2


def test_a_table_of_another_program_is_named(run: Run, own_home: Path) -> None:
    """Letopis says which name it took, and why."""
    with closing(sqlite3.connect(own_home / "archive.db")) as archive:
        archive.execute("CREATE TABLE posts_fts (text)")
    made = run("sql", "--enable-fts", home=own_home).out
    assert "Another program uses the name posts_fts" in made
    assert "table letopis_fts" in made
    assert run("sql", "words", "words=модели", "--csv", home=own_home).out.count("\n") > 1


def test_a_canned_query_is_asked_by_name(run: Run, sample_home: Path) -> None:
    """Its parameters have example values, each of which may be another."""
    example = run("sql", "top-tags", "--csv", home=sample_home).out.splitlines()
    assert (example[:2], len(example)) == (["tag,posts", "sql,9"], 6)
    other = run("sql", "top-tags", "count=1", "--csv", home=sample_home).out
    assert other.splitlines() == ["tag,posts", "sql,9"]


def test_the_canned_queries_are_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its question, in the person's language, and its parameters."""
    listed = run("sql", "--queries").out.splitlines()
    names = [line.split()[0] for line in listed]
    assert names == list(canned_queries())
    assert "What was posted last?  [count=3]" in listed[0]
    monkeypatch.setenv("LETOPIS_LANG", "ru")
    for line in run("sql", "--queries").out.splitlines():
        assert re.search("[а-яё]", line)
    told = json.loads(run("sql", "--queries", "--json").out)
    assert [each["name"] for each in told] == names
    assert told[0]["parameters"] == {"count": 3}


def test_the_list_breaks_between_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a narrow terminal questions continue in their own column."""
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")

    lines = run("sql", "--queries").out.splitlines()

    assert max(map(len, lines)) <= 50
    begun = next(place for place, line in enumerate(lines) if line.startswith("channels "))
    assert lines[begun].endswith("Which channels are kept, and")
    assert lines[begun + 1].strip() == "how much of each?"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["top-tag"], "no canned query top-tag"),
        (["top-tags", "limit=1"], "no parameter limit; it has: count"),
        (["weekdays", "limit=1"], "no parameter limit; it has: —"),
        (["words"], "letopis sql --enable-fts"),
        (["SELECT * FROM posts_ft"], "There are: albums, archive,"),
    ],
)
def test_a_wrong_name_is_answered_with_right_ones(
    run: Run, sample_home: Path, asked: list[str], told: str
) -> None:
    """One sentence says what there is."""
    refused = run("sql", *asked, home=sample_home)
    assert (refused.code, told in refused.err) == (2, True)


def test_questions_have_both_languages() -> None:
    """A question that is asked in English is asked in Russian too."""
    assert RUSSIAN_QUESTIONS.keys() == canned_queries().keys()
