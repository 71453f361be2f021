"""What the stored posts say of whether a source is of their channel."""

from __future__ import annotations

from functools import partial

from db import Comparison, OtherTime, PostedAt, PostStore
from tests.db.making import MORNING, a_post, day


def _same(at: PostedAt | None) -> PostedAt | None:
    return at


def test_times_are_compared_by_number(store: PostStore, channel_id: int) -> None:
    """The same number at the same second is agreement; without a time it may be the same post."""
    store.save(channel_id, [a_post(number) for number in (1, 2, 3, 9)], as_of=MORNING)
    first, second = (PostedAt(a_post(number).posted_at) for number in (1, 2))

    def compare(*told: tuple[int, PostedAt | None]) -> Comparison:
        return store.compare_times(
            channel_id, [(number, partial(_same, at)) for number, at in told]
        )

    assert compare((1, first), (3, second)) == Comparison(known=2, shared=2, agreeing=2)
    assert compare((1, None), (2, None)) == Comparison(known=2, shared=2)
    assert compare((1, PostedAt(day(5)))).conflicts == (
        OtherTime(message_id=1, known=first.moment, told=day(5)),
    )
    assert compare((0, first), (4, second)) == Comparison(known=3)
    assert compare((4, PostedAt(day(9)))) == Comparison(is_disordered=True)
    assert compare((2**70, first)) == compare() == Comparison()


def test_what_speaks_against_a_channel() -> None:
    """Proof does; so does a lack of known posts, unless one agrees."""
    conflict = OtherTime(message_id=1, known=MORNING, told=day(1))
    assert Comparison(known=2, agreeing=1, conflicts=(conflict,)).speaks_against
    assert Comparison(known=2, shared=1).speaks_against
    assert Comparison(is_disordered=True).speaks_against
    assert not Comparison(known=2, shared=1, agreeing=1).speaks_against
    assert not Comparison(known=2, shared=2).speaks_against
