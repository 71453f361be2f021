"""Pages are requested from t.me alone, one at a time, with pauses, and within limits."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from letopis.web_preview import open_preview
from model.errors import FetchFailed
from model.messages import Code
from tests.standin.preview_server import PreviewServer, Reply, preview_server

_PAGE = Reply(body=b"<html>")


def get(
    server: PreviewServer,
    *befores: int | None,
    largest: int = 1 << 20,
    longest: float = 5.0,
) -> tuple[bytes, list[float]]:
    """Get pages; return the last one and the pauses made."""
    pauses: list[float] = []
    with open_preview(
        "data_notes", base_url=server.url, largest=largest, longest=longest, sleep=pauses.append
    ) as get_page:
        *_, page = [get_page(before) for before in befores or (None,)]
    return page, pauses


def refused(server: PreviewServer, **limits: float) -> FetchFailed:
    """Return why the newest page cannot be had."""
    with pytest.raises(FetchFailed) as caught:
        get(server, **limits)  # type: ignore[arg-type]  # limits by name
    return caught.value


def test_pages_are_asked_for_by_number_with_pauses_between() -> None:
    """The program says what it is."""
    with preview_server(_PAGE) as server:
        assert get(server, None, 41, 21) == (b"<html>", [0.0, 1.5, 1.5])
    assert [each[:2] for each in server.asked] == [
        ("/s/data_notes", None),
        ("/s/data_notes", "41"),
        ("/s/data_notes", "21"),
    ]
    assert all((each[2] or "").startswith("letopis/") for each in server.asked)


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"Retry-After": "7"}, 7.0),
        (429, {"Retry-After": "0"}, 1.5),
        (503, {"Retry-After": "soon"}, 5.0),
        (500, {}, 5.0),
        (429, {"Retry-After": "Mon, 01 Jan 2024 00:00:00 -0000"}, 1.5),
    ],
    ids=["seconds", "none", "unreadable", "unsaid", "past"],
)
def test_a_failed_request_is_repeated_after_a_pause(
    status: int, headers: dict[str, str], pause: float
) -> None:
    """Of the length that the server asks for, if it does."""
    with preview_server(Reply(status=status, headers=headers), _PAGE) as server:
        assert get(server) == (b"<html>", [0.0, pause])


def test_a_pause_until_a_time_is_kept() -> None:
    """`Retry-After` may be a date."""
    moment = datetime.now(UTC) + timedelta(seconds=100)
    later = Reply(status=429, headers={"Retry-After": format_datetime(moment, usegmt=True)})
    with preview_server(later, _PAGE) as server:
        _, (_, pause) = get(server)
    assert 90 < pause <= 100


def test_a_long_pause_ends_the_run() -> None:
    """The message says how long."""
    with preview_server(Reply(status=429, headers={"Retry-After": "3601"})) as server:
        failure = refused(server)
    assert failure.message.code is Code.PREVIEW_LATER
    assert failure.message.fields["minutes"] == 61
    assert len(server.asked) == 1


def test_a_request_is_repeated_three_times() -> None:
    """Then the error names the answer."""
    with preview_server(Reply(status=502)) as server:
        failure = refused(server)
    assert failure.message.fields["cause"] == "HTTP 502"
    assert len(server.asked) == 4


def test_a_refusal_is_not_repeated() -> None:
    """It would be the same."""
    with preview_server(Reply(status=403)) as server:
        assert refused(server).message.fields["cause"] == "HTTP 403"
    assert len(server.asked) == 1


def test_no_redirect_is_followed() -> None:
    """Neither to another host nor to the contact page of a channel without a preview."""
    with preview_server(_PAGE) as elsewhere:
        away = Reply(status=302, headers={"Location": f"{elsewhere.url}/s/data_notes"})
        with preview_server(away) as server:
            assert refused(server).message.code is Code.NO_PREVIEW
        assert not elsewhere.asked
    with preview_server(Reply(status=404)) as server:
        assert refused(server).message.code is Code.NO_PREVIEW


def test_a_page_has_a_size_limit() -> None:
    """Also one that is small only while it is compressed."""
    body = gzip.compress(b"<" * (2 << 20))
    packed = Reply(body=body, headers={"Content-Encoding": "gzip"})
    for reply in (packed, Reply(body=b"<" * (2 << 20))):
        with preview_server(reply) as server:
            failure = refused(server, largest=1 << 20)
        assert failure.message.code is Code.PREVIEW_TOO_BIG
        assert failure.message.fields["megabytes"] == 1
        assert len(server.asked) == 1


def test_a_page_has_a_time_limit() -> None:
    """Although something arrives all the time."""
    began = time.monotonic()
    with preview_server(Reply(body=b"<" * 1000, slowness=0.01)) as server:
        assert refused(server, longest=0.05).message.fields["cause"] == "ReadTimeout"
    assert time.monotonic() - began < 5


def test_a_server_that_is_away_is_named_as_the_cause() -> None:
    """After all attempts."""
    with preview_server(_PAGE) as server:
        pass
    assert refused(server).message.code is Code.PREVIEW_FAILS


def test_a_stand_in_is_on_this_machine() -> None:
    """No other host is ever asked."""
    with (
        pytest.raises(ValueError, match="example"),
        open_preview("n", base_url="http://example.org"),
    ):
        pass
