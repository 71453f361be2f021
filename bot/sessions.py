"""The state behind a message's buttons, stored so that they survive a restart."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db import SearchSession

SEARCH_MARK = "🔎"
CODE_MARK = "💻"
"""First characters of list headings, by which the query can be read from an old message."""

_ALPHABET = string.ascii_letters + string.digits
_ID_LENGTH = 10


class Listing(StrEnum):
    """What a list shows."""

    SEARCH = "search"
    CODE = "code"
    RECENT = "recent"
    TAGS = "tags"
    RANDOM = "random"
    SIMILAR = "similar"
    SAVED = "saved"
    ANSWERS = "answers"
    ALBUM = "album"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlace:
    """A post, and where its card was opened: session and page, 0 if not from a list."""

    post_id: int
    session_id: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A message with buttons: who asked for it, where, and for what."""

    session_id: str
    user_id: int
    chat_id: int
    listing: Listing
    query: str = ""
    filters: tuple[str, ...] = ()
    """Operators added to the query by buttons, as they would be typed."""
    options: tuple[str, ...] = ()
    """Queries and operators that buttons refer to by index."""
    tags: tuple[str, ...] = ()
    photos: tuple[int, ...] = ()
    """The messages with the photos of the shown post."""
    photos_of: int = 0
    origin: CardPlace | None = None
    """The card from which similar posts, answers or an album were requested."""
    saved_search: int = 0
    """The saved search whose matches are listed: those after the archive's change `since`."""
    since: int = 0


def new_session_id() -> str:
    """Return ten unguessable letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


def write_state(session: Session) -> str:
    """Serialise the part of a session that has no column of its own."""
    state = {
        "listing": session.listing,
        "filters": session.filters,
        "options": session.options,
        "tags": session.tags,
        "photos": session.photos,
        "photos_of": session.photos_of,
        "origin": session.origin and asdict(session.origin),
        "saved_search": session.saved_search,
        "since": session.since,
    }
    return json.dumps(state, ensure_ascii=False)


def read_session(row: SearchSession) -> Session:
    """Deserialise a session."""
    state = json.loads(row.state)
    return Session(
        session_id=row.session_id,
        user_id=row.user_id,
        chat_id=row.chat_id,
        listing=Listing(state["listing"]),
        query=row.query,
        filters=tuple(state["filters"]),
        options=tuple(state["options"]),
        tags=tuple(state["tags"]),
        photos=tuple(state["photos"]),
        photos_of=state["photos_of"],
        origin=CardPlace(**state["origin"]) if state["origin"] else None,
        saved_search=state.get("saved_search", 0),
        since=state.get("since", 0),
    )
