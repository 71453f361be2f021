"""Whatever is archived, changed and asked, all engines give the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from db import PostStore
from model.posts import Post
from search import Answer, Facet, PostIndex, open_index
from search.analysis import chunks
from search.engines import SCORE_STEP
from search.engines.opensearch_client import OpenSearchClient
from tests.new_databases import new_archive
from tests.search.making import CHANNEL, TODAY, a_post
from tests.searchers import patient_searcher

_WORDS = [
    *("граф", "графы", "узел", "узла", "модель", "модели", "признак", "дерево", "kafka", "кафка"),
    *("catboost", "катбуст", "read_csv", "df.groupby", "GPT-4o", "C++", "ёж", "not", "the", "и"),
]
# tantivy keeps the length of a document of more than 40 terms in steps, up to 7 % of it below a
# hundred terms; at twice the average length, two thirds of that come through to the score.
_ALIKE = 0.05
_TAGS = ("#ml", "#llm_system_design", "#ozon")
_CODE = (None, None, "import pandas as pd\npd.read_csv('a')", "SELECT граф FROM t")
# Each is asked as it is and with every kind of condition and order after it.
_ASKED = st.one_of(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join),
    st.lists(st.sampled_from(_WORDS), min_size=2, max_size=3).map(lambda row: f'"{" ".join(row)}"'),
    st.sampled_from(
        [
            "",
            "гра*",
            "mo* узел",
            "графф",
            "vjltkm",
            "модел кафак",
            "uzel",
            "граф OR kafka",
            "узел -граф",
            "#ml",
            "#llm*",
            "code:read_csv",
            "не такого слова",
        ]
    ),
)
_CONDITION = st.sampled_from(
    ["", "has:code", "lang:python", "after:2024-01-10", "before:2024-01-20", "-#ml", "is:repost"]
)
_ORDER = st.sampled_from(["", "sort:new", "sort:old"])


@st.composite
def _posts(draw: st.DrawFn) -> Sequence[Post]:
    """Draw a batch of posts, some of which replace earlier ones, some of the same text."""
    batch = {}
    for _ in range(draw(st.integers(1, 12))):
        number = draw(st.integers(1, 25))
        words = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=14))
        tags = draw(st.lists(st.sampled_from(_TAGS), max_size=2, unique=True))
        batch[number] = a_post(
            number,
            " ".join((*words, *tags)),
            code=draw(st.sampled_from(_CODE)),
            language=draw(st.sampled_from(["python", None])),
            source=draw(st.sampled_from([None, None, "Другой канал"])),
        )
    return tuple(batch.values())


_STEPS = st.lists(st.tuples(_posts(), st.booleans()), min_size=1, max_size=3)


EXAMPLES = (
    _STEPS,
    st.lists(st.tuples(_ASKED, _CONDITION, _ORDER), min_size=4, max_size=7),
)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(phases=PHASES)
@given(*EXAMPLES)
def test_both_local_engines_answer_alike(
    tmp_path_factory: pytest.TempPathFactory,
    steps: Sequence[tuple[Sequence[Post], bool]],
    asked: Sequence[tuple[str, str, str]],
) -> None:
    """After every change, however it came into the index: posts, order, counts, remarks, facets."""
    folder = tmp_path_factory.mktemp("equal")
    with new_archive(folder / "archive.db") as store:
        indexes = [_open(folder, store, engine) for engine in ("whoosh", "tantivy")]
        _compare_all(store, indexes, steps, asked)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(phases=PHASES, max_examples=6)
@given(*EXAMPLES)
def test_opensearch_answers_alike(
    tmp_path_factory: pytest.TempPathFactory,
    opensearch: str,
    steps: Sequence[tuple[Sequence[Post], bool]],
    asked: Sequence[tuple[str, str, str]],
) -> None:
    """On one node."""
    compare_with_cluster(tmp_path_factory.mktemp("equal"), opensearch, steps, asked)


def compare_with_cluster(
    folder: Path,
    url: str,
    steps: Sequence[tuple[Sequence[Post], bool]],
    asked: Sequence[tuple[str, str, str]],
) -> None:
    """Compare the answers of tantivy and a cluster."""
    url = f"{url}/equal-{token_hex(4)}"
    with new_archive(folder / "archive.db") as store:
        indexes = [
            open_index(folder / engine, store, engine=engine, cluster=url)
            for engine in ("tantivy", "opensearch")
        ]
        _compare_all(store, indexes, steps, asked)
    with closing(OpenSearchClient(url)) as client:
        client.ask("DELETE", f"{client.name}-*")


def _compare_all(
    store: PostStore,
    indexes: Sequence[PostIndex],
    steps: Sequence[tuple[Sequence[Post], bool]],
    asked: Sequence[tuple[str, str, str]],
) -> None:
    channel = store.resolve_channel(CHANNEL)
    for number, (posts, rebuilt) in enumerate(steps):
        store.save(channel, posts, as_of=TODAY + timedelta(hours=number))
        for index in indexes:
            index.rebuild() if rebuilt else index.catch_up()
        for parts in asked:
            _compare(parts, store, indexes)
    for index in indexes:
        index.rebuild()
    for parts in asked:
        _compare(parts, store, indexes, scores=True)
    _compare_with_texts(store, indexes)
    for index in indexes:
        index.close()


def _open(folder: Path, store: PostStore, engine: str) -> PostIndex:
    return open_index(folder / engine, store, engine=engine)


def _compare(
    parts: Sequence[str], store: PostStore, indexes: Sequence[PostIndex], *, scores: bool = False
) -> None:
    """Compare two answers; also scores and order, where no replaced post tints the statistics.

    tantivy goes on counting replaced posts in how rare a word is, until it merges them away.
    """
    text = " ".join(filter(None, parts))
    one, other = (patient_searcher(store, index) for index in indexes)
    first, second = one.search(text, limit=50), other.search(text, limit=50)
    assert (first.posts, first.total, first.complete) == (
        second.posts,
        second.total,
        second.complete,
    )
    assert first.notes == second.notes
    assert [one.facets(text, by=by) for by in Facet] == [other.facets(text, by=by) for by in Facet]
    assert list(_scores(one.search(text, limit=3, offset=2))) == list(_scores(first))[2:5]
    if not scores:
        return
    mine, theirs = _scores(first), _scores(second)
    assert theirs == pytest.approx(mine, rel=_ALIKE, abs=1e-2)
    # Posts of nearly the same score may change places; no others.
    for post_id, another in zip(mine, theirs, strict=True):
        near = SCORE_STEP + 2 * _ALIKE * mine[post_id]
        assert post_id == another or abs(mine[post_id] - mine[another]) <= near


def _scores(answer: Answer) -> dict[int, float]:
    return {hit.archived.post_id: hit.score for hit in answer.hits}


def _compare_with_texts(store: PostStore, indexes: Sequence[PostIndex]) -> None:
    """Compare what a required word finds with the posts whose texts have its term."""
    posts = store.newest(limit=50)
    for word in ("граф", "модель", "дерево"):
        (sought,) = chunks(word)
        holding = {
            archived.post_id
            for archived in posts
            if any(
                piece.term == sought.pieces[0].term
                for chunk in chunks(archived.post.text)
                for piece in chunk.pieces
            )
        }
        for index in indexes:
            assert patient_searcher(store, index).search(f'"{word}"', limit=50).posts == len(
                holding
            )
