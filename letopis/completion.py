"""What the shell is offered for an argument: tags, channels, and numbers of posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer  # Typer reads the types of these functions

from letopis.home import Home, default_home

Offers = list[tuple[str, str]]
"""Values, each with what it is."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db import PostStore

_OFFERED = 30
_POSTS_READ = 500


def offer_tags(context: typer.Context, incomplete: str) -> Offers:
    """Offer the most used tags that begin like this, with how many posts have each."""
    return _offer_tags(context, incomplete, marks=("#", ""))


def offer_query(context: typer.Context, incomplete: str) -> Offers:
    """Offer tags after `#`; of other words there are too many."""
    return _offer_tags(context, incomplete, marks=("#",))


def offer_channels(context: typer.Context, incomplete: str) -> Offers:
    """Offer the channels, by their `@name` or number if they have any, else by title."""
    return _offer(
        context,
        lambda store: [
            (name, stored.channel.title)
            for stored in store.channels()
            if (name := stored.channel.handle or stored.channel.title).startswith(incomplete)
        ],
    )


def offer_posts(context: typer.Context, incomplete: str) -> Offers:
    """Offer the newest posts whose numbers begin like this, with their titles."""
    return _offer(
        context,
        lambda store: [
            (str(each.post.message_id), each.post.title)
            for each in store.newest(limit=_POSTS_READ)
            if str(each.post.message_id).startswith(incomplete)
        ][:_OFFERED],
    )


def _offer_tags(context: typer.Context, incomplete: str, *, marks: Iterable[str]) -> Offers:
    mark = next((each for each in marks if incomplete.startswith(each)), None)
    if mark is None:
        return []
    prefix = incomplete.removeprefix(mark)
    return _offer(
        context,
        lambda store: [
            (f"{mark}{each.tag}", str(each.posts))
            for each in store.tag_counts(prefix=prefix, limit=_OFFERED)
        ],
    )


def _offer(context: typer.Context, find: Callable[[PostStore], Offers]) -> Offers:
    """Read the archive that the command line names; offer nothing if there is none to read."""
    from db import open_archive
    from letopis.archive_server import archive_address
    from model.errors import LetopisError

    parent = context.parent
    assert parent is not None  # every command belongs to the group
    home = context.obj or Home((parent.params["home"] or default_home()).expanduser().absolute())
    try:
        with open_archive(archive_address(home), read_only=True) as store:
            return find(store)
    except LetopisError:
        return []
