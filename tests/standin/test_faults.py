"""Bad days on schedule."""

from __future__ import annotations

import time
from http.client import RemoteDisconnected

import pytest

from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.raw import Ask
from tests.standin.server import StandIn


def test_flood_says_when_to_come_back(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A 429 carries its time twice, and strikes as often as it is told to."""
    fault = standin.world.faults.schedule(
        Fault(kind="flood", method="sendMessage", seconds=3, times=1)
    )

    flooded = ask("sendMessage", chat_id=501, text="x")
    after = ask("sendMessage", chat_id=501, text="x")

    assert flooded.json == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert (flooded.status, flooded.headers["Retry-After"]) == (429, "3")
    assert after.result["text"] == "x"
    assert fault.met == 1


def test_fault_strikes_where_it_is_told_to(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A fault may be for one method and one argument only."""
    standin.world.faults.schedule(
        Fault(
            kind="refuse",
            method="sendMessage",
            where={"chat_id": "501"},
            code=403,
            text="bot was blocked by the user",
            times=9,
        )
    )

    struck = ask("sendMessage", chat_id=501, text="x")
    other = ask("getMe")
    standin.world.faults.clear()

    assert (struck.status, struck.refusal) == (403, "Forbidden: bot was blocked by the user")
    assert other.status == 200
    assert ask("sendMessage", chat_id=501, text="x").status == 200


def test_gateway_answers_with_a_page(standin: StandIn, ask: Ask) -> None:
    """A 502 is HTML."""
    standin.world.faults.schedule(Fault(kind="gateway"))

    answer = ask("getMe")

    assert (answer.status, answer.headers["Content-Type"]) == (502, "text/html")
    assert b"502 Bad Gateway" in answer.body


def test_connection_is_dropped(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A dropped call is not carried out; of a lost one only the answer is missing."""
    standin.world.faults.schedule(Fault(kind="drop", seconds=0))
    with pytest.raises(RemoteDisconnected):
        ask("sendMessage", chat_id=501, text="раз")
    standin.world.faults.schedule(Fault(kind="lose"))
    with pytest.raises(RemoteDisconnected):
        ask("sendMessage", chat_id=501, text="два")

    assert [event.message.text for event in vera.watch.sees() if event.message] == ["два"]


def test_answer_is_delayed(standin: StandIn, ask: Ask) -> None:
    """A slow answer is an answer."""
    standin.world.faults.schedule(Fault(kind="delay", seconds=0.1))

    started = time.monotonic()

    assert ask("getMe").status == 200
    assert time.monotonic() - started >= 0.1


def test_flood_limits_hold_when_they_are_on(standin: StandIn, vera: Person, ask: Ask) -> None:
    """Bursts pass; what goes on is told to wait, and passes after that."""
    standin.world.limits.enabled = True

    statuses = [ask("sendMessage", chat_id=501, text=str(n)).status for n in range(6)]
    typing = ask("sendChatAction", chat_id=501, action="typing").status
    retry_after = ask("sendMessage", chat_id=501, text="x").json["parameters"]["retry_after"]
    standin.clock.advance(retry_after)
    later = ask("sendMessage", chat_id=501, text="x").status

    assert statuses == [200] * 5 + [429]
    assert (typing, later) == (200, 200)
    assert ask("setWebhook", url="https://a.example/x").status == 200
    assert ask("setWebhook", url="https://a.example/x").status == 429
