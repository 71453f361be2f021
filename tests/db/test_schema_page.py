"""docs/schema.md is drawn from the schema; LETOPIS_WRITE_TEXTS=1 draws it anew."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, Table, UniqueConstraint

from db.schema import metadata
from db.views import VIEWS

_PAGE = Path(__file__).parents[2] / "docs" / "schema.md"
_QUESTION = re.compile(r"/\* (.+?) \*/")


def draw_page() -> str:
    """Return the page; what stands before the diagram is kept."""
    tables = list(metadata.tables.values())
    diagram = ["erDiagram", *_references(tables), *(line for each in tables for line in _box(each))]
    views = [f"- `{name}`: {_question(body)}" for name, body in VIEWS.items()]
    return "\n".join(
        [
            _PAGE.read_text("utf-8").partition("```mermaid\n")[0] + "```mermaid",
            *diagram,
            "```",
            "",
            "## Tables",
            "",
            *(f"- `{each.name}`: {each.comment}" for each in tables),
            "",
            "## Views",
            "",
            *views,
            "",
        ]
    )


def _references(tables: list[Table]) -> Iterator[str]:
    for table in tables:
        for column, key in ((each, key) for each in table.columns for key in each.foreign_keys):
            many = "o|" if column.primary_key and len(table.primary_key.columns) == 1 else "o{"
            one = "|o" if column.nullable else "||"
            yield f"    {key.column.table.name} {one}--{many} {table.name} : {column.name}"


def _box(table: Table) -> Iterator[str]:
    yield f"    {table.name} {{"
    for column in table.columns:
        kind = "TEXT" if column.type.python_type is str else "INTEGER"
        comment = (column.comment or "").replace('"', "'")
        keys = _keys(column)
        yield f'        {kind} {column.name}{keys and f" {keys}"} "{comment}"'
    yield "    }"


def _keys(column: Column[object]) -> str:
    unique = any(
        isinstance(each, UniqueConstraint) and list(each.columns) == [column]
        for each in column.table.constraints
    )
    marks = {"PK": column.primary_key, "FK": bool(column.foreign_keys), "UK": unique}
    return ", ".join(mark for mark, is_set in marks.items() if is_set)


def _question(body: str) -> str:
    found = _QUESTION.search(body)
    assert found is not None
    return found[1]


def test_the_page_shows_the_schema() -> None:
    """Every table with its columns and references, and every view with its question."""
    page = draw_page()
    if os.environ.get("LETOPIS_WRITE_TEXTS"):
        _PAGE.write_text(page, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == page, "run this file with LETOPIS_WRITE_TEXTS=1"


def test_the_diagram_names_what_refers_to_what() -> None:
    """A part of a post points at it, at most one of it where the post is its key."""
    page = draw_page()
    assert "    channels ||--o{ posts : channel_id\n" in page
    assert "    posts ||--o| polls : post_id\n" in page
    assert "    imports |o--o{ post_versions : import_id\n" in page
    assert '        INTEGER seq UK "Number of its last change, over all posts."\n' in page
