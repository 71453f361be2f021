"""Queries for any of several terms, as tantivy is quickest with them."""

from __future__ import annotations

from collections.abc import Iterable

from tantivy import Occur, Query, Schema


def any_of(schema: Schema, field: str, values: Iterable[object]) -> Query:
    """Return the query for the documents that hold any of these terms; what it scores is vague.

    Each is looked up by itself: tantivy's own query for a set of terms makes an automaton of them
    and runs through the dictionary, which for two takes ten times as long. For five hundred it is a
    quarter faster, and for thousands alone worth it.
    """
    terms = [Query.term_query(schema, field, value, index_option="basic") for value in values]
    return Query.boolean_query([(Occur.Should, term) for term in terms])
