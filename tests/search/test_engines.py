"""All engines find what brute force finds, in the same order and with the same scores."""

from __future__ import annotations

import math
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.deadline import Deadline, no_deadline
from search.documents import Document
from search.engines import SCORE_STEP, Engine, Match, Snapshot, TermCount
from search.engines.opensearch_client import OpenSearchClient
from search.engines.opensearch_engine import OpenSearchEngine
from search.engines.opensearch_index import OpenSearchIndex
from search.engines.opensearch_snapshot import OpenSearchSnapshot
from search.engines.tantivy_engine import TantivyEngine
from search.engines.whoosh_engine import WhooshEngine
from search.expression import (
    Best,
    Between,
    Every,
    Expression,
    Field,
    Near,
    Node,
    OneOf,
    Phrase,
    Sort,
    Term,
    Weighted,
)

Opening = Callable[..., Engine]
LOCAL: Mapping[str, Opening] = {"whoosh": WhooshEngine, "tantivy": TantivyEngine}


def a_document(
    post_id: int,
    text: str,
    *,
    facts: Sequence[str] = (),
    seq: int = 0,
    twin: int | None = None,
) -> Document:
    """Make a document of space-separated terms; every second one is posted at the same time."""
    return Document(
        post_id=post_id,
        seq=seq or post_id,
        posted=1_700_000_000 + post_id // 2 * 100,
        text=text,
        beside="",
        facts=frozenset(facts),
        twin=-post_id if twin is None else twin,
    )


def _corpus() -> Sequence[Document]:
    vocabulary = ["a", "b", "c", "d", "e", "граф", "узел"]
    made = []
    for number in range(1, 61):
        length = number * 7 % 19
        words = [
            vocabulary[(number * step + step * step) % (3 + number % 5)] for step in range(length)
        ]
        facts = [f"tag={number % 4}", *(["is=rare"] if number % 13 == 0 else [])]
        twin = 1 << 61 | number % 3 if number % 4 == 0 else None
        made.append(a_document(number, " ".join(words), facts=facts, twin=twin))
    # A tag's words count without standing anywhere.
    made.append(replace(a_document(61, "b"), beside="a узел"))
    return made


CORPUS = _corpus()
TWINS = {document.post_id: document.twin for document in CORPUS}


@pytest.fixture(scope="module", params=["whoosh", "tantivy", "opensearch"])
def opening(request: pytest.FixtureRequest) -> Opening:
    """Return what opens an engine on a folder; that on OpenSearch has an index for each folder."""
    if request.param == "opensearch":
        return opening_opensearch(request.getfixturevalue("opensearch"))
    return LOCAL[request.param]


@pytest.fixture(params=["whoosh", "tantivy"])
def local_opening(request: pytest.FixtureRequest) -> Opening:
    """Return what opens an engine that keeps its documents in the folder."""
    return LOCAL[request.param]


@cache
def _client(url: str) -> OpenSearchClient:
    """Return the client of a cluster, whose connections last as long as the run."""
    return OpenSearchClient(url)


def opening_opensearch(url: str) -> Opening:
    """Return what opens an engine on a cluster."""
    client = _client(url)

    def opening(folder: Path, *, create: bool = False) -> OpenSearchEngine:
        name = f"engine-{sha256(bytes(folder)).hexdigest()[:16]}"
        return OpenSearchEngine(folder, OpenSearchIndex(client, name), create=create)

    return opening


@pytest.fixture(scope="module")
def engine(opening: Opening, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Open an engine over the corpus, written in three commits, some documents twice."""
    opened = opening(tmp_path_factory.mktemp("engine"), create=True)
    # OpenSearch keeps what was replaced for a while, for copies that lag, and counts it in how rare
    # a term is.
    if not isinstance(opened, OpenSearchEngine):
        opened.write(replace(document, text="", beside="z " * 9) for document in CORPUS[:20])
    opened.write(CORPUS[:40])
    opened.write(CORPUS[40:])
    return opened.snapshot()


def judge(expression: Expression) -> tuple[dict[int, float], set[int]]:
    """Return by brute force the posts that match, with their scores, and the complete ones."""
    scores: dict[int, float] = {}
    complete = set()
    for document in CORPUS:
        words = [_score(node, document) for node in expression.words]
        required = [_score(node, document) for node in expression.required]
        matched = [score for score in words if score is not None]
        if None in required or len(matched) < (expression.minimum if words else 0):
            continue
        if any(_score(node, document) is not None for node in expression.excluded):
            continue
        scores[document.post_id] = sum(matched) + sum(score or 0.0 for score in required)
        if len(matched) == len(words):
            complete.add(document.post_id)
    return scores, complete


def _score(node: Node, document: Document) -> float | None:  # noqa: PLR0911  # one a kind
    """Return a document's score for a node, `None` where it does not match."""
    match node:
        case Term(field=Field.WORDS, text=text):
            return _bm25(text, document) if text in document.words else None
        case Term(text=text):
            return 0.0 if text in document.facts else None
        case OneOf(field=field, texts=texts, score=score):
            held = document.words if field is Field.WORDS else document.facts
            return score if any(text in held for text in texts) else None
        case Phrase(terms=(text,)):
            return _score(Term(field=Field.WORDS, text=text), document)
        case Phrase(terms=terms):
            starts = document.positions.get(terms[0], ())
            if any(
                all(
                    start + step in document.positions.get(term, ())
                    for step, term in enumerate(terms)
                )
                for start in starts
            ):
                return sum(_bm25(term, document) for term in dict.fromkeys(terms))
            return None
        case Between(first=first, last=last):
            late = first is None or document.posted >= first
            return 0.0 if late and (last is None or document.posted < last) else None
        case Best(options=options):
            found = [
                own * option.weight
                for option in options
                if (own := _score(option.node, document)) is not None
            ]
            return max(found, default=None)
        case Every(nodes=nodes, unless=unless):
            parts = [_score(part, document) for part in nodes]
            if None in parts or any(_score(part, document) is not None for part in unless):
                return None
            return sum(part or 0.0 for part in parts)


def _bm25(term: str, document: Document) -> float:
    holding = sum(term in other.words for other in CORPUS)
    mean = sum(other.words.total() for other in CORPUS) / len(CORPUS)
    weight = document.words[term]
    norm = 1.2 * (0.25 + 0.75 * document.words.total() / mean)
    return (
        math.log(1 + (len(CORPUS) - holding + 0.5) / (holding + 0.5))
        * weight
        * 2.2
        / (weight + norm)
    )


_words = st.sampled_from(["a", "b", "c", "d", "e", "граф", "узел", "нет"])
_tags = st.sampled_from(["tag=0", "tag=1", "tag=3", "is=rare", "is=нет"])
_times = st.none() | st.sampled_from([1_700_000_000 + step for step in (0, 100, 101, 1500, 9999)])
_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(lambda text: Term(field=Field.WORDS, text=text), _words),
    st.builds(lambda text: Term(field=Field.FACTS, text=text), _tags),
    st.builds(
        lambda texts: OneOf(field=Field.WORDS, texts=tuple(texts), score=2.0),
        st.lists(_words, max_size=3),
    ),
    st.builds(
        lambda texts: OneOf(field=Field.FACTS, texts=tuple(texts)), st.lists(_tags, max_size=3)
    ),
    st.builds(lambda terms: Phrase(terms=tuple(terms)), st.lists(_words, min_size=1, max_size=3)),
    st.builds(lambda first, last: Between(first=first, last=last), _times, _times),
)
_nodes = st.recursive(
    _leaves,
    lambda nodes: st.one_of(
        st.builds(
            lambda options: Best(
                options=tuple(Weighted(node=node, weight=weight) for node, weight in options)
            ),
            st.lists(st.tuples(nodes, st.sampled_from([1.0, 0.7, 0.5])), min_size=1, max_size=3),
        ),
        st.builds(
            lambda parts, unless: Every(nodes=tuple(parts), unless=tuple(unless)),
            st.lists(nodes, max_size=3),
            st.lists(nodes, max_size=2),
        ),
    ),
    max_leaves=6,
)


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    """Draw a whole search."""
    words = draw(st.lists(_nodes, max_size=3, unique=True))
    return Expression(
        words=tuple(words),
        minimum=draw(st.integers(1, len(words))) if words else 0,
        required=tuple(draw(st.lists(_nodes, max_size=2))),
        excluded=tuple(draw(st.lists(_nodes, max_size=2))),
        sort=draw(st.sampled_from(Sort)),
        repeats=draw(st.booleans()),
    )


@given(expressions(), st.integers(0, 30), st.integers(0, 70))
@example(Expression(required=(Every(nodes=(), unless=(Phrase(terms=("a", "b")),)),)), 0, 70)
def test_an_engine_finds_what_brute_force_finds(
    engine: Snapshot, expression: Expression, offset: int, limit: int
) -> None:
    """Posts, scores, order, page, total and the number of complete ones are those of the judge."""
    scores, complete = judge(expression)
    # In OpenSearch a document without words counts as one word in the average length.
    nearly = 3e-2 if isinstance(engine, OpenSearchSnapshot) else 1e-2

    whole = engine.find(expression, offset=0, limit=100, deadline=no_deadline())
    page = engine.find(expression, offset=offset, limit=limit, deadline=no_deadline())

    key_of = {post_id: post_id if expression.repeats else TWINS[post_id] for post_id in TWINS}
    shown = {key_of[match.post_id]: match for match in whole.matches}
    assert shown.keys() == {key_of[post_id] for post_id in scores}
    assert len(shown) == len(whole.matches) == whole.total
    assert whole.complete == len({key_of[post_id] for post_id in complete})
    assert whole.posts == len(scores)
    assert page.matches == tuple(islice(whole.matches, offset, offset + limit))
    if expression.sort is Sort.RELEVANCE:
        for match in whole.matches:
            assert match.score == pytest.approx(scores[match.post_id], abs=nearly)
        for post_id in scores.keys() - complete:
            first = shown[key_of[post_id]]
            assert first.post_id in complete or first.score > scores[post_id] - SCORE_STEP - nearly
    tags = Counter(
        fact
        for document in CORPUS
        for fact in document.facts
        if document.post_id in scores and fact.startswith("tag=")
    )
    counts = engine.facets(expression, {"tag=": 9}, deadline=no_deadline())["tag="]
    assert {count.text: count.documents for count in counts} == tags
    posted = {document.post_id: document.posted for document in CORPUS}
    ranks = [
        _rank(match.post_id, match.score, expression.sort, complete=complete, posted=posted)
        for match in whole.matches
    ]
    assert ranks == sorted(ranks)


def _rank(
    post_id: int, score: float, sort: Sort, *, complete: set[int], posted: dict[int, int]
) -> tuple[float, ...]:
    if sort is Sort.OLD:
        return (posted[post_id], post_id)
    if sort is Sort.NEW:
        return (-posted[post_id], -post_id)
    return (post_id not in complete, -int(score / SCORE_STEP), -posted[post_id], -post_id)


def test_posts_of_the_same_text_are_known(engine: Snapshot) -> None:
    """An engine tells the posts that share a text, and is silent on those that are single."""
    shared, other, single = TWINS[12], TWINS[4], TWINS[1]

    found = engine.twins([shared, other, single, 5])

    assert {key: sorted(ids) for key, ids in found.items()} == {
        key: [post_id for post_id, twin in TWINS.items() if twin == key] for key in (shared, other)
    }
    assert engine.twins([single]) == engine.twins([]) == {}
    unique = Expression(required=(Term(field=Field.FACTS, text="tag=1"),))
    assert engine.find(unique, offset=0, limit=0, deadline=no_deadline()).total == 15


def test_copies_come_and_go(opening: Opening, tmp_path: Path) -> None:
    """Whichever of the posts that share a text is written anew, one of them is shown."""
    engine = opening(tmp_path, create=True)
    expression = Expression(words=(Term(field=Field.WORDS, text="a"),), minimum=1)

    def write(*documents: Document) -> tuple[list[int], int, int]:
        engine.write(documents)
        found = engine.snapshot().find(expression, offset=0, limit=9, deadline=no_deadline())
        return [match.post_id for match in found.matches], found.total, found.posts

    assert write(a_document(1, "a", twin=7)) == ([1], 1, 1)
    assert engine.snapshot().twins([7]) == {}
    assert write(a_document(4, "a", twin=7), a_document(6, "a", twin=7)) == ([6], 1, 3)
    assert write(a_document(1, "a", twin=7, seq=7)) == ([6], 1, 3)
    assert write(a_document(1, "a b", twin=8, seq=8)) == ([6, 1], 2, 3)
    assert write(a_document(8, "a", twin=7), a_document(6, "c", twin=9)) == ([8, 1], 2, 3)
    assert write(a_document(4, "a b", twin=8, seq=9)) == ([8, 4], 2, 3)
    assert write(a_document(8, "c", seq=10), a_document(1, "c", seq=11)) == ([4], 1, 1)


def test_terms_are_counted(engine: Snapshot) -> None:
    """Terms that begin alike come most frequent first, and no more than asked for."""
    assert engine.terms(Field.FACTS, "tag=", limit=2) == [
        TermCount(text="tag=0", documents=15),
        TermCount(text="tag=1", documents=15),
    ]
    assert engine.terms(Field.FACTS, "tag=", limit=2)[0].documents == 15
    assert engine.terms(Field.FACTS, "нет", limit=5) == []
    assert engine.terms(Field.WORDS, "гра", limit=5)[0].text == "граф"
    assert engine.counts(["граф"])["граф"] == sum("граф" in document.words for document in CORPUS)
    assert engine.counts(["нет", "z"]) == {"нет": 0, "z": 0}
    assert engine.documents() == len(CORPUS)
    assert engine.last_seq() == 61


def test_an_engine_starts_empty(opening: Opening, tmp_path: Path) -> None:
    """A new index has no documents, no terms and no changes."""
    engine = opening(tmp_path, create=True)

    snapshot = engine.snapshot()
    assert snapshot.last_seq() == 0
    assert snapshot.find(Expression(), offset=0, limit=5, deadline=no_deadline()).total == 0
    assert (snapshot.counts(["граф"]), snapshot.documents()) == ({"граф": 0}, 0)
    assert engine.snapshot() is snapshot


def test_what_is_not_there_is_not_opened(local_opening: Opening, tmp_path: Path) -> None:
    """Opening makes no index of an empty folder."""
    with pytest.raises(Exception, match=r"Index|meta\.json"):
        local_opening(tmp_path)


def test_another_engine_over_the_folder_sees_commits(opening: Opening, tmp_path: Path) -> None:
    """A snapshot shows what a writer has committed, and the latest of each post."""
    writer = opening(tmp_path, create=True)
    other = opening(tmp_path)
    expression = Expression(words=(Term(field=Field.WORDS, text="a"),), minimum=1)

    writer.write([a_document(1, "a"), a_document(2, "b")])
    first = other.snapshot()
    assert first.find(expression, offset=0, limit=5, deadline=no_deadline()).total == 1
    writer.write([a_document(1, "c", seq=3), a_document(2, "a", seq=4)])
    second = other.snapshot()
    found = second.find(expression, offset=0, limit=5, deadline=no_deadline())
    assert [match.post_id for match in found.matches] == [2]
    assert (first.last_seq(), second.last_seq()) == (2, 4)
    assert other.snapshot() is second


def test_a_write_that_fails_writes_nothing(opening: Opening, tmp_path: Path) -> None:
    """Documents are committed all together or not at all, and the next write goes through."""
    engine = opening(tmp_path, create=True)

    def documents() -> Iterator[Document]:
        yield a_document(1, "a")
        raise KeyboardInterrupt

    before = engine.snapshot()
    with pytest.raises(KeyboardInterrupt):
        engine.write(documents())
    assert engine.snapshot() is before
    assert engine.write([a_document(1, "a")]) == 1


def test_ties_are_settled_across_any_page(opening: Opening, tmp_path: Path) -> None:
    """A hundred posts that tie come newest first, from whichever page."""
    engine = opening(tmp_path, create=True)
    engine.write(a_document(number, "a b") for number in range(1, 301))
    snapshot = engine.snapshot()

    for sort in Sort:
        expression = Expression(words=(Term(field=Field.WORDS, text="a"),), minimum=1, sort=sort)
        newest = list(range(1, 301) if sort is Sort.OLD else range(300, 0, -1))
        for offset in (0, 63, 64, 65, 290):
            page = snapshot.find(expression, offset=offset, limit=20, deadline=no_deadline())
            assert [match.post_id for match in page.matches] == newest[offset : offset + 20]


def test_whoosh_forgets_what_is_not_asked_for_again(
    tmp_path: Path,
) -> None:
    """However many searches are made, what is remembered of them is bounded."""
    engine = WhooshEngine(tmp_path, create=True, postings_kept=300)
    engine.write(a_document(number, f"a w{number}") for number in range(1, 200))

    for number in range(1, 200):
        node = Term(field=Field.WORDS, text=f"w{number}")
        common = Term(field=Field.WORDS, text="a")
        found = engine.snapshot().find(
            Expression(words=(node, common), minimum=2), offset=0, limit=5, deadline=no_deadline()
        )
        assert [match.post_id for match in found.matches] == [number]
    assert sum(map(len, engine._snapshot._postings.values())) <= 300
    assert len(engine._snapshot._answers) <= 32


def test_documents_that_were_replaced_are_not_counted(opening: Opening, tmp_path: Path) -> None:
    """A word that no post has any more is unknown; facts are counted without what was replaced."""
    engine = opening(tmp_path, create=True)
    engine.write(a_document(number, "a b", facts=["tag=x"]) for number in range(1, 201))
    assert engine.snapshot().counts(["a"])["a"] == 200

    engine.write(a_document(number, "a c", seq=300, facts=["tag=y"]) for number in range(1, 151))

    snapshot = engine.snapshot()
    assert snapshot.counts(["a", "c"])["a"] >= 200
    assert snapshot.counts(["a", "c"])["c"] == 150
    assert snapshot.documents() == 200
    assert [(one.text, one.documents) for one in snapshot.terms(Field.FACTS, "tag=", limit=5)] == [
        ("tag=y", 150),
        ("tag=x", 50),
    ]
    engine.write(a_document(number, "a", seq=400) for number in range(151, 201))
    assert engine.snapshot().terms(Field.FACTS, "tag=x", limit=5) == []


class Ticks:
    """A timer that goes on by one at every look, and can be seen to have been looked at."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> float:
        """Return the time."""
        self.now += 1
        return float(self.now)


def in_time(ticks: float) -> Deadline:
    """Return a deadline that passes at the look after so many."""
    return Deadline(ticks, Ticks())


def test_a_search_past_its_deadline_says_so(opening: Opening, tmp_path: Path) -> None:
    """However little time there is, only what meets the conditions is found."""
    engine = opening(tmp_path, create=True)
    engine.write(a_document(number, "a b", facts=[f"tag={number % 2}"]) for number in range(1, 301))
    expression = Expression(
        words=(Term(field=Field.WORDS, text="a"), Term(field=Field.WORDS, text="b")),
        minimum=1,
        required=(Term(field=Field.FACTS, text="tag=1"),),
        excluded=(Term(field=Field.FACTS, text="tag=7"),),
    )

    assert engine.snapshot().find(expression, offset=0, limit=5, deadline=in_time(0)).cut
    for ticks in range(8):
        found = engine.snapshot().find(expression, offset=0, limit=200, deadline=in_time(ticks))
        assert all(match.post_id % 2 for match in found.matches)
        assert found.cut or len(found.matches) == found.total == 150
    assert not engine.snapshot().find(expression, offset=0, limit=5, deadline=no_deadline()).cut
    whole = engine.snapshot().find(expression, offset=0, limit=200, deadline=in_time(99))
    assert (whole.complete, len(whole.matches), whole.cut) == (150, 150, False)


def test_whoosh_leaves_aside_the_words_that_there_is_no_time_for(tmp_path: Path) -> None:
    """With time for the conditions and one word, the posts with that word are found."""
    engine = WhooshEngine(tmp_path, create=True)
    engine.write([a_document(1, "a b"), a_document(2, "b", facts=["tag=1"]), a_document(3, "a")])
    expression = Expression(
        words=(Term(field=Field.WORDS, text="a"), Term(field=Field.WORDS, text="b")),
        minimum=1,
        excluded=(Term(field=Field.FACTS, text="tag=1"),),
    )

    found = [
        engine.snapshot().find(expression, offset=0, limit=9, deadline=in_time(t))
        for t in (0, 2, 9, 2)
    ]

    assert [[match.post_id for match in each.matches] for each in found] == [
        [],
        [3, 1],
        [1, 3],
        [1, 3],
    ]
    assert [each.cut for each in found] == [True, True, False, False]


def test_whoosh_looks_for_a_phrase_as_far_as_there_is_time(tmp_path: Path) -> None:
    """Of the many posts that hold its words, some are looked at, and what is found is right."""
    engine = WhooshEngine(tmp_path, create=True)
    engine.write(a_document(number, ("b a", "a b")[number % 2]) for number in range(1, 3001))
    row, other = (Phrase(terms=terms) for terms in (("a", "b"), ("b", "a")))

    def found(expression: Expression, ticks: float) -> tuple[int, bool]:
        answer = engine.snapshot().find(expression, offset=0, limit=3000, deadline=in_time(ticks))
        assert all(match.post_id % 2 for match in answer.matches)
        return len(answer.matches), answer.cut

    some, cut = found(Expression(required=(row,)), 4)
    assert (0 < some < 1500, cut) == (True, True)
    assert found(Expression(required=(row,)), 2) == (0, True)
    for without in (
        Expression(excluded=(other,)),
        Expression(required=(Every(nodes=(), unless=(other,)),)),
    ):
        assert found(without, 2) == found(without, 4) == (0, True)
        assert found(without, 99) == (1500, False)


@pytest.mark.parametrize(
    "condition",
    [
        Term(field=Field.FACTS, text="tag=1"),
        Best(options=(Weighted(node=Term(field=Field.FACTS, text="tag=1")),)),
        Every(nodes=(Term(field=Field.FACTS, text="tag=1"), Between(first=0))),
        Phrase(terms=("a",)),
    ],
    ids=["a fact", "one of facts", "facts together", "a scored one"],
)
def test_spellings_of_one_word_score_alike(engine: Snapshot, condition: Node) -> None:
    """A prefix, with conditions or a phrase beside it, is answered as brute force answers it."""
    beginning = OneOf(field=Field.WORDS, texts=("a", "b"), score=2.0)
    expression = Expression(words=(beginning,), minimum=1, required=(condition,), repeats=True)
    scores, _ = judge(expression)

    found = engine.find(expression, offset=0, limit=100, deadline=no_deadline())

    assert {match.post_id: match.score for match in found.matches} == pytest.approx(
        scores, abs=1e-2
    )


def test_posts_with_terms_near_each_other_come_first(opening: Opening, tmp_path: Path) -> None:
    """In order up to eight positions apart, in reverse up to six; among equal ones only."""
    engine = opening(tmp_path, create=True)
    after = {gap + 1: ["a", *"x" * gap, "b", *"x" * (12 - gap)] for gap in range(12)}
    before = {gap + 21: ["b", *"x" * gap, "a", *"x" * (12 - gap)] for gap in range(12)}
    engine.write(a_document(n, " ".join(words)) for n, words in {**after, **before}.items())
    engine.write([a_document(40, "a a a a a a a"), a_document(41, "c")])
    expression = Expression(
        words=(Term(field=Field.WORDS, text="a"), Term(field=Field.WORDS, text="b")),
        minimum=1,
        near=(Near(first="a", second="b", score=100), Near(first="a", second="c", score=100)),
    )

    found = engine.snapshot().find(expression, offset=0, limit=40, deadline=no_deadline()).matches

    near = {match.post_id for match in found if match.score > 100}
    assert near == {*range(1, 9), *range(21, 27)}
    assert {match.post_id for match in found[: len(near)]} == near
    assert found[-1].post_id == 40


def test_pages_do_not_change_the_order_of_near_terms(opening: Opening, tmp_path: Path) -> None:
    """The same posts are looked at for every page: the first of each tier, once a text."""
    engine = opening(tmp_path, create=True)
    engine.write(
        a_document(
            number,
            f"a {'x ' * (number % 3 * 9)}b" if number % 2 else "a " * (1 + number % 5),
            twin=number // 4 if number < 60 else None,
        )
        for number in range(1, 200)
    )
    expression = Expression(
        words=(Term(field=Field.WORDS, text="a"), Term(field=Field.WORDS, text="b")),
        minimum=1,
        first=((Phrase(terms=("a", "b")),),),
        near=(Near(first="a", second="b", score=0.1),),
    )
    snapshot = engine.snapshot()

    def found(offset: int, limit: int) -> Sequence[Match]:
        page = snapshot.find(expression, offset=offset, limit=limit, deadline=no_deadline())
        return page.matches

    whole = found(0, 300)
    assert [match for at in range(0, 300, 7) for match in found(at, 7)] == list(whole)
    assert len({match.post_id for match in whole}) == len(whole)


def test_a_snapshot_is_of_one_commit(local_opening: Opening, tmp_path: Path) -> None:
    """Nothing that is committed later shows in it, and it outlives the files."""
    engine = local_opening(tmp_path, create=True)
    engine.write(a_document(number, "a", twin=7, facts=["tag=x"]) for number in (1, 2))
    expression = Expression(words=(Term(field=Field.WORDS, text="a"),))
    before = engine.snapshot()

    engine.write(a_document(number, "a", twin=number, facts=["tag=x"]) for number in range(3, 9))
    del engine
    shutil.rmtree(tmp_path)

    found = before.find(expression, offset=0, limit=9, deadline=no_deadline())
    assert (found.total, found.posts) == (1, 2)
    assert before.counts(["a"]) == {"a": 2}
    counts = before.facets(expression, {"tag=": 9}, deadline=no_deadline())
    assert counts == {"tag=": [TermCount(text="tag=x", documents=2)]}


def test_facets_are_counted_as_far_as_there_is_time(opening: Opening, tmp_path: Path) -> None:
    """All kinds come from one call; past the deadline the last ones are left out."""
    engine = opening(tmp_path, create=True)
    engine.write(
        a_document(number, "a", facts=[f"tag={number % 3}", "is=x"]) for number in range(1, 13)
    )
    expression = Expression(words=(Term(field=Field.WORDS, text="a"),), minimum=1)
    snapshot = engine.snapshot()
    whole = snapshot.facets(expression, {"tag=": 2, "is=": 9}, deadline=no_deadline())

    assert [count.text for count in whole["tag="]] == ["tag=0", "tag=1"]
    assert whole["is="] == [TermCount(text="is=x", documents=12)]
    assert snapshot.facets(expression, {"tag=": 2, "is=": 9}, deadline=in_time(0)) == {}
    for ticks in range(9):
        some = snapshot.facets(expression, {"tag=": 2, "is=": 9}, deadline=in_time(ticks))
        assert some == dict(list(whole.items())[: len(some)])
