"""Bare code: lines of code that were typed as plain text, found among prose.

Precision comes first: a missed snippet can still be found by its words, while prose shown as code
is plainly wrong. Lines are weighed one by one, neighbours make a block, a block needs three points.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from ingest.code_lines import (
    CERTAIN,
    FITTING,
    LIKELY,
    NEUTRAL,
    PROSE,
    STRONG,
    may_bear_points,
    may_begin_code,
    weigh_line,
)
from ingest.code_python import weigh_python

_OPENING = re.compile(r"[(\[{]")
_CLOSING = re.compile(r"[)\]}]")
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_BLANKS_INSIDE = 2
_LONGEST_STATEMENT = 40
# Posts have 4,096 characters at most; what is longer than that is no post but an attack.
LONGEST_TEXT = 20_000
"""How many characters of a text are looked through for bare code."""
_KEY = re.compile(r"(\s*)(?:- )*([a-z_][\w.-]*|\"[^\"]*\"):(?: +\S.*)?$")
_ITEM = re.compile(r"(\s*)- \S.*$")
_LEAST_OF_YAML = 3
_LEAST_OF_KEYS = 2


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Where code stands in a text, as code points."""

    start: int
    end: int


@dataclass(slots=True)
class _Line:
    text: str
    start: int
    weight: float

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def find_code(text: str, *, taken: Iterable[tuple[int, int]] = ()) -> Iterator[CodeBlock]:
    """Yield the blocks of bare code in a text, whole lines each.

    Args:
        text: The plain text.
        taken: Stretches that cannot be bare code, such as what is marked as code already.
    """
    text, stretches = text[:LONGEST_TEXT], _Stretches(taken)
    if not _has_candidates(text, stretches):
        return
    lines = _weigh_lines(text, stretches)
    if not any(line.weight >= LIKELY for line in lines):
        return
    _join_statements(lines)
    _absorb_single_lines(lines)
    for block in _grow_blocks(lines):
        if sum(line.weight for line in block) >= CERTAIN:
            yield CodeBlock(block[0].start, block[-1].end)


class _Stretches:
    """Stretches of a text, in any order, that are asked what overlaps them."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        # How far any of the first so many reaches.
        self._reaches = [*accumulate((end for _, end in ordered), max)]

    def overlap(self, start: int, end: int) -> bool:
        before_end = bisect_left(self._starts, end)
        return before_end > 0 and self._reaches[before_end - 1] > start


def _has_candidates(text: str, taken: _Stretches) -> bool:
    """Say whether there is anything to look at; most posts are let go here."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if (
            may_begin_code(line)
            and not taken.overlap(start, end)
            and may_bear_points(text, start, line)
        ):
            return True
        start = end + 1
    return False


def _weigh_lines(text: str, taken: _Stretches) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for content in text.split("\n"):
        end = start + len(content)
        blank = not content or content.isspace()
        weight = PROSE if taken.overlap(start, end) else NEUTRAL if blank else weigh_line(content)
        lines.append(_Line(content, start, weight))
        start = end + 1
    _weigh_yaml(lines)
    return lines


def _weigh_yaml(lines: Sequence[_Line]) -> None:
    """Recognise YAML by its nesting: keys over indented keys; `Location: Berlin` is none."""
    first = 0
    while first < len(lines):
        last = first
        while last < len(lines) and _is_yaml(lines[last]):
            last += 1
        block = lines[first:last]
        if len(block) >= _LEAST_OF_YAML and _is_nested(block):
            for line in block:
                line.weight = max(line.weight, FITTING)
            block[0].weight = max(block[0].weight, STRONG)
        first = last + 1


def _is_yaml(line: _Line) -> bool:
    return line.weight != PROSE and bool(_KEY.match(line.text) or _ITEM.match(line.text))


def _is_nested(block: Sequence[_Line]) -> bool:
    keys = sum(1 for line in block if _KEY.match(line.text))
    return keys >= _LEAST_OF_KEYS and any(
        upper.text.endswith(":") and lower.text.startswith((" ", "- "))
        for upper, lower in pairwise(block)
    )


def _join_statements(lines: Sequence[_Line]) -> None:
    """Take a Python statement over several lines as one: `model = Model(`, its arguments, `)`."""
    for place, line in enumerate(lines):
        if line.weight == PROSE or not _OPENING.search(line.text) or _depth(line.text) <= 0:
            continue
        statement = _whole_statement(lines[place : place + _LONGEST_STATEMENT])
        weight = weigh_python("\n".join(each.text for each in statement).strip())
        if weight >= LIKELY:
            line.weight = max(line.weight, weight)
            for each in statement[1:]:
                each.weight = max(each.weight, FITTING)


def _whole_statement(lines: Sequence[_Line]) -> Sequence[_Line]:
    depth = 0
    for count, line in enumerate(lines, start=1):
        depth += _depth(line.text)
        if depth <= 0:
            return lines[:count]
    return lines[:1]


def _depth(text: str) -> int:
    bare = _STRING.sub("", text)
    return len(_OPENING.findall(bare)) - len(_CLOSING.findall(bare))


def _absorb_single_lines(lines: Sequence[_Line]) -> None:
    """Take an undecided line between two lines of code for code, and what `>>> x` answers."""
    after = _Line("", 0, NEUTRAL)
    for above, line, below in zip(lines, lines[1:], [*lines[2:], after], strict=False):
        between = above.weight >= LIKELY and below.weight >= LIKELY
        answer = above.text.startswith(">>> ")
        if line.weight == NEUTRAL and not line.blank and (between or answer):
            line.weight = FITTING


def _grow_blocks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Yield runs of lines that may be code, with few blank lines inside and none around."""
    block: list[_Line] = []
    blanks: list[_Line] = []
    for line in lines:
        if line.blank and line.weight == NEUTRAL:
            blanks.append(line)
            continue
        joins = line.weight > NEUTRAL and len(blanks) <= _BLANKS_INSIDE
        if block and not joins:
            yield block
            block = []
        if line.weight > NEUTRAL:
            block += [*blanks, line] if block else [line]
        blanks = []
    if block:
        yield block
