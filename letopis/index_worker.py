"""The worker that brings an index up to date: `python -m letopis.index_worker`.

It ends as soon as its input ends; uncommitted documents are indexed by the next run.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from db import open_archive
from model.addresses import parse_address
from model.errors import LetopisError
from search import open_index
from search.index import IndexPlace
from search.index_messages import INDEX_ANSWERS, CaughtUp, IndexAnswer, IndexFailed, IndexProgress
from workers.process import worker_process
from workers.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from threading import Event

    from workers.worker import Worker


def index_process() -> AbstractAsyncContextManager[Worker[IndexPlace, IndexAnswer]]:
    """Start the worker."""
    return worker_process("letopis.index_worker", INDEX_ANSWERS)


def catch_up(place: IndexPlace, say: Callable[[IndexAnswer], None], _stopped: Event) -> None:
    """Catch up, and report progress."""
    try:
        with (
            open_archive(parse_address(place.archive)) as store,
            closing(
                open_index(
                    Path(place.folder),
                    store,
                    engine=place.engine,
                    whoosh_limit=place.whoosh_limit,
                    cluster=place.cluster,
                )
            ) as index,
        ):
            done = index.catch_up(
                progress=lambda done, expected: say(IndexProgress(done=done, expected=expected))
            )
    except LetopisError as exc:
        say(IndexFailed(message=exc.message))
    else:
        say(CaughtUp(reason=done.reason or ""))


if __name__ == "__main__":
    serve(IndexPlace, catch_up, ends_at_once=True)
