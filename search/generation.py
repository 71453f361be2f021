"""An open generation of an index: the engine, and the spelling index."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.deadline import no_deadline
from search.documents import Document
from search.engines import Engine, EngineDamaged, Snapshot
from search.engines.failures import EngineFailures
from search.expression import Expression, Field, OneOf
from search.spellings import Spelling, SpellingIndex, SpellingSnapshot

_MOST_READ = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSnapshot:
    """A generation as of one commit."""

    generation: str
    posts: Snapshot
    spellings: SpellingSnapshot

    def read_through(self) -> int:
        """Read all documents completely, and return their number."""
        words = self.posts.terms(Field.WORDS, "", limit=_MOST_READ)
        every = Expression(
            required=(OneOf(field=Field.WORDS, texts=tuple(word.text for word in words)),)
        )
        self.posts.find(every, offset=0, limit=1, deadline=no_deadline())
        self.posts.terms(Field.FACTS, "", limit=1)
        self.spellings.read_through()
        whole = Expression(repeats=True)
        return self.posts.find(whole, offset=0, limit=1, deadline=no_deadline()).total


class Spellings(Protocol):
    """Where the spellings of a generation are kept."""

    def add(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Add the spellings of some documents, each once; `seed` controls what is rounded."""

    def snapshot(self) -> SpellingSnapshot:
        """Return the spellings as of the latest commit."""


def open_generation(folder: Path, *, create: bool = False) -> Generation:
    """Open a generation on this machine; the folder is named after its engine."""
    engine = _open_engine(folder, create=create)
    return Generation(folder, engine, SpellingIndex(folder, create=create))


class Generation:
    """One generation's folder; its resources are released with it and its snapshots."""

    def __init__(self, folder: Path, engine: Engine, spellings: Spellings) -> None:
        self.folder = folder
        self._engine = engine
        self._spellings = spellings

    def snapshot(self) -> IndexSnapshot:
        """Return the latest commit, by any process; only one thread may call it at a time."""
        # Spellings are written first, so that all words of visible posts are known.
        posts = self._engine.snapshot()
        return IndexSnapshot(
            generation=self.folder.name, posts=posts, spellings=self._spellings.snapshot()
        )

    def write(self, documents: Iterable[Document]) -> int:
        """Write documents, and return their number.

        Raises:
            EngineDamaged: They could not be written. Errors from iterating `documents` are passed
                on.
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
        """Add spellings of some documents.

        Raises:
            EngineDamaged: They could not be written.
        """
        with EngineFailures():
            self._spellings.add(spellings, seed=seed)


class _DocumentSource:
    """Documents on their way to an engine; `failure` is the error from iterating them."""

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
    # Python warns about Whoosh's source of 2016 whenever it compiles it.
    warnings.filterwarnings("ignore", category=SyntaxWarning, module=r".*\bwhoosh\b")
    from search.engines.whoosh_engine import WhooshEngine  # noqa: PLC0415  # few need both

    return WhooshEngine(folder, create=create)


class Generations(Protocol):
    """Where the generations of an index are, one of which is current.

    A new one is built beside it and swapped in at once, so that at any moment there is either the
    old or the new one.
    """

    path: Path

    def current(self) -> Path:
        """Return the folder of the current generation; FileNotFoundError if there is none."""

    def version(self) -> object:
        """Return the version record of the current generation; errors as of `current`."""

    def open(self, folder: Path, *, create: bool = False) -> Generation:
        """Open a generation by its folder."""

    def new_generation(
        self, engine: str, version: Mapping[str, object]
    ) -> AbstractContextManager[Path]:
        """Yield a folder for a new generation, which becomes the current one afterwards."""

    def check_room(self) -> None:
        """Raise an OSError if there is no room for a new generation."""

    def sweep(self) -> None:
        """Remove what no generation needs."""

    def writing(self, *, lock_seconds: float) -> AbstractContextManager[None]:
        """Hold the write lock; IndexBusy if another writer keeps it."""
