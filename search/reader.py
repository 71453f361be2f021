"""One generation of an index, opened: the posts' engine and the spellings beside it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from search.deadline import no_deadline
from search.documents import Document
from search.engines import Engine, EngineFailed, FailuresOfEngines
from search.expression import Expression, Field, OneOf
from search.spellings import Spelling, SpellingIndex

_MOST_READ = 10_000


class IndexReader:
    """What the index knows of posts and words, as of the last `refresh`; any thread may ask."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self.engine = _open_engine(folder, create=create)
        try:
            self.spellings = SpellingIndex(folder, create=create)
        except BaseException:
            self.engine.close()
            raise

    def refresh(self) -> None:
        """See what has been committed meanwhile, here or in another process."""
        # The spellings are written first, so that no word of a post that is seen is unknown.
        self.engine.refresh()
        self.spellings.refresh()

    def close(self) -> None:
        """Let go of the files."""
        self.engine.close()

    def write(self, documents: Iterable[Document]) -> int:
        """Have the engine write documents, and return their number.

        Raises:
            EngineFailed: It could not. What the documents are got with fails as it fails.
        """
        given = _DocumentSource(documents)
        try:
            with FailuresOfEngines():
                return self.engine.write(given)
        except EngineFailed:
            if given.failure is not None:
                raise given.failure from None
            raise

    def keep(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Add what a number of documents hold to the spellings.

        Raises:
            EngineFailed: They could not be written.
        """
        with FailuresOfEngines():
            self.spellings.add(spellings, seed=seed)

    def read_through(self) -> int:
        """Read what there is of every document, and return how many there are."""
        words = self.engine.terms(Field.WORDS, "", limit=_MOST_READ)
        every = Expression(
            required=(OneOf(field=Field.WORDS, texts=tuple(word.text for word in words)),)
        )
        self.engine.find(every, offset=0, limit=1, deadline=no_deadline())
        self.engine.terms(Field.FACTS, "", limit=1)
        self.spellings.read_through()
        whole = Expression(repeats=True)
        return self.engine.find(whole, offset=0, limit=1, deadline=no_deadline()).total

    def documents(self) -> int:
        """Return the number of documents."""
        return self.engine.documents()

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        return self.engine.count(term)

    def spelling(self, text: str) -> Spelling | None:
        """Return a spelling, if there is such a one."""
        return self.spellings.get(text)

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        counts = {
            term.text: term.documents
            for term in self.engine.terms(Field.WORDS, prefix, limit=limit)
        }
        for form in self.spellings.beginning(prefix, limit=limit):
            counts.setdefault(form.term, form.documents)
        return sorted(counts, key=lambda term: (-counts[term], term))[:limit]

    def with_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script with any of these phonetic keys."""
        return self.spellings.with_sound(sounds, latin=latin)

    def with_near_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key is an edit away from any of these."""
        return self.spellings.with_near_sound(sounds, latin=latin)

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key has this consonant skeleton."""
        return self.spellings.with_skeleton(skeleton, latin=latin)

    def within(self, word: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings within an edit distance of a word."""
        return self.spellings.within(word, distance=distance)

    def stems_within(self, term: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings whose terms are within an edit distance of this one."""
        return self.spellings.stems_within(term, distance=distance)


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
