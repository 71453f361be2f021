"""HTTP as bots speak it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.standin.errors import describe
from tests.standin.person import Person
from tests.standin.raw import Ask, request
from tests.standin.server import StandIn

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
PARTS = {"Content-Type": 'multipart/form-data; boundary="x--y"'}
MULTIPART = (
    "--x--y\r\n"
    'Content-Disposition: form-data; name="chat_id"\r\n\r\n501\r\n'
    "--x--y\r\n"
    'Content-Disposition: form-data; name="text"\r\n\r\nпривет\r\n'
    "--x--y--\r\n"
).encode()


def test_get_with_a_query_is_a_call(standin: StandIn, vera: Person) -> None:
    """Arguments may stand in the address."""
    path = f"/bot{standin.token}/sendMessage?chat_id=501&text=%D0%B4%D0%B0"

    answer = request(standin, path, verb="GET")

    assert answer.result["text"] == "да"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param(FORM, "chat_id=501&text=%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82", id="form"),
        pytest.param(JSON, json.dumps({"chat_id": 501, "text": "привет"}), id="json"),
        pytest.param(PARTS, MULTIPART, id="multipart"),
    ],
)
def test_post_is_a_call(
    standin: StandIn, vera: Person, headers: dict[str, str], body: str | bytes
) -> None:
    """Arguments may stand in a body of three forms."""
    answer = request(standin, f"/bot{standin.token}/sendMessage", body=body, headers=headers)

    assert answer.result["text"] == "привет"


def test_body_may_come_in_chunks(standin: StandIn, vera: Person) -> None:
    """A body without a length is read chunk by chunk."""

    def chunks() -> Iterator[bytes]:
        yield MULTIPART[:40]
        yield MULTIPART[40:]

    answer = request(standin, f"/bot{standin.token}/sendMessage", body=chunks(), headers=PARTS)

    assert answer.result["text"] == "привет"


@pytest.mark.parametrize("name", ["getMe", "GETME", "getme", "getMe/"])
def test_case_of_a_method_does_not_matter(ask: Ask, name: str) -> None:
    """A method is known in any case."""
    assert ask(name).result["is_bot"] is True


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        pytest.param("/", 404, "Not Found", id="no bot"),
        pytest.param("/bot", 404, "Not Found", id="no method"),
        pytest.param("/bot1:x/getMe", 401, "Unauthorized: invalid token specified", id="form"),
        pytest.param(f"/bot77:{'A' * 35}/getMe", 401, "Unauthorized", id="unknown token"),
        pytest.param("/bot{token}/getYou", 404, "Not Found: method not found", id="method"),
    ],
)
def test_wrong_address_is_refused(standin: StandIn, path: str, status: int, text: str) -> None:
    """A refusal says its status twice and why."""
    answer = request(standin, path.replace("{token}", standin.token))

    assert answer.json == {"ok": False, "error_code": status, "description": text}
    assert answer.status == status


@pytest.mark.parametrize("body", ["{", "[]"])
def test_bad_json_is_refused(standin: StandIn, body: str) -> None:
    """A JSON body must be an object."""
    answer = request(standin, f"/bot{standin.token}/getMe", body=body, headers=JSON)

    assert answer.status == 400


@pytest.mark.parametrize(
    ("message", "code", "described"),
    [
        ("Can't parse entities", 400, "Bad Request: can't parse entities"),
        ("BUTTON_DATA_INVALID", 400, "Bad Request: BUTTON_DATA_INVALID"),
        ("Bad Request: chat not found", 400, "Bad Request: chat not found"),
        ("A_b", 400, "Bad Request: A_b"),
        ("Conflict: twice", 409, "Conflict: twice"),
        ("bot was blocked", 403, "Forbidden: bot was blocked"),
    ],
)
def test_refusal_is_worded_by_its_code(message: str, code: int, described: str) -> None:
    """A prefix by code, and a small first letter unless it begins a constant."""
    assert describe(message, code) == described


def test_file_is_fetched_by_its_link_for_an_hour(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A file's link takes the token with its colon encoded, and ends."""
    sent = vera.uploads("a.bin", bytes(range(256)))
    assert sent.file is not None
    path = ask("getFile", file_id=sent.file.file_id).result["file_path"]
    link = f"/file/bot{standin.token.replace(':', '%3A')}/{path}"

    fresh = request(standin, link, verb="GET")
    standin.clock.advance(3601)
    stale = request(standin, link, verb="GET")

    assert (fresh.status, fresh.body) == (200, bytes(range(256)))
    assert stale.status == 404


def test_file_needs_the_token(standin: StandIn) -> None:
    """Another's token fetches nothing."""
    assert request(standin, "/file/bot1:x/documents/a", verb="GET").status == 401


def test_file_may_come_slowly(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A download is as slow as the test wants it."""
    sent = vera.uploads("a.bin", bytes(30))
    assert sent.file is not None
    path = ask("getFile", file_id=sent.file.file_id).result["file_path"]
    standin.world.faults.bytes_per_second = 100

    started = time.monotonic()
    answer = request(standin, f"/file/bot{standin.token}/{path}", verb="GET")

    assert answer.body == bytes(30)
    assert time.monotonic() - started >= 0.2


def test_closing_ends_a_waiting_poll(vera: Person) -> None:
    """A server that closes leaves no thread behind."""
    with StandIn() as standin:
        connection = request(standin, f"/bot{standin.token}/getUpdates?timeout=0")

    assert connection.result == []
