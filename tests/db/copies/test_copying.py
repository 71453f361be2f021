"""A copy is equal to its source, continues where it was stopped, and overwrites nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import PostStore, open_archive
from db.bot_store import BotStore, open_bot_store
from db.copies.copying import ComparedTable, copying_database
from db.kinds import ARCHIVE, BOT, DatabaseKind
from db.migrate import open_database
from model.errors import ArchiveBusy, ArchiveError
from model.posts import Post
from tests.db.making import MORNING, a_channel, a_post, a_snippet, day
from tests.db.strategies import posts
from tests.db.test_foreign import change
from tests.db.test_full_text import stem
from tests.new_databases import new_archive, new_bot_store


class _StoppedError(Exception):
    """A copy is stopped amid its work."""


def copy(
    source: Path,
    target: Path,
    kind: DatabaseKind = ARCHIVE,
    *,
    batch: int = 2,
    stops_after: int | None = None,
) -> Sequence[ComparedTable]:
    """Copy a file to another, in small batches; stop after so many rows."""

    def stop(done: int, _: int) -> None:
        if stops_after is not None and done >= stops_after:
            raise _StoppedError

    with (
        closing(open_database(source, kind, read_only=True, busy_seconds=1)) as database,
        copying_database(database, target, copying=stop, batch=batch) as compared,
    ):
        return compared


def stop_copy(source: Path, target: Path, *, after: int) -> None:
    """Copy so many rows."""
    with pytest.raises(_StoppedError):
        copy(source, target, stops_after=after)


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables, as any program would read them."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"
            )
        ]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def keep_upload(store: BotStore) -> int:
    """Add a file that arrived, and return its key."""
    return store.uploads.add(
        user_id=1, chat_id=1, bubble_id=7, file_id="BQAC", name="a.zip", file="a1", now=MORNING
    )


def rows_in(compared: Sequence[ComparedTable]) -> dict[str, int]:
    """Return the counts of a proof, which is one only if both sides are equal."""
    assert all(each.source == each.copy for each in compared)
    return {each.table: each.copy.rows for each in compared if each.copy.rows}


@pytest.fixture
def source(store: PostStore, channel_id: int) -> Path:
    """An archive of two channels with parts, an earlier text and an import."""
    other = store.resolve_channel(a_channel("Второй"), as_of=MORNING)
    texts = ["", "a\x00b", "🐍", "İß", "'); --"]
    store.save(channel_id, [a_post(n, t) for n, t in enumerate(texts, start=-1)], as_of=MORNING)
    code = a_post(9, "x = 1", snippets=(a_snippet(),), hashtags=("Ё", "e"))
    store.save(other, [code], as_of=MORNING)
    store.save(other, [a_post(9, "y = 1", hashtags=("e",))], as_of=day(1))
    store.close()
    return store.path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where there is nothing yet."""
    return tmp_path / "new" / "copy.db"


def test_a_copy_holds_the_same(source: Path, target: Path) -> None:
    """Every table has the same rows, computed columns included, and the proof counts them."""
    compared = copy(source, target)

    assert content(target) == content(source)
    assert rows_in(compared) == {
        "archive_info": 2, "channels": 2, "channel_titles": 2, "posts": 6,
        "post_hashtags": 1, "post_versions": 1,
    }  # fmt: skip


def test_a_copy_is_an_archive(source: Path, target: Path) -> None:
    """It is opened, has no faults, and continues to count where the source does."""
    copy(source, target)

    with open_archive(source) as before, open_archive(target) as after:
        assert (after.archive_id, after.last_seq()) == (before.archive_id, before.last_seq())
        assert after.check() == ()
        after.save(after.channels()[0].channel_id, [a_post(77)], as_of=MORNING)


@pytest.mark.parametrize("after", range(1, 15))
def test_a_copy_continues_where_it_was_stopped(source: Path, target: Path, after: int) -> None:
    """Whenever it is stopped, the next run completes it."""
    stop_copy(source, target, after=after)

    copy(source, target)

    assert content(target) == content(source)


def test_a_copy_is_continued_by_what_is_missing(source: Path, target: Path) -> None:
    """What was copied is not written once more."""
    stop_copy(source, target, after=9)
    change(target, "UPDATE posts SET text = 'as it was' WHERE post_id = 1")

    stop_copy(source, target, after=12)

    assert len(content(target)["posts"]) == 6
    assert "as it was" in str(content(target)["posts"])


def test_an_unfinished_copy_is_not_opened(source: Path, target: Path) -> None:
    """Nobody takes half an archive for a whole one, to read it or to write to it."""
    stop_copy(source, target, after=8)

    for read_only in (True, False):
        with pytest.raises(ArchiveError, match=r"copy_unfinished .*copy\.db"):
            open_archive(target, read_only=read_only)


def test_a_copy_of_a_source_that_has_changed_is_made_anew(source: Path, target: Path) -> None:
    """What was copied before is no beginning of what the source holds now."""
    stop_copy(source, target, after=12)
    with open_archive(source) as store:
        store.save(store.channels()[0].channel_id, [a_post(-1, "Другое")], as_of=day(2))

    copy(source, target)

    assert content(target) == content(source)


def test_a_copy_of_a_source_that_has_grown_is_continued(source: Path, target: Path) -> None:
    """Later rows are copied after those that are there."""
    stop_copy(source, target, after=14)
    with open_archive(source) as store:
        store.save(store.channels()[0].channel_id, [a_post(50)], as_of=day(2))

    copy(source, target)

    assert content(target) == content(source)


def test_an_unfinished_copy_that_another_program_changed_is_made_anew(
    source: Path, target: Path
) -> None:
    """The proof at the end finds it."""
    stop_copy(source, target, after=14)
    change(target, "UPDATE posts SET text = 'mine' WHERE post_id = 1")

    copy(source, target)

    assert content(target) == content(source)


def test_a_complete_copy_is_only_compared(source: Path, target: Path) -> None:
    """Nothing is written; the proof is the same."""
    first = copy(source, target)
    before = target.stat().st_mtime_ns

    assert copy(source, target) == first
    assert target.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posts SET text = 'mine' WHERE post_id = 1",
        "DELETE FROM post_hashtags",
        "INSERT INTO archive_info VALUES ('mine', '1')",
        "UPDATE alembic_version SET version_num = 'archive_0004'",
    ],
)
def test_what_is_no_copy_of_the_source_is_left_alone(
    source: Path, target: Path, statement: str
) -> None:
    """A difference anywhere refuses the whole."""
    copy(source, target)
    change(target, statement)
    before = content(target)

    with pytest.raises(ArchiveError, match=r"copy_other .*archive\.db.*copy\.db"):
        copy(source, target)

    assert content(target) == before


def test_another_archive_is_left_alone(source: Path, target: Path) -> None:
    """Even if its posts are the same."""
    with new_archive(target) as store:
        store.resolve_channel(a_channel(), as_of=MORNING)
    before = content(target)

    with pytest.raises(ArchiveError, match="copy_other"):
        copy(source, target)

    assert content(target) == before


def test_an_unfinished_copy_of_another_archive_is_left_alone(
    source: Path, target: Path, tmp_path: Path
) -> None:
    """It can be continued from its own source alone."""
    stop_copy(source, target, after=8)
    before = content(target)
    other = tmp_path / "other.db"
    new_archive(other).close()
    change(other, "UPDATE archive_info SET value = 'other' WHERE name = 'archive_id'")

    with pytest.raises(ArchiveError, match=r"copy_other .*other\.db"):
        copy(other, target)

    assert content(target) == before


def test_an_archive_without_posts_is_a_place_for_a_copy(source: Path, target: Path) -> None:
    """A bot that was started there has made an empty one."""
    new_archive(target).close()

    copy(source, target)

    assert content(target) == content(source)


def test_a_file_without_tables_is_a_place_for_a_copy(source: Path, target: Path) -> None:
    """Nothing is lost by making them."""
    target.parent.mkdir()
    change(target, "CREATE TABLE a (b); DROP TABLE a")

    copy(source, target)

    assert content(target) == content(source)


@pytest.mark.parametrize("other_stops_after", [None, 8])
def test_two_processes_do_not_copy_to_one_place(
    source: Path, target: Path, other_stops_after: int | None
) -> None:
    """The one that comes second to a batch, or to the end, stops."""

    def copy_too(*_: int) -> None:
        with suppress(_StoppedError):
            copy(source, target, stops_after=other_stops_after)

    with (
        closing(open_database(source, ARCHIVE, read_only=True, busy_seconds=1)) as database,
        pytest.raises(ArchiveBusy, match=r"copy_runs .*copy\.db"),
        copying_database(database, target, copying=copy_too, batch=2),
    ):
        pass

    copy(source, target)
    assert content(target) == content(source)


def test_a_source_that_breaks_its_own_rules_is_refused(source: Path, target: Path) -> None:
    """The table is named; a check says more."""
    change(source, "UPDATE post_versions SET post_id = 77")

    with pytest.raises(ArchiveError, match=r"copy_refused .*archive\.db, table=post_versions"):
        copy(source, target)


def test_a_target_that_another_program_writes_to_is_told_of(source: Path, target: Path) -> None:
    """The proof says which tables differ, and the next run makes them equal."""

    def meddle(done: int, expected: int) -> None:
        if done == expected:
            change(target, "DELETE FROM post_hashtags")

    with (
        closing(open_database(source, ARCHIVE, read_only=True, busy_seconds=1)) as database,
        pytest.raises(ArchiveError, match=r"copy_differs .*copy\.db, tables=post_hashtags"),
        copying_database(database, target, copying=meddle),
    ):
        pass

    copy(source, target)
    assert content(target) == content(source)


def test_an_empty_file_is_no_place_for_a_copy(source: Path, target: Path) -> None:
    """It may be anything that lost its content."""
    target.parent.mkdir()
    target.touch()

    with pytest.raises(ArchiveError, match="empty_database"):
        copy(source, target)


def test_full_text_belongs_to_one_file(source: Path, target: Path) -> None:
    """The copy has none, nor does anything say that it had; it can be made there."""
    with open_archive(source) as store:
        store.enable_full_text(stem, version="1")

    assert rows_in(copy(source, target))["archive_info"] == 2

    with open_archive(target) as after:
        assert after.check() == ()
        assert after.enable_full_text(stem, version="1") == "posts_fts"
    rows_in(copy(source, target))


def test_the_state_of_the_bot_is_copied(tmp_path: Path) -> None:
    """A key that was given is given no second time, although its row is gone."""
    source, target = tmp_path / "bot.db", tmp_path / "copy.db"
    with new_bot_store(source) as store:
        store.uploads.remember_channel("a\x00", "@a", by=1, now=MORNING)
        uploads = [keep_upload(store) for _ in range(3)]
        store.uploads.remove(uploads[-1])

    compared = copy(source, target, BOT)

    assert rows_in(compared) == {"export_channels": 1, "uploads": 2}
    assert content(target) == content(source)
    with open_bot_store(target) as after:
        assert keep_upload(after) == uploads[-1] + 1


def test_the_state_of_another_bot_is_left_alone(tmp_path: Path) -> None:
    """It has no id: an unfinished copy is continued from the same file alone."""
    source, target = tmp_path / "bot.db", tmp_path / "copy.db"
    for path in (source, tmp_path / "other.db"):
        with new_bot_store(path) as store:
            store.seen_update(1)
    with pytest.raises(_StoppedError):
        copy(source, target, BOT, stops_after=1)

    with pytest.raises(ArchiveError, match="copy_other"):
        copy(tmp_path / "other.db", target, BOT)
    copy(source, target, BOT)


@given(st.lists(posts, max_size=4, unique_by=lambda post: post.message_id), st.integers(1, 3))
def test_whatever_is_archived_is_copied(saved: list[Post], batch: int) -> None:
    """Whatever the values and the size of a batch, all tables are the same."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "archive.db"), Path(folder, "copy.db")
        with new_archive(source) as store:
            channel_id = store.resolve_channel(a_channel(), as_of=MORNING)
            store.save(channel_id, saved, as_of=MORNING)

        copy(source, target, batch=batch)

        assert content(target) == content(source)
