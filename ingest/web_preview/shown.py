"""What a fetched page of a channel's web preview shows, and whether it leads on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.complexity import is_too_complex
from ingest.web_preview.page import parse_page, read_entries
from model.posts import Post

# The list of posts, even if empty; its absence means a contact page or an error page.
_HISTORY = ".tgme_channel_history, .tme_no_messages_found"
_EARLIER = "a.tme_messages_more[data-before]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """The message numbers of a page, ascending; `leads_on` if it links to earlier posts.

    `other` is the username of a channel shown in place of the one meant, else empty.
    """

    message_ids: Sequence[int]
    other: str
    leads_on: bool


def read_shown(content: bytes, *, username: str) -> ShownPage | None:
    """Return what a page shows of a channel, `None` if it is no page of a web preview."""
    if is_too_complex(content):
        return None
    try:
        page = parse_page(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None
    if page.select_one(_HISTORY) is None:
        return None
    numbers: set[int] = set()
    others: list[str] = []
    for entry in read_entries(page, file=""):
        posts = [item.message_id for item in entry.items if isinstance(item, Post)]
        own = entry.channel.username or ""
        if own.casefold() == username.casefold():
            numbers.update(posts)
        else:
            others.append(own)
    return ShownPage(
        message_ids=sorted(numbers),
        other="" if numbers or not others else others[0],
        leads_on=page.select_one(_EARLIER) is not None,
    )
