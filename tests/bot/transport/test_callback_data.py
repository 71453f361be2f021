"""What a button carries can be read back, years later too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transport.callback_data import Action, Press, parse_press, press

SESSION = "Ab3dE5gH1k"


@st.composite
def presses(draw: st.DrawFn) -> Press:
    """Draw a button with any numbers."""
    action = draw(st.sampled_from(Action))
    numbers = {name: draw(st.integers(0, 10**16 - 1)) for name in action.numbers}
    return Press(action=action, session=SESSION if action.needs_session else "", numbers=numbers)


@given(presses())
def test_what_was_written_is_read(pressed: Press) -> None:
    """Every button has a code of its own, and its numbers come back under their names."""
    data = press(pressed.action, pressed.session, **pressed.numbers)
    assert parse_press(data) == pressed


@pytest.mark.parametrize(
    ("data", "action", "numbers"),
    [
        (f"1|p|{SESSION}|2", Action.PAGE, {"page": 2}),
        (f"1|gs|{SESSION}|3|5|1", Action.FILTER, {"group": 3, "place": 5, "is_on": 1}),
        (
            f"1|v|{SESSION}|1|9|2|4",
            Action.VERSION,
            {"page": 1, "post": 9, "version": 2, "part": 4},
        ),
        ("1|a|", Action.AGAIN, {}),
        ("1|uc||4|2|17", Action.IMPORT_CHANNEL, {"upload": 4, "origin": 2, "key": 17}),
        ("1|qh||23|8", Action.QUIET_HOURS, {"first": 23, "last": 8}),
        ("1|h||1500000001|0", Action.CHANNEL, {"channel": 1500000001, "is_approved": 0}),
    ],
)
def test_buttons_in_old_messages_keep_their_meaning(
    data: str, action: Action, numbers: dict[str, int]
) -> None:
    """The format of the data and the order of its numbers do not change."""
    pressed = parse_press(data)
    assert pressed is not None
    assert (pressed.action, pressed.numbers) == (action, numbers)
