"""What the comparison measures: Letopis, and what one would build in its place.

Each takes in an export and then answers queries with five posts and a passage of each. The others
are short scripts in their libraries' usual manner, without options for speed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, Protocol

Search = Callable[[str], int]
"""Takes words, reads the five best posts, and returns their number."""

_FIVE = 5
_ROOM = 200


class Contender(Protocol):
    """A way to make an export searchable."""

    def take_in(self, export: Path, folder: Path) -> None:
        """Read an export into a folder."""

    def open(self, folder: Path) -> Search:
        """Open what was taken in."""


class _Row(NamedTuple):
    number: int
    posted: str
    text: str


class Letopis:
    """Letopis as `letopis ingest` and `letopis search` run it."""

    def take_in(self, export: Path, folder: Path) -> None:
        """Import, then index."""
        from db import open_archive
        from ingest import run_import
        from search import open_index

        jobs = len(os.sched_getaffinity(0))
        with open_archive(folder / "archive.db") as store:
            run_import(store, export, jobs=jobs)
            with closing(open_index(folder / "index", store, jobs=jobs)) as index:
                index.catch_up()

    def open(self, folder: Path) -> Search:
        """Search like the command, without counts of facets."""
        from db import open_archive
        from search import Searcher, open_index

        store = open_archive(folder / "archive.db", read_only=True)
        index = open_index(folder / "index", store)
        with index.reading():  # opens the files, as the others do
            searcher = Searcher(store, index)
        return lambda words: len(searcher.search(words).hits)


class Fts5:
    """selectolax and a full-text table of SQLite."""

    def take_in(self, export: Path, folder: Path) -> None:
        """Insert all rows in one transaction."""
        with closing(sqlite3.connect(folder / "posts.db")) as connection, connection:
            connection.execute("CREATE VIRTUAL TABLE posts USING fts5(text, posted UNINDEXED)")
            connection.executemany(
                "INSERT INTO posts (rowid, posted, text) VALUES (?, ?, ?)", read_rows(export)
            )

    def open(self, folder: Path) -> Search:
        """Rank posts with any of the words."""
        connection = sqlite3.connect(folder / "posts.db")
        statement = (
            "SELECT rowid, posted, snippet(posts, 0, '[', ']', '…', 32) FROM posts"
            " WHERE posts MATCH ? ORDER BY rank LIMIT ?"
        )

        def search(words: str) -> int:
            match = " OR ".join(f'"{word}"' for word in words.split())
            return len(connection.execute(statement, (match, _FIVE)).fetchall())

        return search


class Tantivy:
    """selectolax and an index of tantivy that stores the texts."""

    def take_in(self, export: Path, folder: Path) -> None:
        """Add all rows in one commit."""
        import tantivy

        (folder / "tantivy").mkdir()
        index = tantivy.Index(self._schema(), path=str(folder / "tantivy"))
        writer = index.writer()
        for row in read_rows(export):
            writer.add_document(tantivy.Document(**row._asdict()))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Search:
        """Rank posts with any of the words."""
        import tantivy

        index = tantivy.Index(self._schema(), path=str(folder / "tantivy"))
        searcher = index.searcher()

        def search(words: str) -> int:
            query = index.parse_query(words, ["text"])
            excerpts = tantivy.SnippetGenerator.create(searcher, query, index.schema, "text")
            found = [searcher.doc(at) for _, at in searcher.search(query, _FIVE).hits]
            return len([excerpts.snippet_from_doc(each).to_html() for each in found])

        return search

    def _schema(self):  # type: ignore[no-untyped-def]  # imported where it is needed
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True, indexed=True)
        builder.add_text_field("posted", stored=True)
        builder.add_text_field("text", stored=True)
        return builder.build()


class Whoosh:
    """selectolax and an index of Whoosh that stores the texts."""

    def take_in(self, export: Path, folder: Path) -> None:
        """Add all rows in one commit."""
        self._index(read_rows(export), folder)

    def open(self, folder: Path) -> Search:
        """Rank posts with any of the words."""
        from whoosh import index, qparser

        searcher = index.open_dir(folder / "whoosh").searcher()
        parser = qparser.QueryParser("text", searcher.schema, group=qparser.OrGroup)

        def search(words: str) -> int:
            found = searcher.search(parser.parse(words), limit=_FIVE)
            return len([hit.highlights("text") for hit in found])

        return search

    def _index(self, rows: Iterator[_Row], folder: Path) -> None:
        from whoosh import fields, index

        (folder / "whoosh").mkdir()
        schema = fields.Schema(
            number=fields.NUMERIC(stored=True, unique=True),
            posted=fields.ID(stored=True),
            text=fields.TEXT(stored=True),
        )
        writer = index.create_in(folder / "whoosh", schema).writer()
        for row in rows:
            writer.add_document(**row._asdict())
        writer.commit()


class Soup(Whoosh):
    """BeautifulSoup, objects of SQLAlchemy's ORM, and Whoosh."""

    def take_in(self, export: Path, folder: Path) -> None:
        """Add an object for each message, then index what is stored."""
        from sqlalchemy import Integer, String, create_engine, select
        from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Post(Base):
            __tablename__ = "posts"
            number = mapped_column(Integer, primary_key=True)
            posted = mapped_column(String)
            text = mapped_column(String)

        engine = create_engine(f"sqlite:///{folder / 'posts.db'}")
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            for row in read_rows_of_soup(export):
                session.add(Post(**row._asdict()))
            session.commit()
        with Session(engine) as session:
            posts = session.scalars(select(Post))
            self._index((_Row(post.number, post.posted, post.text) for post in posts), folder)
        engine.dispose()


CONTENDERS: Mapping[str, Contender] = {
    "Letopis": Letopis(),
    "SQLite FTS5": Fts5(),
    "tantivy": Tantivy(),
    "Whoosh": Whoosh(),
    "BeautifulSoup, ORM, Whoosh": Soup(),
}


def _pages(export: Path) -> list[Path]:
    return sorted(export.glob("messages*.html"), key=lambda page: (len(page.name), page.name))


def read_rows(export: Path) -> Iterator[_Row]:
    """Yield number, time and text of every message that has a text."""
    from selectolax.lexbor import LexborHTMLParser

    for page in _pages(export):
        for message in LexborHTMLParser(page.read_bytes()).css(".message"):
            date, text = message.css_first(".date"), message.css_first(".text")
            if date and text and message.id:
                number = int(message.id.removeprefix("message"))
                yield _Row(number, date.attributes.get("title") or "", text.text())


def read_rows_of_soup(export: Path) -> Iterator[_Row]:
    """Yield the same, read by BeautifulSoup."""
    from bs4 import BeautifulSoup

    for page in _pages(export):
        for message in BeautifulSoup(page.read_bytes(), "html.parser").select(".message"):
            date, text = message.select_one(".date"), message.select_one(".text")
            if date and text:
                number = int(str(message["id"]).removeprefix("message"))
                yield _Row(number, str(date["title"]), text.get_text())
