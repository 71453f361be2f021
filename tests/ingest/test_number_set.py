"""A set of message numbers behaves like any set, whatever the numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.number_set import NumberSet

numbers = st.integers(-(10**12), 10**12) | st.integers(-600, 600)


@given(st.lists(numbers), st.lists(numbers))
def test_it_contains_exactly_what_was_added(added: list[int], others: list[int]) -> None:
    """Numbers are stored once, in order."""
    held = NumberSet(added)
    held.update(added[:3])
    assert list(held) == sorted(set(added))
    assert len(held) == len(set(added))
    assert [number in held for number in others] == [number in set(added) for number in others]


def test_it_contains_only_numbers() -> None:
    """Other values are not in it, and an empty set is false."""
    assert object() not in NumberSet([7])
    assert not NumberSet()
