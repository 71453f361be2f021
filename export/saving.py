"""Saves posts under a name: the complete file or folder, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from export.folder import write_folder
from export.formats import Counted, Format, write_posts
from model.new_files import explaining_refusals
from model.whole_files import making, making_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo
    from pathlib import Path

    from model.posts import ArchivedPost


def save_posts(
    posts: Iterable[ArchivedPost], target: Path, form: Format, *, title: str, zone: tzinfo | None
) -> int:
    """Write posts to a new file or folder; return how many it holds.

    Folders above it are created.

    Args:
        posts: May be a generator; each is written before the next is taken.
        target: Does not exist, or is an empty folder for `Format.FOLDER`.
        form: The format.
        title: Heads Markdown and notebooks.
        zone: The time zone of times for people, `None` for this machine's; JSON and CSV have UTC.

    Raises:
        UsageError: The name is taken, the folder is not writable or the disk is full.
    """
    with explaining_refusals(target):
        _refuse_taken(target, form)
        target.parent.mkdir(parents=True, exist_ok=True)
        if form is Format.FOLDER:
            with making_folder(target) as folder:
                write_folder(counted := Counted(posts), folder, title=title, zone=zone)
            return counted.number
        with making(target.parent) as part:
            number = write_posts(posts, form, part.file, title=title, zone=zone)
            part.put(target, replaces=False)
            return number


def _refuse_taken(target: Path, form: Format) -> None:
    """Refuse early what would be refused at the end.

    Raises:
        FileExistsError: There is something, and it is no empty folder for a folder.
    """
    is_empty_folder = form is Format.FOLDER and target.is_dir() and not any(target.iterdir())
    if target.exists() and not is_empty_folder:
        raise FileExistsError(target)
