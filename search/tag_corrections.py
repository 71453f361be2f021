"""Read a tag that no post has as those of the archive's that may have been meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.analysis import chunks, stem
from search.corrections import widen
from search.memory_vocabulary import KnownWords
from search.query import Word
from search.spellings import Form
from search.vocabulary import Vocabulary


def tags_meant(tag: str, known: Mapping[str, int]) -> Sequence[str]:
    """Return the known tags that a tag may stand for, likeliest first, itself not among them.

    They are compared as words are, a tag of several as one: `#озон` and `#oozn` are `#ozon`.
    `known` gives the number of posts by tag.
    """
    sought = _joined(tag)
    if not any(chunks(sought)):
        return ()
    spelt = {_joined(one): one for one in known}
    forms = [Form(text=text, term=stem(text), documents=known[one]) for text, one in spelt.items()]
    words = KnownWords({form.term: form.documents for form in forms}, forms)
    (widened,) = widen([Word(text=sought)], Vocabulary(words))
    others = () if widened.note is None else widened.note.values[1:]
    return tuple(spelt[other] for other in others if other in spelt and spelt[other] != tag)


def _joined(tag: str) -> str:
    return tag.replace("_", "")
