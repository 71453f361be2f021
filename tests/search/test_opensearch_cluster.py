"""On a cluster of three nodes answers are the same, and go on when a node dies."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import given, settings

from db import PostStore
from model.errors import IndexUnavailable
from model.posts import Post
from search import open_index
from tests.search.making import a_post
from tests.search.test_equal_answers import EXAMPLES, PHASES, compare_with_cluster
from tests.searchers import patient_searcher
from tests.servers.opensearch import OpenSearchCluster, ask

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@settings(phases=PHASES, max_examples=4)
@given(*EXAMPLES)
def test_cluster_answers_alike(
    tmp_path_factory: pytest.TempPathFactory,
    opensearch_cluster: OpenSearchCluster,
    steps: Sequence[tuple[Sequence[Post], bool]],
    asked: Sequence[tuple[str, str, str]],
) -> None:
    """Posts are in four shards, and how rare a word is counts over all of them."""
    url = opensearch_cluster.url
    compare_with_cluster(tmp_path_factory.mktemp("equal"), url, steps, asked)


def test_answers_go_on_when_a_node_is_killed(
    opensearch_cluster: OpenSearchCluster,
    store: PostStore,
    save: Callable[..., None],
    folder: Path,
) -> None:
    """After a second no search fails, and what is posted then is found."""
    save(*(a_post(number, f"граф слово{number}") for number in range(1, 101)))
    url = f"{opensearch_cluster.url}/killed-{token_hex(4)}"
    failed: list[float] = []
    answered: list[float] = []

    with closing(open_index(folder, store, engine="opensearch", cluster=url)) as index:
        index.catch_up()
        opensearch_cluster.wait_for_copies()
        last = opensearch_cluster.nodes[-1]
        shards = ask(last.port, f"/_cat/shards/{url.rpartition('/')[2]}*?format=json")
        assert {shard["node"] for shard in shards} == {"node0", "node1", "node2"}
        searcher = patient_searcher(store, index)

        def search_until(end: float) -> None:
            while time.monotonic() < end:
                try:
                    assert searcher.search("граф").total == 100
                    answered.append(time.monotonic())
                except IndexUnavailable:
                    failed.append(time.monotonic())

        began = time.monotonic()
        with ThreadPoolExecutor(4) as threads:
            searching = [threads.submit(search_until, began + 8) for _ in range(4)]
            time.sleep(2)
            opensearch_cluster.nodes[0].stop()
            killed = time.monotonic()
            for each in searching:
                each.result()
        assert [at for at in failed if at > killed + 1] == []
        assert len([at for at in answered if at > killed + 1]) > 50

        save(a_post(101, "граф"))
        deadline = time.monotonic() + 60
        while index.behind() and time.monotonic() < deadline:
            with suppress(IndexUnavailable):
                index.catch_up()
        assert searcher.search("граф").total == 101
    opensearch_cluster.nodes[0].start()
    opensearch_cluster.nodes[0].wait(3)
