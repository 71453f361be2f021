"""A change of a text is described in one short line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.differences import describe_difference

_LONG = " ".join(f"слово{number}" for number in range(40))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("один два", "один три", "один [-два-] {+три+}"),
        ("один два", "один", "один [-два-]"),
        ("", "один\nдва", "{+один два+}"),
        ("a b c d e f", "a b c d X e f", "… b c d {+X+} e f"),
        ("X a b c d", "a b c d", "[-X-] a b c …"),
        ("a a a", "a a", "a a [-a-]"),
        ("x 1 y 2 z", "x 3 y 4 z", "x [-1 y 2-] {+3 y 4+} z"),
        ("один  два", "один два", "один два"),
        (_LONG, "нет", f"[-{_LONG[:59]}…-] {{+нет+}}"),
    ],
    ids=["word", "gone", "new", "context", "start", "repeated", "two places", "blanks", "long"],
)
def test_a_difference_is_shown_between_its_neighbours(old: str, new: str, told: str) -> None:
    """The differing words stand between a few equal ones, what is long is cut."""
    assert describe_difference(old, new) == told


@given(st.text(alphabet="ab \n", max_size=20), st.text(alphabet="ab \n", max_size=20))
def test_a_difference_is_one_short_line_and_tells_the_two_apart(old: str, new: str) -> None:
    """Marks stand in it exactly where the words differ."""
    told = describe_difference(old, new)
    assert "\n" not in told
    assert ("[-" in told or "{+" in told) == (old.split() != new.split())
