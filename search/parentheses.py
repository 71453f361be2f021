"""Parentheses in a query: the groups that are still open while it is read."""

from __future__ import annotations

from search.query import Atom, Clause, Group


class OpenGroup:
    """What stands between two parentheses so far, or outside of all.

    `joins` says that an OR was just read; `excluded` that a minus stands before the parenthesis,
    and `extra` counts the parentheses in it that are too deep to mean anything.
    """

    def __init__(self, *, excluded: bool = False) -> None:
        self.clauses: list[Clause] = []
        self.joins = False
        self.excluded = excluded
        self.extra = 0

    def add(self, clause: Clause) -> None:
        """Take in what was read: as a choice beside the clause before an OR, or by itself."""
        if self.joins and self.clauses:
            self.clauses[-1] = Clause(options=(*_options(self.clauses[-1]), *_options(clause)))
        else:
            self.clauses.append(clause)
        self.joins = False

    def whole(self) -> tuple[Clause, ...]:
        """Return the clauses; a group that stands by itself needs no parentheses."""
        return tuple(inner for clause in self.clauses for inner in _opened(clause))


def _options(clause: Clause) -> tuple[Atom | Group, ...]:
    return (Group(clauses=(clause,)),) if clause.excluded else clause.options


def _opened(clause: Clause) -> tuple[Clause, ...]:
    (first, *others) = clause.options
    alone = isinstance(first, Group) and not others and not clause.excluded
    return first.clauses if alone and isinstance(first, Group) else (clause,)


def end_of_group(run: str) -> int:
    """Return where the parenthesis closes that was open before a run, or where the run ends."""
    depth = 0
    for at, char in enumerate(run):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return at
    return len(run)
