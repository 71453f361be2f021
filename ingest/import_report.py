"""The report of a finished import."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from model.messages import Message
from model.posts import BadMessage, Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaCount:
    """The files of attachments in the pages that were read.

    `copied` now have a copy (or would, in a dry run). If copies were asked for, `missing` are named
    by the export but not in it, `unreadable` lead out of it or cannot be read, and `lacking` names
    the first of both. The exporter itself left out the rest, and said so.
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
    """A post whose words differ between two sources, with the difference in one short line."""

    message_id: int
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The outcome of an import; `channel_id` is `None` if a dry run met a new channel.

    Of the `changed` posts, `text_changed` have different words, and `text_changes` shows the first
    of them; the others have new views, reactions or the like. `files_skipped` were read by an
    earlier import and have not changed; their messages count as `unchanged`. `first_at` and
    `last_at` are the dates of the posts read. `newer_known` is the archive's date if it is later
    than anything in a source of unknown date. `assumed_zone` is the zone assumed for the posts'
    times if neither source nor caller named one. `notices` are sentences about the whole import,
    including the last two facts (on the zone only if a post was added or changed).
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
    notices: tuple[Message, ...] = ()
    files_read: int = 0
    files_skipped: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    seconds: float = 0.0
    dry_run: bool = False
