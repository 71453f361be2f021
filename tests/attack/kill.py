"""Kill the program at random moments, as a power cut would: nothing committed is ever lost.

    python -m tests.attack.kill [COUNT] [--seed N] [--only OPERATION]

A command runs over a home folder and is killed, with all its processes, after a random part of the
time that it takes. Then the archive must be sound and hold what it held, a file under its final
name must be whole, and the same command, run again, must complete the work.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from db.bot_store import open_bot_store
from db.databases.sqlite import SqliteDatabase
from db.kinds import BOT
from db.schema import alembic_version
from db.upgrade import upgrade
from tests.attack.homes import (
    Broken,
    check_found,
    check_manners,
    clean_environment,
    command,
    expected_posts,
    fresh_copy,
    letopis,
    make_home,
    read_posts,
    write_exports,
)
from tests.attack.report import Attack, main
from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn

COUNT = 300
_OWNER = 500
_LIVE_POSTS = 30
_OLD = "bot_0001"
_MIGRATE = (
    "import pathlib, sys; from db.bot_store import open_bot_store as open_;"
    " open_(pathlib.Path(sys.argv[1])).close()"
)


class Kills:
    """The operations that can be killed, over homes that are made once, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._first, self._newer = write_exports(folder / "exports")
        self._template = make_home(folder / "template", self._first)
        self._home = folder / "home"
        self._copy = folder / "copies" / "copy.db"
        self._copy.parent.mkdir()
        self._seconds: defaultdict[str, float] = defaultdict(lambda: 3.0)

    @property
    def attacks(self) -> Mapping[str, Attack]:
        """Return the attacks by the names of the operations."""
        return {
            "ingest": partial(self._import, newer=False),
            "update": partial(self._import, newer=True),
            "reindex": self._reindex,
            "export": self._export,
            "migration": self._migration,
            "live": self._live_posts,
        }

    def _import(self, dice: random.Random, *, newer: bool) -> str:
        """Kill an import; what was there stays, and the next run completes it."""
        home = fresh_copy(self._template if newer else None, self._home)
        archive = home / "archive.db"
        arguments = ["ingest", str(self._newer if newer else self._first)]
        before = expected_posts(newer=False) if newer else {}
        after = expected_posts(newer=newer)
        outcome = self._kill(dice, command(home, *arguments), name="update" if newer else "ingest")
        held = read_posts(archive) if _is_begun(archive) else {}
        lost = before.keys() - held.keys()
        wrong = [n for n, text in held.items() if text not in {before.get(n), after.get(n)}]
        if lost or wrong:
            raise Broken(f"lost {sorted(lost)[:5]}, wrong {wrong[:5]}")
        _complete(home, *arguments)
        if read_posts(archive) != after:
            raise Broken("the next import did not complete it")
        check_found(home, dice.choice(list(after)))
        return outcome

    def _reindex(self, dice: random.Random) -> str:
        """Kill the building of an index; searches go on, and another run completes it."""
        home = fresh_copy(self._template, self._home)
        arguments = ["reindex", "--engine", dice.choice(["whoosh", "tantivy"])]
        outcome = self._kill(dice, command(home, *arguments), name="reindex")
        check_found(home, dice.choice(list(expected_posts(newer=False))))
        _complete(home, *arguments)
        return outcome

    def _export(self, dice: random.Random) -> str:
        """Kill a copy; under its name is a whole file or none, and nothing stays beside it."""
        arguments = ["export", str(self._copy)]
        self._copy.unlink(missing_ok=True)
        outcome = self._kill(dice, command(self._template, *arguments), name="export")
        if self._copy.exists():
            _check_copy(self._copy)
            self._copy.unlink()
        _complete(self._template, *arguments)
        _check_copy(self._copy)
        beside = sorted(path.name for path in self._copy.parent.iterdir())
        if beside != [self._copy.name]:
            raise Broken(f"leftovers beside a copy: {beside}")
        return outcome

    def _migration(self, dice: random.Random) -> str:
        """Kill a migration; the file is old or new, and the next one completes it."""
        path = fresh_copy(self._template, self._home) / "bot.db"
        _write_old_state(path)
        outcome = self._kill(dice, [sys.executable, "-c", _MIGRATE, str(path)], name="migration")
        with closing(sqlite3.connect(path)) as state:
            (revision,) = state.execute("SELECT version_num FROM alembic_version").fetchone()
        if revision not in {_OLD, BOT.head}:
            raise Broken(f"a migration stopped half-way, at {revision}")
        open_bot_store(path).close()
        return outcome

    def _live_posts(self, dice: random.Random) -> str:
        """Kill the bot amid posts of a channel; after the next start all are there, each once."""
        home = fresh_copy(self._template, self._home)
        with StandIn() as standin, ExitStack() as stack:
            standin.world.poll.hold_repeated = False
            bot = RunningBot(standin, home, LETOPIS_OWNERS=str(_OWNER))
            stack.callback(bot.stop)
            bot.start()
            channel = Channel(standin, title="Журнал")
            _approve(channel, Person(standin, _OWNER, first_name="Anna", language_code="en"))
            for number in range(_LIVE_POSTS):
                channel.posts(f"живая запись {number}")
                time.sleep(dice.uniform(0, 0.03))
            bot.kill()
            bot.start()
            _wait_for_live_posts(home / "archive.db")
        return "killed"

    def _kill(self, dice: random.Random, command_line: list[str], *, name: str) -> str:
        """Run a command and kill it, and all that it started, before it is likely to end."""
        began = time.monotonic()
        process = subprocess.Popen(
            command_line,
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(dice.uniform(0, self._seconds[name]))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return "killed"
        self._seconds[name] = time.monotonic() - began
        return "ended before it was killed"


def _is_begun(archive: Path) -> bool:
    """Tell whether a file holds a schema; one that was killed at its making is empty or missing."""
    return archive.exists() and archive.stat().st_size > 0 and _has_posts_table(archive)


def _has_posts_table(archive: Path) -> bool:
    with closing(sqlite3.connect(archive)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'posts'")
        return bool(tables.fetchone()[0])


def _complete(home: Path, *arguments: str) -> None:
    done = letopis(home, *arguments)
    check_manners(done, what=arguments[0])
    if done.returncode:
        raise Broken(f"{arguments[0]} was not completed: {done.stderr}")


def _check_copy(copy: Path) -> None:
    if read_posts(copy) != expected_posts(newer=False):
        raise Broken("a copy is not whole")


def _write_old_state(path: Path) -> None:
    """Write a bot's state as the first version left it."""
    path.touch(mode=0o600)
    database = SqliteDatabase(path, BOT, read_only=False, busy_seconds=5)
    with database.migrating() as connection:
        alembic_version.create(connection, checkfirst=True)
        upgrade(connection, BOT.folder, to=_OLD)
        connection.exec_driver_sql(f"PRAGMA application_id = {BOT.application_id}")
    database.close()


def _approve(channel: Channel, owner: Person) -> None:
    owner.asks("/help")
    owner.watch.looks_away()
    channel.takes_bot(by=owner)
    question = owner.waits_for(lambda message: channel.chat.title in message.text)
    owner.presses(
        question, lambda button: button.data.startswith("1|h|") and button.data[-1] == "1"
    )
    owner.waits_for(lambda message: channel.chat.title in message.text, kinds=("edit",))


def _wait_for_live_posts(archive: Path) -> None:
    deadline = time.monotonic() + 60
    while len(texts := _live_texts(archive)) < _LIVE_POSTS:
        if time.monotonic() > deadline:
            raise Broken(f"{_LIVE_POSTS - len(texts)} live posts were lost")
        time.sleep(0.1)
    if len(set(texts)) != len(texts):
        raise Broken("a live post was stored twice")


def _live_texts(archive: Path) -> list[str]:
    posts = read_posts(archive, where="text LIKE 'живая %'")
    return list(posts.values())


if __name__ == "__main__":
    with TemporaryDirectory(prefix="letopis-kill-") as parent:
        sys.exit(main(Kills(Path(parent)).attacks, description=__doc__ or "", count=COUNT))
