"""What an import tells of itself when it has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from model.posts import BadMessage, Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaCount:
    """What became of the files of attachments, in the pages that were read.

    `copied` have a copy now (or would have, in a dry run). Where copies were asked for, `missing`
    are named by the export and not in it, `unreadable` lead out of it or cannot be read, and
    `lacking` names the first of both. The others the exporter left out itself, and said so.
    """

    copied: int = 0
    missing: int = 0
    unreadable: int = 0
    not_included: int = 0
    too_large: int = 0
    unavailable: int = 0
    outside: int = 0
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """A post whose words differ between two sources, and what differs in one short line."""

    message_id: int
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of an import; `channel_id` is `None` where a dry run met a new channel.

    Of the `changed` posts `text_changed` have other words, and `text_changes` shows the first of
    them; of the rest the views, reactions or the like are new. `files_skipped` were read by an
    earlier import and have not changed; their messages count as `unchanged`. `first_at` and
    `last_at` are the dates of the posts that were read. `newer_known` is how recent the archive
    was already, where that is more than the source shows and its own date is unknown.
    `assumed_zone` is what the clock of its posts was taken to show where neither the source nor the
    caller said so. `notices` are sentences about the whole, these two among them, that on the zone
    only where a post was added or changed.
    """

    source: str
    format: str
    channel: Channel
    channel_id: int | None
    added: int = 0
    changed: int = 0
    text_changed: int = 0
    text_changes: tuple[TextChange, ...] = ()
    unchanged: int = 0
    missing: int = 0
    media: MediaCount = field(default_factory=MediaCount)
    problems: tuple[BadMessage, ...] = ()
    newer_known: datetime | None = None
    assumed_zone: str | None = None
    notices: tuple[str, ...] = ()
    files_read: int = 0
    files_skipped: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    seconds: float = 0.0
    dry_run: bool = False
