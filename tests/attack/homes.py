"""What every attack needs: two exports of one channel, home folders, commands, and the checks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from tests.ingest.exports import message, page, write_pages

PAGES = 4
A_PAGE = 150
POSTS = PAGES * A_PAGE
ADDED = 100
"""Posts that only the newer export has."""
LIMIT = 120.0
"""Seconds for one command; it is a hang beyond."""
EXIT_CODES = frozenset({0, 1, 2})


class Broken(Exception):
    """A promise was broken; the text says which."""


def write_exports(folder: Path) -> tuple[Path, Path]:
    """Write an export, and a newer one in which every tenth post is edited and some are new."""
    first = _write_export(folder / "ChatExport_2026-01-10", posts=POSTS, edited=0)
    newer = _write_export(folder / "ChatExport_2026-02-10", posts=POSTS + ADDED, edited=10)
    return first, newer


def _write_export(folder: Path, *, posts: int, edited: int) -> Path:
    folder.mkdir(parents=True)
    pages = {}
    for first in range(1, posts + 1, A_PAGE):
        numbers = range(first, min(first + A_PAGE, posts + 1))
        texts = "".join(message(n, _text(n, edited=edited)) for n in numbers)
        number = (first - 1) // A_PAGE + 1
        pages[f"messages{number if number > 1 else ''}.html"] = page(texts)
    return write_pages(folder, pages)


def _text(number: int, *, edited: int) -> str:
    is_edited = edited and number % edited == 0
    return f"запись номер{number} #тег{number % 7}{' исправлена' if is_edited else ''}"


def make_home(home: Path, export: Path, *, engine: str = "whoosh") -> Path:
    """Make a home that holds an export, with an index by `engine`."""
    for arguments in (["ingest", str(export)], ["reindex", "--engine", engine]):
        done = letopis(home, *arguments)
        if done.returncode:
            raise Broken(f"{arguments[0]} failed on a healthy home: {done.stderr}")
    return home


def command(home: Path, *arguments: str) -> list[str]:
    """Return the command line of the program over a home."""
    return [sys.executable, "-m", "letopis", "--home", str(home), *arguments]


def clean_environment(**settings: str) -> Mapping[str, str]:
    """Return this environment without settings of the program but these."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LETOPIS_")}
    return {**own, **settings}


def letopis(
    home: Path, *arguments: str, prefix: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; what it printed is kept.

    Args:
        home: The home folder.
        arguments: The command and its arguments.
        prefix: A command line that runs the command, such as `sh -c 'ulimit …'`.

    Raises:
        Broken: It did not end in time.
    """
    environment = dict(clean_environment())
    if prefix:  # whoever runs it may have no right to write what the tests cover
        environment = {k: v for k, v in environment.items() if not k.startswith("COVERAGE_")}
    try:
        return subprocess.run(
            [*prefix, *command(home, *arguments)],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise Broken(f"{arguments[0]} did not end in {LIMIT:.0f} s") from exc


def check_manners(done: subprocess.CompletedProcess[str], *, what: str) -> None:
    """Make sure that a command ended in a known way, and said so in sentences.

    Raises:
        Broken: It shows a traceback, calls itself faulty, or ended by a signal.
    """
    said = done.stdout + done.stderr
    if done.returncode not in EXIT_CODES:
        raise Broken(f"{what}: exit code {done.returncode}: {said[-400:]}")
    for sign in ("Traceback (most recent call last)", "fault in Letopis", "panicked at"):
        if sign in said:
            raise Broken(f"{what}: {sign}: {said[-400:]}")
    if done.returncode == 2 and not done.stderr.strip():
        raise Broken(f"{what}: it failed without a word")


def read_posts(database: Path, *, where: str = "TRUE") -> Mapping[int, str]:
    """Return number and text of the posts, after checking that the file is sound.

    Raises:
        Broken: The file is damaged, or rows refer to rows that are not there.
    """
    try:
        with closing(sqlite3.connect(database)) as archive:
            sound = archive.execute("PRAGMA integrity_check").fetchall()
            loose = archive.execute("PRAGMA foreign_key_check").fetchall()
            rows = archive.execute(f"SELECT message_id, text FROM posts WHERE {where}").fetchall()
    except sqlite3.Error as exc:
        raise Broken(f"{database.name} cannot be read: {exc}") from exc
    if sound != [("ok",)] or loose:
        raise Broken(f"{database.name} is not sound: {sound} {loose}")
    if len({number for number, _ in rows}) != len(rows):
        raise Broken(f"{database.name} holds a post twice")
    return dict(rows)


def expected_posts(*, newer: bool) -> Mapping[int, str]:
    """Return the posts of one of the two exports."""
    last = POSTS + ADDED if newer else POSTS
    return {n: _text(n, edited=10 if newer else 0) for n in range(1, last + 1)}


def check_found(home: Path, number: int) -> None:
    """Make sure that a search finds a post.

    Raises:
        Broken: It does not.
    """
    done = letopis(home, "search", f"номер{number}", "--limit", "1", "--json")
    check_manners(done, what="search")
    if f'"message_id": {number},' not in done.stdout:
        raise Broken(f"post {number} is not found: {(done.stdout + done.stderr)[-300:]}")


def fresh_copy(template: Path | None, folder: Path) -> Path:
    """Copy a home in the place of an earlier copy; of `None`, leave the place empty."""
    shutil.rmtree(folder, ignore_errors=True)
    if template is not None:
        shutil.copytree(template, folder)
    return folder
