"""A bot reduced to its HTTP: one call, its status, its answer as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.standin.server import StandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)

    @property
    def result(self) -> Any:
        """Return the result of a call that went well."""
        assert self.json["ok"], self.json
        return self.json["result"]

    @property
    def refusal(self) -> str:
        """Return what a refused call was told."""
        assert not self.json["ok"], self.json
        return str(self.json["description"])


def request(
    standin: StandIn,
    path: str,
    *,
    verb: str = "POST",
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Make one HTTP request; a generator as `body` goes out in chunks."""
    connection = HTTPConnection(standin.url.removeprefix("http://"), timeout=60)
    try:
        connection.request(verb, path, body, dict(headers or {}))  # type: ignore[arg-type]
        response = connection.getresponse()
        return Answer(
            status=response.status, body=response.read(), headers=dict(response.getheaders())
        )
    finally:
        connection.close()


Ask = Callable[..., Answer]


def asker(standin: StandIn) -> Ask:
    """Return a function that calls methods; what is no text or number goes as JSON."""

    def ask(method: str, **args: object) -> Answer:
        given = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in args.items()
        }
        return request(
            standin,
            f"/bot{standin.token}/{method}",
            body=urlencode(given),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    return ask
