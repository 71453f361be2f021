"""Determines when an export was made, and what follows if that is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from model.messages import Code, Message

if TYPE_CHECKING:
    from db import PostStore
    from ingest.sources import Source

_EXPORT_DATE = re.compile(r"ChatExport_(\d{4}-\d\d-\d\d)")
_MOST_IMPORTS = 10_000


def date_in_name(name: str) -> datetime | None:
    """Return the date in `ChatExport_2024-01-31` if a folder or zip still has such a name."""
    match = _EXPORT_DATE.search(name)
    try:
        return datetime.fromisoformat(match[1]).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def export_date(source: Source, *, as_of: date | None, name: str) -> datetime | None:
    """Return when an export was made: as given, or by its name if its folder has no date.

    `None` if the source already knows.
    """
    if as_of is not None:
        return datetime.combine(as_of, datetime.min.time(), UTC)
    return None if source.dated else date_in_name(name)


def with_export_date(source: Source, day: datetime | None) -> Source:
    """Return the source dated to a day, or unchanged if none is known.

    It is never older than its newest post.
    """
    if day is None:
        return source
    return replace(source, as_of=max(source.as_of, day), dated=True)


def newer_known(store: PostStore, channel_id: int | None, source: Source) -> datetime | None:
    """Return the archive's date if an undated export may have to be treated as older."""
    moments = (
        row.as_of for row in store.imports(limit=_MOST_IMPORTS) if row.channel_id == channel_id
    )
    newest = max(moments, default=source.as_of)
    return newest if newest > source.as_of and not source.dated else None


def say_newer_known(known: datetime | None, source: Source) -> Iterator[Message]:
    """Yield a sentence on what was kept, and what to do if that is wrong."""
    if known is not None:
        yield Message.of(
            Code.NEWER_KNOWN,
            newest=source.as_of.date(),
            known=known.date(),
            today=datetime.now(UTC).date(),
        )
