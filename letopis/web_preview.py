"""Requests pages of a channel's web preview from t.me, politely."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from letopis.addresses import is_loopback
from model.errors import FetchFailed
from model.messages import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TELEGRAM = "https://t.me"
_REST = 1.5
"""Seconds between two requests."""
_RESTS_AFTER_FAILURES = (5.0, 20.0, 60.0)
"""Seconds before each further attempt, if the server does not say."""
_PATIENCE = 300.0
"""The longest pause, in seconds, that a server may ask of a running program."""
_LARGEST = 8 * 1024**2
_LONGEST = 60.0
_REASON_LENGTH = 200


@contextmanager
def open_preview(
    username: str,
    *,
    base_url: str | None = None,
    largest: int = _LARGEST,
    longest: float = _LONGEST,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Callable[[int | None], bytes]]:
    """Open a channel's web preview, for requests one at a time.

    Yields a function that returns the page of the posts before a number, of the newest ones for
    `None`, or raises `FetchFailed`. It pauses between requests, repeats failed ones three times,
    waits as long as the server asks, and follows no redirect.

    Args:
        username: The channel's name, without `@`.
        base_url: A stand-in for t.me on this machine, for tests.
        largest: The size limit of a page, in bytes.
        longest: The time limit of a page, in seconds.
        sleep: Pauses for some seconds.

    Raises:
        ValueError: The stand-in is on another machine.
    """
    if base_url is not None and not is_loopback(urlsplit(base_url).hostname or ""):
        raise ValueError(base_url)
    client = httpx.Client(
        base_url=base_url or TELEGRAM,
        headers={"User-Agent": f"letopis/{version('letopis')} (channel-archiver)"},
        follow_redirects=False,
        timeout=longest,
    )
    with client:
        preview = _Preview(username, client, largest=largest, longest=longest, sleep=sleep)
        yield preview.get


class _Refused(Exception):
    """The server answers with an error; `rest` is the pause it asks for, in seconds."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        is_busy = response.status_code == httpx.codes.TOO_MANY_REQUESTS
        self.is_passing = is_busy or response.is_server_error
        self.rest = _read_rest(response)


class _Preview:
    """The preview of one channel."""

    def __init__(
        self,
        username: str,
        client: httpx.Client,
        *,
        largest: int,
        longest: float,
        sleep: Callable[[float], None],
    ) -> None:
        self._username = username
        self._client = client
        self._largest = largest
        self._longest = longest
        self._sleep = sleep
        self._rest = 0.0

    def get(self, before: int | None) -> bytes:
        """Return a page; a failed request is repeated."""
        failures = 0
        while True:
            self._sleep(self._rest)
            self._rest = _REST
            try:
                return self._request(before)
            except (_Refused, httpx.HTTPError) as exc:
                if failures == len(_RESTS_AFTER_FAILURES):
                    raise self._failed(exc) from exc
                self._rest = self._rest_after(exc, _RESTS_AFTER_FAILURES[failures])
                failures += 1

    def _rest_after(self, failure: Exception, usual: float) -> float:
        """Return the pause before the next attempt, in seconds, if there is to be one."""
        if not isinstance(failure, _Refused):
            return usual
        if not failure.is_passing:
            raise self._failed(failure) from failure
        asked = usual if failure.rest is None else failure.rest
        if asked > _PATIENCE:
            minutes = math.ceil(asked / 60)
            raise FetchFailed(Code.PREVIEW_LATER, minutes=minutes) from failure
        return max(_REST, asked)

    def _failed(self, cause: Exception) -> FetchFailed:
        said = str(cause)[:_REASON_LENGTH] or type(cause).__name__
        return FetchFailed(Code.PREVIEW_FAILS, name=self._username, cause=said)

    def _request(self, before: int | None) -> bytes:
        """Request a page once.

        Raises:
            FetchFailed: There is no such page, or it is too large.
        """
        asked = {} if before is None else {"before": before}
        content, until = bytearray(), time.monotonic() + self._longest
        with self._client.stream("GET", f"/s/{self._username}", params=asked) as response:
            if response.is_redirect or response.status_code == httpx.codes.NOT_FOUND:
                raise FetchFailed(Code.NO_PREVIEW, name=self._username)
            if not response.is_success:
                raise _Refused(response)
            for part in response.iter_bytes():
                content += part
                if len(content) > self._largest:
                    raise FetchFailed(
                        Code.PREVIEW_TOO_BIG,
                        name=self._username,
                        megabytes=max(1, self._largest >> 20),
                    )
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("")
        return bytes(content)


def _read_rest(response: httpx.Response) -> float | None:
    """Return the seconds of `Retry-After`, which may be a number or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(
        0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    )
