"""The archive is written beside what other programs put into it, as far as that is harmless."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db import PostStore, open_archive
from db.bot_store import BotStore
from model.errors import ArchiveError, UsageError
from tests.db.making import MORNING, a_post

# As `sqlite-utils enable-fts archive.db posts text author --create-triggers` writes it.
FULL_TEXT = """
CREATE VIRTUAL TABLE [posts_fts] USING FTS5 (
    [text], [author],
    content=[posts]
);
INSERT INTO [posts_fts] (rowid, [text], [author])
    SELECT rowid, [text], [author] FROM [posts];
CREATE TRIGGER [posts_ai] AFTER INSERT ON [posts] BEGIN
  INSERT INTO [posts_fts] (rowid, [text], [author]) VALUES (new.rowid, new.[text], new.[author]);
END;
CREATE TRIGGER [posts_ad] AFTER DELETE ON [posts] BEGIN
  INSERT INTO [posts_fts] ([posts_fts], rowid, [text], [author])
    VALUES('delete', old.rowid, old.[text], old.[author]);
END;
CREATE TRIGGER [posts_au] AFTER UPDATE ON [posts] BEGIN
  INSERT INTO [posts_fts] ([posts_fts], rowid, [text], [author])
    VALUES('delete', old.rowid, old.[text], old.[author]);
  INSERT INTO [posts_fts] (rowid, [text], [author]) VALUES (new.rowid, new.[text], new.[author]);
END;
"""


def change(path: Path, script: str) -> None:
    """Do to an archive what another program does, while it is open here."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def found(store: PostStore, word: str) -> list[int]:
    """Return what the other program's full-text search finds."""
    with closing(sqlite3.connect(store.path)) as connection:
        rows = connection.execute("SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?", (word,))
        return [row[0] for row in rows]


@pytest.mark.parametrize("is_open", [True, False], ids=["while it is open", "before"])
def test_writing_keeps_a_full_text_table_up_to_date(
    store: PostStore, channel_id: int, *, is_open: bool
) -> None:
    """Triggers that keep a full-text table do so, from the moment they are made."""
    store.save(channel_id, [a_post(1, "квазар")], as_of=MORNING)
    if not is_open:
        store.close()
    change(store.path, FULL_TEXT)

    store.save(channel_id, [a_post(2, "пульсар"), a_post(1, "магнетар")], as_of=MORNING)
    store.save(channel_id, [a_post(3, "квазар")], as_of=MORNING)

    assert (found(store, "квазар"), found(store, "пульсар")) == ([4], [2])
    assert found(store, "магнетар") == [1]
    assert store.check() == ()


def test_an_older_full_text_table_is_kept_too(store: PostStore, channel_id: int) -> None:
    """FTS4, which needs no name for its deletions, works alike."""
    change(
        store.path,
        "CREATE VIRTUAL TABLE posts_fts USING fts4 (text);"
        "CREATE TRIGGER fill AFTER INSERT ON posts WHEN new.kind = 'message' BEGIN"
        "  INSERT INTO posts_fts (docid, text) VALUES (new.post_id, lower(new.text)); END;",
    )
    store.save(channel_id, [a_post(1, "квазар")], as_of=MORNING)
    assert found(store, "квазар") == [1]


def test_trust_is_limited_to_writing(store: PostStore, channel_id: int) -> None:
    """Functions trusted for a write are not available to a person's own statement."""
    change(
        store.path,
        FULL_TEXT + "CREATE VIEW meddling AS SELECT * FROM posts_fts('слово');",
    )
    store.save(channel_id, [a_post(1, "слово")], as_of=MORNING)
    with pytest.raises(UsageError, match="unsafe use of virtual table"):
        store.query("SELECT * FROM meddling")
    with store._database.writing() as connection:
        pass
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA trusted_schema").scalar() == 0


_HARMFUL = {
    "another of our tables": "AFTER INSERT ON posts BEGIN UPDATE channels SET title = ''; END",
    "a table of others": "AFTER INSERT ON posts BEGIN INSERT INTO notes VALUES (new.text); END",
    "a statement that vanishes": "BEFORE INSERT ON posts BEGIN SELECT RAISE(IGNORE); END",
    "a deletion": "AFTER UPDATE OF views ON posts BEGIN DELETE FROM posts; END",
    "beside a full-text table": (
        "AFTER INSERT ON posts BEGIN"
        "  INSERT INTO posts_fts (rowid) VALUES (new.post_id); DELETE FROM links; END"
    ),
    "a function of a program": (
        "AFTER INSERT ON posts BEGIN"
        "  INSERT INTO posts_fts (text) VALUES (floor(new.views) || regexp('a', new.text)); END"
    ),
    "a table that is named like one": (
        'AFTER INSERT ON posts BEGIN INSERT INTO "using fts5" VALUES (new.text); END'
    ),
    "a table that is gone": "AFTER DELETE ON posts BEGIN INSERT INTO gone VALUES (1); END",
}


@pytest.mark.parametrize("does", _HARMFUL.values(), ids=_HARMFUL.keys())
def test_other_triggers_are_named_and_nothing_is_written(
    store: PostStore, channel_id: int, does: str
) -> None:
    """A trigger that does more keeps the file from being written until it is removed."""
    change(
        store.path,
        'CREATE TABLE notes (body); CREATE TABLE "using fts5" (body);'
        f"{FULL_TEXT} CREATE TRIGGER meddler {does};",
    )
    with pytest.raises(ArchiveError, match=r"meddling .*meddler"):
        store.save(channel_id, [a_post()], as_of=MORNING)
    assert store.size() == 0
    assert [each for each in store.schema_faults() if "meddler" in str(each)]
    with open_archive(store.path, read_only=True) as reader:
        assert [each for each in reader.schema_faults() if "meddler" in str(each)]

    change(store.path, "DROP TRIGGER meddler")
    assert store.save(channel_id, [a_post()], as_of=MORNING).added == (1,)
    assert store.schema_faults() == ()


def test_triggers_on_tables_of_others_are_their_own_business(
    store: PostStore, channel_id: int
) -> None:
    """What no write of ours sets off is not looked at."""
    change(
        store.path,
        "CREATE TABLE notes (body); CREATE TRIGGER own AFTER INSERT ON notes BEGIN"
        "  DELETE FROM notes; END;",
    )
    assert store.save(channel_id, [a_post()], as_of=MORNING).added == (1,)


def test_the_bots_file_is_looked_at_too(bot_store: BotStore, tmp_path: Path) -> None:
    """What the bot remembers is not written behind its back either."""
    change(
        tmp_path / "bot.db",
        "CREATE TRIGGER meddler AFTER INSERT ON seen_updates BEGIN DELETE FROM people; END",
    )
    with pytest.raises(ArchiveError, match=r"meddling .*bot.db.*meddler"):
        bot_store.seen_update(1)


def test_the_schema_is_told_without_the_insides_of_full_text_tables(store: PostStore) -> None:
    """Tables and views are listed, with their comments, whoever made them."""
    change(store.path, "CREATE VIRTUAL TABLE notes USING fts5 (text)")
    told = store.schema()
    assert "CREATE TABLE posts (\n  /* The messages of the channels;" in told
    assert "CREATE VIEW archive AS" in told
    assert "VIRTUAL TABLE notes" in told
    assert "notes_data" not in told
    assert "TRIGGER" not in told
