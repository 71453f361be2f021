"""What the help teaches."""

from __future__ import annotations

import pytest

from i18n import ENGLISH, RUSSIAN, Catalogue
from search import parse_query


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
def test_help_teaches_what_the_search_understands(texts: Catalogue) -> None:
    """Every line of the help is a query that is read without a complaint."""
    assert [parse_query(query).notes for query, _ in texts.operators] == [()] * len(texts.operators)
