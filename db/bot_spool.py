"""Where posts wait that are not archived yet: in files, or in a table that machines share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, insert, select

from db.database import Database
from db.schema.bot import spooled_posts
from model.errors import ArchiveUnwritable
from model.messages import Code
from model.whole_files import making


class SpoolStore(Protocol):
    """Texts by name, each of which is stored as a whole or not at all."""

    def names(self) -> Sequence[str]:
        """Return the names of all that is stored, sorted."""

    def read(self, name: str) -> str:
        """Return a text.

        Raises:
            LetopisError, OSError, ValueError: It cannot be read.
        """

    def write(self, name: str, content: str) -> None:
        """Store a text in place of an earlier one.

        Raises:
            LetopisError: It cannot be stored now.
        """

    def remove(self, name: str) -> None:
        """Remove a text, if it is there.

        Raises:
            LetopisError: It cannot be removed now.
        """


class SpoolFolder:
    """Files in a folder: a database may be damaged, or locked by another program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> Sequence[str]:
        """Return the names of all files."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.json")))

    def read(self, name: str) -> str:
        """Return what is in a file."""
        return self._path(name).read_text("utf-8")

    def write(self, name: str, content: str) -> None:
        """Write a file."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with making(self._folder) as part:
                part.file.write(content.encode())
                part.put(self._path(name), replaces=True)
        except OSError as exc:
            raise self._refusal(exc) from exc

    def remove(self, name: str) -> None:
        """Remove a file."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as exc:
            raise self._refusal(exc) from exc

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _refusal(self, exc: OSError) -> ArchiveUnwritable:
        return ArchiveUnwritable(Code.HOME_UNWRITABLE, home=self._folder, cause=exc.strerror)


class SpoolTable:
    """Rows of the bot's state, for the bot that takes over on another machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> Sequence[str]:
        """Return the names of all rows."""
        columns = spooled_posts.c
        with self._database.reading() as connection:
            rows = connection.execute(select(columns.name).order_by(columns.name))
            return tuple(rows.scalars())

    def read(self, name: str) -> str:
        """Return what is in a row."""
        of_name = spooled_posts.c.name == name
        with self._database.reading() as connection:
            content = connection.execute(select(spooled_posts.c.content).where(of_name))
            return str(content.scalar_one())

    def write(self, name: str, content: str) -> None:
        """Write a row."""
        with self._database.writing() as connection:
            connection.execute(delete(spooled_posts).where(spooled_posts.c.name == name))
            connection.execute(insert(spooled_posts).values(name=name, content=content))

    def remove(self, name: str) -> None:
        """Remove a row."""
        with self._database.writing() as connection:
            connection.execute(delete(spooled_posts).where(spooled_posts.c.name == name))
