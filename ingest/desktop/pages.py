"""Pages of a Telegram Desktop export: facts about each, and their order."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape
from itertools import islice
from urllib.parse import unquote

from db import PostedAt
from db.identity import Told
from ingest.desktop.dates import Moment, midday, parse_day, parse_moment
from ingest.desktop.rewritten import as_exported
from ingest.files import ExportPath
from model.posts import Precision

# Messages of a basic group that became a supergroup are numbered from -1,000,000,000 upwards.
MIGRATED_BELOW = -900_000_000

# These patterns search whole pages; a literal prefix keeps that fast.
_TITLE = re.compile(rb'class="text bold[^>]*>(.*?)</div>', re.DOTALL)
_ID = re.compile(rb' id="message(-?\d{1,10})"')
_DAY = re.compile(rb'class="body details">\s*(\d{1,2} [A-Z][a-z]+ \d{4})\s*</div>')
_TITLED = b'title="'
_OWN_DATE = b'class="pull_right date details" title="'
_SERVICE = b'class="body details">'
_PAGINATION = re.compile(rb'class="pagination')
_HREF = re.compile(rb'\bhref="([^"]*)"')
_HEAD = 8192
_LAST_DATES = 8
_LONGEST_TAG = 1000
_NUMBERED = re.compile(r"messages(\d*)\.html?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Facts about a page, found without parsing it.

    `title` is `None` if the page names no channel or is not UTF-8. `previous` and `following` are
    the names of the linked pages; `newest` is the latest date on it, if any; `zoned` says whether
    its dates have a UTC offset.
    """

    path: ExportPath
    title: str | None
    message_ids: Sequence[int]
    previous: str | None
    following: str | None
    newest: Moment | None
    zoned: bool

    @property
    def first_id(self) -> int | None:
        """Return the number of the first message."""
        return self.message_ids[0] if self.message_ids else None


def read_facts(path: ExportPath) -> PageFacts:
    """Read the facts about a page.

    Raises:
        OSError: The file cannot be read.
    """
    content = as_exported(path.read_bytes())
    title = _TITLE.search(content, 0, _HEAD)
    ids = array("q", filter(_is_message, map(int, _ID.findall(content))))
    links = dict(_read_links(content))
    moments = list(islice(_last_moments(content), _LAST_DATES))
    days = [] if moments else [parse_day(day.decode()) for day in _DAY.findall(content)]
    return PageFacts(
        path=path,
        title=_read_title(title[1]) if title else None,
        message_ids=ids,
        previous=links.get("Previous"),
        following=links.get("Next"),
        newest=max(
            moments or [midday(day) for day in days if day],
            key=lambda moment: moment.in_utc(None),
            default=None,
        ),
        zoned=not moments or moments[0].offset is not None,
    )


def read_title(path: ExportPath) -> str | None:
    """Read a page's title from its head.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        title = _TITLE.search(as_exported(file.read(_HEAD)))
    return _read_title(title[1]) if title else None


def read_times(path: ExportPath) -> Iterator[Told]:
    """Yield the message numbers of a page, each with what reads its time, without parsing it.

    Raises:
        OSError: The file cannot be read.
    """
    content = as_exported(path.read_bytes())
    found = list(_ID.finditer(content))
    ends = [*(each.start() for each in found[1:]), len(content)]
    noon = None
    for match, end in zip(found, ends, strict=True):
        number = int(match[1])
        if _is_message(number):
            yield number, partial(_read_time, content, match.end(), end, noon=noon)
        elif line := _DAY.search(content, match.end(), end):
            day = parse_day(line[1].decode())
            noon = midday(day) if day else None


def _read_time(content: bytes, start: int, end: int, *, noon: Moment | None) -> PostedAt | None:
    """Read a message's own date, or for a service line the day of the separator before it."""
    place = content.find(_OWN_DATE, start, end)
    if place >= 0:
        moment = parse_moment(content[place : place + 90].decode("ascii", "replace"))
        return PostedAt(moment.in_utc(None)) if moment else None
    is_service = content.find(_SERVICE, start, end) >= 0
    return PostedAt(noon.in_utc(None), Precision.DAY) if noon and is_service else None


def _read_title(content: bytes) -> str | None:
    try:
        return unescape(content.decode()).strip() or None
    except UnicodeDecodeError:
        return None


def _is_message(number: int) -> bool:
    """Distinguish a message from a date separator, whose numbers count down from -1."""
    return number > 0 or number < MIGRATED_BELOW


def _read_links(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield `Previous` and `Next` with the names of the linked pages."""
    for match in _PAGINATION.finditer(content):
        place = match.start()
        start = content.rfind(b"<", max(place - _LONGEST_TAG, 0), place)
        end = content.find(b">", place, place + _LONGEST_TAG)
        href = _HREF.search(content, start, end)
        words = content[end + 1 : end + 80].split()
        if href and words:
            yield (
                words[0].decode("ascii", "replace"),
                unquote(href[1].decode("utf-8", "replace")).rpartition("/")[2],
            )


def _last_moments(content: bytes) -> Iterator[Moment]:
    """Yield the dates of a page from its end; dates of forwarded originals are never the latest.

    A rich post may mention any date: `<time class="rich_formatted_date" … title="…">`.
    """
    place = content.rfind(_TITLED)
    while place >= 0:
        moment = parse_moment(content[place : place + 60].decode("ascii", "replace"))
        tag = content.rfind(b"<", max(place - _LONGEST_TAG, 0), place)
        if moment is not None and not content.startswith(b"<time", tag):
            yield moment
        place = content.rfind(_TITLED, 0, place)


def in_reading_order(pages: Iterable[PageFacts]) -> list[PageFacts]:
    """Order pages by the number in their names or, if names do not tell, by their first messages.

    The first page has no number; other exporters renamed it to `index.html` or split pages by
    month.
    """
    found = list(pages)
    if all(is_page_name(page.path.name) for page in found):
        return sorted(found, key=lambda page: _number(page.path.name))
    return sorted(found, key=lambda page: (page.first_id is None, page.first_id, page.path.name))


def _number(name: str) -> int:
    match = _NUMBERED.fullmatch(name)
    return int(match[1] or 1) if match else 0


def is_page_name(name: str) -> bool:
    """Return whether a file is named like a page."""
    return _NUMBERED.fullmatch(name) is not None


def is_whole(pages: Sequence[PageFacts]) -> bool:
    """Return whether all pages of the export are present, linked in one chain."""
    names = {page.path.name for page in pages}
    links_on = [page.following for page in pages if page.following is not None]
    links_back = [page.previous for page in pages if page.previous is not None]
    links = len(pages) - 1
    return len(links_on) == len(links_back) == links and names.issuperset(links_on)
