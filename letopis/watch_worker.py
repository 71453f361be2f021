"""The worker that watches a folder for the bot: `python -m letopis.watch_worker`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db import open_archive
from ingest import ImportReport
from ingest.watch_messages import WATCH_ANSWERS, WatchAnswer, Watched, WatchTask, WatchWaits
from letopis.home import Home
from letopis.watching import FolderWatch, take_in
from model.addresses import Address, parse_address
from model.errors import LetopisError
from workers.process import worker_process
from workers.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from threading import Event

    from model.messages import Message
    from workers.worker import Worker

_PATIENCE = 600.0
"""How long to wait for another import, in seconds."""


def watch_process() -> AbstractAsyncContextManager[Worker[WatchTask, WatchAnswer]]:
    """Start the worker."""
    return worker_process("letopis.watch_worker", WATCH_ANSWERS)


def watch_folder(order: WatchTask, say: Callable[[WatchAnswer], None], stopped: Event) -> None:
    """Look until stopped, and report each import; a failure is reported until it is another."""
    home = Home(Path(order.home))
    watch = FolderWatch(Path(order.folder), notes=home.watched)
    failure: Message | None = None
    while not stopped.is_set():
        try:
            _look(watch, parse_address(order.archive), home, say)
            failure = None
        except LetopisError as exc:
            if exc.message != failure:
                failure = exc.message
                say(WatchWaits(name=order.folder, message=failure))
        stopped.wait(order.every)


def _look(
    watch: FolderWatch, archive: Address, home: Home, say: Callable[[WatchAnswer], None]
) -> None:
    with open_archive(archive) as store:
        for outcome in take_in(
            watch,
            store,
            importing=lambda: home.writing(wait=_PATIENCE, on_wait=lambda: None),
        ):
            if isinstance(outcome, ImportReport):
                name = Path(outcome.source).name
                changed = outcome.text_changed
                say(Watched(name=name, added=outcome.added, text_changed=changed))
            else:
                say(WatchWaits(name=outcome.path.name, message=outcome.message))


if __name__ == "__main__":
    serve(WatchTask, watch_folder)
