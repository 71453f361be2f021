"""`letopis copy`: copies the archive and the bot's state to a folder, a file or a server."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from db.copies.copying import ComparedTable, copying_database
from db.kinds import ARCHIVE, BOT, DatabaseKind
from db.migrate import has_database, open_database
from letopis.archive_server import archive_address, state_address
from letopis.exporting import is_database_name
from letopis.home import Home
from letopis.languages import terminal_texts
from letopis.output import complain, print_json, say
from letopis.progress import comparing_progress, copying_progress
from letopis.reports import print_table
from model.addresses import parse_server
from model.errors import ArchiveUnwritable, UsageError
from model.messages import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.database import Database
    from model.addresses import Address

_BUSY_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """A database to copy, and where to."""

    kind: DatabaseKind
    source: Address
    target: Address


def run_copy(home: Home, to: str, *, as_json: bool) -> None:
    """Copy what a home has, the bot's state first, and print the proof.

    So the archive is never older than what the bot has seen of it.

    Raises:
        UsageError: There is no archive, or the target is none.
        ArchiveError: See `copying_database`.
    """
    copies = _plan(home, to)
    with ExitStack() as stack:
        proofs = [(each, stack.enter_context(_running(each))) for each in copies]
    if home.media.is_dir() and _leaves(home, copies[-1].target):
        complain(terminal_texts().terminal.files_not_copied.format(folder=home.media))
    if as_json:
        return print_json([_as_json(each, tables) for each, tables in proofs])
    for each, tables in proofs:
        _print_proof(each, tables)
    return None


def _plan(home: Home, to: str) -> Sequence[_Copy]:
    archive_to, state_to = _read_target(to)
    archive, state = archive_address(home), state_address(home)
    if archive == home.archive and (why := home.why_no_archive()):
        raise UsageError(Code.NO_ARCHIVE, home=home.folder, cause=why)
    copies = [_Copy(kind=ARCHIVE, source=archive, target=archive_to)]
    if state_to is not None and has_database(state, BOT):
        copies.insert(0, _Copy(kind=BOT, source=state, target=state_to))
    for each in copies:
        if _are_same(each.source, each.target):
            raise UsageError(Code.COPY_ITSELF, path=each.source)
    return copies


def _leaves(home: Home, target: Address) -> bool:
    """Return whether a copy is made for another home folder."""
    return isinstance(target, Path) and target.parent != home.folder


def _read_target(to: str) -> tuple[Address, Address | None]:
    """Return where the archive goes, and the bot's state, which a single file does not take."""
    if "://" in to:
        try:
            server = parse_server(to)
        except ValueError as exc:
            raise UsageError(Code.COPY_TO) from exc
        return server, server
    path = Path(to).expanduser().absolute()
    if is_database_name(path):
        return path, None
    return Home(path).archive, Home(path).bot_state


def _are_same(source: Address, target: Address) -> bool:
    if isinstance(source, Path) and isinstance(target, Path):
        return target.exists() and source.samefile(target)
    return source == target


@contextmanager
def _running(planned: _Copy) -> Iterator[Sequence[ComparedTable]]:
    """Make a copy, which can be opened as soon as all of them are made."""
    name = planned.kind.file
    with closing(_open(planned.source, planned.kind)) as source, ExitStack() as stack:
        with source.reading() as connection:
            added = source.find_added(connection)
        with copying_progress(name) as copying, comparing_progress(name) as comparing:
            compared = stack.enter_context(
                copying_database(source, planned.target, copying=copying, comparing=comparing)
            )
        if added:
            words = terminal_texts().terminal
            complain(words.added_not_copied.format(names=", ".join(added)))
        yield compared


def _open(source: Address, kind: DatabaseKind) -> Database:
    """Open a source; migrate an older one if it can be written."""
    with suppress(ArchiveUnwritable):
        return open_database(source, kind, creates=False, busy_seconds=_BUSY_SECONDS)
    return open_database(source, kind, read_only=True, busy_seconds=_BUSY_SECONDS)


def _print_proof(copied: _Copy, tables: Sequence[ComparedTable]) -> None:
    words = terminal_texts().terminal
    say(words.copied_to.format(source=copied.source, target=copied.target))
    rows = [(each.table, each.copy.rows, each.copy.digest) for each in tables]
    print_table(("table", "rows", "digest"), rows)


def _as_json(copied: _Copy, tables: Sequence[ComparedTable]) -> dict[str, object]:
    return {
        "database": copied.kind.schema,
        "source": str(copied.source),
        "target": str(copied.target),
        "tables": tables,
    }
