"""The same word in two scripts: how words sound, Russian in Latin letters, the wrong keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

# A capital is a sound that one script writes with two letters: C is ц, J is ж, Q is ч, W is ш.
_SOUNDS = str.maketrans("абвгдежзийклмнопрстуфхцчшщыэюя", "abvgdeJziiklmnoprstufhCQWWieua", "ъь")
# English as a Russian ear takes it down.
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

# Russian as people type it on a Latin keyboard, every custom at once.
_LETTERS = {
    **dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстуввхыз", strict=True)),
    "x": "кс",
    "shch": "щ",
    "sch": "щ",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "cz": "ц",
    "ch": "ч",
    "sh": "ш",
    "yu": "ю",
    "ju": "ю",
    "iu": "ю",
    "ya": "я",
    "ja": "я",
    "yo": "е",
    "jo": "е",
    "ye": "е",
    "je": "е",
    "'": "ь",
    "shh": "щ",
    "ia": "я",
}

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_JCUKEN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN_KEYS = str.maketrans(_QWERTY, _JCUKEN)
_TO_LATIN_KEYS = str.maketrans(_JCUKEN, _QWERTY)

_ONE_WORD = re.compile(r"[^\W_]+(?:[-._][^\W_]+)*\Z")

_DOUBLED = re.compile(r"(.)(?=\1)")
_VOWELS = "aeiou"
_TO_SKELETON = str.maketrans("z", "s", _VOWELS)
# `generation` is `генерация`, not `генератион`; `retention` is `ретеншн` too.
_RUSSIAN_TION = re.compile(r"(?:шн|(?<=[кнп])шен)(?:[аыуе]|ов|ом)?\Z")
_ENGLISH_TION = re.compile(r"[ts]ions?\Z")
# `novye` is `новые`, while `yest` is `есть`.
_SHORT_I = re.compile(r"(?<=[аеиоуыэюя])ы(?![аеиоуыэюя]{0,8}хз)")
_FINAL_SHORT_I = re.compile(r"(?<=[аеиоуыэюя])и(?=\Z|[^аеиоуыэюя])")
_PLURAL_YE = re.compile(r"(?<=[^aeiouy])ye\Z")


def _reader(table: Mapping[str, str]) -> re.Pattern[str]:
    """Return the pattern that finds a table's keys, longer ones first."""
    return re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))


_PAIR_READER = _reader(_LATIN_PAIRS)
_LETTER_READER = _reader(_LETTERS)


def phonetic_key(word: str) -> str:
    """Return how a folded word sounds, in letters that both scripts share; endings fall away.

    `кафка` and `kafka`, `катбуст` and `catboost` sound alike.
    """
    whole = full_phonetic_key(word)
    return whole[:2] + whole[2:].rstrip(_VOWELS)


def full_phonetic_key(word: str) -> str:
    """Return how a folded word sounds with its ending."""
    if word.isascii():
        read = _ENGLISH_TION.sub("tsi", word) if "ion" in word else word
        pairs = _PAIR_READER.sub(lambda match: _LATIN_PAIRS[match[0]], read)
        heard = pairs.translate(_LATIN_SOUNDS)
    else:
        read = _RUSSIAN_TION.sub("ци", word) if "ш" in word else word
        heard = read.replace("дж", "ж").replace("тч", "ч").translate(_SOUNDS)
    return _DOUBLED.sub("", heard)


def skeleton_of(sound: str) -> str:
    """Return the consonants of a sound, and whether a vowel comes first."""
    return ("a" if sound[:1] in _VOWELS else "") + sound.translate(_TO_SKELETON)


def in_cyrillic(word: str) -> str:
    """Return a word of Latin letters as the Russian word that it may stand for: `zadacha`."""
    read = _PLURAL_YE.sub("ые", word)
    written = _LETTER_READER.sub(lambda match: _LETTERS[match[0]], read)
    return _SHORT_I.sub("й", written)


def cyrillic_readings(word: str) -> Sequence[str]:
    """Return the Russian words that a word of Latin letters may stand for, likeliest first.

    `i` after a vowel may be й or и, `x` кс or х, `e` е or э: customs differ.
    """
    if not (word.isascii() and word.replace("'", "").isalpha()):
        return ()
    main = in_cyrillic(word)
    readings = [main]
    if "x" in word:
        readings.append(in_cyrillic(word.replace("x", "h")))
    readings += [_FINAL_SHORT_I.sub("й", reading) for reading in readings]
    readings += [reading.replace("ие", "ье") for reading in readings]
    return tuple(dict.fromkeys(readings))


def singulars(word: str) -> Iterator[str]:
    """Yield an English word and, where it ends in `s`, what it may be the plural of."""
    yield word
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]


def other_layout(typed: str) -> str | None:
    """Return what was meant by a word typed with the keyboard in the other language."""
    folded = typed.casefold()
    if any("а" <= char <= "я" or char == "ё" for char in folded):
        meant = folded.translate(_TO_LATIN_KEYS)
        return meant if meant.isascii() and _ONE_WORD.match(meant) else None
    meant = folded.translate(_TO_RUSSIAN_KEYS)
    return meant.replace("ё", "е") if meant.isalpha() and not meant.isascii() else None
