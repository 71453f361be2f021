"""Where an archive is kept: in a SQLite file, or in a database on a server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

_URL = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.ASCII)


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A PostgreSQL database; as text, it is shown without the password."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        user, _, host = parts.netloc.rpartition("@")
        name = user.partition(":")[0]
        return f"postgresql://{name}{'@' if name else ''}{host}{parts.path}"


Address: TypeAlias = Path | ServerAddress


def parse_address(text: str) -> Address:
    """Return the address written as a URL or as the path of a file."""
    if "://" not in text:
        return Path(text)
    return parse_server(text)


def parse_server(url: str) -> ServerAddress:
    """Return the address of a database on a server.

    Raises:
        ValueError: It is not the URL of a PostgreSQL database, such as
            `postgresql+psycopg://user:password@host:5432/name`.
    """
    scheme = _URL.match(url)
    if scheme is None:
        raise ValueError("not a URL of PostgreSQL")
    parts = urlsplit(url)
    _ = parts.port  # raises ValueError if it is not a number
    if not parts.path.strip("/"):
        raise ValueError("no database is named")
    return ServerAddress(f"postgresql+psycopg://{url[scheme.end() :]}")


def address_text(address: Address) -> str:
    """Return an address with its password, for another process of ours; never show it."""
    return address.url if isinstance(address, ServerAddress) else str(address)
