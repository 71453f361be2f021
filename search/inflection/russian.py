"""Terms of Russian words: from a table made from a dictionary, else by Snowball's rules.

Snowball takes the ending of `систем` for a verb's, and gives `столбец` and `столбца`, `знает` and
`знал` different stems. The table unites the forms of some 45,000 dictionary words; names, slang
and new words are stemmed by the rules alone.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer  # type: ignore[import-not-found]  # compiled, without types

SHORTEST_BEGINNING = 2
WHOLLY = "="
"""Marks a term that does not begin like the form: the term of `люди` is `человек`."""

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
    """Return the term of a folded form, in 2 us; the first call reads the table in some 10 ms."""
    if form.startswith(COMPARED_OPENINGS) and (compared := _COMPARED.match(form)):
        known = known_term(form, _table()) or known_term(form[compared.end() :], _table())
    else:
        known = known_term(form, _table())
    return known or stem_by_rules(form)


def known_term(form: str, table: Mapping[str, str]) -> str | None:
    """Return the term that a table gives a form, or `None`."""
    for end in range(len(form), SHORTEST_BEGINNING - 1, -1):
        rules = table.get(form[:end])
        if rules is not None:
            replaced = _endings(rules).get(form[end:])
            if replaced is not None:
                return replaced[1:] if replaced.startswith(WHOLLY) else form[:end] + replaced
    return None


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
def unlike_forms() -> Mapping[str, Sequence[str]]:
    """Return, for each term, the forms that do not begin like it."""
    found = defaultdict(list)
    for form, rules in _table().items():
        if WHOLLY in rules:
            found[_endings(rules)[""][1:]].append(form)
    return found


@cache
def _table() -> Mapping[str, str]:
    text = files(__package__).joinpath("russian.txt").read_text("utf-8")
    return read_table(text)


def read_table(text: str) -> Mapping[str, str]:
    """Read the table: for each beginning of words, the rules for their endings.

    A line is `term's ending:ending,ending;…|beginning beginning …`: a form that consists of one of
    the beginnings and one of the endings has the term beginning + term's ending.
    """
    table: dict[str, str] = {}
    for line in text.splitlines()[1:]:  # the first is a comment
        rules, _, beginnings = line.partition("|")
        table.update(dict.fromkeys(beginnings.split(), rules))
    return table


@lru_cache(maxsize=1 << 12)
def _endings(rules: str) -> Mapping[str, str]:
    return {
        ending: replaced
        for replaced, _, endings in (rule.partition(":") for rule in rules.split(";"))
        for ending in endings.split(",")
    }
