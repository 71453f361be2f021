"""OpenSearch for tests: a node that a whole run shares, and clusters of a test's own.

A node is a Java program on the jars of Maven's registry; nothing is installed. The jars are kept in
the user's cache, since fetching them takes a minute.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.request import Request, urlopen

import pytest
from filelock import FileLock

from tests.servers.process import (
    Keeping,
    Server,
    free_port,
    make_folder,
    miss,
    once_per_run,
    run_owner,
)

_SOURCES = Path(__file__).with_name("opensearch_node")
_POM, _START = _SOURCES / "pom.xml", _SOURCES / "Start.java"
# Tests change the environment.
_CACHES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
_MAVEN = ("mvn", "-B", "-q", "dependency:copy-dependencies")
# A small heap, and no compiler that takes longer than a test runs.
_JAVA = ("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_SETTINGS = {
    "http.type": "netty4",
    "transport.type": "netty4",
    "network.host": "127.0.0.1",
    "node.processors": "2",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    # A new node is used at once.
    "cluster.routing.allocation.node_concurrent_recoveries": "8",
    "cluster.max_shards_per_node": "5000",
}


class Node:
    """One node of a cluster, a process."""

    def __init__(self, name: str, settings: Mapping[str, str], *, owner: int) -> None:
        """Make its folder."""
        self.folder = make_folder("letopis-opensearch-")
        self.name = name
        self.port = free_port()
        self._settings = settings
        self._owner = owner
        self._server: Server | None = None
        shutil.copytree(_jars(), self.folder / "lib")  # the server's user may not reach the cache
        shutil.copy(_START, self.folder)

    def start(self, *, java: Sequence[str] = _JAVA) -> None:
        """Start the process."""
        settings = {
            **_SETTINGS,
            **self._settings,
            "path.home": str(self.folder),
            "node.name": self.name,
            "http.port": str(self.port),
        }
        program = [str(_java()), *java, "-cp", "lib/*", _START.name]
        self._server = Server(
            Keeping(
                command=[*program, *(f"{name}={value}" for name, value in settings.items())],
                folder=self.folder,
                ends_by=signal.SIGKILL,
                owner=self._owner,
            )
        )

    def wait(self, nodes: int) -> None:
        """Wait until the node answers as one of a cluster of so many."""
        assert self._server is not None
        path = f"/_cluster/health?wait_for_nodes=>={nodes}&timeout=1s"
        self._server.wait_until(lambda: self._is_well(path), seconds=90)

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if self._server is not None:
            self._server.stop()

    def leave(self) -> None:
        """Let it run until its owner has ended."""
        if self._server is not None:
            self._server.forget()

    def _is_well(self, path: str) -> bool:
        with suppress(OSError):
            return not ask(self.port, path)["timed_out"]
        sleep(0.1)
        return False


class OpenSearchCluster:
    """Nodes that know each other."""

    def __init__(self, nodes: int = 1, *, owner: int, java: Sequence[str] = _JAVA) -> None:
        """Start them, which takes ten seconds, and more on a busy machine."""
        ports = [free_port() for _ in range(nodes)]
        names = [f"node{number}" for number in range(nodes)]
        together = {
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in ports),
            "cluster.initial_cluster_manager_nodes": ",".join(names),
        }
        alone = {"discovery.type": "single-node"}
        self.nodes = [
            Node(
                name,
                {"transport.port": str(port), **(alone if nodes == 1 else together)},
                owner=owner,
            )
            for name, port in zip(names, ports, strict=True)
        ]
        for node in self.nodes:
            node.start(java=java)
        for node in self.nodes:
            node.wait(nodes)

    @property
    def url(self) -> str:
        """Return the addresses of all nodes, as the setting names them."""
        return ",".join(f"http://127.0.0.1:{node.port}" for node in self.nodes)

    def set_defaults(self, **settings: object) -> None:
        """Give every later index these settings, such as its number of shards."""
        put = {"index_patterns": ["*"], "template": {"settings": settings}}
        ask(self.nodes[0].port, "/_index_template/defaults", method="PUT", body=put)

    def wait_for_copies(self) -> None:
        """Wait until every shard has all its copies."""
        deadline = monotonic() + 60
        path = "/_cluster/health?wait_for_status=green&timeout=1s"
        while monotonic() < deadline:
            with suppress(OSError):
                if not ask(self.nodes[0].port, path)["timed_out"]:
                    return
        raise RuntimeError("The cluster is not whole")

    def remove(self) -> None:
        """End all nodes for good."""
        for node in self.nodes:
            node.stop()
        for node in self.nodes:
            shutil.rmtree(node.folder)


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the one node that all workers of a test run share."""
    require_opensearch()
    return str(once_per_run(tmp_path_factory, "opensearch", _start_for_all)["url"])


@pytest.fixture(scope="module")
def opensearch_cluster() -> Iterator[OpenSearchCluster]:
    """Three nodes of a module's own, where an index has four shards and each shard two copies."""
    require_opensearch()
    cluster = OpenSearchCluster(3, owner=run_owner())
    try:
        cluster.set_defaults(number_of_shards=4, number_of_replicas=1)
        yield cluster
    finally:
        cluster.remove()


def require_opensearch() -> None:
    """Skip the test, or fail it, where a node cannot be had."""
    if _java() is None:
        miss("Java is not installed (Debian: apt install default-jre-headless)")
    if not _cache().exists() and shutil.which("mvn") is None:
        miss("Maven, which fetches OpenSearch, is not installed (Debian: apt install maven)")
    try:
        _jars()
    except subprocess.CalledProcessError as exc:
        miss(f"Maven cannot fetch OpenSearch: {exc.stdout.strip()[-500:]}")


def ask(port: int, path: str, *, method: str = "GET", body: object = None) -> Any:
    """Ask a node, and return its answer.

    Raises:
        OSError: It does not answer, or with an error.
    """
    request = Request(
        f"http://127.0.0.1:{port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _start_for_all() -> dict[str, object]:
    cluster = OpenSearchCluster(owner=run_owner())
    cluster.set_defaults(
        **{"number_of_shards": 1, "number_of_replicas": 0, "translog.durability": "async"}
    )
    for node in cluster.nodes:
        node.leave()
    return {"url": cluster.url}


def _java() -> str | None:
    return shutil.which("java")


def _cache() -> Path:
    """Return where the jars of this version are kept."""
    version = hashlib.sha256(_POM.read_bytes()).hexdigest()[:16]
    return _CACHES / "letopis-tests" / f"opensearch-{version}"


def _jars() -> Path:
    """Return the folder of the jars; they are fetched once.

    Raises:
        CalledProcessError: They cannot be.
    """
    kept = _cache()
    kept.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            part = kept.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            # The project file is copied, because Maven writes beside it.
            sources = part / "sources"
            sources.mkdir(parents=True)
            shutil.copy(_POM, sources)
            subprocess.run(
                [*_MAVEN, f"-DoutputDirectory={part}/lib"],
                cwd=sources,
                check=True,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            (part / "lib").rename(kept)
            shutil.rmtree(part)
    return kept
