"""The worker that fetches public channels: `python -m letopis.fetch_worker`.

It parses pages from the web outside of the program that knows the token.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db import open_archive
from ingest import run_fetch
from ingest.fetch_messages import (
    FETCH_ANSWERS,
    FetchAnswer,
    FetchedPart,
    FetchEnded,
    FetchRefused,
    FetchTask,
)
from letopis.home import Home
from letopis.web_preview import open_preview
from model.addresses import parse_address
from model.errors import LetopisError
from workers.process import worker_process
from workers.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from threading import Event

    from workers.worker import Worker

_PATIENCE = 600.0
"""How long to wait for another import, in seconds."""


class _Stopped(Exception):
    """Nobody waits for the rest."""


def fetch_process() -> AbstractAsyncContextManager[Worker[FetchTask, FetchAnswer]]:
    """Start the worker."""
    return worker_process("letopis.fetch_worker", FETCH_ANSWERS)


def fetch_channel(
    order: FetchTask,
    say: Callable[[FetchAnswer], None],
    stopped: Event,
    *,
    base_url: str | None = None,
) -> None:
    """Fetch a channel, and report each batch and the end.

    If stopped, it ends at the next pause between two pages. `base_url` is for tests.
    """

    def rest(seconds: float) -> None:
        if stopped.wait(seconds):
            raise _Stopped

    home = Home(Path(order.home))
    try:
        with (
            home.fetching(),
            open_archive(parse_address(order.archive)) as store,
            open_preview(order.username, base_url=base_url, sleep=rest) as get_page,
        ):
            for report in run_fetch(
                store,
                order.username,
                get_page,
                folder=home.fetched,
                importing=lambda: home.writing(wait=_PATIENCE, on_wait=lambda: None),
            ):
                say(FetchedPart(added=report.added, text_changed=report.text_changed))
    except _Stopped:
        say(FetchEnded())
    except LetopisError as exc:
        say(FetchRefused(message=exc.message))
    else:
        say(FetchEnded())


if __name__ == "__main__":
    serve(FetchTask, fetch_channel)
