"""Let the machine fail: a full disk, no rights, damage, eight processes at once, a moved clock.

    python -m tests.attack.faults [COUNT] [--seed N] [--only FAULT]

Whatever happens, a command ends with one of its exit codes and says why in a sentence, reading goes
on where nothing has to be written, and no committed post is lost. A full disk needs root (it is a
small tmpfs), a moved clock the program `faketime`; where they are missing, the outcome says so.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.attack.homes import (
    LIMIT,
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

COUNT = 250
_READING: Sequence[Sequence[str]] = (
    ("search", "запись", "--limit", "2"),
    ("similar", "5"),
    ("show", "7"),
    ("tags",),
    ("stats",),
    ("imports",),
    ("sql", "SELECT count(*) FROM posts"),
    ("where",),
)
_NOBODY = "65534"
_AT_ONCE = 8


class Faults:
    """The faults, over homes that are made once, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._exports = write_exports(folder / "exports")
        self._templates = {
            engine: make_home(folder / engine, self._exports[0], engine=engine)
            for engine in ("whoosh", "tantivy")
        }
        self._home = folder / "home"
        self._mount = folder / "small disk"
        self._mount.mkdir()
        for path in (folder, folder / "exports"):
            path.chmod(0o755)  # a stranger has to reach it
        self._size = sum(p.stat().st_size for p in self._templates["whoosh"].rglob("*"))

    @property
    def attacks(self) -> Mapping[str, Attack]:
        """Return the attacks by the names of the faults."""
        return {
            "disk": self._full_disk,
            "rights": self._no_rights,
            "damage": self._damage,
            "at once": self._at_once,
            "clock": self._clock,
        }

    def _full_disk(self, dice: random.Random) -> str:
        """Write until there is no room: reading goes on, and with room again all is completed."""
        if os.geteuid() != 0:
            return "no root, no small disk"
        with _small_disk(self._mount, self._size + dice.randrange(50_000, 2_000_000)):
            home = fresh_copy(self._a_template(dice), self._mount / "home")
            filler = self._mount / "filler"
            if dice.random() < 0.5:
                _fill(filler)
                self._check_reading(dice, home)
            outcome = self._run(home, "ingest", str(self._exports[1]))
            held = read_posts(fresh_copy(home, self._home) / "archive.db")
            if lost := expected_posts(newer=False).keys() - held.keys():
                raise Broken(f"a full disk lost {sorted(lost)[:5]}")
            _fill(filler)
            self._check_reading(dice, home)
            filler.unlink()
            # What was too small stays too small: completed where there is room.
            self._check_completed(fresh_copy(home, self._home))
        return outcome

    def _no_rights(self, dice: random.Random) -> str:
        """Take rights away from some files, then run a command as somebody else."""
        home = fresh_copy(self._a_template(dice), self._home)
        for path in [home, *home.rglob("*")]:
            mode = 0o755 if path.is_dir() else 0o644
            if dice.random() < 0.15:
                mode = dice.choice([0o000, 0o500, 0o555, 0o444])
            path.chmod(mode)
        arguments = self._any_command(dice)
        stranger: Sequence[str] = ()
        if os.geteuid() == 0:
            stranger = ["setpriv", "--reuid", _NOBODY, "--regid", _NOBODY, "--clear-groups"]
        outcome = self._run(home, *arguments, prefix=stranger)
        for path in [home, *home.rglob("*")]:
            path.chmod(0o700)
        if read_posts(home / "archive.db") != expected_posts(newer=False):
            raise Broken(f"{arguments[0]} changed an archive without rights")
        return outcome

    def _damage(self, dice: random.Random) -> str:
        """Damage some files of a home, then run commands over it."""
        home = fresh_copy(self._a_template(dice), self._home)
        files = sorted(p for p in home.rglob("*") if p.is_file())
        victims = dice.sample(files, dice.choice([1, 1, 1, 2, len(files)]))
        for path in victims:
            _spoil(path, dice)
        outcomes = {self._run(home, *dice.choice(_READING)), self._run(home, "doctor")}
        if all(home / "archive.db" != path for path in victims):
            check_found(home, dice.choice(list(expected_posts(newer=False))))
        return " and ".join(sorted(outcomes))

    def _at_once(self, dice: random.Random) -> str:
        """Run eight commands over one home at one time; all end well, and nothing is lost."""
        home = fresh_copy(self._a_template(dice), self._home)
        chosen = [self._any_command(dice) for _ in range(_AT_ONCE)]
        processes = [
            subprocess.Popen(
                command(home, *arguments),
                env=clean_environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
            for arguments in chosen
        ]
        for arguments, process in zip(chosen, processes, strict=True):
            out, err = process.communicate(timeout=2 * LIMIT)
            done = subprocess.CompletedProcess(arguments, process.returncode, out, err)
            check_manners(done, what=arguments[0])
            if process.returncode:
                raise Broken(f"{arguments[0]} failed beside others: {err[-300:]}")
        self._check_completed(home)
        return "well"

    def _clock(self, dice: random.Random) -> str:
        """Take in an export, search and check with the clock moved either way, then as it was."""
        if shutil.which("faketime") is None:
            return "no faketime"
        home = fresh_copy(self._a_template(dice), self._home)
        for _ in range(2):
            moved = ["faketime", "-f", dice.choice(["-40d", "-1h", "+1h", "+40d", "+20y"])]
            arguments = self._any_command(dice)
            if self._run(home, *arguments, prefix=moved) != "well":
                raise Broken(f"{arguments[0]} failed with {moved[-1]}")
        self._check_completed(home)
        return "well"

    def _a_template(self, dice: random.Random) -> Path:
        return dice.choice(list(self._templates.values()))

    def _any_command(self, dice: random.Random) -> Sequence[str]:
        return dice.choice(
            [*_READING, ("ingest", str(self._exports[0])), ("reindex",), ("doctor",)]
        )

    def _run(self, home: Path, *arguments: str, prefix: Sequence[str] = ()) -> str:
        done = letopis(home, *arguments, prefix=prefix)
        check_manners(done, what=arguments[0])
        return "a sentence" if done.returncode else "well"

    def _check_reading(self, dice: random.Random, home: Path) -> None:
        """Make sure that a command that only reads does so."""
        arguments = dice.choice(_READING)
        done = letopis(home, *arguments)
        check_manners(done, what=arguments[0])
        if done.returncode:
            raise Broken(f"{arguments[0]} does not read on a full disk: {done.stderr[-300:]}")

    def _check_completed(self, home: Path) -> None:
        """Make sure that an import of the newer export completes an archive."""
        done = letopis(home, "ingest", str(self._exports[1]))
        check_manners(done, what="ingest")
        posts = expected_posts(newer=True)
        if done.returncode or read_posts(home / "archive.db") != posts:
            raise Broken(f"an import did not complete the archive: {done.stderr[-300:]}")
        check_found(home, max(posts))


@contextmanager
def _small_disk(folder: Path, size: int) -> Iterator[None]:
    options = f"size={size},mode=0755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _spoil(path: Path, dice: random.Random) -> None:
    """Damage a file as disks, tools and hands do."""
    content = bytearray(path.read_bytes())
    match dice.randrange(6):
        case 0:
            path.write_bytes(b"")
        case 1:
            path.write_bytes(content[: dice.randrange(len(content) + 1)])
        case 2:
            path.unlink()
        case 3:
            path.unlink()
            path.mkdir()
        case 4:
            start = dice.randrange(len(content) + 1) // 4096 * 4096
            content[start : start + 4096] = dice.randbytes(len(content[start : start + 4096]))
            path.write_bytes(content)
        case _:
            for _ in range(dice.randint(1, 30)):
                if content:
                    content[dice.randrange(len(content))] = dice.randrange(256)
            path.write_bytes(content)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="letopis-faults-") as parent:
        sys.exit(main(Faults(Path(parent)).attacks, description=__doc__ or "", count=COUNT))
