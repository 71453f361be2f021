"""Each question of docs/sql.md has its statement, which runs, and the answer that is shown."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from db import CannedQuery, PostStore, canned_queries, open_archive
from letopis.sql_functions import stem
from tests.letopis.sql_page import PAGE, as_table, fill, section, write_page

_SECTION = re.compile(r"### (.+)\n\n.+\n\n```sql\n((?:.+\n)*?.+);\n```\n\n((?:\|.*\n)+)")
_QUERIES = canned_queries()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostStore]:
    """The archive behind the page."""
    with open_archive(tmp_path_factory.mktemp("page") / "archive.db") as store:
        fill(store)
        if os.environ.get("LETOPIS_WRITE_TEXTS"):
            PAGE.write_text(write_page(store), encoding="utf-8")
        yield store


@pytest.mark.parametrize("query", _QUERIES.values(), ids=_QUERIES)
def test_every_question_has_its_answer(archive: PostStore, query: CannedQuery) -> None:
    """The page shows the statement of the canned query, and what it finds."""
    shown = section(archive, query)
    assert shown in PAGE.read_text(encoding="utf-8"), (
        "run this file with LETOPIS_WRITE_TEXTS=1 to write the page anew"
    )
    assert shown.count("\n| ") > 2, "the question has no answer"


def test_the_page_is_generated(archive: PostStore) -> None:
    """Nothing stands in it that is not checked."""
    assert PAGE.read_text(encoding="utf-8") == write_page(archive)


def test_every_block_runs_in_the_plain_driver(archive: PostStore) -> None:
    """The statements of the page, as they stand there, give the rows that stand there."""
    blocks = _SECTION.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == len(_QUERIES) >= 40
    with closing(sqlite3.connect(archive.path)) as plain:
        plain.create_function("stem", 1, stem)
        for question, statement, shown in blocks:
            if "LIKE" in statement:
                continue  # the plain driver's ignores the case of ASCII letters only
            cursor = plain.execute(statement)
            columns = tuple(column[0] for column in cursor.description)
            found = archive.query(statement, functions={"stem": stem})
            assert (columns, tuple(cursor)) == (found.columns, found.rows), question
            assert as_table(found) == shown, question


def test_names_and_questions_differ() -> None:
    """A question is asked once, and ends as one."""
    questions = [query.question for query in _QUERIES.values()]
    assert len(set(questions)) == len(questions)
    assert all(question.endswith("?") for question in questions)


@pytest.mark.parametrize("query", _QUERIES.values(), ids=_QUERIES)
def test_every_parameter_has_an_example(query: CannedQuery) -> None:
    """A query runs without a value being given, and has no value too many."""
    used = set(re.findall(r"(?<!:):(\w+)", query.statement))
    assert used == query.parameters.keys()
    assert query.needs_full_text == ("posts_fts" in query.statement)
