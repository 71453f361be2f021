"""An index on OpenSearch: rebuilt and caught up with, by several machines, whatever fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db import PostStore, open_archive
from ingest import run_import
from letopis.sample import sample_export
from model.addresses import parse_address
from model.errors import IndexUnavailable
from search import CatchUp, Facet, PostIndex, RebuildReason, open_index
from search.engines.opensearch_client import OpenSearchClient
from search.vocabulary import Vocabulary
from tests.sample.queries import read_queries
from tests.search.making import a_post, found
from tests.searchers import patient_searcher
from tests.servers.process import free_port

Save = Callable[..., None]
Opening = Callable[[str], PostIndex]


@pytest.fixture
def opening(tmp_path: Path, store: PostStore, cluster: str) -> Iterator[Opening]:
    """Return what opens the archive's index on a machine with this name."""
    opened: list[PostIndex] = []

    def opening(machine: str) -> PostIndex:
        index = open_index(tmp_path / machine, store, engine="opensearch", cluster=cluster)
        opened.append(index)
        return index

    yield opening
    for index in opened:
        index.close()


def counts_of(index: PostIndex, *terms: str) -> dict[str, int]:
    """Return the number of posts with each term."""
    with index.reading() as reader:
        return dict(reader.counts(terms))


def names_on(cluster: str) -> set[str]:
    """Return the names of a cluster's indexes."""
    client = OpenSearchClient(cluster)
    return set(client.ask("GET", f"{client.name}*"))


@pytest.mark.slow
def test_sample_is_answered_as_by_tantivy(
    tmp_path: Path, store: PostStore, opening: Opening
) -> None:
    """Posts, order, counts, remarks and facets are the same, for the queries of the sample."""
    run_import(store, sample_export())
    with closing(open_index(tmp_path / "tantivy", store, engine="tantivy")) as index:
        index.catch_up()
        here, there = (patient_searcher(store, each) for each in (index, opening("one")))
        asked = [query.text for query in read_queries()][::9]
        for text in (*asked, "#ml", "гра*", "has:code", "модел кафак", "2024", "-python", ""):
            answers = [each.search(text, limit=20, facets=list(Facet)) for each in (here, there)]
            one, other = (
                (found(a), a.total, a.complete, a.posts, a.notes, a.facets) for a in answers
            )
            assert one == other, text


@pytest.mark.slow
def test_archive_on_a_server_is_searched_there(
    tmp_path: Path, store: PostStore, opening: Opening, postgres_url: str, cluster: str
) -> None:
    """An archive in PostgreSQL and one in a file give the same answers."""
    run_import(store, sample_export())
    here = patient_searcher(store, opening("one"))
    with open_archive(parse_address(postgres_url)) as server:
        run_import(server, sample_export())
        index = open_index(
            tmp_path / "server", server, engine="opensearch", cluster=cluster, jobs=2
        )
        with closing(index):
            there = patient_searcher(server, index)
            for text in ("spark repartition", "#ml", "модел кафак", "2024", ""):
                one, other = (each.search(text, limit=20) for each in (here, there))
                assert (found(one), one.total, one.notes) == (
                    found(other),
                    other.total,
                    other.notes,
                )
            assert not index.catch_up().rebuilt


def test_search_takes_few_requests(
    save: Save, store: PostStore, opening: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    """Words are corrected without any; posts, repeats and facets take one each."""
    save(*(a_post(number, f"рекомендательная система {number}") for number in range(1, 9)))
    searcher = patient_searcher(store, opening("one"))
    searcher.search("система")
    logging.getLogger("opensearch").setLevel(logging.INFO)

    answer = searcher.search("рекомендатльная ситема", facets=[Facet.TAG, Facet.MONTH, Facet.HAS])

    assert (len(answer.hits), len(answer.notes)) == (5, 2)
    assert 1 <= len([r for r in caplog.records if r.name == "opensearch"]) <= 3


def test_changes_are_caught_up_with(save: Save, opening: Opening) -> None:
    """Words that no post has any more are unknown, and new ones are known, on another machine."""
    save(a_post(1, "граф редкость"), a_post(2, "граф"))
    one, other = opening("one"), opening("other")
    assert one.catch_up().reason is RebuildReason.MISSING
    assert counts_of(other, "граф", "редкост") == {"граф": 2, "редкост": 1}

    save(a_post(1, "граф диковина", posted_at=a_post(1).posted_at), a_post(3, "граф"))
    assert one.behind() == 2
    assert one.catch_up() == CatchUp(documents=2, engine="opensearch", limit=20_000)

    expected = {"граф": 3, "редкост": 0, "диковин": 1}
    assert counts_of(one, *expected) == expected
    third = opening("third")
    assert counts_of(third, *expected) == expected
    with third.reading() as reader:
        assert list(Vocabulary(reader).typos("диквина")) == ["диковина"]
        assert (reader.documents(), reader.last_seq()) == (3, 4)
    assert not other.catch_up().rebuilt
    assert counts_of(other, *expected) == expected


def test_rebuild_replaces_the_index_at_once(
    save: Save, store: PostStore, opening: Opening, cluster: str
) -> None:
    """Searches elsewhere go on, with the new one as soon as the former is gone."""
    save(a_post(1, "граф"))
    one, other = opening("one"), opening("other")
    searcher = patient_searcher(store, other)
    assert searcher.search("граф").total == 1
    before = names_on(cluster)

    assert one.rebuild().reason is RebuildReason.ASKED

    assert searcher.search("граф").total == 1
    assert len(names_on(cluster)) == len(before) == 2
    assert not names_on(cluster) & before
    assert not one.check().rebuilt


def test_failing_rebuild_leaves_the_index(save: Save, opening: Opening, cluster: str) -> None:
    """What was begun is removed."""
    save(a_post(1, "граф"))
    one = opening("one")
    one.catch_up()
    before = names_on(cluster)

    def fail(_done: int, _expected: int) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        one.rebuild(progress=fail)

    assert names_on(cluster) == before
    assert counts_of(one, "граф") == {"граф": 1}


def test_index_that_is_gone_is_built_anew(
    save: Save, store: PostStore, opening: Opening, cluster: str
) -> None:
    """Whoever removed it, and whether a search or the next change notices."""
    save(a_post(1, "граф"))
    one = opening("one")
    searcher = patient_searcher(store, one)
    client = OpenSearchClient(cluster)
    searcher.search("граф")
    client.ask("DELETE", f"{client.name}*")
    assert searcher.search("граф").total == 1
    client.ask("DELETE", f"{client.name}*")
    assert one.catch_up().reason is RebuildReason.MISSING
    assert searcher.search("граф").total == 1


def test_silent_cluster_is_no_damage(tmp_path: Path, store: PostStore, save: Save) -> None:
    """Nothing is said to be missing or damaged where nothing answers."""
    save(a_post(1, "граф"))
    url = f"http://user:secret@127.0.0.1:{free_port()}"
    index = open_index(tmp_path / "index", store, engine="opensearch", cluster=url)

    for call in (index.catch_up, index.needs_rebuild, index.behind, index.check):
        with pytest.raises(IndexUnavailable, match="index_out_of_reach") as caught:
            call()
        assert "secret" not in str(caught.value)
    assert "secret" not in repr(index.place)
    with pytest.raises(IndexUnavailable):
        patient_searcher(store, index).search("граф")


def test_half_built_index_is_removed_in_the_end(save: Save, opening: Opening, cluster: str) -> None:
    """A rebuild removes what a killed one left long ago, and leaves what may still be built."""
    save(a_post(1, "граф"))
    one = opening("one")
    one.catch_up()
    client = OpenSearchClient(cluster)
    (name,) = {each.removesuffix("-words") for each in names_on(cluster)}
    alias = name.rpartition("-")[0]
    young = f"{time.time_ns():x}"
    for begun in ("123abc", young):
        client.ask("PUT", f"{alias}-{begun}")

    one.rebuild()

    left = {each.rpartition("-")[2] for each in names_on(cluster)}
    assert young in left
    assert "123abc" not in left
