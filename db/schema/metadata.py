"""The base of all tables: metadata, column types, and the table of the migrations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

import db.ddl  # noqa: F401  # makes CREATE TABLE keep comments on SQLite

metadata = MetaData()

# Telegram's ids need 64 bits elsewhere; on SQLite every INTEGER has them, and STRICT tables know no
# other name for it.
INT = BigInteger().with_variant(Integer(), "sqlite")
TEXT = Text()


def table(
    name: str,
    *items: SchemaItem,
    comment: str,
    metadata: MetaData = metadata,
    **options: Any,
) -> Table:
    """Describe a table, by default of the archive; STRICT on SQLite."""
    return Table(name, metadata, *items, comment=comment, sqlite_strict=True, **options)


def part_of_post(*, primary_key: bool) -> Column[int]:
    """Return the foreign key of a post's part, deleted together with the post."""
    return Column(
        "post_id",
        INT,
        ForeignKey("posts.post_id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        autoincrement=False,
        comment="The post it belongs to.",
    )


def position(of: str, *, primary_key: bool) -> Column[int]:
    """Return the column for the order within a post."""
    return Column(
        "position",
        INT,
        primary_key=primary_key,
        nullable=False,
        autoincrement=False,
        comment=f"Order of the {of} in the post, from 0.",
    )


alembic_version = table(
    "alembic_version",
    Column("version_num", TEXT, primary_key=True, comment="Name of the last migration run."),
    comment="Which migration this schema stands at; Letopis moves it, nobody else.",
)
