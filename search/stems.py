"""The stems of whole texts, for full text in SQL: what the archive stores, and what is asked."""

from __future__ import annotations

import logging

from db import PostStore
from model.errors import ArchiveError
from search.analysis import ANALYSIS_VERSION, find_chunks, terms_of

STEMS_VERSION = str(ANALYSIS_VERSION)
"""Stems of another version do not match those of a query."""

_logger = logging.getLogger(__name__)


def stems_of(text: str) -> str:
    """Return the stem of each word of a text, in order, separated by spaces."""
    return " ".join(_terms(text))


def match_stems(text: str) -> str:
    """Return an FTS5 expression that matches posts with all these words, in any form."""
    return " ".join(term if _is_bare(term) else f'"{term}"' for term in _terms(text))


def write_missing_stems(store: PostStore) -> None:
    """Write the stems that the archive's full-text table lacks, if it has one.

    An archive that cannot be written now gets them next time: no search depends on them.
    """
    try:
        store.write_stems(stems_of, version=STEMS_VERSION)
    except ArchiveError as exc:
        _logger.warning("the full text of the archive stays as it is: %s", exc)


def _terms(text: str) -> list[str]:
    return [term for chunk in find_chunks(text) for term in terms_of(chunk).atoms]


def _is_bare(term: str) -> bool:
    """Return whether FTS5 reads a term without quotes."""
    return all(letter == "_" or letter.isalnum() or not letter.isascii() for letter in term)
