"""Detects code that was typed as plain text among prose.

Precision comes first: a missed snippet can still be found by its words, but prose shown as code is
plainly wrong. Lines are scored one by one, neighbours form blocks, and a block needs three points.
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
    score_line,
)
from ingest.code_python import score_python

_OPENING = re.compile(r"[(\[{]")
_CLOSING = re.compile(r"[)\]}]")
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_BLANKS_INSIDE = 2
_LONGEST_STATEMENT = 40
# Telegram limits posts to 4,096 characters; much longer ones are not posts but attacks.
LONGEST_TEXT = 20_000
"""How many characters of a text are searched for unmarked code."""
_KEY = re.compile(r"(\s*)(?:- )*([a-z_][\w.-]*|\"[^\"]*\"):(?: +\S.*)?$")
_ITEM = re.compile(r"(\s*)- \S.*$")
_LEAST_OF_YAML = 3
_LEAST_OF_KEYS = 2


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """The position of code in a text, in code points."""

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
    """Yield the blocks of unmarked code in a text, in whole lines.

    Args:
        text: The plain text.
        taken: Ranges that cannot be unmarked code, such as code that is already marked.
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
    """Ranges of a text, given in any order, with a fast overlap test."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        # The furthest end among the first n ranges.
        self._reaches = [*accumulate((end for _, end in ordered), max)]

    def overlap(self, start: int, end: int) -> bool:
        before_end = bisect_left(self._starts, end)
        return before_end > 0 and self._reaches[before_end - 1] > start


def _has_candidates(text: str, taken: _Stretches) -> bool:
    """Return whether there is any candidate line; most posts have none."""
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
        weight = PROSE if taken.overlap(start, end) else NEUTRAL if blank else score_line(content)
        lines.append(_Line(content, start, weight))
        start = end + 1
    _weigh_yaml(lines)
    return lines


def _weigh_yaml(lines: Sequence[_Line]) -> None:
    """Recognise YAML by nesting, keys above indented keys; a lone `City: Berlin` is not YAML."""
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
    """Join a Python statement that spans lines: `model = Model(`, its arguments, `)`."""
    for place, line in enumerate(lines):
        if line.weight == PROSE or not _OPENING.search(line.text) or _depth(line.text) <= 0:
            continue
        statement = _whole_statement(lines[place : place + _LONGEST_STATEMENT])
        weight = score_python("\n".join(each.text for each in statement).strip())
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
    """Count an undecided line between two code lines as code, and the output below `>>> x`."""
    after = _Line("", 0, NEUTRAL)
    for above, line, below in zip(lines, lines[1:], [*lines[2:], after], strict=False):
        between = above.weight >= LIKELY and below.weight >= LIKELY
        answer = above.text.startswith(">>> ")
        if line.weight == NEUTRAL and not line.blank and (between or answer):
            line.weight = FITTING


def _grow_blocks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Yield runs of possible code lines, with few blank lines inside and none around."""
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
