"""Canned queries: questions that people ask an archive, with the statements that answer them.

They stand in `db/queries`, each under its name and question, with example values of its parameters:

    -- posts-with-tag: Which posts carry a tag?
    -- :tag = sql
    SELECT …;

`-- scan` marks a statement whose time grows with the archive, `-- full text` one that needs the
full-text table. `docs/sql.md` shows them all with their results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"
_QUERY = re.compile(r"^-- ([a-z][a-z-]*): (.+)\n((?:-- .+\n)*)((?:(?!-- ).*\n)+)", re.MULTILINE)
_VALUE = re.compile(r"^-- :(\w+) = (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedQuery:
    """A question and its statement; `parameters` have example values.

    `group` is the subject of the question. `reads_all` tells that its time grows with the archive.
    """

    name: str
    group: str
    question: str
    statement: str
    parameters: Mapping[str, str | int]
    reads_all: bool
    needs_full_text: bool

    def statement_for(self, full_text_table: str | None) -> str:
        """Return the statement for an archive whose full-text table has this name."""
        return self.statement.replace("posts_fts", full_text_table or "posts_fts")


@cache
def canned_queries() -> Mapping[str, CannedQuery]:
    """Return the canned queries by name, grouped by subject."""
    return {
        query.name: query
        for path in sorted(_FOLDER.glob("*.sql"))
        for query in _read_queries(path.read_text("utf-8"), group=path.stem.split("_", 1)[1])
    }


def _read_queries(text: str, *, group: str) -> Iterator[CannedQuery]:
    for name, question, marks, statement in _QUERY.findall(text):
        yield CannedQuery(
            name=name,
            group=group,
            question=question,
            statement=statement.strip().removesuffix(";"),
            parameters={key: parameter_value(value) for key, value in _VALUE.findall(marks)},
            reads_all="-- scan\n" in marks,
            needs_full_text="-- full text\n" in marks,
        )


_WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")


def parameter_value(text: str) -> str | int:
    """Return the value of a parameter that was written as text: a number if it reads as one."""
    return int(text) if _WHOLE.fullmatch(text) else text
