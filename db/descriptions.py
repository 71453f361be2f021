"""Describes tables, views and their columns, by the comments of the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from db.schema.metadata import metadata
from db.views import VIEWS

# The first comment of a view is its own; those of its columns follow the columns' names.
_COMMENT = re.compile(r"(?:\b(\w++),?\s++)?/\*([^*]*+)\*/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a table or view holds, and what each of its columns does."""

    text: str
    columns: Mapping[str, str]


def describe_schema() -> Mapping[str, Description]:
    """Return the descriptions of the archive's tables and views, by name."""
    tables = {
        name: Description(
            text=table.comment or "",
            columns={column.name: column.comment or "" for column in table.columns},
        )
        for name, table in metadata.tables.items()
    }
    return tables | {name: describe_view(body) for name, body in VIEWS.items()}


def describe_view(body: str) -> Description:
    """Return the description of a view, by the comments in its statement."""
    (_, text), *columns = _COMMENT.findall(body)
    return Description(
        text=text.strip(), columns={name: comment.strip() for name, comment in columns}
    )
