"""Rows are counted and digested the same, wherever they come from."""

from __future__ import annotations

from db.copies.rows import Tally


def test_a_tally_knows_rows_in_any_order() -> None:
    """It tells a number from its digits, nothing from emptiness, and one row from two."""
    rows = [(1, "a"), (2, None), ("1", "a"), (2, ""), (2, "\x00")]

    assert len({Tally().plus([row]).digest for row in rows}) == len(rows)
    assert Tally().plus(rows) == Tally().plus(rows[3:]).plus(rows[:3])
    assert Tally().plus(rows[:1] * 2) not in {Tally().plus(rows[:1]), Tally()}
