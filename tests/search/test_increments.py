"""Whoosh's index holds exactly the posts that were committed, in whatever commits they came."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from search.documents import Document
from search.engines.whoosh_engine import WhooshEngine
from tests.search.increments import compare, increments


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_whoosh_holds_what_was_committed(tmp_path: Path, seed: int) -> None:
    """After every commit; benchmarks/check_increments.py does the same with any number of posts."""
    rng = random.Random(seed)
    live: dict[int, Document] = {}
    engine = WhooshEngine(tmp_path, create=True)
    merged = False

    for batch in increments(rng, posts=120, largest=40):
        before = set(tmp_path.glob("*.seg"))
        engine.write(batch)
        merged |= not before <= set(tmp_path.glob("*.seg"))
        live.update({document.post_id: document for document in batch})
        compare(engine.snapshot(), live, rng)

    assert merged
