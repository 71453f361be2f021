"""A folder of posts, each a Markdown file with front matter that Obsidian and Logseq read.

Channels are folders. `index.md` links to the posts in their order.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from export.markdown_inline import escaped, link_to
from export.names import safe_name
from export.posts import body_of
from model.json_text import to_json
from model.posts import bare_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo
    from pathlib import Path
    from typing import TextIO

    from model.posts import ArchivedPost

_INDEX = "index.md"
# YAML takes these for line breaks; JSON does not.
_BREAKS = re.compile("[\u2028\u2029\ufeff]")


def write_folder(
    posts: Iterable[ArchivedPost], folder: Path, *, title: str, zone: tzinfo | None
) -> None:
    """Write posts as files into an empty folder.

    Args:
        posts: May be a generator; each is written before the next is taken.
        folder: Exists, and is empty.
        title: Heads the index.
        zone: The time zone of dates, `None` for this machine's.

    Raises:
        OSError: The disk is full or failing.
    """
    names = _Names(zone)
    with _new_file(folder / _INDEX) as index:
        index.write(f"# {escaped(title)}\n\n")
        for archived in posts:
            path = names.path_of(archived)
            target = folder / path
            target.parent.mkdir(exist_ok=True)
            with _new_file(target) as file:
                file.writelines(_front_matter(archived, zone))
                file.write(body_of(archived.post) + "\n")
            index.write(f"1. {link_to(str(path), path.stem)}\n")


def _new_file(path: Path) -> TextIO:
    return path.open("x", encoding="utf-8", errors="replace", newline="")


class _Names:
    """Names files and folders so that none leads elsewhere or clashes, on any file system."""

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._folders: dict[int, str] = {}

    def path_of(self, archived: ArchivedPost) -> PurePosixPath:
        """Return the path of a post's file; its number in the channel makes it unique."""
        post = archived.post
        day = f"{post.posted_at.astimezone(self._zone):%Y-%m-%d}"
        name = f"{day} {post.message_id} {safe_name(bare_title(post.title))}".rstrip()
        return PurePosixPath(self._folder_of(archived), f"{name}.md")

    def _folder_of(self, archived: ArchivedPost) -> str:
        channel_id = archived.channel_id
        if channel_id not in self._folders:
            taken = {name.casefold() for name in self._folders.values()} | {_INDEX}
            name = safe_name(archived.channel.title) or "channel"
            if name.casefold() in taken:
                # A number in square brackets is in no other name, as brackets are replaced.
                name = f"{name} [{channel_id}]"
            self._folders[channel_id] = name
        return self._folders[channel_id]


def _front_matter(archived: ArchivedPost, zone: tzinfo | None) -> Iterator[str]:
    """Yield lines of YAML; every value is JSON, which YAML contains."""
    post = archived.post
    properties = {
        "channel": archived.channel.title,
        "message_id": post.message_id,
        "url": archived.url,
        "tags": post.hashtags,
        "author": post.author,
        "forwarded_from": post.forward.name if post.forward else None,
        "reply_to": post.reply_to,
        "views": post.views,
        "reactions": sum(each.count for each in post.reactions or ()),
        "missing_since": archived.missing_since,
    }
    yield f"---\ndate: {post.posted_at.astimezone(zone):%Y-%m-%dT%H:%M:%S}\n"
    for name, value in properties.items():
        if value:
            written = _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", to_json(value))
            yield f"{name}: {written}\n"
    yield "---\n\n"
