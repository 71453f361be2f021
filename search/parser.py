"""Parses queries; every text is a query, and notes report oddities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from model.code_languages import name_language
from model.tags import fold_tag
from search.analysis import Chunk, chunks, fold
from search.dates import find_period, parse_period, parse_range, range_at
from search.expression import Sort
from search.operators import (
    HAS_VALUES,
    IS_VALUES,
    OPERATORS,
    SORT,
    SORT_VALUES,
    TAG,
)
from search.parentheses import OpenGroup, end_of_group
from search.query import (
    Atom,
    Bound,
    Clause,
    Filter,
    Filtered,
    Group,
    Note,
    Place,
    Prefix,
    Query,
    Quoted,
    Remark,
    Tag,
    When,
    Word,
)

# As long as a message of Telegram.
LONGEST_QUERY = 4096
MOST_TERMS = 12
DEEPEST_GROUP = 8
SHORTEST_PREFIX = 2

_CLOSING = {'"': '"', "«": "»", "“": "”", "„": "“”"}
_OPERATOR = re.compile(r"([^\W\d_]{1,16}):(?![\s:/])(?=\S)")
_EMPTY_OPERATOR = re.compile(r"([^\W\d_]{1,16}):(?=\s|\Z)")
# Telegram has no tags of digits alone.
_TAG = re.compile(r"#(?!\d+(?![\w·]))([\w·]+)(\*?)")
_PLACE = re.compile(
    r"""(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:[cs]/)?(?P<channel>\w+)/(?:\d+/)?
        (?P<post>\d{1,10})/?(?:[?\#]\S*)?\Z
      | \#?(?P<number>\d{1,10})\Z""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_GROUPED_NUMBER = re.compile(r"\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?![\w.])")
_RUN = re.compile(r"[^\s\"«“„|]+|.")
_OR = re.compile(r"(?:OR|ИЛИ|или)(?=[\s(]|\Z)|\|{1,2}")
# Before a single letter or digit it is not a minus but an option, as in `jq -r`.
_MINUS = re.compile(r"[-−](?![A-Za-z0-9](?:\s|\Z))(?=[^\W_]|[#\"«“„(])")
_SPACE = re.compile(r"\s*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def parse_query(text: str) -> Query:
    """Parse a query; never raises.

    At most 4096 characters and 12 terms besides plain words are considered; a note reports what was
    left out.
    """
    # A lone surrogate is not a letter, and engines reject it.
    parser = _Parser(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text[:LONGEST_QUERY]))
    clauses = parser.read()
    if len(text.rstrip()) > LONGEST_QUERY:
        parser.remark(Remark.TRUNCATED, str(LONGEST_QUERY))
    return Query(
        text=parser.text.strip(),
        clauses=clauses,
        sort=parser.sort,
        notes=tuple(dict.fromkeys(parser.notes)),
        place=_place(parser.text.strip()),
    )


def _place(text: str) -> Place | None:
    match = _PLACE.match(text)
    if match is None:
        return None
    return Place(message_id=int(match["post"] or match["number"]), channel=match["channel"] or "")


class _Parser:
    """Reads a text from left to right, collecting clauses and notes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sort: Sort | None = None
        self.notes: list[Note] = []
        self._at = 0
        self._open_groups = [OpenGroup()]
        self._excluded = False
        self._terms = 0

    def remark(self, code: Remark, *values: str) -> None:
        self.notes.append(Note(code=code, values=values))

    def read(self) -> tuple[Clause, ...]:
        while self._skip_space():
            if self._take(_OR):
                self._open_group.joins = bool(self._open_group.clauses)
                continue
            if self._read_closing():
                continue
            self._excluded = self._take(_MINUS) is not None
            if not self._read_opening():
                self._read_item()
                self._open_group.joins = False
        while len(self._open_groups) > 1:
            self.remark(Remark.UNCLOSED_GROUP)
            self._close()
        clauses = self._open_group.whole()
        if self.text.strip() and not clauses and self.sort is None:
            self.remark(Remark.NOTHING_TO_SEARCH)
        return clauses

    @property
    def _open_group(self) -> OpenGroup:
        return self._open_groups[-1]

    def _read_opening(self) -> bool:
        """Read an opening parenthesis at the start of a word; inside a word it is part of it."""
        if not self.text.startswith("(", self._at):
            return False
        self._at += 1
        if len(self._open_groups) > DEEPEST_GROUP:
            self.remark(Remark.TOO_DEEP, str(DEEPEST_GROUP))
            self._open_group.extra += 1
        else:
            self._open_groups.append(OpenGroup(excluded=self._excluded))
        return True

    def _read_closing(self) -> bool:
        if len(self._open_groups) == 1 or not self.text.startswith(")", self._at):
            return False
        self._at += 1
        if self._open_group.extra:
            self._open_group.extra -= 1
        else:
            self._close()
        return True

    def _close(self) -> None:
        """Add a finished group; a single clause needs no group."""
        group = self._open_groups.pop()
        clauses = group.whole()
        if len(clauses) == 1 and not clauses[0].excluded:
            self._open_group.add(replace(clauses[0], excluded=group.excluded))
        elif clauses:
            self._open_group.add(Clause(options=(Group(clauses=clauses),), excluded=group.excluded))
        self._open_group.joins = False

    def _read_item(self) -> None:
        if self._read_quoted():
            return
        if tag := self._take(_TAG):
            self._add(Tag(tag=fold_tag(tag[1]), prefix=bool(tag[2])))
        elif number := self._take(_GROUPED_NUMBER):
            self._add(Word.of("".join(filter(str.isdigit, number[0]))))
        elif not (self._read_operator() or self._read_range() or self._read_period()):
            self._read_run()

    def _read_quoted(self) -> bool:
        quoted = self._take_quoted()
        if quoted is None:
            return False
        if any(chunks(quoted)):
            self._add(Quoted(text=quoted))
        return True

    def _take_quoted(self) -> str | None:
        """Read a quoted text; a quote that is never closed is skipped with a note."""
        closing = _CLOSING.get(self.text[self._at])
        if closing is None:
            return None
        ends = [end for mark in closing if (end := self.text.find(mark, self._at + 1)) >= 0]
        if not ends:
            self.remark(Remark.UNCLOSED_QUOTE)
            self._at += 1
            return ""
        quoted = self.text[self._at + 1 : min(ends)]
        self._at = min(ends) + 1
        return quoted

    def _read_operator(self) -> bool:
        if (empty := self._peek(_EMPTY_OPERATOR)) and fold(empty[1]) in OPERATORS:
            self.remark(Remark.MISSING_VALUE, empty[1])
            return False
        found = self._peek(_OPERATOR)
        if found is None:
            return False
        name = OPERATORS.get(fold(found[1]))
        if name is None:
            self.remark(Remark.UNKNOWN_OPERATOR, found[1])
            return False
        self._at = found.end()
        value = self._take_quoted()
        if value is None:
            value = self._take_run()
        values = [part.strip() for part in value.split(",") if part.strip()]
        self._operate(name, values, shown=found[1])
        return True

    def _operate(self, name: str, values: Sequence[str], *, shown: str) -> None:
        if not values:
            self.remark(Remark.MISSING_VALUE, shown)
        elif name == SORT:
            self._order(values[0], shown=shown)
        elif name in set(Bound):
            self._limit_days(Bound(name), values[0], shown=shown)
        elif name == TAG:
            self._add(
                *(Tag(tag=fold_tag(tag.rstrip("*")), prefix=tag.endswith("*")) for tag in values)
            )
        else:
            self._filter(Filter(name), values, shown=shown)

    def _order(self, value: str, *, shown: str) -> None:
        sort = SORT_VALUES.get(fold(value))
        if sort is None:
            self.remark(Remark.BAD_VALUE, shown, value)
        else:
            self.sort = sort

    def _limit_days(self, bound: Bound, value: str, *, shown: str) -> None:
        time = (parse_range(value) if bound is Bound.ON else None) or parse_period(value)
        if time is None:
            self.remark(Remark.BAD_VALUE, shown, value)
        else:
            self._add(When(time=time, bound=bound, typed=f"{shown}:{value}"))

    def _read_range(self) -> bool:
        """Read dates joined by two dots; invalid ones become text, with a note."""
        typed = range_at(self.text, self._at)
        time = parse_range(typed)
        if time is None:
            if typed:
                self.remark(Remark.BAD_RANGE, typed)
            return False
        self._at += len(typed)
        self._add(When(time=time, bound=Bound.ON, typed=typed))
        return True

    def _read_period(self) -> bool:
        """Read words that name a time, such as «за прошлый месяц»."""
        found = find_period(self.text, self._at)
        if found is None:
            return False
        typed = self.text[self._at : found.end]
        self._add(When(time=found.time, bound=found.bound, typed=typed, in_words=True))
        self._at = found.end
        return True

    def _filter(self, name: Filter, values: Sequence[str], *, shown: str) -> None:
        known = list(self._known(name, values, shown=shown))
        if known:
            self._add(Filtered(filter=name, values=tuple(known)))

    def _known(self, name: Filter, values: Sequence[str], *, shown: str) -> Iterator[str]:
        table = {Filter.HAS: HAS_VALUES, Filter.IS: IS_VALUES}.get(name)
        for value in values:
            if table is None and not any(chunks(value)):
                self.remark(Remark.BAD_VALUE, shown, value)
            elif table is None:
                yield name_language(fold(value)) if name is Filter.LANG else value
            elif (meant := table.get(fold(value))) is not None:
                yield meant
            else:
                self.remark(Remark.BAD_VALUE, shown, value)

    def _read_run(self) -> None:
        """Read text without spaces: one word, or several joined by punctuation."""
        text = self._take_run()
        if text.startswith("*") and len(text) > 1:
            self.remark(Remark.LEADING_WILDCARD, text)
        found = list(chunks(text))
        for chunk in found[:-1]:
            self._add(Word(chunk=chunk, run=text))
        if found:
            wild = text[found[-1].end :] == "*"
            self._add(self._last_word(found[-1], run=text, wild=wild))

    def _last_word(self, chunk: Chunk, *, run: str, wild: bool) -> Atom:
        if wild and len(chunk.text) >= SHORTEST_PREFIX:
            return Prefix(chunk=chunk)
        if wild:
            self.remark(Remark.SHORT_PREFIX, chunk.text)
        return Word(chunk=chunk, run=run)

    def _add(self, *atoms: Atom) -> None:
        group = self._open_group
        if not (self._excluded or group.joins or len(self._open_groups) > 1) and all(
            isinstance(atom, Word) for atom in atoms
        ):
            # Of plain words, the most telling are chosen later.
            group.add(Clause(options=atoms))
            return
        left = MOST_TERMS - self._terms
        self._terms += len(atoms)
        if len(atoms) > left:
            self.remark(Remark.TOO_MANY_TERMS, str(MOST_TERMS))
        if options := atoms[: max(left, 0)]:
            group.add(Clause(options=options, excluded=self._excluded))

    def _skip_space(self) -> bool:
        self._take(_SPACE)
        return self._at < len(self.text)

    def _take_run(self) -> str:
        """Take what is left up to a space, a quote, or the end of the group."""
        found = self._peek(_RUN)
        run = found[0] if found else ""
        if len(self._open_groups) > 1:
            run = run[: end_of_group(run)]
        self._at += len(run)
        return run

    def _peek(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self._at)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = self._peek(pattern)
        if match is not None:
            self._at = match.end()
        return match
