"""How a spelling sounds, with and without what inflects it: the keys that join two scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.analysis import stem
from search.transliteration import phonetic_key, singulars

# Endings of nouns fall away before words are compared by sound (`агентами` sounds like `agent`);
# words with endings of adjectives and verbs are not borrowed and are not compared (`старые` is no
# `star`, `думает` no `doom`).
_NOUN_ENDINGS = re.compile(
    r"(?:[аоуеыияюь]|[оеёя]м|[ое]й|ами|ями|[ая]м|[ая]х|[ое]в|и[яиюей]|ией)?\Z"
)
_OTHER_ENDINGS = re.compile(
    r"(?:ы[йехм]|ыми|[ая]я|ое|ого|ому|ую|ее|его|ему|их|им|ими|[аие]?ть|[еи]т|[уюая]т|[еи]шь"
    r"|л[аои]|[аие]?л)\Z"
)


def phonetic_keys(form: str) -> Iterator[str]:
    """Yield how a word sounds, with and without what inflects it."""
    if form.isascii():
        for word in singulars(form):
            yield phonetic_key(word)
        return
    root = stem(form)
    ending = form.removeprefix(root)
    if not _OTHER_ENDINGS.match(ending):
        yield phonetic_key(form)
    if _NOUN_ENDINGS.match(ending):
        yield phonetic_key(root)
