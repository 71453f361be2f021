"""Requests to an OpenSearch cluster, and what their failures mean."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit
from weakref import finalize

from model.errors import IndexBusy, IndexUnavailable, IndexUnwritable
from model.messages import Code
from search.engines import EngineDamaged

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NOT_OF_A_NAME = re.compile(r"\W+")
_DEFAULT_NAME = "letopis"
_SECONDS = 10.0
# Searches at once that need not wait for another, to each node.
_CONNECTIONS = 16
# Two of three nodes may be gone.
_RETRIES = 2
_NOT_FOUND, _CONFLICT = 404, 409
_REFUSED = frozenset((401, 403))
# What an index must not be written for, such as a disk that is nearly full.
_BLOCKED = "cluster_block_exception"


class OpenSearchClient:
    """A connection to a cluster, thread-safe; nothing is sent before the first request.

    If a node does not answer, the request is repeated at another one.

    Raises:
        IndexUnavailable: Any method: the cluster does not answer, or cannot at the moment.
        IndexBusy: Somebody else wrote the document that a condition was about.
        EngineDamaged: The index is not there. Other exceptions are bugs.
    """

    def __init__(self, url: str) -> None:
        """Prepare for a cluster.

        Args:
            url: The addresses of nodes, separated by commas, the last of them possibly with a path,
                which is how the names of indexes begin: `https://user:password@one:9200/letopis`.
        """
        from opensearchpy import OpenSearch  # noqa: PLC0415  # takes .4 s, and few need it

        parts = [urlsplit(part.strip()) for part in url.split(",")]
        # Failures are answered; and warnings would name addresses.
        logging.getLogger("opensearch").setLevel(logging.ERROR)
        found = _NOT_OF_A_NAME.sub("-", parts[-1].path.strip("/").lower())
        self.name = found if _NAME.fullmatch(found) else _DEFAULT_NAME
        login = next((part for part in parts if part.username), None)
        self._client = OpenSearch(
            [
                {
                    "host": part.hostname or "",
                    "port": part.port or 9200,
                    "use_ssl": part.scheme == "https",
                }
                for part in parts
            ],
            http_auth=login and (unquote(login.username or ""), unquote(login.password or "")),
            timeout=_SECONDS,
            pool_maxsize=_CONNECTIONS,
            max_retries=_RETRIES,
            retry_on_timeout=True,
        )
        # Its sockets would be complained about where nobody closes it.
        finalize(self, self._client.close)

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        params: Mapping[str, object] | None = None,
    ) -> Any:
        """Send a request, and return what is answered."""
        from opensearchpy.exceptions import TransportError  # noqa: PLC0415  # as above

        try:
            return self._client.transport.perform_request(
                method, f"/{path}", params=dict(params or {}), body=body
            )
        except TransportError as exc:
            status = exc.status_code if isinstance(exc.status_code, int) else 0
            raise _failure(status, str(exc.error)) or exc from exc

    def find(self, path: str, *, params: Mapping[str, object] | None = None) -> Any:
        """Return what is at a path, or `None` if there is nothing."""
        try:
            return self.ask("GET", path, params=params)
        except EngineDamaged:
            return None

    def search(self, index: str, bodies: Sequence[Mapping[str, Any]], *, copies: str) -> Any:
        """Run several searches in one request, and return their answers in order.

        How rare a term is counts over all shards. `copies` is any text: searches with the same one
        are answered by the same copies of the shards.

        A search that has begun at a node that dies is not continued elsewhere: it is repeated.
        """
        header = {
            "index": index,
            "search_type": "dfs_query_then_fetch",
            "preference": copies,
            "allow_partial_search_results": False,
        }
        body = lines_of(line for each in bodies for line in (header, each))
        left = _RETRIES
        while True:
            found = self.ask("POST", "_msearch", body=body)["responses"]
            failed = next((_failed_part(answer) for answer in found if "error" in answer), None)
            if failed is None:
                return found
            if not (left and isinstance(failed, IndexUnavailable)):
                raise failed
            left -= 1

    def ask_all(self, method: str, path: str) -> Any:
        """Send a request that all shards must answer, and return what is answered."""
        answer = self.ask(method, path)
        if answer["_shards"]["failed"]:
            raise IndexUnavailable(Code.INDEX_OUT_OF_REACH, cause="OpenSearch: a shard failed")
        return answer

    def write(self, index: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """Write documents in one request; one that is older than what is there is left out."""
        done = self.ask(
            "POST",
            f"{index}/_bulk",
            body=lines_of(lines),
            # Bulk writes otherwise create an index that was removed meanwhile.
            params={"filter_path": "errors,items.*.status,items.*.error.type"},
        )
        if done["errors"]:
            for item in done["items"]:
                (part,) = item.values()
                if "error" in part and part["status"] != _CONFLICT:
                    raise _failed_part({"status": part["status"], "error": part["error"]})

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def lines_of(lines: Iterable[Mapping[str, Any]]) -> str:
    """Return objects as lines of JSON, each with its end."""
    return "".join([json.dumps(line, ensure_ascii=False) + "\n" for line in lines])


def _failed_part(answer: Mapping[str, Any]) -> Exception:
    kind = str(answer["error"].get("type", ""))
    status = int(answer["status"])
    return _failure(status, kind) or RuntimeError(f"OpenSearch refused a request: {answer}")


def _failure(status: int, kind: str) -> Exception | None:
    """Return the error that an answer means, `None` if it means a bug.

    `status` is 0 if there was no answer, `kind` the name of OpenSearch's exception.
    """
    if kind == _BLOCKED and status < 500:
        return IndexUnwritable(Code.INDEX_UNWRITABLE, folder="OpenSearch", cause=kind)
    if status == _CONFLICT:
        return IndexBusy(Code.INDEX_BUSY)
    if status == _NOT_FOUND:
        return EngineDamaged(kind)
    if status in _REFUSED or status == 429 or not 0 < status < 500:
        cause = f"OpenSearch: {status or 'no answer'}"
        return IndexUnavailable(Code.INDEX_OUT_OF_REACH, cause=cause)
    return None
