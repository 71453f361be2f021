"""The person's side over HTTP."""

from __future__ import annotations

import base64
import json

import pytest

from tests.standin.raw import Answer, Ask, request
from tests.standin.server import StandIn


def sim(standin: StandIn, verb: str, **given: object) -> Answer:
    """Do something on the person's side."""
    return request(standin, f"/sim/{verb}", body=json.dumps(given))


def test_person_talks_over_http(standin: StandIn, ask: Ask) -> None:
    """A message, a press by label and one by data reach the bot; its doings are read back."""
    keys = {"inline_keyboard": [[{"text": "да", "callback_data": "y"}]]}
    sim(standin, "say", user_id=7, text="привет", language_code="en")
    sent = ask("sendMessage", chat_id=7, text="здравствуйте", reply_markup=keys).result
    sim(standin, "press", user_id=7, message_id=sent["message_id"], label="да")
    sim(standin, "press", user_id=7, message_id=sent["message_id"], data="n")
    sim(standin, "inline", user_id=7, query="озон")
    sim(standin, "upload", user_id=7, name="a.zip", base64=base64.b64encode(b"PK").decode())

    updates = ask("getUpdates").result
    (event,) = sim(standin, "outbox", since=0, timeout=5).result

    assert updates[0]["message"]["from"]["language_code"] == "en"
    assert [u["callback_query"]["data"] for u in updates[1:3]] == ["y", "n"]
    assert updates[3]["inline_query"]["query"] == "озон"
    assert updates[4]["message"]["document"]["file_size"] == 2
    assert (event["kind"], event["message"]["text"]) == ("message", "здравствуйте")
    assert "здравствуйте" in sim(standin, "transcript", user_id=7).result


def test_channel_lives_over_http(standin: StandIn, ask: Ask) -> None:
    """The bot is taken in, hears posts and edits, and is thrown out."""
    sim(standin, "standing", chat_id=-100, user_id=7, status="administrator", title="Канал")
    post = sim(standin, "post", chat_id=-100, text="раз").result
    sim(standin, "edit", chat_id=-100, message_id=post["message_id"], text="два")
    sim(standin, "standing", chat_id=-100, user_id=7, status="kicked")

    kinds = [next(k for k in update if k != "update_id") for update in ask("getUpdates").result]

    assert kinds == ["my_chat_member", "channel_post", "edited_channel_post", "my_chat_member"]


def test_faults_and_time_are_set_over_http(standin: StandIn, ask: Ask) -> None:
    """A fault strikes, and the clock goes ahead."""
    before = sim(standin, "advance", seconds=0).result

    sim(standin, "fault", kind="gateway", method="getMe")
    after = sim(standin, "advance", seconds=100).result

    assert ask("getMe").status == 502
    assert after - before >= 100


@pytest.mark.parametrize(("verb", "status"), [("dance", 404), ("say", 400), ("press", 400)])
def test_mistake_is_explained(standin: StandIn, verb: str, status: int) -> None:
    """What cannot be done is refused, and the server goes on."""
    answer = sim(standin, verb, user_id="x")

    assert answer.status == status
    assert f"/sim/{verb}" in answer.refusal
