"""A source: an opened export of any format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeAlias

from db.identity import Told
from ingest.files import ExportPath
from model.posts import BadMessage, Channel, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read: time zone, files to skip, number of processes."""

    zone: tzinfo | None = None
    skip: AbstractSet[ExportPath] = frozenset()
    jobs: int = 1


Reader: TypeAlias = Callable[[ReadOptions], Iterator[Post | BadMessage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of an export, and the message numbers in it.

    `times` reads them again, each with what reads its time of posting; times without a zone are
    taken as UTC.
    """

    path: ExportPath
    message_ids: Sequence[int] = ()
    times: Callable[[], Iterable[Told]] = tuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An opened export.

    `files` are in reading order; `as_of` is the newest date known; `total` estimates the number of
    messages. `whole` means that it contains everything between its first and last message, so
    anything absent was deleted. `zoned` says whether its dates have a zone, `dated` whether the
    date it was made is known. `together` names a file of each source that is combined in it.
    """

    format: str
    path: ExportPath
    channel: Channel
    files: tuple[SourceFile, ...]
    as_of: datetime
    total: int | None
    whole: bool
    zoned: bool
    read: Reader
    dated: bool = False
    together: tuple[str, ...] = ()

    @property
    def folder(self) -> ExportPath:
        """Return the folder to which attachment paths are relative."""
        return self.files[0].path.parent

    def messages(
        self,
        *,
        zone: tzinfo | None = None,
        skip: AbstractSet[ExportPath] = frozenset(),
        jobs: int = 1,
    ) -> Iterator[Post | BadMessage]:
        """Yield the messages in reading order, lazily, page by page.

        Args:
            zone: The time zone of the exporting machine; it overrides what the pages say.
            skip: Files to leave out.
            jobs: How many processes may work, this one included; others parse ahead.
        """
        return self.read(ReadOptions(zone=zone, skip=skip, jobs=jobs))
