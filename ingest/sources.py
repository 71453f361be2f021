"""A source: an export that can be read, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeAlias

from ingest.files import ExportPath
from model.posts import BadMessage, Channel, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read: the clock's zone, files to leave out, how many processes to use."""

    zone: tzinfo | None = None
    skip: AbstractSet[ExportPath] = frozenset()
    jobs: int = 1


Reader: TypeAlias = Callable[[ReadOptions], Iterator[Post | BadMessage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of an export, and the numbers of the messages in it."""

    path: ExportPath
    message_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An opened export.

    `files` stand in reading order; `as_of` is the newest date known in it; `total` estimates its
    messages. `whole` says that it holds everything between its first and its last message, so that
    what it lacks there was deleted. `zoned` says whether its dates name their zone, `dated` whether
    it is known when it was made.
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

    @property
    def folder(self) -> ExportPath:
        """Return the folder from which the paths of attachments lead."""
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
            zone: The zone of the exporting machine's clock; it wins over what the pages say.
            skip: Files to leave out.
            jobs: How many processes may read ahead.
        """
        return self.read(ReadOptions(zone=zone, skip=skip, jobs=jobs))
