"""What a person asked for, as values: clauses, operators, periods and remarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from search.expression import Sort


class Filter(StrEnum):
    """The operators that narrow a search down."""

    HAS = "has"
    LANG = "lang"
    CODE = "code"
    FROM = "from"
    CHANNEL = "channel"
    SITE = "site"
    IS = "is"


class Facet(StrEnum):
    """What the matches of a search can be counted by."""

    YEAR = "year"
    MONTH = "month"
    TAG = "tag"
    LANGUAGE = "lang"
    HAS = "has"
    SOURCE = "source"
    SITE = "site"
    CHANNEL = "channel"


class Remark(StrEnum):
    """What there is to say about a query or its answer; the faces put it into words."""

    TRUNCATED = "truncated"
    TOO_MANY_TERMS = "too_many_terms"
    UNCLOSED_QUOTE = "unclosed_quote"
    UNCLOSED_GROUP = "unclosed_group"
    TOO_DEEP = "too_deep"
    UNKNOWN_OPERATOR = "unknown_operator"
    BAD_VALUE = "bad_value"
    BAD_RANGE = "bad_range"
    MISSING_VALUE = "missing_value"
    SHORT_PREFIX = "short_prefix"
    LEADING_WILDCARD = "leading_wildcard"
    UNKNOWN_CHANNEL = "unknown_channel"
    OTHER_LAYOUT = "other_layout"
    OTHER_SCRIPT = "other_script"
    OTHER_SPELLING = "other_spelling"
    SYNONYM = "synonym"
    DID_YOU_MEAN = "did_you_mean"
    PERIOD = "period"
    NOTHING_TO_SEARCH = "nothing_to_search"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark and the words it is about: an operator's name, then its value, and so on."""

    code: Remark
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A plain word, as typed: ranked, not required; `run` is all that was typed up to a space."""

    text: str
    run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Words in quotation marks: they must follow one another so."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """A word typed with a final asterisk: any word that begins so."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A hashtag, folded; with `prefix` any tag that begins so."""

    tag: str
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """An operator and its values, any of which will do."""

    filter: Filter
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days, both included; `None` leaves that end open."""

    first: date | None = None
    last: date | None = None


class Unit(StrEnum):
    """A length of time as a calendar has it."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The day, week, month or year that was a number of units ago, 0 for the current one."""

    unit: Unit
    back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The last days, weeks, months or years up to today."""

    unit: Unit
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The latest month of that number that has begun."""

    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one time to another, both included, whichever is earlier; or to an open end."""

    first: TimeExpression | None = None
    last: TimeExpression | None = None


class Bound(StrEnum):
    """Which side of a time expression is asked for: `after:` includes it, `before:` does not."""

    AFTER = "after"
    BEFORE = "before"
    ON = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A condition on the time of a post; `typed` is how it was said."""

    time: TimeExpression
    bound: Bound
    typed: str


TimeExpression = Period | Days | Recent | Month | Span
Atom = Word | Quoted | Prefix | Tag | Filtered | When


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Clauses in parentheses, where one clause would not do: all of them must be met."""

    clauses: tuple[Clause, ...]

    @property
    def ranked(self) -> bool:
        """Say whether the group is plain words throughout."""
        return all(clause.ranked for clause in self.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What is joined by OR (one atom, as a rule), wanted or, with a minus before it, unwanted."""

    options: tuple[Atom | Group, ...]
    excluded: bool = False

    @property
    def ranked(self) -> bool:
        """Say whether the clause is plain words, which rank; all others are conditions."""
        return not self.excluded and all(
            option.ranked if isinstance(option, Group) else isinstance(option, Word | Prefix)
            for option in self.options
        )

    def atoms(self) -> Iterator[Atom]:
        """Yield the atoms of the clause and of the groups in it."""
        for option in self.options:
            if isinstance(option, Group):
                for clause in option.clauses:
                    yield from clause.atoms()
            else:
                yield option


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search as it was understood; `text` is the part of the input that was considered."""

    text: str
    clauses: tuple[Clause, ...] = ()
    sort: Sort | None = None
    notes: tuple[Note, ...] = ()

    @property
    def blank(self) -> bool:
        """Say whether nothing was asked for: neither words nor conditions."""
        return not self.clauses

    @property
    def prefixes(self) -> int:
        """Return how many prefixes, of words and of tags, are in the query."""
        return sum(
            isinstance(atom, Prefix) or (isinstance(atom, Tag) and atom.prefix)
            for clause in self.clauses
            for atom in clause.atoms()
        )

    def asks_for(self, name: Filter, value: str | None = None) -> bool:
        """Say whether an operator occurs in the query, with a value if one is given."""
        return any(
            isinstance(atom, Filtered)
            and atom.filter is name
            and (value is None or value in atom.values)
            for clause in self.clauses
            for atom in clause.atoms()
        )
