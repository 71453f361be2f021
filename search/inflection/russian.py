"""Terms of Russian words: from a table made from a dictionary, else by Snowball's rules.

Snowball takes the ending of `систем` for a verb's, and gives `столбец` and `столбца`, `знает` and
`знал` different stems. The table unites the forms of some 45,000 dictionary words; names, slang
and new words are stemmed by the rules alone.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import Stemmer  # type: ignore[import-not-found]  # compiled, without types

from search.mapped import Mapped, line_at, map_file

_OPENING = 3
_SHORTEST = 2

# Fixes for Snowball. It takes the endings of `память` and `запись` for a verb's; it misses the
# vowel of `ошибок`, `ячеек`, `точек`, absent from other forms.
_NOT_VERBS = ("память", "пись", "смесь", "печать")
_FLEETING = re.compile(r"(?<=..)(?:(?<=[бвгджзклмнпрстфхц])ок|(?<=[жчш])ек|(?<=[аеиоуя])ек)\Z")
_FLEETING_ENDS = ("ок", "ек")
# Degrees of comparison that begin unlike the adjective: наибыстрейший, побыстрее.
_COMPARED = re.compile(r"(?:наи(?=.{3,}[еа]йш)|по(?=.{3,}ее\Z))")
COMPARED_OPENINGS = ("на", "по")
_IRREGULAR = {"весов": "вес", "деплоя": "депл", "деплое": "депл"}


class _Stemmers(threading.local):
    """One stemmer per thread: Snowball stemmers are not thread-safe."""

    def __init__(self) -> None:
        self.russian: Callable[[str], str] = Stemmer.Stemmer("russian", 0).stemWord


_stemmers = _Stemmers()


def russian_term(form: str) -> str:
    """Return the term of a folded form, in 2 us; the first call reads the table in some ms."""
    table = own_table()
    known = table.term_of(form)
    if known is None and form.startswith(COMPARED_OPENINGS):
        compared = _COMPARED.match(form)
        known = table.term_of(form[compared.end() :]) if compared else None
    return known or stem_by_rules(form)


class Table:
    """The terms of forms whose stems by the rules differ.

    The text has three parts, with blank lines between. A line of the first is `term:form,form`,
    for forms that do not begin like their term. A line of the second is rules for endings:
    `term's ending:ending,ending;…`. A line of the third is the first three letters of words, then
    groups of `place of the rules:rest,rest`: a form that consists of one of the beginnings and one
    of the endings has the term beginning + term's ending. A line is read when a word begins so.
    """

    def __init__(self, data: Mapped) -> None:
        rules = data.find(b"\n\n") + 2
        words = data.rfind(b"\n\n") + 2
        self.unlike: Mapping[str, Sequence[str]] = {
            term: forms.split(",")
            for term, _, forms in (
                line.partition(":") for line in data[: rules - 2].decode().splitlines()[1:]
            )
        }
        """For each term, the forms that do not begin like it."""
        self._unlike_terms = {form: term for term, forms in self.unlike.items() for form in forms}
        self._data = data
        self._rules = rules
        lines = (line.partition(b" ") for line in data[words:].split(b"\n"))
        self._unread = {opening: groups for opening, _, groups in lines}
        self._endings: dict[int, Mapping[str, str]] = {}
        self._words: dict[str, Mapping[str, int]] = {}

    def term_of(self, form: str) -> str | None:
        """Return the term of a form, or `None` if the rules are right."""
        known = self._unlike_terms.get(form)
        if known is not None:
            return known
        opening = form[:_OPENING]
        words = self._words.get(opening)
        if words is None:
            words = self._read_words(opening)
        for end in range(len(form), _SHORTEST - 1, -1):
            place = words.get(form[_SHORTEST:end])
            if place is not None:
                replaced = self._replaced(place).get(form[end:])
                if replaced is not None:
                    return form[:end] + replaced
        return None

    def _read_words(self, opening: str) -> Mapping[str, int]:
        """Return the words with an opening, without two letters, and the places of their rules."""
        words: dict[str, int] = {}
        for begun in {opening[:_SHORTEST], opening}:
            for group in self._unread.get(begun.encode(), b"").decode().split():
                place, _, rests = group.partition(":")
                for rest in rests.split(","):
                    words[begun[_SHORTEST:] + rest] = int(place)
        self._words[opening] = words
        return words

    def _replaced(self, place: int) -> Mapping[str, str]:
        """Return what stands in the term for each ending that rules know."""
        endings = self._endings.get(place)
        if endings is None:
            rules = line_at(self._data, self._rules + place).decode()
            endings = self._endings[place] = {
                ending: replaced
                for replaced, _, ends in (rule.partition(":") for rule in rules.split(";"))
                for ending in ends.split(",")
            }
        return endings


def stem_by_rules(form: str) -> str:
    """Return the stem of a form by the rules alone."""
    if form in _IRREGULAR:
        return _IRREGULAR[form]
    if form.endswith(_NOT_VERBS):
        return form[:-1]
    if form.startswith(COMPARED_OPENINGS) and (compared := _COMPARED.match(form)):
        form = form[compared.end() :]
    found = _stemmers.russian(form)
    if len(found) < 2:
        # `ИИ` does not become `и`; words of several letters never become a single letter.
        return form
    # Nearly all words end otherwise, and this check takes a tenth of the time.
    fleeting = _FLEETING.search(found) if found.endswith(_FLEETING_ENDS) else None
    if fleeting is None:
        return found
    kept = found[: fleeting.start()]
    return kept + ("йк" if kept[-1] in "аеиоуя" else "к")


@cache
def own_table() -> Table:
    """Return the table that comes with Letopis."""
    return Table(map_file(Path(__file__).with_name("russian.txt")))
