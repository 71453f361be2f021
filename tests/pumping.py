"""Texts made to keep a pattern busy, and whether the work that it does on them stays linear.

A text is a beginning that the pattern matches, a piece that is repeated, and an end that it does
not match. The pieces are read off the parsed pattern: what each of its repetitions matches, and
one character for every set of characters that it tells apart.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from re import _constants, _parser  # type: ignore[attr-defined]  # public as sre_parse until 3.13
from time import thread_time
from typing import Any

Node = tuple[Any, Any]
Count = Callable[[str], object]

# One character of each kind that a pattern of this project could tell from others.
_CHARACTERS = [*map(chr, range(128)), *"éяЯыё·—«»“”°№🎉\u2028\u200c名"]
_SINGLE = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN}
_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}
_LOOKING = {_constants.ASSERT, _constants.ASSERT_NOT}
_OFTEN = 8
_ENDS = ("", "\x00", "\n\x00")
_PUMPS, _BEGINNINGS, _SAMPLES = 30, 8, 4

# An exponential pattern doubles its work with every few characters: it is found before it hangs.
_SHORT = (4, 8, 12, 16, 20, 24, 28, 32, 48, 64, 96)
_SHORT_SECONDS = 0.05
_FIRST, _SUSPECT_SECONDS = 500, 25e-6
_GROWTHS = ((2_000, 4), (10_000, 20))
_MARGIN = 2.5
_TRIES, _BEYOND_NOISE = 3, 4


def find_blow_up(pattern: re.Pattern[Any], *, anchored: bool, columns: int | None) -> str | None:
    """Return a text on which a pattern does more than linear work, and `None` if there is none.

    Args:
        pattern: The pattern.
        anchored: Whether the product asks only what a text begins with.
        columns: The length to which the product cuts lines before it uses the pattern.
    """
    count = _counting(pattern, anchored=anchored)
    for beginning, pump, end in _attacks(pattern):

        def attack(length: int, parts: tuple[str, str, str] = (beginning, pump, end)) -> str:
            return _compose(*parts, length=length, columns=columns)

        if reason := _outgrows(count, attack):
            return f"{beginning!r} + {pump!r} * n + {end!r}: {reason}"
    return None


def _counting(pattern: re.Pattern[Any], *, anchored: bool) -> Count:
    encode = isinstance(pattern.pattern, bytes)

    def count(text: str) -> object:
        subject = text.encode() if encode else text
        return pattern.match(subject) if anchored else sum(1 for _ in pattern.finditer(subject))

    return count


def _compose(beginning: str, pump: str, end: str, *, length: int, columns: int | None) -> str:
    """Return an attack; where lines are cut, each of them is an attack of its own."""
    if columns is None or length <= columns or "\n" in pump:
        return beginning + pump * (length // len(pump)) + end
    line = (beginning + pump * (columns // len(pump)))[: columns - len(end)] + end
    return "\n".join([line] * (length // columns))


def _outgrows(count: Count, attack: Callable[[int], str]) -> str | None:
    for length in _SHORT:
        if _seconds(count, attack(length), at_most=_SHORT_SECONDS) > _SHORT_SECONDS:
            return f"{length} characters take more than {_SHORT_SECONDS} s"
    first = _seconds(count, attack(_FIRST), at_most=_SUSPECT_SECONDS)
    if first <= _SUSPECT_SECONDS:
        return None
    for length, growth in _GROWTHS:
        allowed = first * growth * _MARGIN
        if _seconds(count, attack(length), at_most=allowed) <= first * growth * 1.5:
            return None
    # Judged by the best of several: a busy machine makes any of them slower, none quicker.
    first = min(_seconds(count, attack(_FIRST), at_most=0) for _ in range(_TRIES))
    length, growth = _GROWTHS[-1]
    last = _seconds(count, attack(length), at_most=first * growth * _MARGIN)
    if last <= first * growth * _MARGIN:
        return None
    return f"{length // _FIRST} times the text costs {last / first:.0f} times the work"


def _seconds(count: Count, text: str, *, at_most: float) -> float:
    """Return the processor time of a count, the least of several where it is more than allowed."""
    least = float("inf")
    for _ in range(_TRIES):
        began = thread_time()
        count(text)
        least = min(least, thread_time() - began)
        if least <= at_most or least > at_most * _BEYOND_NOISE > 0:
            break
    return least


def _attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    flags = pattern.flags
    tree = _parser.parse(pattern.pattern, flags)
    chance = random.Random(0)
    told_apart = _told_apart(tree, flags)

    def pick(node: Node) -> str:
        fitting = [each for each in told_apart if _fits(node, each, flags)]
        if fitting:
            return chance.choice(fitting)
        return chr(node[1]) if node[0] is _constants.LITERAL else "\uffff"

    pumps, beginnings = dict.fromkeys(["\n", *told_apart]), {"": None}
    for _ in range(_SAMPLES):
        for beginning, body in _repeats(tree, pick, chance, before=""):
            beginnings[beginning] = None
            pumps[body] = None
        pumps[_sample(tree, pick, chance)] = None
    pumps.pop("", None)
    for beginning in sorted(beginnings, key=len)[:_BEGINNINGS]:
        for pump in [*pumps][:_PUMPS]:
            for end in _ENDS:
                yield beginning, pump, end


def _told_apart(tree: Sequence[Node], flags: int) -> list[str]:
    """Return one character for each group of those that the pattern treats alike."""
    nodes = [node for node in _walk(tree) if node[0] in _SINGLE]
    groups: dict[tuple[bool, ...], str] = {}
    for each in _CHARACTERS:
        groups.setdefault(tuple(_fits(node, each, flags) for node in nodes), each)
    return [*groups.values()]


def _fits(node: Node, character: str, flags: int) -> bool:
    kind, value = node
    if kind is _constants.ANY:
        return character != "\n" or bool(flags & re.DOTALL)
    if kind is _constants.IN:
        negated = value[0][0] is _constants.NEGATE
        return any(_fits(each, character, flags) for each in value[negated:]) != negated
    if kind is _constants.CATEGORY:
        return _in_category(value, character, flags)
    folded = (
        {character, character.lower(), character.upper()} if flags & re.IGNORECASE else {character}
    )
    codes = {ord(each) for each in folded if len(each) == 1}
    if kind is _constants.RANGE:
        return any(value[0] <= code <= value[1] for code in codes)
    return (value in codes) == (kind is _constants.LITERAL)


_CATEGORIES = {
    _constants.CATEGORY_DIGIT: r"\d",
    _constants.CATEGORY_SPACE: r"\s",
    _constants.CATEGORY_WORD: r"\w",
    _constants.CATEGORY_NOT_DIGIT: r"\D",
    _constants.CATEGORY_NOT_SPACE: r"\S",
    _constants.CATEGORY_NOT_WORD: r"\W",
}


def _in_category(category: object, character: str, flags: int) -> bool:
    return re.match(_CATEGORIES[category], character, flags & re.ASCII) is not None


def _inside(node: Node) -> Sequence[Any]:
    """Return the trees below a node."""
    kind, value = node
    if kind in _REPEATS:
        return [value[2]]
    if kind is _constants.SUBPATTERN:
        return [value[3]]
    if kind in _LOOKING:
        return [value[1]]
    if kind is _constants.ATOMIC_GROUP:
        return [value]
    return value[1] if kind is _constants.BRANCH else []


def _walk(tree: Sequence[Node]) -> Iterator[Node]:
    for node in tree:
        yield node
        for below in _inside(node):
            yield from _walk(below)


def _sample(tree: Sequence[Node], pick: Callable[[Node], str], chance: random.Random) -> str:
    """Return a text that a tree matches, or nearly: what looks around is passed over."""
    pieces = []
    for node in tree:
        kind, value = node
        if kind in _SINGLE:
            pieces.append(pick(node))
        elif kind in _REPEATS:
            times = chance.choice([value[0], max(value[0], 1)])
            pieces += [_sample(value[2], pick, chance) for _ in range(times)]
        elif kind not in _LOOKING and (below := _inside(node)):
            pieces.append(_sample(chance.choice(below), pick, chance))
    return "".join(pieces)


def _repeats(
    tree: Sequence[Node], pick: Callable[[Node], str], chance: random.Random, *, before: str
) -> Iterator[tuple[str, str]]:
    """Yield each repetition of a tree: a text that leads to it, and one that it matches."""
    for node in tree:
        if node[0] in _REPEATS and node[1][1] > _OFTEN:
            yield before, _sample(node[1][2], pick, chance)
        for below in _inside(node):
            yield from _repeats(below, pick, chance, before=before)
        before += _sample([node], pick, chance)
