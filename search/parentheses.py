"""Parentheses in a query: groups still open during parsing."""

from __future__ import annotations

from search.query import Atom, Clause, Group


class OpenGroup:
    """The contents so far of a parenthesis, or of the top level.

    `joins` means that an OR was just read; `excluded` that a minus precedes the parenthesis;
    `extra` counts open parentheses nested too deep to have an effect.
    """

    def __init__(self, *, excluded: bool = False) -> None:
        self.clauses: list[Clause] = []
        self.joins = False
        self.excluded = excluded
        self.extra = 0

    def add(self, clause: Clause) -> None:
        """Add a clause: as an alternative to the previous one after an OR, else by itself."""
        if self.joins and self.clauses:
            self.clauses[-1] = Clause(options=(*_options(self.clauses[-1]), *_options(clause)))
        else:
            self.clauses.append(clause)
        self.joins = False

    def whole(self) -> tuple[Clause, ...]:
        """Return the clauses; a group that stands alone needs no parentheses."""
        return tuple(inner for clause in self.clauses for inner in _opened(clause))


def _options(clause: Clause) -> tuple[Atom | Group, ...]:
    return (Group(clauses=(clause,)),) if clause.excluded else clause.options


def _opened(clause: Clause) -> tuple[Clause, ...]:
    (first, *others) = clause.options
    alone = isinstance(first, Group) and not others and not clause.excluded
    return first.clauses if alone and isinstance(first, Group) else (clause,)


def end_of_group(run: str) -> int:
    """Return the position of the parenthesis that closes the group, or the end of the run."""
    depth = 0
    for at, char in enumerate(run):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return at
    return len(run)
