"""The OpenSearch of tests is one node per run; a test may have a cluster of its own."""

from __future__ import annotations

from tests.servers.opensearch import ask


def test_node_of_the_run_answers(opensearch: str) -> None:
    """It is the version that the project promises to work with."""
    found = ask(int(opensearch.rpartition(":")[2]), "/")

    assert found["version"]["number"].startswith("2.19.")
