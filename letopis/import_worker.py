"""The worker that imports files sent by people: `python -m letopis.import_worker`.

A file that crashes it does not harm the program that gave the order.
"""

from __future__ import annotations

from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from db import import_lock, open_archive
from ingest import MediaStore, open_source, run_import
from ingest.import_messages import (
    IMPORT_ANSWERS,
    TOO_DEMANDING,
    ArchiveLocked,
    Difference,
    Done,
    ImportAnswer,
    ImportTask,
    Problem,
    Progress,
    Refused,
    SourceInfo,
    Stopped,
    TaskKind,
)
from model.addresses import parse_address
from model.clock import to_stamp
from model.errors import ArchiveBusy, LetopisError
from workers.process import worker_process
from workers.serving import serve
from workers.thread import WorkerThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from threading import Event
    from typing import TypeAlias

    from db import ImportRow, PostStore
    from ingest.import_report import ImportReport
    from model.posts import BadMessage
    from workers.worker import Worker

    Say: TypeAlias = Callable[[ImportAnswer], None]

_MEMORY = 2 * 1024**3
_PROCESSOR_SECONDS = 30 * 60
_REST = 0.5
"""Seconds between checks whether another import has ended."""
_PROBLEMS = 5
_DIFFERENCES = 3
_REASON_LENGTH = 300


class _Cancelled(Exception):
    """The import was cancelled."""


def import_process() -> AbstractAsyncContextManager[Worker[ImportTask, ImportAnswer]]:
    """Start the worker in a separate process."""
    return worker_process("letopis.import_worker", IMPORT_ANSWERS)


def import_thread() -> AbstractAsyncContextManager[Worker[ImportTask, ImportAnswer]]:
    """Start the worker in this process, for trusted files."""
    return aclosing(WorkerThread(import_file))


def import_file(order: ImportTask, say: Say, stopped: Event) -> None:
    """Execute an order, report progress, and finally the outcome.

    Args:
        order: The task.
        say: Called with the answers; the last one is not an `ArchiveLocked` or `Progress`.
        stopped: If set by another thread, an import ends after its current batch.
    """
    try:
        say(_inspect(order) if order.task is TaskKind.INSPECT else _import(order, say, stopped))
    except _Cancelled:
        say(Stopped())
    except LetopisError as exc:
        say(Refused(reason=exc.reason, message=exc.message))
    except MemoryError:
        say(TOO_DEMANDING)


def _inspect(order: ImportTask) -> SourceInfo:
    source = open_source(Path(order.path), channel=order.channel)
    return SourceInfo(
        format=source.format,
        title=source.channel.title,
        username=source.channel.username,
        telegram_id=source.channel.telegram_id,
        files=len(source.files),
        size=sum(file.path.stat().st_size for file in source.files),
    )


def _import(order: ImportTask, say: Say, stopped: Event) -> ImportAnswer:
    with ExitStack() as stack:
        store = stack.enter_context(open_archive(parse_address(order.archive)))
        is_dry = order.task is TaskKind.PREVIEW
        if not is_dry:
            stack.enter_context(_import_turn(Path(order.home), say, stopped))
        known = {stored.channel_id for stored in store.channels()}
        counter = _ImportProgress(store, order, say, stopped)
        try:
            report = run_import(
                store,
                Path(order.path),
                channel=order.channel,
                is_confirmed=order.is_confirmed,
                dry_run=is_dry,
                copies=MediaStore(Path(order.copies)) if order.copies else None,
                progress=counter.note,
                name=order.name,
            )
        except _Cancelled:
            return counter.what_was_saved()
        done = _done(report, order, is_new_channel=report.channel_id not in known)
        return counter.complete(done)


@contextmanager
def _import_turn(home: Path, say: Say, stopped: Event) -> Iterator[None]:
    """Hold the import lock, waiting for other programs."""
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(import_lock(home, wait=0, on_wait=lambda: None))
                break
            except ArchiveBusy:
                say(ArchiveLocked())
            if stopped.wait(_REST):
                raise _Cancelled
        yield


class _ImportProgress:
    """Reports the progress of an import, and ends it if cancelled."""

    def __init__(self, store: PostStore, order: ImportTask, say: Say, stopped: Event) -> None:
        self._store = store
        self._order = order
        self._say = say
        self._stopped = stopped
        self._after = store.latest_import() if order.after is None else order.after

    def note(self, read: int, total: int | None) -> None:
        if self._stopped.is_set():
            raise _Cancelled
        saved = self.what_was_saved()
        self._say(
            Progress(
                read=read,
                total=total,
                added=saved.added,
                changed=saved.changed,
                unchanged=saved.unchanged,
            )
        )

    def what_was_saved(self) -> Stopped:
        """Return the recorded counts of the import and its earlier attempts."""
        return _sum(self._attempts())

    def complete(self, done: Done) -> Done:
        """Add the counts of earlier attempts to a report."""
        attempts = self._attempts()
        if not attempts:
            return done
        saved = _sum(attempts)
        return replace(
            done,
            added=saved.added,
            changed=saved.changed,
            unchanged=saved.unchanged,
            missing=sum(row.missing for row in attempts),
            files_read=sum(row.files_read for row in attempts),
        )

    def _attempts(self) -> Sequence[ImportRow]:
        """Return the recorded imports of the order, latest first; none for a preview."""
        if self._order.task is not TaskKind.IMPORT:
            return ()
        rows = self._store.imports(after=self._after)
        return [row for row in rows if row.source == self._order.name]


def _sum(attempts: Sequence[ImportRow]) -> Stopped:
    """Sum up attempts, latest first: what an earlier one wrote is unchanged in a later one."""
    added, changed = (sum(row.added for row in attempts), sum(row.changed for row in attempts))
    written_before = sum(row.added + row.changed for row in attempts[1:])
    found = sum(row.unchanged for row in attempts[:1])
    return Stopped(added=added, changed=changed, unchanged=max(found - written_before, 0))


def _done(report: ImportReport, order: ImportTask, *, is_new_channel: bool) -> Done:
    own = Path(order.path).name
    return Done(
        format=report.format,
        title=report.channel.title,
        username=report.channel.username,
        telegram_id=report.channel.telegram_id,
        is_new_channel=is_new_channel,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        missing=report.missing,
        text_changed=report.text_changed,
        differences=tuple(
            Difference(message_id=change.message_id, words=change.difference)
            for change in report.text_changes[:_DIFFERENCES]
        ),
        problem_count=len(report.problems),
        problems=tuple(_problem(each, order, own) for each in report.problems[:_PROBLEMS]),
        first_at=_stamp(report.first_at),
        last_at=_stamp(report.last_at),
        files_read=report.files_read,
        files_skipped=report.files_skipped,
        assumed_zone=report.assumed_zone,
        newer_known=_stamp(report.newer_known),
    )


def _problem(problem: BadMessage, order: ImportTask, own: str) -> Problem:
    """Return a problem with the file name that its sender knows."""
    return Problem(
        file=order.name if problem.file == own else problem.file,
        anchor=problem.anchor,
        reason=problem.reason[:_REASON_LENGTH],
    )


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else to_stamp(moment)


def main() -> None:
    """Execute orders until there are no more, with resource limits."""
    _limit()
    serve(ImportTask, import_file)


def _limit() -> None:
    """Limit this process to the memory and time an import may need."""
    try:
        import resource  # Windows has none
    except ImportError:  # pragma: no cover  # Windows
        return
    limits = {resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_CPU: _PROCESSOR_SECONDS}
    for kind, limit in limits.items():
        try:
            resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))
        except (ValueError, OSError):  # pragma: no cover  # macOS, or a stricter limit exists
            continue


if __name__ == "__main__":
    main()
