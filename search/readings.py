"""Decides between readings of a query: conditions, or words that only look like conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, zip_longest
from typing import Protocol, TypeVar

from search.analysis import chunks, fold
from search.dates import days_of
from search.documents import fact
from search.expression import Expression, Field, Phrase
from search.query import Bound, Clause, Note, Query, Quoted, Remark, When, Word
from search.reader import IndexReader
from search.stopwords import is_stop_word
from search.word_nodes import word_node
from search.wording import date_as_condition, date_as_words, notation, words_in, words_of

_QUESTIONS = """
кто кого кому кем что чего чему чем где куда откуда когда почему зачем как какой какая какое какие
какого каких какому каким какую каком чей чья чье чьи сколько
who whom whose what when where why which how
"""
_QUESTION_WORDS = frozenset(_QUESTIONS.split())
# In questions such as «В каком году …» the question word comes second.
_QUESTION_BEGINS = 3
_SHORTEST_QUESTION = 4
# Posts searched for an option as it was typed.
_LOOKED_AT = 10
# More than any archive has.
_MOST_MONTHS = 2400
_YEAR = re.compile(r"\d{4}\Z")

FindTexts = Callable[[Expression, int], Sequence[str]]


class _Result(Protocol):
    """How many posts a reading finds, and how many of them have all the words."""

    @property
    def total(self) -> int: ...

    @property
    def complete(self) -> int: ...


_R = TypeVar("_R", bound=_Result)
_Judge = Callable[[Clause, Clause | None], Note | None]


def settle(query: Query, reader: IndexReader, *, find_texts: FindTexts, today: date) -> Query:
    """Return the query with conditions as words where the archive speaks for that, with notes.

    These are command-line options that a post has as typed (`java -jar`), dates in words that the
    archive does not reach or that go on in a post (`in 2000 steps`), and names quoted in a
    question. `find_texts` returns the texts of the best posts for an expression.
    """
    plain = _plain_words(query)
    is_question = _is_question(query)

    def judge(clause: Clause, following: Clause | None) -> Note | None:
        word, when = clause.only_word, _said(clause)
        if clause.excluded and word is not None and word.run.isascii():
            with_it = Expression(
                words=tuple(word_node(other.chunk) for other in plain),
                required=(word_node(word.chunk),),
            )
            if _is_option(word, find_texts(with_it, _LOOKED_AT)):
                return _option_note(word, query.text)
        elif when is not None:
            if not _reaches(reader, when, today) or _goes_on(reader, when, following):
                return _date_note(when, query.text)
        elif is_question and isinstance(quoted := clause.options[0], Quoted):
            return _quote_note(quoted, plain)
        return None

    return _without_stop_words(_judged(query, judge))


def best_reading(query: Query, search: Callable[[Query], _R]) -> _R:
    """Return what a query finds or, if its conditions leave nothing, what its words find.

    Dates in words also become words if only so a post has all of the words, and in a question if no
    post of the time has them: it may ask about the date.
    """
    found = search(query)
    if not found.complete and any(map(_said, query.clauses)):
        undated = search(_without_dates(query))
        if undated.complete or (undated.total and (_is_question(query) or not found.total)):
            return undated
    words_alone = None if found.total else _words_alone(query)
    words = None if words_alone is None else search(words_alone)
    return words if words is not None and words.total else found


def notes_on(query: Query, notes: Iterable[Note]) -> Iterator[Note]:
    """Yield notes, those on dates in words with the other reading; then the exclusions."""
    said = {when.typed: when for clause in query.clauses if (when := _said(clause))}
    for note in notes:
        when = said.get(note.values[0]) if note.code is Remark.PERIOD else None
        yield (
            note
            if when is None
            else replace(note, instead=_replaced(query.text, when.typed, date_as_words(when)))
        )
    excluded = (notation(replace(each, excluded=False)) for each in query.clauses if each.excluded)
    for shown in dict.fromkeys(excluded):
        yield Note(code=Remark.EXCLUDED, values=(shown,))


def _without_stop_words(query: Query) -> Query:
    """Return the query without plain words if they are all stop words, beside a condition."""
    telling = tuple(
        clause
        for clause in query.clauses
        if (word := clause.only_word) is None or clause.excluded or not is_stop_word(word.text)
    )
    is_met = any(not (clause.ranked or clause.excluded) for clause in telling)
    ranked = any(clause.ranked for clause in telling)
    return replace(query, clauses=telling) if is_met and not ranked else query


def _without_dates(query: Query) -> Query:
    def judge(clause: Clause, _following: Clause | None) -> Note | None:
        when = _said(clause)
        return None if when is None else _date_note(when, query.text)

    return _judged(query, judge)


def _words_alone(query: Query) -> Query | None:
    """Return the query without conditions but with their words, or `None` if that is no other."""
    conditions = [notation(clause) for clause in query.clauses if not clause.ranked]
    words = [word for clause in query.clauses for word in words_in(clause)]
    words = words or [*words_of(query.text)]
    if not (conditions and words):
        return None
    note = Note(code=Remark.WORDS_ALONE, values=(" ".join(dict.fromkeys(conditions)),))
    return replace(query, clauses=tuple(words), notes=(*query.notes, note))


def _judged(query: Query, judge: _Judge) -> Query:
    """Return the query with those clauses as words on which there is a note."""
    clauses: list[Clause] = []
    notes: list[Note] = []
    for clause, following in zip_longest(query.clauses, query.clauses[1:]):
        note = judge(clause, following)
        clauses.extend([clause] if note is None else words_in(clause))
        notes += [] if note is None else [note]
    return replace(query, clauses=tuple(clauses), notes=(*query.notes, *dict.fromkeys(notes)))


def _said(clause: Clause) -> When | None:
    """Return the clause's date if it was given in words rather than by an operator."""
    (first, *others) = clause.options
    is_said = isinstance(first, When) and first.in_words and not (others or clause.excluded)
    return first if isinstance(first, When) and is_said else None


def _is_option(word: Word, texts: Iterable[str]) -> bool:
    """Return whether a text has a word after a minus; at the start of a line it may be a list."""
    typed = re.compile(rf"(?<=[^\w\n])[-−–—]{re.escape(word.run)}(?![\w-])")
    return any(map(typed.search, texts))


def _reaches(reader: IndexReader, when: When, today: date) -> bool:
    """Return whether the archive has posts about the time of a date, so that it divides them."""
    days = days_of(when.time, today=today)
    found = reader.terms(Field.FACTS, fact("month", ""), limit=_MOST_MONTHS)
    months = sorted(count.text.removeprefix(fact("month", "")) for count in found)
    if not months or days.first is None or days.last is None:
        return False
    first, last = f"{days.first:%Y-%m}", f"{days.last:%Y-%m}"
    match when.bound:
        case Bound.AFTER:
            return months[0] <= last and first <= months[-1]
        case Bound.BEFORE:
            return months[0] < first and days.first <= today
        case _:
            return any(first <= month <= last for month in months)


def _goes_on(reader: IndexReader, when: When, following: Clause | None) -> bool:
    """Return whether a post has the year and the next word in a row, as in `2000 steps`."""
    year = _YEAR.search(when.typed)
    word = following and following.only_word
    if not (year and word and following and following.ranked):
        return False
    row = Phrase(terms=(year[0], word.chunk.atoms[0].term))
    return reader.find(Expression(required=(row,)), offset=0, limit=0).total > 0


def _plain_words(query: Query) -> Sequence[Word]:
    return [word for clause in query.clauses if clause.ranked and (word := clause.only_word)]


def _is_question(query: Query) -> bool:
    """Return whether a query asks something, about more than the names quoted in it."""
    text, words = query.text, _plain_words(query)
    if all(is_stop_word(word.text) for word in words):
        return False
    begins = {fold(chunk.text) for chunk in islice(chunks(text), _QUESTION_BEGINS)}
    return text.endswith("?") or (
        len(words) >= _SHORTEST_QUESTION and not begins.isdisjoint(_QUESTION_WORDS)
    )


def _option_note(word: Word, text: str) -> Note:
    typed = f"-{word.run}"
    instead = _replaced(text, typed, f'-"{word.run}"')
    return Note(code=Remark.OPTION, values=(typed,), instead=instead)


def _date_note(when: When, text: str) -> Note:
    condition = date_as_condition(when)
    instead = _replaced(text, when.typed, condition) if condition else ""
    return Note(code=Remark.DATE_WORDS, values=(when.typed,), instead=instead)


def _quote_note(quoted: Quoted, words: Iterable[Word]) -> Note:
    """Return the note on a quotation, with a query of it and the telling words."""
    telling = dict.fromkeys(word.text for word in words if not is_stop_word(word.text))
    instead = f'"{quoted.text}" {" ".join(list(telling)[: _SHORTEST_QUESTION - 1])}'
    return Note(code=Remark.QUOTE_WORDS, values=(quoted.text,), instead=instead)


def _replaced(text: str, typed: str, other: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", lambda _: other, text, count=1)
