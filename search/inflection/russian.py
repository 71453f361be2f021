"""Terms of Russian words: from a table made from a dictionary, else by Snowball's rules.

Snowball takes the ending of `систем` for a verb's, and gives `столбец` and `столбца`, `знает` and
`знал` different stems. The table unites the forms of some 45,000 dictionary words; names, slang
and new words are stemmed by the rules alone.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer  # type: ignore[import-not-found]  # compiled, without types

_OPENING = 2

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
    `term's ending:ending,ending;…`. A line of the third is the first two letters of words, then
    groups of `number of the rules:rest,rest`: a form that consists of one of the beginnings and one
    of the endings has the term beginning + term's ending. A line is read when a word begins so.
    """

    def __init__(self, text: str) -> None:
        unlike, rules, words = text.split("\n\n")
        self.unlike: Mapping[str, Sequence[str]] = {
            term: forms.split(",")
            for term, _, forms in (line.partition(":") for line in unlike.splitlines()[1:])
        }
        """For each term, the forms that do not begin like it."""
        self._unlike_terms = {form: term for term, forms in self.unlike.items() for form in forms}
        self._rules = rules.splitlines()
        self._unread = {line[:_OPENING]: line[_OPENING:] for line in words.splitlines()}
        self._words: dict[str, Mapping[str, str]] = {}

    def term_of(self, form: str) -> str | None:
        """Return the term of a form, or `None` if the rules are right."""
        known = self._unlike_terms.get(form)
        if known is not None:
            return known
        opening = form[:_OPENING]
        words = self._words.get(opening)
        if words is None:
            words = self._read_words(opening)
        for end in range(len(form), _OPENING - 1, -1):
            rules = words.get(form[_OPENING:end])
            if rules is not None:
                replaced = _endings(rules).get(form[end:])
                if replaced is not None:
                    return form[:end] + replaced
        return None

    def _read_words(self, opening: str) -> Mapping[str, str]:
        words: dict[str, str] = {}
        for group in self._unread.get(opening, "").split():
            number, _, rests = group.partition(":")
            words.update(dict.fromkeys(rests.split(","), self._rules[int(number)]))
        self._words[opening] = words
        return words


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
    return Table(files(__package__).joinpath("russian.txt").read_text("utf-8"))


@lru_cache(maxsize=1 << 12)
def _endings(rules: str) -> Mapping[str, str]:
    return {
        ending: replaced
        for replaced, _, endings in (rule.partition(":") for rule in rules.split(";"))
        for ending in endings.split(",")
    }
