"""Plans a query: which terms stand for its words, and what is required."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from model.posts import Channel
from search.analysis import chunks, fold
from search.dates import days_of
from search.documents import fact
from search.expansion import Expansion, expand, prefix_node
from search.expression import (
    Between,
    Every,
    Expression,
    Field,
    Node,
    OneOf,
    Phrase,
    Sort,
    Term,
    Weighted,
)
from search.query import (
    Atom,
    Bound,
    Clause,
    Filter,
    Filtered,
    Group,
    Note,
    Period,
    Place,
    Prefix,
    Query,
    Quoted,
    Remark,
    Tag,
    When,
    Word,
)
from search.reader import IndexReader
from search.tag_corrections import similar_tags
from search.telling import most_telling
from search.vocabulary import Vocabulary
from search.word_nodes import best_of, word_node

# Limit on the expansions of all prefixes of a query together: the most frequent words give nearly
# all matches.
_MOST_EXPANSIONS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedQuery:
    """An expression, and notes on how it came about."""

    expression: Expression
    notes: tuple[Note, ...] = ()


def plan(
    query: Query,
    *,
    reader: IndexReader,
    channels: Mapping[int, Channel],
    today: date,
    zone: tzinfo = UTC,
    only_code: bool = False,
    sort: Sort | None = None,
) -> PlannedQuery:
    """Return the expression for a query.

    `channels` are the archive's, by key; `today` is the reference for `вчера`, and `zone` defines
    days; `only_code` adds `has:code`; `sort`, if given, overrides the query's own.
    """
    expansions = _MOST_EXPANSIONS // max(query.prefixes, 1)
    planner = _Planner(reader, channels, today=today, zone=zone, expansions=expansions)
    return planner.plan(query, only_code=only_code, sort=sort)


class _Planner:
    def __init__(
        self,
        reader: IndexReader,
        channels: Mapping[int, Channel],
        *,
        today: date,
        zone: tzinfo,
        expansions: int,
    ) -> None:
        self._reader = reader
        self._vocabulary = Vocabulary(reader)
        self._channels = channels
        self._today = today
        self._zone = zone
        self._notes: list[Note] = []
        self._expansions = expansions

    def plan(self, query: Query, *, only_code: bool, sort: Sort | None) -> PlannedQuery:
        expansion = self._expansion(query.clauses)
        words, first = expansion.nodes, expansion.first
        if query.place is not None:
            place = self._place(query.place)
            words = (_best([place, *words]),)
            first = ((place,), *first)
        required = [self._clause(clause) for clause in query.clauses if _is_condition(clause)]
        if only_code:
            required.append(_fact("has", "code"))
        excluded = [self._exactly(clause) for clause in query.clauses if clause.excluded]
        if not query.asks_for(Filter.IS, "service"):
            excluded.append(_fact("kind", "service"))
        expression = Expression(
            words=words,
            minimum=min(len(words), 1),
            first=first,
            near=expansion.near,
            required=tuple(required),
            excluded=tuple(excluded),
            sort=sort or query.sort or (Sort.RELEVANCE if query.ranked else Sort.NEW),
        )
        return PlannedQuery(expression=expression, notes=tuple(self._notes))

    def _expansion(self, clauses: Iterable[Clause]) -> Expansion:
        """Return the nodes of plain words, expanded with corrections and synonyms."""
        ranked = [clause for clause in clauses if clause.ranked]
        if not ranked:
            return Expansion()
        telling = most_telling(ranked, self._vocabulary)
        expansion = expand(telling, self._vocabulary, other=self._wide)
        self._notes.extend(expansion.notes)
        return expansion

    def _wide(self, option: Atom | Group) -> Node:
        if isinstance(option, Group):
            return self._group(option)
        if isinstance(option, Tag) and not option.prefix:
            return self._tag_or_similar(option.tag)
        if not isinstance(option, Word):
            return self._atom(option)
        return _every(self._expansion([Clause(options=(option,))]).nodes)

    def _clause(self, clause: Clause) -> Node:
        return _best([self._wide(option) for option in clause.options])

    def _group(self, group: Group) -> Node:
        """Return the node of a group, with its words expanded like those outside."""
        wanted = [
            *self._expansion(group.clauses).nodes,
            *(self._clause(clause) for clause in group.clauses if _is_condition(clause)),
        ]
        unwanted = [self._exactly(clause) for clause in group.clauses if clause.excluded]
        return _every(wanted, unless=unwanted)

    def _exactly(self, clause: Clause) -> Node:
        """Return the node of an excluded clause, unexpanded so as not to exclude too much."""
        return _best([self._exact(option) for option in clause.options])

    def _exact(self, option: Atom | Group) -> Node:
        if not isinstance(option, Group):
            return self._atom(option)
        return _every(
            (self._exactly(clause) for clause in option.clauses if not clause.excluded),
            unless=[self._exactly(clause) for clause in option.clauses if clause.excluded],
        )

    def _atom(self, atom: Atom) -> Node:
        match atom:
            case Word(chunk=chunk):
                return word_node(chunk)
            case Quoted(text=text):
                return Phrase(terms=tuple(_terms_of(text)))
            case Prefix(chunk=chunk):
                return prefix_node(chunk, self._reader, limit=self._expansions)
            case Tag(tag=tag, prefix=prefix):
                return self._tag(tag, prefix=prefix)
            case Filtered(filter=name, values=values):
                return _best([self._filtered(name, value) for value in values])
        return self._when(atom)

    def _tag(self, tag: str, *, prefix: bool) -> Node:
        return _tags(self._known_tags(tag)) if prefix else _fact("tag", tag)

    def _tag_or_similar(self, tag: str) -> Node:
        """Return the node of a tag or, if no post has it, of similar tags."""
        meant = () if tag in self._known_tags(tag) else similar_tags(tag, self._known_tags(""))
        if not meant:
            return _fact("tag", tag)
        shown = tuple(f"#{one}" for one in (tag, *meant))
        self._notes.append(Note(code=Remark.OTHER_SPELLING, values=shown))
        return _tags(meant)

    def _known_tags(self, beginning: str) -> Mapping[str, int]:
        """Return the most frequent tags with a prefix, with their numbers of posts."""
        found = self._reader.terms(Field.FACTS, fact("tag", beginning), limit=self._expansions)
        return {term.text.removeprefix(fact("tag", "")): term.documents for term in found}

    def _filtered(self, name: Filter, value: str) -> Node:
        match name:
            case Filter.CODE:
                return _facts_of(value, name="code")
            case Filter.FROM:
                whole = _fact("from", fold(value).strip().removeprefix("@"))
                return _best([whole, _facts_of(value, name="from")])
            case Filter.SITE:
                return _fact("site", _host(value))
            case Filter.CHANNEL:
                return self._channel(value)
            case _:
                return _fact(name, value)

    def _place(self, place: Place) -> Node:
        """Return the node of the post that an address or a number means, in all channels."""
        node = _fact("message", str(place.message_id))
        if not place.channel:
            return node
        named = tuple(
            fact("channel", key)
            for key, channel in self._channels.items()
            if fold(place.channel) in {fold(channel.username or ""), str(channel.telegram_id)}
        )
        return Every(nodes=(node, OneOf(field=Field.FACTS, texts=named)))

    def _channel(self, value: str) -> Node:
        """Return the node of channels matching a key, a name, or words of a title."""
        sought = fold(value).strip().removeprefix("@")
        terms = set(_terms_of(value))
        found = [
            key
            for key, channel in self._channels.items()
            if sought in {str(key), fold(channel.username or ""), fold(channel.title)}
        ] or [
            key
            for key, channel in self._channels.items()
            if sought in fold(channel.title) or terms <= {*_terms_of(channel.title)}
        ]
        if not found:
            self._notes.append(Note(code=Remark.UNKNOWN_CHANNEL, values=(value,)))
        texts = tuple(fact("channel", key) for key in found)
        return OneOf(field=Field.FACTS, texts=texts)

    def _when(self, when: When) -> Node:
        days = days_of(when.time, today=self._today)
        if when.bound is Bound.AFTER:
            days = Period(first=days.first)
        elif when.bound is Bound.BEFORE and days.first is not None:
            days = Period(last=days.first - timedelta(days=1))
        self._notes.append(_period_note(when, days))
        first = None if days.first is None else self._midnight(days.first)
        last = None if days.last is None else self._midnight(days.last + timedelta(days=1))
        return Between(first=first, last=last)

    def _midnight(self, day: date) -> int:
        return int(datetime.combine(day, time(), self._zone).timestamp())


def _period_note(when: When, days: Period) -> Note:
    ends = ("" if day is None else day.isoformat() for day in (days.first, days.last))
    return Note(code=Remark.PERIOD, values=(when.typed, *ends))


def _is_condition(clause: Clause) -> bool:
    return not (clause.ranked or clause.excluded)


def _best(nodes: Iterable[Node]) -> Node:
    return best_of([Weighted(node=node) for node in dict.fromkeys(nodes)])


def _fact(name: str, value: str) -> Node:
    return Term(field=Field.FACTS, text=fact(name, value))


def _tags(tags: Iterable[str]) -> Node:
    return OneOf(field=Field.FACTS, texts=tuple(fact("tag", tag) for tag in tags))


def _facts_of(value: str, *, name: str) -> Node:
    """Return the node for all words of a value, compounds in any spelling."""
    return _every(_chunk_facts(value, name=name))


def _chunk_facts(value: str, *, name: str) -> Iterator[Node]:
    for chunk in chunks(value):
        wholes = [_fact(name, piece.term) for piece in chunk.pieces if piece.whole]
        yield _best([*wholes, _every(_fact(name, atom.term) for atom in chunk.atoms)])


def _terms_of(text: str) -> Sequence[str]:
    return [atom.term for chunk in chunks(text) for atom in chunk.atoms]


def _every(nodes: Iterable[Node], *, unless: Sequence[Node] = ()) -> Node:
    parts = tuple(dict.fromkeys(nodes))
    return parts[0] if len(parts) == 1 and not unless else Every(nodes=parts, unless=tuple(unless))


def _host(value: str) -> str:
    """Return the host of an address, or of a host typed by hand."""
    host = value.casefold().split("://")[-1].split("/")[0]
    return host.removeprefix("www.").rstrip(".")
