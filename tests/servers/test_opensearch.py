"""The OpenSearch of tests is one node per run; a test may have a cluster of its own."""

from __future__ import annotations

import pytest

from tests.servers.opensearch import OpenSearchCluster, ask


def test_node_of_the_run_answers(opensearch: str) -> None:
    """It is the version that the project promises to work with."""
    found = ask(int(opensearch.rpartition(":")[2]), "/")

    assert found["version"]["number"].startswith("2.19.")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_cluster_is_of_three(opensearch_cluster: OpenSearchCluster) -> None:
    """Each node knows the others, and an index has its shards on all of them."""
    ports = [node.port for node in opensearch_cluster.nodes]
    ask(ports[0], "/shared", method="PUT")
    opensearch_cluster.wait_for_copies()

    for port in ports:
        assert ask(port, "/_cluster/health")["number_of_data_nodes"] == 3
        shards = ask(port, "/_cat/shards/shared?format=json")
        assert len(shards) == 8
        assert {shard["node"] for shard in shards} == {"node0", "node1", "node2"}
