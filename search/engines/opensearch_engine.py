"""The engine for archives beyond one machine: OpenSearch stores the documents."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from search.documents import Document
from search.engines.opensearch_index import Head, OpenSearchIndex, next_key, terms_in
from search.engines.opensearch_snapshot import OpenSearchSnapshot
from search.known_words import Entry, KnownWords, pack_spellings, pack_terms
from search.spellings import Spelling, SpellingSnapshot

# Documents a request, and requests on their way.
_DOCUMENTS = 500
_SENT_AHEAD = 2
# About 30 MB.
_CHANGES_KEPT = 300_000
_SPELLINGS = 200_000


class OpenSearchEngine:
    """An `Engine` on an OpenSearch index, and the `spellings` of its words.

    Documents become visible together, at a commit; what a killed process wrote without one is
    written again by the next. `folder` keeps a copy of the words, for this machine.

    Args:
        folder: The folder; it may be new.
        index: The index.
        create: Whether to create the index.
        read_head: Returns the latest commit, as far as it need be known to search.
        changes_kept: How many changes of counts to keep in memory.
    """

    def __init__(
        self,
        folder: Path,
        index: OpenSearchIndex,
        *,
        create: bool = False,
        read_head: Callable[[], Head] | None = None,
        changes_kept: int = _CHANGES_KEPT,
    ) -> None:
        self.index = index
        self.spellings = PublishedSpellings(self)
        self._words = KnownWords(folder, index)
        self._read_head = read_head or index.read_head
        self._changes_kept = changes_kept
        self._snapshot: OpenSearchSnapshot | None = None
        # Spellings are published by a thread of their own while posts are.
        self._publishing = threading.Lock()
        self._last: str | None = None
        if create:
            index.create()

    def write(self, documents: Iterable[Document]) -> int:
        """Write documents, replacing those with the same post ids; commit, and return the count."""
        # What a killed process left becomes visible now, so that it is replaced and not counted.
        self.index.refresh()
        head = self.index.read_head()
        with self._publishing:
            self._last = head.last
        written, seq = 0, head.seq
        changes: Counter[str] = Counter()
        rest = iter(documents)
        with ThreadPoolExecutor(max_workers=1) as sender:
            sent: list[Future[None]] = []
            while some := list(islice(rest, _DOCUMENTS)):
                if head.documents:
                    for terms in self.index.terms_of(
                        (each.post_id for each in some), upto=head.seq
                    ):
                        changes.subtract(terms)
                sent.append(sender.submit(self.index.write, some))
                for document in some:
                    changes.update(terms_in(document.sequence))
                    seq = max(seq, document.seq)
                written += len(some)
                if len(sent) >= _SENT_AHEAD:
                    sent.pop(0).result()
                if len(changes) > self._changes_kept:
                    self._publish_terms(changes)
            for request in sent:
                request.result()
        self._publish_terms(changes)
        self._commit(head, seq=seq)
        return written

    def snapshot(self) -> OpenSearchSnapshot:
        """Return the index as of the latest commit."""
        head = self._read_head()
        if self._snapshot is None or head != self._snapshot.head:
            self._words.follow(head.last)
            self._snapshot = OpenSearchSnapshot(self.index, head, self._words.counts())
        return self._snapshot

    def publish(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Publish the spellings of some documents, each once."""
        rest = iter(spellings)
        while some := list(islice(rest, _SPELLINGS)):
            self._publish(pack_spellings(some), spellings=True, seed=seed)

    def known_spellings(self) -> SpellingSnapshot:
        """Return the spellings as of the latest snapshot."""
        return self._words.spellings()

    def finish(self) -> None:
        """Commit what was published since the last commit.

        Raises:
            IndexBusy: Somebody else has committed meanwhile.
        """
        if self._last is not None:
            head = self.index.read_head()
            self._commit(head, seq=head.seq)

    def _publish_terms(self, changes: Counter[str]) -> None:
        self._publish(pack_terms((term, n) for term, n in changes.items() if n))
        changes.clear()

    def _publish(self, data: bytes, *, spellings: bool = False, seed: int = 0) -> None:
        with self._publishing:
            before = self.index.read_head().last if self._last is None else self._last
            key = next_key(before)
            self.index.add(Entry(key=key, before=before, spellings=spellings, seed=seed, data=data))
            self._last = key

    def _commit(self, head: Head, *, seq: int) -> None:
        """Make visible what was written, then say so."""
        self.index.refresh()
        documents = self.index.count()
        with self._publishing:
            last = head.last if self._last is None else self._last
            self._last = None
            self.index.write_head(Head(seq=seq, documents=documents, last=last, place=head.place))


class PublishedSpellings:
    """The spellings of an index on OpenSearch, to be found by every machine."""

    def __init__(self, engine: OpenSearchEngine) -> None:
        self._engine = engine

    def add(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Publish the spellings of some documents; `seed` is for `SpellingIndex.add`."""
        self._engine.publish(spellings, seed=seed)

    def snapshot(self) -> SpellingSnapshot:
        """Return the spellings as of the engine's latest snapshot."""
        return self._engine.known_spellings()
