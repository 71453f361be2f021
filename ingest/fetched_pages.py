"""The pages of one channel fetched but not imported yet, and notes on what was imported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.web_preview.stretches import Stretch, join
from model.whole_files import making

_PAGE = re.compile(r"(\d{1,10})-(\d{1,10})\.html")


class FetchedPages:
    """Pages in a folder, each named by the numbers it covers, such as `1981-2000.html`.

    All files appear complete or not at all, so that a killed program loses at most one page.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._notes = folder.with_suffix(".json")

    def add(self, content: bytes, covered: Stretch) -> None:
        """Keep a page until it is imported."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with making(self.folder) as part:
            part.file.write(content)
            part.put(self.folder / f"{covered[0]}-{covered[1]}.html", replaces=True)

    def waiting(self) -> Sequence[Stretch]:
        """Return what the waiting pages cover."""
        return [(int(each[1]), int(each[2])) for _, each in self._pages()]

    def fetched_on(self) -> date:
        """Return the day on which the oldest waiting page was fetched."""
        oldest = min(path.stat().st_mtime for path, _ in self._pages())
        return datetime.fromtimestamp(oldest, UTC).date()

    def read(self, archived_as: str) -> Sequence[Stretch]:
        """Return what was read of a channel, unless the notes are of another one, or damaged."""
        try:
            notes = json.loads(self._notes.read_bytes())
            if notes["archived_as"] != archived_as:
                return ()
            return [(int(first), int(last)) for first, last in notes["read"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ()

    def note(self, archived_as: str, covered: Iterable[Stretch]) -> None:
        """Note that stretches were read, and drop the pages that were waiting."""
        read = join([*self.read(archived_as), *self.waiting(), *covered])
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with making(self._notes.parent) as part:
            part.file.write(json.dumps({"archived_as": archived_as, "read": read}).encode())
            part.put(self._notes, replaces=True)
        for path, _ in self._pages():
            path.unlink()

    def _pages(self) -> Sequence[tuple[Path, re.Match[str]]]:
        if not self.folder.is_dir():
            return ()
        return [
            (path, match)
            for path in sorted(self.folder.iterdir())
            if (match := _PAGE.fullmatch(path.name))
        ]
