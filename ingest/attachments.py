"""Attached files of an import: counts them, and copies them if asked to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import PurePosixPath

from ingest.files import ExportPath, find_inside
from ingest.import_report import MediaCount
from ingest.media_store import MediaStore
from model.posts import Media, Post

_NAMED = 5
# The folders in which exporters put attached files.
_FOLDERS = frozenset(
    {
        "photos",
        "video_files",
        "files",
        "voice_messages",
        "round_video_messages",
        "stickers",
        "contacts",
    }
)
# Prefixes of the notes on absent files, and how they are counted.
_ABSENT = {
    "not included": "not_included",
    "exceeds maximum size": "too_large",
    "unavailable": "unavailable",
    "the file lies outside": "outside",
}


class Attachments:
    """The attachments of one import; `incomplete` lists messages with a file that was not there."""

    def __init__(self, folder: ExportPath, copies: MediaStore | None, *, dry_run: bool) -> None:
        self.incomplete: set[int] = set()
        self._folder = folder
        self._copies = copies
        self._dry_run = dry_run
        self._counts: Counter[str] = Counter()
        self._lacking: list[str] = []

    @property
    def count(self) -> MediaCount:
        """Return the counts so far."""
        return MediaCount(**self._counts, lacking=tuple(self._lacking))

    def keep_copy(self, post: Post) -> Post:
        """Return the post with its files copied.

        Raises:
            ArchiveUnwritable: A file could not be stored.
            SourceError: A zip unpacks to too much.
        """
        if not post.media:
            return post
        media = tuple(self._take_in(each, post.message_id) for each in post.media)
        return replace(post, media=media)

    def _take_in(self, media: Media, message_id: int) -> Media:
        if media.path is None:
            note = (media.note or "").lower()
            self._counts.update(name for words, name in _ABSENT.items() if note.startswith(words))
            return media
        if self._copies is None:
            return media
        if not _is_of_exporter(media.path):
            self._counts["outside"] += 1
            return media
        try:
            file = find_inside(_root_of(self._folder, media.path), media.path)
            copy = None if self._dry_run else self._copies.keep_file(file)
        except FileNotFoundError:
            return self._give_up(media, message_id, "missing")
        except OSError:
            return self._give_up(media, message_id, "unreadable")
        self._counts["copied"] += 1
        return replace(media, copy=copy)

    def _give_up(self, media: Media, message_id: int, state: str) -> Media:
        self._counts[state] += 1
        self.incomplete.add(message_id)
        if len(self._lacking) < _NAMED:
            self._lacking.append(f"{media.path} (message {message_id})")
        return media


def _root_of(folder: ExportPath, path: str) -> ExportPath:
    """Return the folder a path is relative to: the account's if the file is of another chat."""
    chats = folder.absolute().parent
    is_of_other = path.startswith("chats/") and not folder.joinpath("chats").is_dir()
    return chats.parent if is_of_other and chats.name == "chats" else folder


def _is_of_exporter(path: str) -> bool:
    """Distinguish files written by an exporter from others beside the export.

    An export may come from anyone, and could name `.ssh/id_rsa` in the folder it was saved to. An
    account export refers to a chat's files as `chats/chat_001/photos/photo_1.jpg`.
    """
    parts = PurePosixPath(path).parts
    if parts[:1] == ("chats",):
        parts = parts[2:]
    return len(parts) > 1 and parts[0] in _FOLDERS and not any(p.startswith(".") for p in parts)
