"""Reads a public channel's web preview page by page, newest first, into the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

from db import PostStore
from ingest.fetched_pages import FetchedPages
from ingest.import_report import ImportReport
from ingest.import_run import run_import
from ingest.web_preview.shown import read_shown
from ingest.web_preview.stretches import Stretch, join, next_unread
from model.errors import FetchFailed
from model.messages import Code

GetPage: TypeAlias = Callable[[int | None], bytes]
"""Returns the page of the posts before a number, of the newest ones for `None`."""

_PAGES_AT_ONCE = 100
# The posts of one page; between archived posts, fewer missing numbers are of deleted ones.
_PAGE = 20


def run_fetch(
    store: PostStore,
    username: str,
    get_page: GetPage,
    *,
    folder: Path,
    importing: Callable[[], AbstractContextManager[None]],
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[ImportReport]:
    """Read a channel's web preview back to its first post, or to what is known.

    The newest page is always read, and no page that an earlier run has read. Pages are imported in
    batches, each with a report. Ended at any moment, the next run does the rest.

    Args:
        store: The archive.
        username: The channel's name, without `@`.
        get_page: Fetches a page, or raises `FetchFailed`.
        folder: Where pages wait for their import, and notes are kept; one run at a time.
        importing: Holds the import lock during each import.
        progress: Called with how many message numbers were passed, and how many there are.

    Raises:
        FetchFailed: A page cannot be had; those before it were imported.
        ChannelError: It is another channel than the archive's; the pages are kept.
        ArchiveError: The archive cannot be written.
    """
    fetch = _Fetch(
        store,
        username,
        get_page,
        pages=FetchedPages(folder / username.casefold()),
        importing=importing,
        progress=progress,
    )
    yield from fetch.run()


class _Fetch:
    """One run over one channel."""

    def __init__(
        self,
        store: PostStore,
        username: str,
        get_page: GetPage,
        *,
        pages: FetchedPages,
        importing: Callable[[], AbstractContextManager[None]],
        progress: Callable[[int, int | None], None] | None,
    ) -> None:
        self._store = store
        self._username = username
        self._get_page = get_page
        self._pages = pages
        self._importing = importing
        self._progress = progress
        self._known: Sequence[Stretch] = ()

    def run(self) -> Iterator[ImportReport]:
        if self._pages.waiting():
            yield self._take()
        before = self._fetch(None)
        newest = before + _PAGE
        # Only its import tells which channel of the archive it is, and so what is known of it.
        yield self._take()
        failure = None
        try:
            while (before := next_unread(before, self._known)) > 1:
                if self._progress is not None:
                    self._progress(newest - before, newest)
                if (first := self._fetch(before)) == before:
                    break
                before = first
                if len(self._pages.waiting()) >= _PAGES_AT_ONCE:
                    yield self._take()
        except FetchFailed as exc:
            failure = exc
        if self._pages.waiting():
            yield self._take()
        if failure is not None:
            raise failure

    def _fetch(self, before: int | None) -> int:
        """Fetch and keep a page; return its lowest number, `before` if nothing precedes that."""
        content = self._get_page(before)
        shown = read_shown(content, username=self._username)
        if shown is None:
            raise self._failed(Code.NO_PREVIEW if before is None else Code.NOT_A_PREVIEW)
        if shown.other:
            raise self._failed(Code.OTHER_PREVIEW, own=shown.other)
        numbers = [each for each in shown.message_ids if before is None or each < before]
        if numbers:
            self._pages.add(content, (numbers[0], before - 1 if before else numbers[-1]))
            return numbers[0]
        if before is None:
            raise self._failed(Code.NO_PREVIEW)
        if shown.leads_on:
            raise self._failed(Code.PREVIEW_REPEATS, number=str(before))
        return before

    def _failed(self, code: Code, **fields: object) -> FetchFailed:
        return FetchFailed(code, name=self._username, **fields)

    def _take(self) -> ImportReport:
        """Import the waiting pages, and note what was read."""
        with self._importing():
            report = run_import(
                self._store,
                self._pages.folder,
                channel=f"@{self._username}",
                as_of=self._pages.fetched_on(),
                name=f"https://t.me/s/{self._username}",
            )
        assert report.channel_id is not None  # only a dry run has none
        archived_as = f"{self._store.archive_id}/{report.channel_id}"
        known = self._pages.read(archived_as) or self._archived(report.channel_id)
        self._pages.note(archived_as, known)
        self._known = self._pages.read(archived_as)
        return report

    def _archived(self, channel_id: int) -> Sequence[Stretch]:
        """Return what the archive holds of a channel below the pages fetched first."""
        first = min(first for first, _ in self._pages.waiting())
        numbers = self._store.message_ids(channel_id, first_id=1, last_id=first - 1)
        return join(((number, number) for number in numbers), apart=_PAGE)
