"""Write `russian.txt`: `python -m search.inflection.compiler`, a minute and 1 GB of memory.

The dictionary is that of pymorphy3, made from OpenCorpora.org (CC BY-SA 3.0). For every noun,
adjective and verb it looks for forms whose stem by the rules differs from that of most others;
only these are written.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from pymorphy3 import MorphAnalyzer  # type: ignore[import-untyped]

from search.inflection.russian import stem_by_rules

TABLE = Path(__file__).with_name("russian.txt")
_OPENING = 3
_SHORTEST = 2
_HEADER = "# Made by compiler.py from the dictionary of OpenCorpora.org; licence: CC BY-SA 3.0"

# Left to the rules: names of people and places, abbreviations, and archaic forms.
_LEFT_OUT = frozenset(
    (
        *("Surn", "Name", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init", "Arch", "Erro", "Dist"),
        *("Infr", "V-oy", "V-ey", "V-ej", "V-be", "V-bi", "V-en", "V-ie"),
    )
)
_KINDS = {
    "NOUN": "noun",
    **dict.fromkeys(("ADJF", "ADJS", "COMP"), "adjective"),
    **dict.fromkeys(("INFN", "VERB", "GRND", "PRTF", "PRTS"), "verb"),
}
# A verb's term is chosen by these, not by participles; an adjective's, not by superlatives.
_PARTICIPLE = frozenset(("PRTF", "PRTS"))
_FINITE = frozenset(("INFN", "VERB", "GRND"))
# Its forms are a participle's too, but in these posts they are data.
_DATA = ("данные", "noun")


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """A word and its forms, each with its grammatical tags."""

    normal: str
    kind: str
    forms: Mapping[str, frozenset[str]]


def write_table(path: Path, *, beginning: str = "") -> None:
    """Write the table of all words, or of those with a beginning."""
    path.write_text(table_text(_exceptions(MorphAnalyzer(lang="ru"), beginning)), "utf-8")


def _read(analyzer: MorphAnalyzer, beginning: str) -> tuple[Sequence[_Lexeme], AbstractSet[str]]:
    """Return the inflected words, and the forms of all others, such as prepositions."""
    found: dict[tuple[str, int], dict[str, frozenset[str]]] = defaultdict(dict)
    others = set()
    for word, tag, normal, paradigm, _ in analyzer.dictionary.iter_known_words(beginning):
        marks = frozenset(str(tag).replace(" ", ",").split(","))
        form = word.replace("ё", "е")
        if tag.POS not in _KINDS:
            others.add(form)
        elif marks.isdisjoint(_LEFT_OUT) and form.isalpha():
            found[normal.replace("ё", "е"), paradigm].setdefault(form, marks)
    lexemes = []
    for (normal, _), forms in found.items():
        kinds = {_KINDS[mark] for marks in forms.values() for mark in marks & _KINDS.keys()}
        kind = "verb" if "verb" in kinds else min(kinds)
        lexemes.append(_Lexeme(normal, kind, forms))
    return lexemes, others


def _exceptions(analyzer: MorphAnalyzer, beginning: str) -> Mapping[str, str]:
    """Return the term of each form whose stem differs; of several words the likeliest decides."""
    lexemes, others = _read(analyzer, beginning)
    wanted: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    participles = {}
    for lexeme in lexemes:
        term = _term_of(lexeme)
        for form, marks in lexeme.forms.items():
            wanted[form][lexeme.normal, lexeme.kind] = term
            if marks & _PARTICIPLE:
                participles[form] = term
    found = {}
    for form, terms in wanted.items():
        if form in participles:
            # Adjectives that are participles, such as `открытый`, stay with the verb.
            terms.update({key: participles[form] for key in terms if key[1] == "adjective"})
        term = terms.get(_DATA) or next(iter(terms.values()))
        if _DATA not in terms and (form in others or len(set(terms.values())) > 1):
            term = _likeliest(form, terms, analyzer)
        if term != stem_by_rules(form):
            found[form] = term
    return found


def _term_of(lexeme: _Lexeme) -> str:
    deciding = [
        form
        for form, marks in lexeme.forms.items()
        if (marks & _FINITE if lexeme.kind == "verb" else "Supr" not in marks)
    ]
    stems = Counter(map(stem_by_rules, deciding or lexeme.forms))
    # A term of two letters easily belongs to an unrelated word too.
    return max(stems, key=lambda stem: (len(stem) > 2, stems[stem], -len(stem), stem))


def _likeliest(form: str, terms: Mapping[tuple[str, str], str], analyzer: MorphAnalyzer) -> str:
    """Return the term of the likeliest word a form can belong to; for other words, the stem."""
    stem = stem_by_rules(form)
    scores = dict.fromkeys(sorted({stem, *terms.values()}), 0.0)
    for parse in analyzer.parse(form):
        kind = _KINDS.get(str(parse.tag.POS), "")
        scores[terms.get((parse.normal_form.replace("ё", "е"), kind), stem)] += parse.score
    return max(scores, key=lambda term: (scores[term], term == stem))


def table_text(found: Mapping[str, str]) -> str:
    """Return the text of the table (`search.inflection.russian.Table`)."""
    forms: dict[str, list[str]] = defaultdict(list)
    for form, term in found.items():
        forms[term].append(form)
    unlike: dict[str, list[str]] = defaultdict(list)
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for term, together in forms.items():
        common = _common_beginning([term, *together])
        for form in together:
            beginning = common if len(common) >= _SHORTEST else _common_beginning([term, form])
            if len(beginning) < _SHORTEST:
                unlike[term].append(form)
            else:
                table[beginning][form[len(beginning) :]] = term[len(beginning) :]
    rules = {beginning: _rules(endings) for beginning, endings in table.items()}
    several = sorted(set(rules.values()))
    lengths = (len(each.encode()) + 1 for each in several)
    places = dict(zip(several, accumulate(lengths, initial=0), strict=False))
    groups: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for beginning in sorted(rules):
        place = places[rules[beginning]]
        groups[beginning[:_OPENING]][place].append(beginning[_OPENING:])
    parts = (
        (_HEADER, *(f"{term}:{','.join(sorted(unlike[term]))}" for term in sorted(unlike))),
        several,
        (
            " ".join((opening, *(f"{place}:{','.join(rests)}" for place, rests in each.items())))
            for opening, each in groups.items()
        ),
    )
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _rules(endings: Mapping[str, str]) -> str:
    """Write rules: what stands in the term, and the endings it stands for."""
    replaced: dict[str, list[str]] = defaultdict(list)
    for ending, instead in sorted(endings.items()):
        replaced[instead].append(ending)
    return ";".join(f"{instead}:{','.join(replaced[instead])}" for instead in sorted(replaced))


def _common_beginning(words: Sequence[str]) -> str:
    return os.path.commonprefix(words)  # noqa: RUF071  # of words, not of paths


if __name__ == "__main__":
    write_table(TABLE)
