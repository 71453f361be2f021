"""Puts the notes of a search into words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from i18n import Catalogue
from model.text import shorten
from search import Remark

if TYPE_CHECKING:
    from search import Note

_VALUE_LENGTH = 60
_OTHERS = 8
"""How many of the additional words are named."""
_SAID_OF_ALL = {Remark.OTHER_LAYOUT, Remark.OTHER_SCRIPT, Remark.SYNONYM}
"""Notes reported once for all words: their texts do not name the typed words."""
_ALSO_SEARCHED = (Remark.OTHER_SCRIPT, Remark.SYNONYM)


def say_notes(notes: Iterable[Note], *, texts: Catalogue) -> Sequence[str]:
    """Return one line per note, without duplicates."""
    lines = (f"ℹ️ {sentence}" for sentence in _sentences(_joined(notes), texts))
    return tuple(dict.fromkeys(lines))


def say_found(total: int, complete: int, *, texts: Catalogue) -> str:
    """Return how many posts have every word of a query, and how many have some: near matches."""
    if complete == total:
        return texts.count(total, texts.posts)
    if not complete:
        return texts.count(total, texts.near_posts)
    return texts.posts_and_near.format(
        posts=texts.count(complete, texts.posts),
        near=texts.count(total - complete, texts.near),
    )


def say_completeness(total: int, complete: int, *, texts: Catalogue) -> Sequence[str]:
    """Return a line if there are posts, but none has every word of the query."""
    return [f"ℹ️ {texts.no_post_with_all}"] if total and not complete else []


def _joined(notes: Iterable[Note]) -> Collection[Note]:
    """Merge the notes that say the same of several words."""
    joined: dict[Note | Remark, Note] = {}
    for note in notes:
        if note.code in _SAID_OF_ALL:
            first = joined.get(note.code, note)
            others = dict.fromkeys([*first.values[1:], *note.values[1:]])
            joined[note.code] = replace(first, values=(first.values[0], *others))
        else:
            joined[note] = note
    return joined.values()


def _sentences(notes: Collection[Note], texts: Catalogue) -> Iterator[str]:
    """Yield a sentence per note, but one for other spellings and synonyms together."""
    also = {note.code: note for note in notes if note.code in _ALSO_SEARCHED}
    for note in notes:
        if len(also) < len(_ALSO_SEARCHED) or note.code not in also:
            yield _sentence(note, texts)
        elif note.code is Remark.OTHER_SCRIPT:
            spellings, synonyms = (_others(also[code], texts) for code in _ALSO_SEARCHED)
            yield texts.also_searched.format(spellings=spellings, synonyms=synonyms)


def _others(note: Note, texts: Catalogue) -> str:
    others = [shorten(value, _VALUE_LENGTH) for value in note.values[1 : 1 + _OTHERS]]
    return texts.list_joint.join(texts.quoted(word) for word in others)


def _sentence(note: Note, texts: Catalogue) -> str:
    words = [shorten(value, _VALUE_LENGTH) for value in note.values]
    return texts.notes[note.code].format(
        words=texts.quoted(":".join(words)),
        number=words[0] if words else "",
        word=texts.quoted(words[0]) if words else "",
        others=_others(note, texts),
        days=_days(note, texts),
    )


def _days(note: Note, texts: Catalogue) -> str:
    """Format a period from its first to its last day; either may be open."""
    if note.code is not Remark.PERIOD:
        return ""
    first, last = (day and texts.day(datetime.fromisoformat(day)) for day in note.values[1:])
    if not last:
        return texts.from_day.format(day=first)
    if not first:
        return texts.until_day.format(day=last)
    return " — ".join(dict.fromkeys((first, last)))
