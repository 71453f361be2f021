"""A local copy of published words is what was published, whoever copied what before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from model.errors import IndexUnavailable
from search.engines import TermCount
from search.known_words import Entry, KnownWords, pack_spellings, pack_terms
from search.spellings import By, Spelling


class Published:
    """Entries in memory."""

    def __init__(self) -> None:
        self.last = ""
        self._entries: dict[str, Entry] = {}
        self.got = 0

    def add(self, data: bytes, *, spellings: bool = False) -> str:
        """Publish an entry, and return its key."""
        key = f"{len(self._entries) + 1:010}-x"
        self._entries[key] = Entry(
            key=key, before=self.last, spellings=spellings, seed=1, data=data
        )
        self.last = key
        return key

    def get(self, key: str) -> Entry:
        """Return an entry."""
        self.got += 1
        return self._entries[key]


@pytest.fixture
def published() -> Published:
    """Publish the words of three commits."""
    made = Published()
    made.add(pack_spellings(_spellings({"граф": 2, "узлы": 1})), spellings=True)
    made.add(pack_terms([("граф", 2), ("узл", 1), ("a_b", 3)]))
    made.add(pack_spellings(_spellings({"графы": 1})), spellings=True)
    made.add(pack_terms([("граф", 1), ("узл", -1)]))
    return made


def _spellings(counts: Mapping[str, int]) -> Iterable[Spelling]:
    return (
        Spelling(text=text, term=text.removesuffix("ы"), documents=count)
        for text, count in counts.items()
    )


def what(words: KnownWords) -> tuple[Mapping[str, int], list[str]]:
    """Return the counts of terms, and the spellings of a word."""
    counts = words.counts().counts(["граф", "узл", "a_b", "нет"])
    return counts, [each.text for each in words.spellings().find(By.TERM, ["граф"])]


ALL = {"граф": 3, "узл": 0, "a_b": 3, "нет": 0}


def test_words_are_those_published(tmp_path: Path, published: Published) -> None:
    """Whether they are taken over at once or step by step, each entry is read once."""
    keys = [f"{number:010}-x" for number in (2, 4, 4)]
    words = KnownWords(tmp_path / "step", published)
    for key in keys:
        words.follow(key)
    assert published.got == 4
    assert what(words) == (ALL, ["граф", "графы"])

    at_once = KnownWords(tmp_path / "once", published)
    at_once.follow(published.last)
    assert what(at_once) == (ALL, ["граф", "графы"])
    assert at_once.counts().terms("", limit=9) == [
        TermCount(text="a_b", documents=3),
        TermCount(text="граф", documents=3),
    ]
    assert at_once.counts().counts([]) == {}


def test_nothing_is_known_of_an_empty_index(tmp_path: Path, published: Published) -> None:
    """Before the first commit there is nothing to copy."""
    words = KnownWords(tmp_path, published)
    words.follow("")

    assert what(words) == (dict.fromkeys(ALL, 0), [])


def test_folder_is_shared(tmp_path: Path, published: Published) -> None:
    """What one process has taken over, another need not, nor one that knows of less."""
    one, other = KnownWords(tmp_path, published), KnownWords(tmp_path, published)
    early = f"{2:010}-x"
    one.follow(early)
    other.follow(published.last)
    assert published.got == 4

    one.follow(published.last)
    KnownWords(tmp_path, published).follow(early)
    assert published.got == 4
    assert what(one) == what(other) == (ALL, ["граф", "графы"])


def test_what_was_begun_is_begun_anew(tmp_path: Path, published: Published) -> None:
    """A process that was killed in between leaves no count doubled."""
    one = KnownWords(tmp_path, published)
    one.follow(published.last)
    (tmp_path / "APPLIED").unlink()  # as it is from the first change to the last

    again = KnownWords(tmp_path, published)
    again.follow(published.last)

    assert what(again) == (ALL, ["граф", "графы"])
    one.follow(published.add(pack_terms([("граф", 1)])))
    assert what(one)[0]["граф"] == 4


def test_damaged_copy_is_made_anew(tmp_path: Path, published: Published) -> None:
    """Whatever is wrong with its files, they are copied again, and nothing else is."""
    KnownWords(tmp_path, published).follow(published.last)
    for path in (tmp_path / "terms").glob("*.term"):
        path.write_bytes(b"damaged")

    again = KnownWords(tmp_path, published)
    again.follow(published.last)

    assert what(again) == (ALL, ["граф", "графы"])


def test_copy_that_cannot_be_kept_is_no_damage(
    tmp_path: Path, published: Published, without_room: Callable[[], AbstractContextManager[None]]
) -> None:
    """On a full disk the search says so, and the index is left alone."""
    words = KnownWords(tmp_path / "copy", published)
    with without_room(), pytest.raises(IndexUnavailable, match="index_out_of_reach"):
        words.follow(published.last)

    words.follow(published.last)
    assert what(words) == (ALL, ["граф", "графы"])
