"""A parsed query, as values: clauses, operators, periods and notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from search.analysis import Chunk, chunks
from search.expression import Sort


class Filter(StrEnum):
    """Operators that filter."""

    HAS = "has"
    LANG = "lang"
    CODE = "code"
    FROM = "from"
    CHANNEL = "channel"
    SITE = "site"
    IS = "is"


class Facet(StrEnum):
    """Properties by which matches can be counted."""

    YEAR = "year"
    MONTH = "month"
    TAG = "tag"
    LANGUAGE = "lang"
    HAS = "has"
    SOURCE = "source"
    SITE = "site"
    CHANNEL = "channel"


class Remark(StrEnum):
    """Codes of notes on a query or its answer; the interfaces put them into words."""

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
    DATE_WORDS = "date_words"
    QUOTE_WORDS = "quote_words"
    OPTION = "option"
    EXCLUDED = "excluded"
    WORDS_ALONE = "words_alone"
    NOTHING_TO_SEARCH = "nothing_to_search"
    CUT_SHORT = "cut_short"
    ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark and the words it is about: an operator's name, then its value, and so on.

    `instead` is the query for the other reading, if the typed one can be read in two ways.
    """

    code: Remark
    values: tuple[str, ...] = ()
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A plain word as typed: ranked, not required; `run` is everything typed up to a space."""

    chunk: Chunk
    run: str = ""

    @classmethod
    def of(cls, text: str) -> Word:
        """Return the first word of a text, which must have one."""
        return cls(chunk=next(chunks(text)))

    @property
    def text(self) -> str:
        """Return the word alone."""
        return self.chunk.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quoted phrase: its words must follow each other."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """A word typed with a final asterisk: any word with this prefix."""

    chunk: Chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A folded hashtag; with `prefix`, any tag with this prefix."""

    tag: str
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """An operator and its alternative values."""

    filter: Filter
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A range of days, inclusive; `None` leaves that end open."""

    first: date | None = None
    last: date | None = None


class Unit(StrEnum):
    """A calendar unit."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The day, week, month or year a number of units ago, 0 for the current one."""

    unit: Unit
    back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The last days, weeks, months or years, up to today."""

    unit: Unit
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The latest such month that has begun."""

    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one time to another, inclusive, in either order; or open-ended."""

    first: TimeExpression | None = None
    last: TimeExpression | None = None


class Bound(StrEnum):
    """Which side of a time is meant: `after:` includes it, `before:` does not."""

    AFTER = "after"
    BEFORE = "before"
    ON = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A condition on the time of a post; `typed` is its original text, perhaps only words."""

    time: TimeExpression
    bound: Bound
    typed: str
    in_words: bool = False


TimeExpression = Period | Days | Recent | Month | Span
Atom = Word | Quoted | Prefix | Tag | Filtered | When


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Clauses in parentheses, all of which must match."""

    clauses: tuple[Clause, ...]

    @property
    def ranked(self) -> bool:
        """Return whether the group consists of plain words."""
        return all(clause.ranked for clause in self.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Alternatives joined by OR (usually one atom), required or, after a minus, excluded."""

    options: tuple[Atom | Group, ...]
    excluded: bool = False

    @property
    def ranked(self) -> bool:
        """Return whether the clause is plain words, which rank; all others are conditions."""
        return not self.excluded and all(
            option.ranked if isinstance(option, Group) else isinstance(option, Word | Prefix)
            for option in self.options
        )

    @property
    def only_word(self) -> Word | None:
        """Return the word of a clause that is nothing else."""
        (first, *others) = self.options
        return first if isinstance(first, Word) and not others else None

    def atoms(self) -> Iterator[Atom]:
        """Yield the atoms of the clause, including nested groups."""
        for option in self.options:
            if isinstance(option, Group):
                for clause in option.clauses:
                    yield from clause.atoms()
            else:
                yield option


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A post's number, and a channel's username or Telegram id if an address named it."""

    message_id: int
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed query; `text` is the part of the input that was considered.

    `place` is the post meant if the text is nothing but an address or a number.
    """

    text: str
    clauses: tuple[Clause, ...] = ()
    sort: Sort | None = None
    notes: tuple[Note, ...] = ()
    place: Place | None = None

    @property
    def blank(self) -> bool:
        """Return whether it has neither words nor conditions."""
        return not self.clauses

    @property
    def ranked(self) -> bool:
        """Return whether it has words to rank by, be they required: phrases, words in groups."""
        return any(
            isinstance(atom, Word | Quoted | Prefix)
            for clause in self.clauses
            if not clause.excluded
            for atom in clause.atoms()
        )

    @property
    def prefixes(self) -> int:
        """Return the number of prefixes in the query, of words and tags."""
        return sum(
            isinstance(atom, Prefix) or (isinstance(atom, Tag) and atom.prefix)
            for clause in self.clauses
            for atom in clause.atoms()
        )

    def asks_for(self, name: Filter, value: str | None = None) -> bool:
        """Return whether an operator occurs in the query, with this value if one is given."""
        return any(
            isinstance(atom, Filtered)
            and atom.filter is name
            and (value is None or value in atom.values)
            for clause in self.clauses
            for atom in clause.atoms()
        )
