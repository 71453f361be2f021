"""Validates addresses in the settings: insecure or unreachable ones are refused."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from model.messages import Code

_WEBHOOK_PORTS = (443, 80, 88, 8443)
"""Telegram only delivers to these."""


class Refused(ValueError):
    """A setting has an invalid value; `code` says what is allowed."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


def check_base_url(url: str) -> str:
    """Return a Bot API server's address; refuse one that would send the token unencrypted.

    Raises:
        Refused: It is refused.
    """
    parts = _split(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Refused(Code.SETTING_URL_OPEN)
    return url.rstrip("/")


def check_webhook_url(url: str) -> str:
    """Return the address at which Telegram can reach the bot.

    Raises:
        Refused: It is refused.
    """
    parts = _split(url)
    if parts.scheme != "https":
        raise Refused(Code.SETTING_URL_HTTPS)
    if (parts.port or 443) not in _WEBHOOK_PORTS:
        raise Refused(Code.SETTING_URL_PORT)
    return url.rstrip("/")


def check_cluster_urls(urls: str) -> None:
    """Check the addresses of OpenSearch's nodes, separated by commas.

    Raises:
        Refused: One is invalid.
    """
    for url in urls.split(","):
        try:
            parts = urlsplit(url.strip())
            is_one = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            is_one = False
        if not is_one:
            raise Refused(Code.SETTING_CLUSTER)


def parse_place(text: str) -> tuple[str, int]:
    """Parse an address to listen on, such as `127.0.0.1:8080`, into host and port.

    Raises:
        Refused: It is invalid.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise Refused(Code.SETTING_PLACE)
    return host.removeprefix("[").removesuffix("]"), int(port)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as exc:
        raise Refused(Code.SETTING_URL) from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(Code.SETTING_URL)
    if parts.username or parts.query or parts.fragment:
        raise Refused(Code.SETTING_URL_PARTS)
    return parts
