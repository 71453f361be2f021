"""The worker that watches a folder tells each thing once, and ends when it is stopped."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from ingest.watch_messages import WatchAnswer, Watched, WatchTask, WatchWaits
from letopis.watch_worker import watch_folder
from model.messages import Code
from tests.ingest.exports import message, page, write_pages
from tests.new_databases import new_archive


class Looks(Event):
    """A stop after some looks."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._left = number

    def wait(self, timeout: float | None = None) -> bool:
        """Count a look."""
        self._left -= 1
        if not self._left:
            self.set()
        return super().wait(0)


def watched(tmp_path: Path, *, looks: int) -> list[WatchAnswer]:
    """Return what is said of a folder within some looks."""
    new_archive(tmp_path / "archive.db").close()
    answers: list[WatchAnswer] = []
    task = WatchTask(
        folder=str(tmp_path / "sync"),
        home=str(tmp_path),
        archive=str(tmp_path / "archive.db"),
        every=30.0,
    )
    watch_folder(task, answers.append, Looks(looks))
    return answers


def test_an_export_is_told_once(tmp_path: Path) -> None:
    """With its counts."""
    write_pages(tmp_path / "sync" / "export", {"messages.html": page(message(1, "One"))})
    assert watched(tmp_path, looks=4) == [Watched(name="export", added=1, text_changed=0)]


def test_a_folder_that_stays_away_is_told_once(tmp_path: Path) -> None:
    """Not at every look."""
    [waits] = watched(tmp_path, looks=4)
    assert isinstance(waits, WatchWaits)
    assert waits.message.code is Code.UNREADABLE
