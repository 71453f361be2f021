"""What the buttons of a bubble refer to: kept in a store, so that they survive a restart."""

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
"""What the heading of a list begins with: what was asked can be read off an old message."""

_ALPHABET = string.ascii_letters + string.digits
_ID_LENGTH = 10


class Listing(StrEnum):
    """What a bubble lists."""

    SEARCH = "search"
    CODE = "code"
    RECENT = "recent"
    TAGS = "tags"
    RANDOM = "random"
    SIMILAR = "similar"
    SAVED = "saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A post, and where its card was opened: the session and its page, 0 without a list."""

    post_id: int
    session_id: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One bubble with buttons: who asked for it, where, and for what."""

    session_id: str
    user_id: int
    chat_id: int
    listing: Listing
    query: str = ""
    filters: tuple[str, ...] = ()
    """Operators that buttons have added to the query, as they would be typed."""
    options: tuple[str, ...] = ()
    """Queries and operators that its buttons refer to by place."""
    tags: tuple[str, ...] = ()
    photos: tuple[int, ...] = ()
    """The messages with the photos of the post that is shown."""
    photos_of: int = 0
    origin: Origin | None = None
    """The card from which posts like its own were asked for."""
    saved_search: int = 0
    """The saved search whose finds are listed: those after the change `since` of the archive."""
    since: int = 0


def new_session_id() -> str:
    """Return ten letters and digits that nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


def write_state(session: Session) -> str:
    """Write what the store keeps of a session beside its own columns."""
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
    """Read a session back."""
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
        origin=Origin(**state["origin"]) if state["origin"] else None,
        saved_search=state.get("saved_search", 0),
        since=state.get("since", 0),
    )
