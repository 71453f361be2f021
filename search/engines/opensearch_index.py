"""An index on OpenSearch: its schema, the documents in it, and its head.

Beside the posts stands an index of their words (`search.known_words`): an entry for each commit,
and the head, which says what was committed last. One request reads it, and a writer replaces it
only if nobody else has.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any

from search.documents import GAP, Document
from search.engines.opensearch_client import OpenSearchClient
from search.engines.opensearch_compiler import FACTS, WORDS
from search.known_words import Entry

_HEAD = "head"
_BESIDE = "-words"
# A document without words counts among the others, as in other engines; there it has no length.
_NO_WORDS = "\u0002"
_NUMBER = {"type": "long"}
# Of a longer term, a document with it would be refused: OpenSearch takes 32,766 bytes.
_LONGEST_FACT = 8191


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The latest commit: the highest `seq`, the number of documents, the last entry of words.

    `place` is what OpenSearch needs to replace it conditionally.
    """

    seq: int = 0
    documents: int = 0
    last: str = ""
    place: Mapping[str, object] | None = None


class OpenSearchIndex:
    """One generation's indexes; nothing is cached."""

    def __init__(self, client: OpenSearchClient, name: str) -> None:
        self.client = client
        self.name = name
        self._words = f"{name}{_BESIDE}"

    def create(self) -> None:
        """Create the indexes, with as many shards and copies as the cluster's templates say."""
        self.client.ask("PUT", self.name, body=_SCHEMA)
        # The head must be read by whoever reads the entries before it.
        body = {"settings": {"number_of_shards": 1}, "mappings": {"dynamic": False}}
        self.client.ask("PUT", self._words, body=body)
        self.write_head(Head())

    def remove(self) -> None:
        """Remove the indexes, if they are there."""
        names = f"{self.name},{self._words}"
        self.client.ask("DELETE", names, params={"ignore_unavailable": "true"})

    def refresh(self) -> None:
        """Make visible what was written, on all copies of the shards."""
        self.client.ask_all("POST", f"{self.name}/_refresh")

    def count(self) -> int:
        """Return the number of visible documents."""
        return int(self.client.ask_all("GET", f"{self.name}/_count")["count"])

    def write(self, documents: Iterable[Document]) -> None:
        """Write documents, not yet visible; older ones than what is there are left out."""
        lines: list[Mapping[str, object]] = []
        for document in documents:
            version = {"version": document.seq, "version_type": "external_gte"}
            lines.append({"index": {"_id": str(document.post_id), **version}})
            lines.append(_stored(document))
        self.client.write(self.name, lines)

    def terms_of(self, post_ids: Iterable[int], *, upto: int) -> Iterable[frozenset[str]]:
        """Return the terms of those documents that are there and were committed up to a change."""
        body = {"ids": [str(post_id) for post_id in post_ids]}
        params = {"realtime": "false", "_source": f"seq,{WORDS}"}
        found = self.client.ask("POST", f"{self.name}/_mget", body=body, params=params)["docs"]
        kept = [document["_source"] for document in found if document.get("found")]
        return [terms_in(each[WORDS]) for each in kept if each["seq"] <= upto]

    def read_head(self) -> Head:
        """Return the latest commit."""
        return head_in(self.client.ask("GET", f"{self._words}/_doc/{_HEAD}"))

    def write_head(self, head: Head) -> Head:
        """Replace the head, unless somebody else has done so, and return it.

        Raises:
            IndexBusy: Somebody has.
        """
        body = {"seq": head.seq, "documents": head.documents, "last": head.last}
        params = {"op_type": "create"} if head.place is None else head.place
        path = f"{self._words}/_doc/{_HEAD}"
        return replace(head, place=_place(self.client.ask("PUT", path, body=body, params=params)))

    def add(self, entry: Entry) -> None:
        """Publish an entry; it counts once a head names it or a later one."""
        body = {
            "before": entry.before,
            "spellings": entry.spellings,
            "seed": entry.seed,
            "data": b64encode(entry.data).decode("ascii"),
        }
        self.client.ask("PUT", f"{self._words}/_doc/{entry.key}", body=body)

    def get(self, key: str) -> Entry:
        """Return an entry."""
        found = self.client.ask("GET", f"{self._words}/_doc/{key}")["_source"]
        return Entry(
            key=key,
            before=found["before"],
            spellings=found["spellings"],
            seed=found["seed"],
            data=b64decode(found["data"]),
        )


def find_head(client: OpenSearchClient, alias: str) -> tuple[str, Head] | None:
    """Return the name of the generation that an alias names, and its head, in one request."""
    found = client.find(f"{alias}{_BESIDE}/_doc/{_HEAD}")
    return found and (str(found["_index"]).removesuffix(_BESIDE), head_in(found))


def alias_actions(alias: str, *, name: str, former: str | None) -> Mapping[str, object]:
    """Return what makes an alias name another generation, all at once."""
    actions: list[Mapping[str, object]] = []
    for beside in ("", _BESIDE):
        if former is not None:
            former_index = {"index": f"{former}{beside}", "alias": f"{alias}{beside}"}
            actions.append({"remove": former_index})
        actions.append({"add": {"index": f"{name}{beside}", "alias": f"{alias}{beside}"}})
    return {"actions": actions}


def next_key(last: str) -> str:
    """Return a new key of an entry after another one."""
    number = int(last.partition("-")[0] or 0) + 1
    return f"{number:010}-{token_hex(4)}"


def terms_in(words: str) -> frozenset[str]:
    """Return the different terms of a sequence of words."""
    return frozenset(words.split()) - {GAP, _NO_WORDS}


def head_in(found: Mapping[str, Any]) -> Head:
    """Return the head that was read."""
    kept = found["_source"]
    return Head(
        seq=kept["seq"], documents=kept["documents"], last=kept["last"], place=_place(found)
    )


def _place(answer: Mapping[str, Any]) -> Mapping[str, object]:
    return {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}


def _stored(document: Document) -> Mapping[str, object]:
    facts: dict[str, list[str]] = {}
    for fact in sorted(document.facts):
        name, _, value = fact.partition("=")
        facts.setdefault(name, []).append(value)
    words = document.sequence
    return {
        "post_id": document.post_id,
        "seq": document.seq,
        "posted": document.posted,
        "twin": document.twin,
        WORDS: words if terms_in(words) else _NO_WORDS,
        FACTS: facts,
    }


_SCHEMA: Mapping[str, object] = {
    "settings": {
        # What is written is seen at a commit, on all copies at once.
        "refresh_interval": "-1",
        "replication.type": "DOCUMENT",
        "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
        "analysis": {
            # Words are separated by spaces, and a gap takes a position without being a word.
            "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 1024}},
            "filter": {"gaps": {"type": "stop", "stopwords": [GAP]}},
            "analyzer": {"terms": {"type": "custom", "tokenizer": "spaces", "filter": ["gaps"]}},
        },
    },
    "mappings": {
        "dynamic": False,
        "properties": {
            "post_id": _NUMBER,
            "seq": _NUMBER,
            "posted": _NUMBER,
            "twin": _NUMBER,
            WORDS: {"type": "text", "analyzer": "terms", "index_options": "positions"},
            FACTS: {"type": "object", "dynamic": True},
        },
        "dynamic_templates": [
            {
                "facts": {
                    "path_match": f"{FACTS}.*",
                    "mapping": {"type": "keyword", "ignore_above": _LONGEST_FACT},
                }
            }
        ],
    },
}
