"""One generation of an index, opened: the posts' engine and the spellings beside it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from search.deadline import no_deadline
from search.documents import Document
from search.engines import Engine, EngineDamaged, Snapshot
from search.engines.failures import EngineFailures
from search.expression import Expression, Field, OneOf
from search.spellings import Spelling, SpellingIndex, SpellingSnapshot

_MOST_READ = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSnapshot:
    """What a generation holds as of one commit."""

    generation: str
    posts: Snapshot
    spellings: SpellingSnapshot

    def read_through(self) -> int:
        """Read what there is of every document, and return how many there are."""
        words = self.posts.terms(Field.WORDS, "", limit=_MOST_READ)
        every = Expression(
            required=(OneOf(field=Field.WORDS, texts=tuple(word.text for word in words)),)
        )
        self.posts.find(every, offset=0, limit=1, deadline=no_deadline())
        self.posts.terms(Field.FACTS, "", limit=1)
        self.spellings.read_through()
        whole = Expression(repeats=True)
        return self.posts.find(whole, offset=0, limit=1, deadline=no_deadline()).total


class Generation:
    """A folder of an index; what it holds open is let go of with it and its snapshots."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self._engine = _open_engine(folder, create=create)
        self._spellings = SpellingIndex(folder, create=create)

    def snapshot(self) -> IndexSnapshot:
        """Return what is committed now, here or by another process; one thread asks at a time."""
        # The spellings are written first, so that no word of a post that is seen is unknown.
        posts = self._engine.snapshot()
        return IndexSnapshot(
            generation=self.folder.name, posts=posts, spellings=self._spellings.snapshot()
        )

    def write(self, documents: Iterable[Document]) -> int:
        """Have the engine write documents, and return their number.

        Raises:
            EngineDamaged: It could not. What the documents are got with fails as it fails.
        """
        given = _DocumentSource(documents)
        try:
            with EngineFailures():
                return self._engine.write(given)
        except EngineDamaged:
            if given.failure is not None:
                raise given.failure from None
            raise

    def keep(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Add what a number of documents hold to the spellings.

        Raises:
            EngineDamaged: They could not be written.
        """
        with EngineFailures():
            self._spellings.add(spellings, seed=seed)


class _DocumentSource:
    """Documents on their way to an engine; `failure` is what they could not be got for."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = iter(documents)
        self.failure: Exception | None = None

    def __iter__(self) -> Iterator[Document]:
        try:
            yield from self._documents
        except Exception as exc:
            self.failure = exc
            raise


def _open_engine(folder: Path, *, create: bool) -> Engine:
    if folder.name.startswith("tantivy-"):
        from search.engines.tantivy_engine import TantivyEngine  # noqa: PLC0415  # few need both

        return TantivyEngine(folder, create=create)
    # Python says what it finds odd in Whoosh's source of 2016, wherever it compiles it anew.
    warnings.filterwarnings("ignore", category=SyntaxWarning, module=r".*\bwhoosh\b")
    from search.engines.whoosh_engine import WhooshEngine  # noqa: PLC0415  # few need both

    return WhooshEngine(folder, create=create)
