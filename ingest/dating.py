"""When an export was made, and what follows where it does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db import PostStore
    from ingest.sources import Source

_EXPORT_DATE = re.compile(r"ChatExport_(\d{4}-\d\d-\d\d)")
_MOST_IMPORTS = 10_000
_NEWER_KNOWN = (
    "The export does not say when it was made, and nothing in it is newer than {newest}, so what "
    "was known on {known} was kept: if the export is newer, import again with its date, such as "
    "--as-of {today}."
)


def date_in_name(name: str) -> datetime | None:
    """Return the day of `ChatExport_2024-01-31`, where a folder or a zip still has its name."""
    match = _EXPORT_DATE.search(name)
    try:
        return datetime.fromisoformat(match[1]).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def when_made(source: Source, *, as_of: date | None, name: str) -> datetime | None:
    """Return when an export was made: as somebody says, or as its name, where its folder does not.

    `None` where nothing is to be added to what the source knows itself.
    """
    if as_of is not None:
        return datetime.combine(as_of, datetime.min.time(), UTC)
    return None if source.dated else date_in_name(name)


def made_on(source: Source, day: datetime | None) -> Source:
    """Return a source that was made on a day, or as it is where none is known.

    It is as recent as its newest post all the same.
    """
    if day is None:
        return source
    return replace(source, as_of=max(source.as_of, day), dated=True)


def newer_known(store: PostStore, channel_id: int | None, source: Source) -> datetime | None:
    """Return how recent the archive is, where an export of unknown date may be taken as older."""
    moments = (
        row.as_of for row in store.imports(limit=_MOST_IMPORTS) if row.channel_id == channel_id
    )
    newest = max(moments, default=source.as_of)
    return newest if newest > source.as_of and not source.dated else None


def say_newer_known(known: datetime | None, source: Source) -> Iterator[str]:
    """Yield a sentence on what was kept, and what to do if that is wrong."""
    if known is not None:
        yield _NEWER_KNOWN.format(
            newest=source.as_of.date(), known=known.date(), today=datetime.now(UTC).date()
        )
