"""Addresses in the settings: which of them would show the token, or could not be reached."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

_WEBHOOK_PORTS = (443, 80, 88, 8443)
"""Telegram delivers to no others."""


def check_base_url(url: str) -> str:
    """Return a Bot API server's address; refuse one to which the token would travel in the open.

    Raises:
        ValueError: it is refused; the message says why.
    """
    parts = _split(url, example="https://bots.example.org")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ValueError("plain http would show the token to others: use https, or a local address")
    return url.rstrip("/")


def check_webhook_url(url: str) -> str:
    """Return the address at which Telegram is to reach the bot.

    Raises:
        ValueError: it is refused; the message says why.
    """
    parts = _split(url, example="https://bot.example.org/letopis")
    if parts.scheme != "https":
        raise ValueError("Telegram delivers to https alone: put a proxy with a certificate before")
    if (parts.port or 443) not in _WEBHOOK_PORTS:
        raise ValueError("Telegram delivers to the ports 443, 80, 88 and 8443 alone")
    return url.rstrip("/")


def parse_place(text: str) -> tuple[str, int]:
    """Return the host and the port of a place to listen at, such as `127.0.0.1:8080`.

    Raises:
        ValueError: it is none.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise ValueError("a place to listen at is a host and a port, such as 127.0.0.1:8080")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _split(url: str, *, example: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as exc:
        raise ValueError(f"it is no address such as {example}") from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"it is no address such as {example}")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("it may hold a scheme, a host, a port and a path, nothing else")
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
