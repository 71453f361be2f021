"""What the answers of a cluster mean, and which of them are our own faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex

import pytest

from model.errors import IndexBusy, IndexUnavailable, IndexUnwritable, LetopisError
from search.engines import EngineDamaged
from search.engines.opensearch_client import OpenSearchClient

_BLOCKED = '{"error": {"type": "cluster_block_exception"}, "status": 403}'


class Answering(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        """Answer with an error, if it is one."""
        status = int(self.path.rpartition("/")[2])
        self.server.asked.append(self.headers.get("Authorization"))  # type: ignore[attr-defined]
        self._say(status, _BLOCKED if status == 403 and "block" in self.path else "{}")

    def do_POST(self) -> None:
        """Answer what the test has prepared."""
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._say(200, self.server.prepared.pop(0))  # type: ignore[attr-defined]

    def _say(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def standin() -> Iterator[ThreadingHTTPServer]:
    """Start a server that answers with any status."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.asked, server.prepared = [], []  # type: ignore[attr-defined]  # for the test
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("401", IndexUnavailable),
        ("403", IndexUnavailable),
        ("block/403", IndexUnwritable),
        ("404", EngineDamaged),
        ("409", IndexBusy),
        ("429", IndexUnavailable),
        ("500", IndexUnavailable),
        ("503", IndexUnavailable),
    ],
)
def test_failure_is_told_by_its_status(
    standin: ThreadingHTTPServer, path: str, error: type[Exception]
) -> None:
    """Only what is not there is damage; what is refused or overloaded may be read later."""
    client = OpenSearchClient(f"http://user:se%20cret@127.0.0.1:{standin.server_port}")

    with pytest.raises(error) as caught:
        client.ask("GET", path)

    assert type(caught.value) is error
    assert "cret" not in str(caught.value)
    client.close()


def test_fault_of_ours_is_passed_on(standin: ThreadingHTTPServer) -> None:
    """A request that makes no sense is a bug."""
    client = OpenSearchClient(f"http://127.0.0.1:{standin.server_port}")

    with pytest.raises(Exception, match="400") as caught:
        client.ask("GET", "400")

    assert not isinstance(caught.value, LetopisError | EngineDamaged)
    client.close()


def test_address_names_nodes_password_and_indexes(standin: ThreadingHTTPServer) -> None:
    """A dead node is passed over; what begins the names of indexes stands after the last."""
    port = standin.server_port
    client = OpenSearchClient(f"http://u:p%40ss@127.0.0.1:1, http://127.0.0.1:{port}/My-Index/")

    assert [client.ask("GET", "200") for _ in range(3)] == [{}] * 3
    assert standin.asked[0] == "Basic dTpwQHNz"  # type: ignore[attr-defined]  # noted above
    assert client.name == "my-index"
    assert OpenSearchClient("http://one:9200").name == "letopis"
    assert OpenSearchClient("http://one:9200/_all").name == "letopis"
    client.close()


def test_search_is_repeated_where_a_node_died_amid_it(standin: ThreadingHTTPServer) -> None:
    """A few times; with less than all shards nothing is answered."""
    failed = '{"responses": [{}, {"error": {"type": "x"}, "status": 503}]}'
    prepared: list[str] = standin.prepared  # type: ignore[attr-defined]  # made above
    client = OpenSearchClient(f"http://127.0.0.1:{standin.server_port}")

    prepared += [failed, failed, '{"responses": [{"found": 1}]}']
    assert client.search("any", [{}], copies="any") == [{"found": 1}]
    prepared += [failed] * 3
    with pytest.raises(IndexUnavailable):
        client.search("any", [{}], copies="any")
    assert prepared == []
    prepared += ['{"_shards": {"failed": 1}}']
    with pytest.raises(IndexUnavailable, match="shard"):
        client.ask_all("POST", "any/_refresh")
    client.close()


def test_part_of_a_request_that_fails_is_told(opensearch: str) -> None:
    """Of several searches or documents in one request, each may fail for a reason of its own."""
    client, name = OpenSearchClient(opensearch), f"part-{token_hex(4)}"
    with pytest.raises(EngineDamaged, match="index_not_found"):
        client.search(name, [{}], copies="any")
    client.ask("PUT", name, body={"mappings": {"properties": {"number": {"type": "long"}}}})
    with pytest.raises(RuntimeError, match="refused"):
        client.search(name, [{"query": {"range": {"number": {"gte": "none"}}}}], copies="any")

    def write(number: object, version: int) -> None:
        place = {"_id": "1", "version": version, "version_type": "external_gte"}
        client.write(name, [{"index": place}, {"number": number}])

    write(2, version=2)
    write(1, version=1)
    with pytest.raises(RuntimeError, match="mapper_parsing"):
        write("none", version=3)
    assert client.ask("GET", f"{name}/_doc/1")["_source"] == {"number": 2}
    client.ask("DELETE", name)
