"""Phonetic keys: how words sound, comparable across scripts, with and without inflection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.analysis import stem

# A capital stands for one sound that a script writes with two letters: C is ц, J is ж, Q is ч, W is
# ш.
_SOUNDS = str.maketrans("абвгдежзийклмнопрстуфхцчшщыэюя", "abvgdeJziiklmnoprstufhCQWWieua", "ъь")
# English as a Russian ear hears it.
_LATIN_SOUNDS = str.maketrans("cjqwy", "kJkvi") | {ord("x"): "ks"}
_LATIN_PAIRS = {
    "sch": "W",
    "tch": "Q",
    "ch": "Q",
    "sh": "W",
    "zh": "J",
    "kh": "h",
    "ph": "f",
    "th": "t",
    "ck": "k",
    "qu": "kv",
    "ce": "se",
    "ci": "si",
    "cy": "si",
    "dge": "J",
    "dj": "J",
    "ee": "i",
    "ea": "i",
    "oo": "u",
    "ou": "u",
    "ow": "au",
    "ay": "ei",
    "ai": "ei",
    "ts": "C",
    "tz": "C",
    "yu": "u",
    "ya": "a",
    "yo": "o",
    "ju": "u",
    "ja": "a",
    "gh": "g",
    "wr": "r",
    "iew": "u",
    "new": "nu",
}
_PAIRS = re.compile("|".join(sorted(_LATIN_PAIRS, key=len, reverse=True)))

_DOUBLED = re.compile(r"(.)(?=\1)")
_VOWELS = "aeiou"
_TO_SKELETON = str.maketrans("z", "s", _VOWELS)
# `generation` is `генерация`, not `генератион`; `retention` is also `ретеншн`.
_RUSSIAN_TION = re.compile(r"(?:шн|(?<=[кнп])шен)(?:[аыуе]|ов|ом)?\Z")
_ENGLISH_TION = re.compile(r"[ts]ions?\Z")

# Noun endings are dropped before comparison (`агентами` sounds like `agent`); words with adjective
# and verb endings are not loanwords and are not compared (`старые` is not `star`, `думает` not
# `doom`).
_NOUN_ENDINGS = re.compile(
    r"(?:[аоуеыияюь]|[оеёя]м|[ое]й|ами|ями|[ая]м|[ая]х|[ое]в|и[яиюей]|ией)?\Z"
)
_OTHER_ENDINGS = re.compile(
    r"(?:ы[йехм]|ыми|[ая]я|ое|ого|ому|ую|ее|его|ему|их|им|ими|[аие]?ть|[еи]т|[уюая]т|[еи]шь"
    r"|л[аои]|[аие]?л)\Z"
)


def phonetic_keys(form: str) -> Iterator[str]:
    """Yield the keys of a word, with and without inflection."""
    if form.isascii():
        for word in _singulars(form):
            yield phonetic_key(word)
        return
    root = stem(form)
    ending = form.removeprefix(root)
    if not _OTHER_ENDINGS.match(ending):
        yield phonetic_key(form)
    if _NOUN_ENDINGS.match(ending):
        yield phonetic_key(root)


def phonetic_key(word: str) -> str:
    """Return how a folded word sounds without its ending, in letters shared by both scripts.

    `кафка` and `kafka`, `катбуст` and `catboost` have the same key.
    """
    whole = full_phonetic_key(word)
    return whole[:2] + whole[2:].rstrip(_VOWELS)


def full_phonetic_key(word: str) -> str:
    """Return how a folded word sounds, including its ending."""
    if word.isascii():
        read = _ENGLISH_TION.sub("tsi", word) if "ion" in word else word
        pairs = _PAIRS.sub(lambda match: _LATIN_PAIRS[match[0]], read)
        heard = pairs.translate(_LATIN_SOUNDS)
    else:
        read = _RUSSIAN_TION.sub("ци", word) if "ш" in word else word
        heard = read.replace("дж", "ж").replace("тч", "ч").translate(_SOUNDS)
    return _DOUBLED.sub("", heard)


def skeleton_of(sound: str) -> str:
    """Return the consonants of a key, and whether it begins with a vowel."""
    return ("a" if sound[:1] in _VOWELS else "") + sound.translate(_TO_SKELETON)


def _singulars(word: str) -> Iterator[str]:
    """Yield an English word and, if it ends in `s`, possible singulars."""
    yield word
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
