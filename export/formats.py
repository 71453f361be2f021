"""The formats of exported posts, and how each is written: post by post, in constant memory."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from typing import TYPE_CHECKING

from export.markdown_inline import escaped
from export.notebook import has_python, write_notebook
from export.posts import body_of, facts, heading_of
from model.clock import to_stamp
from model.json_text import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo
    from typing import BinaryIO, TextIO

    from model.posts import ArchivedPost


class Format(StrEnum):
    """A format, named as its files end; `FOLDER` is a Markdown file for each post."""

    MARKDOWN = "md"
    FOLDER = "folder"
    JSON_LINES = "jsonl"
    CSV = "csv"
    NOTEBOOK = "ipynb"


_SUFFIXES = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".csv": Format.CSV,
    ".ipynb": Format.NOTEBOOK,
}


def format_of(suffix: str) -> Format | None:
    """Return the format of files that end with `.suffix`, in any case, if there is one."""
    return _SUFFIXES.get(suffix.lower())


def write_posts(
    posts: Iterable[ArchivedPost], form: Format, out: BinaryIO, *, title: str, zone: tzinfo | None
) -> int:
    """Write posts to an open file, in their order; return how many it holds.

    A notebook holds only those with Python.

    Args:
        posts: May be a generator; each is written before the next is taken.
        form: Any format but `FOLDER`.
        out: Stays open.
        title: Heads Markdown and notebooks.
        zone: The time zone of times for people, `None` for this machine's; JSON and CSV have UTC.

    Raises:
        OSError: The disk is full or failing.
    """
    # What UTF-8 cannot express was never valid text.
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="")
    counted = Counted(filter(has_python, posts) if form is Format.NOTEBOOK else posts)
    try:
        if form is Format.MARKDOWN:
            _write_markdown(counted, text, title=title, zone=zone)
        elif form is Format.CSV:
            _write_csv(counted, text)
        elif form is Format.NOTEBOOK:
            write_notebook(counted, text, title=title, zone=zone)
        else:
            text.writelines(f"{to_json(archived)}\n" for archived in counted)
    finally:
        text.detach()
    return counted.number


class Counted:
    """Posts, counted as they are taken."""

    def __init__(self, posts: Iterable[ArchivedPost]) -> None:
        self._posts = posts
        self.number = 0

    def __iter__(self) -> Iterator[ArchivedPost]:
        for archived in self._posts:
            self.number += 1
            yield archived


def _write_markdown(
    posts: Iterable[ArchivedPost], out: TextIO, *, title: str, zone: tzinfo | None
) -> None:
    out.write(f"# {escaped(title)}\n")
    for archived in posts:
        heading, start = heading_of(archived.post)
        blocks = (f"## {heading}", facts(archived, zone), body_of(archived.post, start=start))
        out.write("\n" + "\n\n".join(filter(None, blocks)) + "\n")


# fmt: off
_COLUMNS = (
    "channel", "message_id", "posted_at", "text", "tags", "snippets", "links", "media", "author",
    "forwarded_from", "views", "reactions", "edited_at", "missing_since", "url",
)
# fmt: on
"""As in the archive's view `archive`."""


def _write_csv(posts: Iterable[ArchivedPost], out: TextIO) -> None:
    """Write a table; texts are as the author wrote them, those that begin with `=` too."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_COLUMNS)
    for archived in posts:
        post = archived.post
        reactions = post.reactions
        table.writerow(
            (
                archived.channel.title,
                post.message_id,
                to_stamp(post.posted_at),
                post.text,
                " ".join(f"#{tag}" for tag in post.hashtags),
                sum(snippet.is_code for snippet in post.snippets),
                len(post.links),
                " ".join(media.kind for media in post.media),
                post.author,
                post.forward.name if post.forward else None,
                post.views,
                None if reactions is None else sum(each.count for each in reactions),
                post.edited_at and to_stamp(post.edited_at),
                archived.missing_since and to_stamp(archived.missing_since),
                archived.url,
            )
        )
