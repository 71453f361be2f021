"""A set of message numbers that takes less than a byte per number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

# Channels number messages nearly without gaps; sparse numbers take what a plain set would take.
_BITS = 256


class NumberSet(Collection[int]):
    """A growing set of integers, most of which lie close together; iterated in order."""

    __slots__ = ("_blocks",)

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._blocks: dict[int, int] = {}
        self.update(numbers)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        block, bit = divmod(number, _BITS)
        return bool(self._blocks.get(block, 0) >> bit & 1)

    def __iter__(self) -> Iterator[int]:
        for block in sorted(self._blocks):
            bits = self._blocks[block]
            yield from (block * _BITS + bit for bit in range(_BITS) if bits >> bit & 1)

    def __len__(self) -> int:
        return sum(map(int.bit_count, self._blocks.values()))

    def add(self, number: int) -> None:
        """Add a number."""
        block, bit = divmod(number, _BITS)
        self._blocks[block] = self._blocks.get(block, 0) | 1 << bit

    def update(self, numbers: Iterable[int]) -> None:
        """Add several numbers."""
        for number in numbers:
            self.add(number)
