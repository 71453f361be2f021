"""Archives and states of the bot move between SQLite and PostgreSQL, in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db import open_archive
from db.bot_store import open_bot_store
from db.copies.copying import ComparedTable, copying_database
from db.kinds import ARCHIVE, BOT, DatabaseKind
from db.migrate import open_database
from model.addresses import Address, parse_address
from model.errors import ArchiveError, ArchiveUnwritable
from model.posts import Post
from tests.db.copies.test_copying import keep_upload, source, target
from tests.db.making import MORNING, a_channel, a_post, day
from tests.db.strategies import posts
from tests.db.test_foreign import change
from tests.new_databases import new_archive, new_bot_store
from tests.servers.postgresql import PostgreSQL

__all__ = ["source", "target"]


@pytest.fixture
def server(postgres_url: str) -> Address:
    """A database on a server in which there is nothing yet."""
    return parse_address(postgres_url)


def copy(
    source: Address, target: Address, kind: DatabaseKind = ARCHIVE, *, stops: bool = False
) -> Sequence[ComparedTable]:
    """Copy in small batches; perhaps stop amid the posts."""

    def stop(done: int, _: int) -> None:
        if stops and done >= 9:
            raise InterruptedError

    with (
        closing(open_database(source, kind, read_only=True, busy_seconds=1)) as database,
        copying_database(database, target, copying=stop, batch=2) as compared,
    ):
        return compared


def content(address: Address, kind: DatabaseKind = ARCHIVE) -> Mapping[str, Any]:
    """Return all rows of all tables, computed columns included."""
    with (
        closing(open_database(address, kind, read_only=True, busy_seconds=1)) as database,
        database.reading() as connection,
    ):
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in kind.metadata.sorted_tables
        }


def test_an_archive_moves_to_a_server_and_back(source: Path, server: Address, target: Path) -> None:
    """Everything is the same on the server and in the file that is made from it."""
    there = copy(source, server)
    back = copy(server, target)

    assert there == back
    assert all(each.source == each.copy for each in there)
    assert content(server) == content(source) == content(target)


def test_an_archive_on_a_server_is_written_after_a_copy(source: Path, server: Address) -> None:
    """Keys are given after those that were copied."""
    copy(source, server)

    with open_archive(server) as store:
        channel_id = store.resolve_channel(a_channel("Третий"), as_of=MORNING)
        store.save(channel_id, [a_post(1, hashtags=("a",))], as_of=MORNING)
        store.save(channel_id, [a_post(1, "Слово два")], as_of=day(1))
        assert len(store.channels()) == 3


def test_a_copy_on_a_server_continues_where_it_was_stopped(source: Path, server: Address) -> None:
    """Until it is complete, nobody can open it."""
    with pytest.raises(InterruptedError):
        copy(source, server, stops=True)
    with pytest.raises(ArchiveError, match="copy_unfinished"):
        open_archive(server)

    copy(source, server)

    assert content(server) == content(source)


def test_a_server_with_something_else_is_left_alone(source: Path, server: Address) -> None:
    """An archive that has posts of its own stays as it is."""
    with open_archive(server) as store:
        store.save(store.resolve_channel(a_channel(), as_of=MORNING), [a_post()], as_of=MORNING)
    before = content(server)

    with pytest.raises(ArchiveError, match=r"copy_other .*archive\.db.*postgresql://letopis@127"):
        copy(source, server)

    assert content(server) == before


def test_a_source_with_broken_rules_is_no_archive_on_a_server(
    source: Path, server: Address
) -> None:
    """The server would not take its rows; the table is named."""
    change(source, "UPDATE post_versions SET post_id = 77")

    with pytest.raises(ArchiveError, match=r"copy_refused .*table=post_versions"):
        copy(source, server)


def test_the_state_of_the_bot_moves_to_a_server_and_back(tmp_path: Path, server: Address) -> None:
    """A key that was given is given no second time, although its row is gone."""
    source, target = tmp_path / "bot.db", tmp_path / "copy.db"
    with new_bot_store(source) as store:
        store.uploads.remember_channel("a\x00", "@a", by=1, now=MORNING)
        store.seen_update(-5)
        uploads = [keep_upload(store) for _ in range(3)]
        store.uploads.remove(uploads[-1])

    copy(source, server, BOT)
    copy(server, target, BOT)

    assert content(server, BOT) == content(source, BOT) == content(target, BOT)
    for address in (server, target):
        with open_bot_store(address, home=tmp_path) as after:
            assert keep_upload(after) == uploads[-1] + 1
            assert not after.seen_update(7)


def test_an_archive_on_a_server_is_exported_to_a_new_file(
    source: Path, server: Address, target: Path
) -> None:
    """The file is the same archive; one that is there already stays as it is."""
    copy(source, server)

    with open_archive(server) as store:
        store.back_up(target)
        with pytest.raises(ArchiveUnwritable, match="exists"):
            store.back_up(source)

    assert content(target) == content(source)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5)
@given(st.lists(posts, max_size=20, unique_by=lambda post: post.message_id))
def test_whatever_is_archived_moves(
    postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory, saved: list[Post]
) -> None:
    """Whatever the values, all tables are the same on a server, and in a file made from it."""
    folder = tmp_path_factory.mktemp("copies")
    with new_archive(folder / "archive.db") as store:
        channel_id = store.resolve_channel(a_channel(), as_of=MORNING)
        store.save(channel_id, saved, as_of=MORNING)

    with postgresql.database() as url:
        copy(folder / "archive.db", parse_address(url))
        copy(parse_address(url), folder / "copy.db")

        assert content(parse_address(url)) == content(folder / "archive.db")
        assert content(folder / "copy.db") == content(folder / "archive.db")
