"""The work and output of `letopis doctor`: checks the archive, the index and all beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from i18n.messages import say_rebuilt
from letopis.archive_server import state_address
from letopis.languages import terminal_texts, worded
from letopis.opening import cores, home_archive, home_index
from letopis.output import print_json, say
from letopis.progress import copies_progress, index_progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from db import PostStore
    from ingest import CopiesHealth
    from letopis.home import Home
    from model.messages import Message
    from search import CatchUp

_COPIES_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _ArchiveHealth:
    """What is wrong with an archive; what is below its damage is only known without any."""

    damage: Sequence[Message]
    schema_faults: Sequence[Message] = ()
    mixed_channels: Sequence[Message] = ()
    added_by_others: Sequence[str] = ()


def examine(home: Home, *, thorough: bool, as_json: bool) -> bool:
    """Check everything, repair the index, print what was found; return whether all is well.

    A person sees each finding as it is made, a program all of them in one object.
    """
    found = dict(_findings(home, thorough=thorough, aloud=not as_json))
    archive, copies = found["archive"], found["copies"]
    ill = archive.damage or archive.schema_faults or found["bot_state"]
    is_well = not (ill or copies.gone or copies.damaged)
    if as_json:
        print_json({"well": is_well, **found})
    return is_well


def _findings(home: Home, *, thorough: bool, aloud: bool) -> Iterator[tuple[str, Any]]:
    """Check one part after the other, and print what was found if `aloud`."""
    from db.bot_store import check_bot_state
    from db.kinds import BOT
    from db.migrate import has_database
    from ingest import MediaStore, check_copies

    with home_archive(home) as store:
        yield "archive", (archive := _check_archive(store))
        if aloud:
            _print_archive(store, archive)
        at = state_address(home)
        state = check_bot_state(at) if has_database(at, BOT) else ()
        yield "bot_state", state
        waiting = len(list(home.spool.glob("*.json")))
        yield "spool", waiting
        if aloud:
            _print_state_faults(state)
            _print_spool(waiting, home.spool)
        with home_index(home, store, jobs=cores()) as index, index_progress() as progress:
            checked = index.check(progress=progress)
        yield "index", checked
        if aloud:
            _print_index_check(checked)
        with copies_progress() as progress:
            media = MediaStore(home.media)
            copies = check_copies(store, media, thorough=thorough, progress=progress)
        yield "copies", copies
        if aloud:
            _print_copies(copies, home.media, thorough=thorough)


def _check_archive(store: PostStore) -> _ArchiveHealth:
    if damage := store.check():
        return _ArchiveHealth(damage=damage)
    return _ArchiveHealth(
        damage=(),
        schema_faults=store.schema_faults(),
        mixed_channels=store.mixed_channels(),
        added_by_others=store.added_by_others(),
    )


def _print_archive(store: PostStore, health: _ArchiveHealth) -> None:
    texts = terminal_texts()
    words = texts.terminal
    faults = [*health.damage, *health.schema_faults]
    for fault in faults:
        say(words.archive.format(said=worded(fault)))
    if health.damage:
        say(words.archive_damaged)
    elif not faults:
        stats = store.stats()
        service = texts.count(stats.service, words.service_lines)
        posts = texts.count(stats.posts, texts.posts)
        say(words.archive_well.format(posts=posts, service=service))
    for mixed in health.mixed_channels:
        say(words.archive.format(said=worded(mixed)))
    if health.added_by_others:
        say(words.archive_added.format(names=", ".join(health.added_by_others)))


def _print_state_faults(faults: Sequence[Message]) -> None:
    for fault in faults:
        say(f"bot.db: {worded(fault)}")
    if faults:
        say(terminal_texts().terminal.state_damaged)


def _print_spool(waiting: int, folder: Path) -> None:
    texts = terminal_texts()
    if waiting:
        posts = texts.count(waiting, texts.posts)
        say(texts.terminal.spool.format(posts=posts, folder=folder))


def _print_index_check(caught_up: CatchUp) -> None:
    texts = terminal_texts()
    if caught_up.reason is not None:
        say(texts.terminal.index.format(said=say_rebuilt(caught_up, texts)))
    say(texts.terminal.index_well.format(engine=caught_up.engine))


def _print_copies(health: CopiesHealth, folder: Path, *, thorough: bool) -> None:
    """Print missing or damaged copies of files, and how to restore them."""
    texts = terminal_texts()
    words = texts.terminal
    copies = texts.count(health.named, words.copies)
    ill = [(copy, words.copy_gone) for copy in health.gone]
    ill += [(copy, words.copy_damaged) for copy in health.damaged]
    for copy, form in ill[:_COPIES_SHOWN]:
        path = folder / copy.name
        say(form.format(path=path, number=copy.message_id, channel=copy.channel))
    if more := len(ill[_COPIES_SHOWN:]):
        say(words.more_copies.format(number=texts.number(more)))
    if ill:
        gone, damaged = texts.number(len(health.gone)), texts.number(len(health.damaged))
        say(words.copies_ill.format(copies=copies, gone=gone, damaged=damaged))
    elif health.named:
        how = words.read_whole if thorough else words.read_sizes
        say(words.copies_well.format(copies=copies, how=how))
