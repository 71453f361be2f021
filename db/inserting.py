"""Inserts rows unless they are there already, in words that SQLite and PostgreSQL share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


def insert_new(table: Table) -> Insert:
    """Insert rows but those whose key is taken; `rowcount` counts the inserted ones.

    SQLAlchemy has this clause once per dialect, and importing that of PostgreSQL takes 30 ms.
    """
    return _InsertNew(table).inline()  # the clause does not go with RETURNING


class _InsertNew(Insert):
    inherit_cache = True


@compiles(_InsertNew)
def _compile(insert: _InsertNew, compiler: SQLCompiler, **options: Any) -> str:
    statement: str = compiler.visit_insert(insert, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy's
    return f"{statement} ON CONFLICT DO NOTHING"
