"""Archives that were made by earlier texts of the first migration are healed, and migrations kept.

`schemas/` holds what the two earlier texts made, filled by the Letopis of that day.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import pytest

from db import open_archive
from db.comparison import find_differences
from db.kinds import ARCHIVE, BOT
from db.views import VIEWS
from model.errors import ArchiveError
from model.posts import Channel, Media, MediaKind, Post
from tests.db.making import a_post, the_post

_SCHEMAS = Path(__file__).parent / "schemas"
_first_texts = pytest.mark.parametrize("name", ["archive_0001_first", "archive_0001_second"])
_LATER = datetime(2024, 4, 1, tzinfo=UTC)


def make(path: Path, name: str) -> None:
    """Make the archive of a file in `schemas`."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((_SCHEMAS / f"{name}.sql").read_text("utf-8"))


def _first_post(text: str) -> Post:
    """Return the first post of these archives with another text."""
    return a_post(1, text, posted_at=datetime(2024, 3, 2, 9, tzinfo=UTC))


def schema(path: Path) -> list[tuple[str, str]]:
    """Return the statements that made a file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


@_first_texts
def test_an_archive_of_the_first_days_is_healed(path: Path, fresh_archive: Path, name: str) -> None:
    """Its schema becomes, to the letter, that of a new one; what it holds stays as it is."""
    make(path, name)

    with open_archive(path) as store:
        (stored,) = store.channels()
        first = the_post(store, stored.channel_id, 1)
        assert first.post.text == "Первый пост, исправлен"
        assert [media.path for media in first.post.media] == ["photos/1.jpg"]
        (version,) = store.versions(first.post_id)
        assert version.content.text == "Первый пост"
        assert the_post(store, stored.channel_id, 3).post.poll
        assert store.check() == ()

    assert schema(path) == schema(fresh_archive)


@_first_texts
def test_an_archive_of_the_first_days_takes_posts_in(path: Path, name: str) -> None:
    """Copies of files are kept there, and earlier texts know their import."""
    make(path, name)
    kept = Media(kind=MediaKind.PHOTO, path="photos/9.jpg", copy="ab/ab.jpg")

    with open_archive(path) as store:
        channel_id = store.resolve_channel(Channel(title="Дневник", telegram_id=1500000001))
        saved = store.save(
            channel_id, [_first_post("Ещё раз"), a_post(9, "Новый", media=(kept,))], as_of=_LATER
        )
        assert (saved.added, saved.changed) == ((9,), (1,))
        assert the_post(store, channel_id, 9).post.media == (kept,)
        texts = [version.content.text for version in store.versions(1)]
        assert texts == ["Первый пост", "Первый пост, исправлен"]


@_first_texts
def test_what_others_put_on_rebuilt_tables_survives(path: Path, name: str) -> None:
    """A full-text table, its triggers and an index on a table that is healed go on working."""
    make(path, name)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE VIRTUAL TABLE found USING fts5 (text, content=post_versions);"
            "CREATE TRIGGER fill AFTER INSERT ON post_versions BEGIN"
            "  INSERT INTO found (rowid, text) VALUES (new.post_version_id, new.text); END;"
            "CREATE INDEX by_text ON post_versions (text);"
        )

    with open_archive(path) as store:
        channel_id = store.resolve_channel(Channel(title="Дневник", telegram_id=1500000001))
        store.save(channel_id, [_first_post("Ещё раз")], as_of=_LATER)
        assert sorted(store.added_by_others()) == [
            "full-text table found",
            "index by_text on post_versions",
            "trigger fill on post_versions",
        ]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM found('исправлен')").fetchone() == (1,)


@_first_texts
def test_an_archive_of_the_first_days_is_not_read_before_that(path: Path, name: str) -> None:
    """A reader says who can bring the file up to date."""
    make(path, name)

    with pytest.raises(ArchiveError, match="too_old"):
        open_archive(path, read_only=True)


@pytest.mark.parametrize(
    ("name", "differences"),
    [
        (
            "archive_0001_first",
            [
                "column_lacks (table=post_versions, column=import_id)",
                "schema_lacks (kind=index, name=post_versions_by_import)",
                "column_lacks (table=media, column=copy)",
            ],
        ),
        (
            "archive_0001_second",
            [
                "column_lacks (table=post_versions, column=import_id)",
                "schema_lacks (kind=index, name=post_versions_by_import)",
            ],
        ),
    ],
)
def test_what_their_schema_lacks_is_named(path: Path, name: str, differences: list[str]) -> None:
    """The comparison finds what the edits of the first migration left out."""
    make(path, name)
    with closing(sqlite3.connect(path)) as connection:
        found = find_differences(connection, ARCHIVE.metadata, views={})
    assert sorted(map(str, found)) == sorted(differences)


# Add a line with each new migration; never change one.
_DIGESTS = {
    "archive_0001_first_schema": "d5a27e14dee7b0166166a26d45beb09c",
    "archive_0002_heal_first_schema": "4d66d4bb109276b430bec75a9d59a56f",
    "archive_0003_more_views": "ce7c9d21cc60da33f079d541d61edf1d",
    "archive_0004_count_code_alike": "dac0af00d8a49226c5faeed429d87391",
    "archive_0005_fast_albums": "b1f2807fbc6e27bc12570cce967047dc",
    "bot_0001_first_schema": "250533a715632ba6ab80dae922f886ca",
    "bot_0002_people": "1a00b6c1c0de7923a7bd6748383232e3",
    "bot_0003_live_channels": "d565006d35102595b3b827eedfb7ed9f",
    "bot_0004_saved_searches": "40646e650e4c5e46a4faa08c43897663",
    "bot_0005_uploads": "c370aa94428bc99c763b535ed8ba4d37",
    "bot_0006_import_reports": "316793683cb32e6844fea823f8f340b1",
    "bot_0007_import_beginnings": "18c49bc2d7cd0ca34a36a25b5dae9fbe",
    "bot_0008_received_updates": "03dfb6ccb4f725000f4ebbcc7cb6560d",
    "bot_0009_spooled_posts": "f89c5ac70a131b0cdd6858d9e29fd2ee",
}


def digest_of(content: bytes) -> str:
    """Return a short digest."""
    return blake2b(content, digest_size=16).hexdigest()


def test_migrations_are_never_changed() -> None:
    """Files made by a migration bear its name: a changed text would leave them as they are."""
    files = [path for folder in (ARCHIVE.folder, BOT.folder) for path in folder.glob("*.py")]
    digests = {path.stem: digest_of(path.read_bytes()) for path in files}
    changed = [name for name, digest in digests.items() if _DIGESTS.get(name, digest) != digest]
    assert not changed, f"{', '.join(changed)} was changed; undo that and add a new migration."
    assert digests.keys() == _DIGESTS.keys(), "Add the digest of a new migration, remove none."


def test_views_change_with_a_migration() -> None:
    """Views are made anew by migrations alone: a changed text needs a new one."""
    digest = digest_of(repr(sorted(VIEWS.items())).encode())
    assert (ARCHIVE.head, digest) == ("archive_0005", "cd1060381b30e65ca69eb5ad0b73eb33"), (
        "The views were changed: add a migration, which may do nothing, and write down its name "
        "and this digest."
    )
