"""Read a tag that no post has as those of the archive's that may have been meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.analysis import chunks, stem
from search.corrections import correct_words
from search.memory_vocabulary import MemoryVocabulary
from search.query import Word
from search.spellings import Spelling
from search.vocabulary import Vocabulary


def similar_tags(tag: str, known: Mapping[str, int]) -> Sequence[str]:
    """Return the known tags that a tag may stand for, likeliest first, itself not among them.

    They are compared as words are, a tag of several as one: `#озон` and `#oozn` are `#ozon`.
    `known` gives the number of posts by tag.
    """
    sought = _joined(tag)
    if not any(chunks(sought)):
        return ()
    spelt = {_joined(one): one for one in known}
    spellings = [
        Spelling(text=text, term=stem(text), documents=known[one]) for text, one in spelt.items()
    ]
    words = MemoryVocabulary(
        {spelling.term: spelling.documents for spelling in spellings}, spellings
    )
    (corrected,) = correct_words([Word(text=sought)], Vocabulary(words))
    others = () if corrected.note is None else corrected.note.values[1:]
    return tuple(spelt[other] for other in others if other in spelt and spelt[other] != tag)


def _joined(tag: str) -> str:
    return tag.replace("_", "")
