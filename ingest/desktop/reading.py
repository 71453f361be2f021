"""Reads pages in order, in this process or ahead in others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import partial
from itertools import chain
from typing import TypeAlias

from ingest.desktop.page import read_page
from ingest.desktop.pages import PageFacts
from ingest.desktop.pickling import pickle_entries, unpickle_entries
from ingest.desktop.service import Entry, SkippedPage
from ingest.sources import ReadOptions
from model.posts import BadMessage
from workers.ahead import run_ahead

# Starting a process takes as long as parsing a few pages.
_PAGES_A_PROCESS = 4
# Saving posts, which this process does, takes nearly as long as parsing them.
_MOST_AHEAD = 2

Work: TypeAlias = partial[Sequence[Entry]]


def read_entries(pages: Sequence[PageFacts], options: ReadOptions) -> Iterator[Entry]:
    """Yield the entries of pages in order; a skipped page gives only the time of its end."""
    works = (_page_work(page, options) for page in pages)
    ahead = min(options.jobs - 1, len(pages) // _PAGES_A_PROCESS, _MOST_AHEAD)
    return chain.from_iterable(_run_ahead(works, ahead) if ahead else _run(works))


def _page_work(page: PageFacts, options: ReadOptions) -> Work:
    """Return the work for a page; files are opened here and parsed elsewhere."""
    path = page.path
    if path in options.skip:
        return partial(_give, *_end_of(page, options))
    try:
        content = path.read_bytes()
    except OSError as exc:
        reason = f"The page cannot be read: {exc.strerror or exc}."
        problem = BadMessage(file=path.name, anchor="", reason=reason, rest_lost=True)
        return partial(_give, problem)
    folder = path.parent.absolute().as_posix()
    return partial(_read_whole, content, file=path.name, folder=folder, zone=options.zone)


def _end_of(page: PageFacts, options: ReadOptions) -> Iterator[Entry]:
    if page.newest is not None:
        yield SkippedPage(posted_at=page.newest.in_utc(options.zone))


def _give(*entries: Entry) -> Sequence[Entry]:
    return entries


def _read_whole(content: bytes, *, file: str, folder: str, zone: tzinfo | None) -> Sequence[Entry]:
    return tuple(read_page(content, file=file, folder=folder, zone=zone))


def _run(works: Iterator[Work]) -> Iterator[Sequence[Entry]]:
    return (work() for work in works)


def _run_ahead(works: Iterator[Work], jobs: int) -> Iterator[Sequence[Entry]]:
    pickled = (partial(_run_and_pickle, work) for work in works)
    return map(unpickle_entries, run_ahead(pickled, jobs=jobs, preload=(__name__,)))


def _run_and_pickle(work: Work) -> bytes:
    return pickle_entries(work())
