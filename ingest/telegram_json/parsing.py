"""Parses JSON as a stream of events or values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import ijson  # type: ignore[import-untyped]  # it ships no types


class EventParser:
    """Turns bytes into events such as `("map_key", "id")`.

    Numbers are parsed as machine integers, and longer ones are refused: Python's arbitrary-length
    integers have crashed the parser.
    """

    def __init__(self) -> None:
        self._events: list[tuple[str, object]] = ijson.sendable_list()
        self._parser = ijson.basic_parse_coro(self._events, use_float=True)
        self.damaged = False

    def feed(self, block: bytes) -> Sequence[tuple[str, object]]:
        """Return the events of a block, up to where it stops being valid JSON."""
        try:
            self._parser.send(block)
        except (ijson.JSONError, ValueError):
            self.damaged = True
        events = list(self._events)
        self._events.clear()
        return events

    def close(self) -> None:
        """Declare the end; if more was expected, the JSON is damaged."""
        try:
            self._parser.close()
        except (ijson.JSONError, ValueError):
            self.damaged = True


def read_values(blocks: Iterable[bytes], place: str) -> Iterator[object]:
    """Yield the values at a path such as `messages.item`, until the JSON ends or is invalid."""
    values: list[object] = ijson.sendable_list()
    parser = ijson.items_coro(values, place, use_float=True)
    for block in blocks:
        try:
            parser.send(block)
        except (ijson.JSONError, ValueError):
            yield from values
            return
        yield from values
        values.clear()


def until(blocks: Iterable[bytes], offset: int) -> Iterator[bytes]:
    """Yield what comes before byte `offset`."""
    for block in blocks:
        if offset <= 0:
            return
        yield block[:offset]
        offset -= len(block)
