"""What only PostgreSQL does: locks, snapshots, failures of a server, and a copy in a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import ProgrammingError

from db import PostStore, has_archive, open_archive
from db.bot_store import check_bot_state, open_bot_store
from db.databases.postgres import PostgresDatabase
from db.kinds import ARCHIVE
from db.lease import Fence
from model.addresses import address_text, parse_address, parse_server
from model.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveTooNew,
    ArchiveUnreachable,
    ArchiveUnwritable,
    LetopisError,
    NotLeading,
    UsageError,
)
from model.posts import Media, MediaKind
from tests.db.making import MORNING, a_channel, a_post, day, the_post
from tests.servers.postgresql import PostgreSQL, PostgresServer


@pytest.fixture
def url(postgresql: PostgreSQL, postgres_template: str) -> Iterator[str]:
    """A database with an empty archive."""
    with postgresql.database(template=postgres_template) as url:
        yield url


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[PostStore]:
    """An empty archive on a server."""
    with open_archive(parse_address(url), clock=lambda: MORNING, home=tmp_path) as store:
        yield store


@pytest.fixture
def channel_id(store: PostStore) -> int:
    """The one channel of the archive."""
    return store.resolve_channel(a_channel(), as_of=MORNING)


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def test_an_archive_is_made_once(postgres_url: str, tmp_path: Path) -> None:
    """Where there is none, readers say so; the first writer makes it, with comments."""
    address = parse_server(postgres_url)
    assert not has_archive(address)
    for read_only in (False, True):
        with pytest.raises(ArchiveError, match="no_database"):
            open_archive(address, read_only=read_only, creates=False)

    with open_archive(address, home=tmp_path) as store:
        made = store.archive_id
        comments = store.query(
            "SELECT obj_description('archive.posts'::regclass), "
            "col_description('archive.archive'::regclass, 2)"
        )

    assert has_archive(address)
    with open_archive(address, read_only=True) as again:
        assert again.archive_id == made
    assert comments.rows == (
        (
            "The messages of the channels; nothing is ever deleted by an import.",
            "Title of the channel.",
        ),
    )


def test_no_password_is_shown(store: PostStore, url: str) -> None:
    """Neither an address nor what is printed of it has the password."""
    password = url.partition("letopis:")[2].partition("@")[0]
    assert password
    assert password not in f"{store.address} {store.address!r}"
    assert address_text(store.address) == url
    assert str(store.address).startswith("postgresql://letopis@127.0.0.1:")


@pytest.mark.parametrize(
    "text", ["mysql://host/name", "postgresql://host", "postgresql://host:port/name"]
)
def test_only_postgresql_is_a_server(text: str) -> None:
    """Another scheme, a missing name and a port that is none are refused."""
    with pytest.raises(ValueError, match=r"."):
        parse_server(text)


def test_a_file_has_no_server(tmp_path: Path) -> None:
    """A path is a path, and a server without a user has none."""
    assert parse_address(str(tmp_path)) == tmp_path
    assert str(parse_address("postgres://host/name")) == "postgresql://host/name"


def test_what_needs_a_file_is_refused(store: PostStore, tmp_path: Path) -> None:
    """The archive has no path and no full text; its folder is the home it was given."""
    with pytest.raises(UsageError, match="needs_file"):
        store.enable_full_text(str.lower, version="1")
    with pytest.raises(UsageError, match="needs_file"):
        store.path  # noqa: B018  # raises
    assert store.full_text_table() is None
    assert store.write_stems(str.lower, version="1") == 0
    assert store.home == tmp_path
    assert store.disk_usage() > 0


def test_text_is_kept_as_it_is(store: PostStore, channel_id: int) -> None:
    """NUL, which PostgreSQL cannot store, comes back, and so does what stands for it."""
    for number, text in enumerate(("\0", "a\0b", "\U0010fffe", "\U0010fffe0\0", "ё\0ё"), 1):
        post = a_post(number, text, author=text)
        store.save(channel_id, [post], as_of=MORNING)
        assert the_post(store, channel_id, number).post == post
    assert store.save(channel_id, [a_post(1, "\0", author="\0")], as_of=day(1)).unchanged == 1


def test_people_search_in_any_case_and_tags_are_sorted_by_bytes(
    store: PostStore, channel_id: int
) -> None:
    """What people wrote follows the rules of a language; tags do not."""
    store.save(channel_id, [a_post(1, "КАФКА", hashtags=("б", "ё", "z"))], as_of=MORNING)
    assert store.query("SELECT message_id FROM posts WHERE text ILIKE '%кафка%'").rows == ((1,),)
    assert [each.tag for each in store.tag_counts()] == ["z", "б", "ё"]


def test_writers_wait_for_each_other(store: PostStore, url: str, channel_id: int) -> None:
    """A second writer gives up in time; readers see what was there, and wait for nobody."""
    with (
        open_archive(parse_address(url), busy_seconds=0.05) as other,
        store._database.writing(),
    ):
        with pytest.raises(ArchiveBusy, match="busy"):
            other.save(channel_id, [a_post()], as_of=MORNING)
        assert other.last_seq() == 0


def test_changes_appear_in_the_order_of_their_numbers(
    store: PostStore, url: str, channel_id: int
) -> None:
    """No reader ever meets a number below one that it has met before."""
    other_id = store.resolve_channel(a_channel("Другой", telegram_id=7), as_of=MORNING)

    def write(channel: int) -> None:
        with open_archive(parse_address(url), busy_seconds=30) as own:
            for number in range(1, 16):
                own.save(channel, [a_post(number), a_post(number + 100)], as_of=MORNING)

    with ThreadPoolExecutor(2) as writers:
        done = [writers.submit(write, each) for each in (channel_id, other_id)]
        met = list[int]()
        while not all(each.done() for each in done):
            after = max(met, default=0)
            met += [each.seq for each in store.changed_since(after)]
    assert met == sorted(met)
    assert [each.seq for each in store.changed_since(0)] == list(range(1, 61))


def test_one_machine_at_a_time_imports_into_a_channel(
    store: PostStore, url: str, channel_id: int
) -> None:
    """Another waits for a while; into another channel it imports at once."""
    with open_archive(parse_address(url)) as other, store.importing(channel_id, wait=1):
        with pytest.raises(ArchiveBusy, match="import_runs"), other.importing(channel_id, wait=0.1):
            pass
        with other.importing(channel_id + 1, wait=0.1):
            pass
    with store.importing(channel_id, wait=0.1):
        pass


def test_a_reader_sees_one_snapshot_and_cannot_write(store: PostStore, channel_id: int) -> None:
    """What others write in the meantime is not there yet."""
    database = store._database
    with database.reading() as connection:
        count = "SELECT count(*) FROM posts"
        before = connection.exec_driver_sql(count).scalar_one()
        store.save(channel_id, [a_post()], as_of=MORNING)
        assert connection.exec_driver_sql(count).scalar_one() == before == 0
    with (
        pytest.raises(ArchiveUnwritable, match="server_read_only"),
        database.reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM posts")


def test_a_copy_is_a_file(store: PostStore, channel_id: int, tmp_path: Path) -> None:
    """A SQLite file has everything, under the same keys and numbers; none is overwritten."""
    photo = Media(kind=MediaKind.PHOTO, path="photos/1.jpg")
    told = [a_post(n, f"Слово\0 {n}", media=(photo,), hashtags=("a",)) for n in range(1, 1100)]
    store.save(channel_id, told, as_of=MORNING)
    store.save(channel_id, [a_post(7, "Другое")], as_of=day(1))
    target = tmp_path / "copy.db"

    store.back_up(target)

    with open_archive(target) as copy:
        assert copy.archive_id == store.archive_id
        assert list(copy.messages()) == list(store.messages())
        assert copy.versions(7) == store.versions(7)
        assert copy.last_seq() == store.last_seq() == 1100
        assert (copy.check(), copy.schema_faults(), copy.added_by_others()) == ((), (), [])
    with pytest.raises(ArchiveUnwritable, match="exists"):
        store.back_up(target)


def test_the_bots_state_is_checked(url: str, tmp_path: Path) -> None:
    """The state stands beside the archive, in a schema of its own, and has no file."""
    with open_bot_store(parse_address(url), home=tmp_path) as bot_store:
        assert bot_store.home == tmp_path
        assert str(bot_store.address) == str(parse_address(url))
    assert check_bot_state(parse_address(url)) == ()


@contextmanager
def _refused(kind: type[LetopisError], match: str) -> Iterator[None]:
    with pytest.raises(kind, match=match) as caught:
        yield
    assert "127.0.0.1" in str(caught.value)


def test_a_server_that_refuses_says_why(url: str, postgresql: PostgreSQL) -> None:
    """A wrong password, a missing database and a closed port have a sentence each."""
    password = postgresql.password
    with _refused(ArchiveError, "server_login"):
        open_archive(parse_server(url.replace(password, "wrong")))
    with _refused(ArchiveError, "server_no_database"):
        open_archive(parse_server(f"{url}_none"))
    with _refused(ArchiveUnreachable, "server_unreachable"):
        open_archive(parse_server(url.replace(f":{postgresql.port}/", ":1/")))


def test_an_archive_that_may_only_be_read_is_read(url: str, postgresql: PostgreSQL) -> None:
    """Whatever forbids changes, nothing is half written, and reading goes on."""
    address = parse_address(url)
    with open_archive(address) as store:
        channel_id = store.resolve_channel(a_channel(), as_of=MORNING)
    postgresql.run(f"ALTER DATABASE {_name(url)} SET default_transaction_read_only = on")
    with open_archive(address) as store:
        with pytest.raises(ArchiveUnwritable, match="server_read_only"):
            store.save(channel_id, [a_post()], as_of=MORNING)
        assert store.size() == 0


def test_a_user_without_rights_is_told(url: str, postgresql: PostgreSQL) -> None:
    """Who may not read the schema learns what the server says."""
    user = f"reader_{_name(url)}"
    postgresql.run(f"CREATE ROLE {user} LOGIN PASSWORD 'x'")
    try:
        reader = url.replace(f"letopis:{postgresql.password}@", f"{user}:x@")
        with pytest.raises(ArchiveUnwritable, match="server_no_rights"):
            open_archive(parse_address(reader))
    finally:
        postgresql.run(f"DROP ROLE {user}")


def test_another_encoding_is_refused(postgresql: PostgreSQL) -> None:
    """A database that cannot hold all letters is no place for an archive."""
    name = "test_narrow"
    postgresql.run(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' "
        "LOCALE_PROVIDER libc"
    )
    try:
        with pytest.raises(ArchiveError, match="server_encoding"):
            open_archive(parse_address(postgresql.url(name)))
    finally:
        postgresql.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_another_programs_schema_is_left_alone(postgres_url: str, postgresql: PostgreSQL) -> None:
    """A schema of our name with other tables is not ours."""
    name = _name(postgres_url)
    postgresql.run("CREATE SCHEMA archive CREATE TABLE notes (a int)", database=name)
    with pytest.raises(ArchiveError, match="other_database"):
        open_archive(parse_address(postgres_url))


def test_a_lost_connection_loses_nothing(
    store: PostStore, channel_id: int, postgresql: PostgreSQL, url: str
) -> None:
    """What was begun is undone, the reader is told "not now", and the next attempt completes it."""
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{_name(url)}' AND pid <> pg_backend_pid()"
    )

    def posts() -> Iterator[object]:
        yield a_post(1)
        postgresql.run(kill)
        yield a_post(2)

    with pytest.raises(ArchiveUnreachable, match="server_unreachable"):
        store.save(channel_id, posts(), as_of=MORNING)  # type: ignore[arg-type]  # posts
    assert store.save(channel_id, [a_post(1), a_post(2)], as_of=MORNING).added == (1, 2)
    assert store.last_seq() == 2


@pytest.mark.slow
def test_a_restarted_server_is_used_again(own_postgresql: PostgresServer) -> None:
    """While it is down, every call says so at once; afterwards the same store goes on."""
    with own_postgresql.at.database() as url, open_archive(parse_address(url)) as store:
        channel_id = store.resolve_channel(a_channel(), as_of=MORNING)
        own_postgresql.stop()
        for _ in range(2):
            with pytest.raises(ArchiveUnreachable):
                store.save(channel_id, [a_post()], as_of=MORNING)
            with pytest.raises(ArchiveUnreachable):
                store.size()
        own_postgresql.start()
        assert store.save(channel_id, [a_post()], as_of=MORNING).added == (1,)


def test_a_bug_stays_a_bug(store: PostStore) -> None:
    """A wrong statement of ours is no failure of the server, with or without a state."""
    with pytest.raises(ProgrammingError), store._database.reading() as connection:
        connection.exec_driver_sql("SELECT nonsense")
    with pytest.raises(ProgrammingError), store._database.reading() as connection:
        connection.exec_driver_sql("SELECT %(missing)s", {"other": 1})


def test_who_leads_no_longer_writes_no_longer(store: PostStore, url: str, channel_id: int) -> None:
    """A term that a later one has ended leaves nothing behind."""
    first = store.leadership("indexer")
    assert first.take(on_lost=lambda: None)
    first.give_up()
    with open_archive(parse_address(url)) as other:
        database = other._database
        assert isinstance(database, PostgresDatabase)
        fences = [fence_of(store, epoch) for epoch in (1, 2)]
        store.fence_off(fences[0])
        assert store.save(channel_id, [a_post(1)], as_of=MORNING).added == (1,)
        other.fence_off(fences[1])
        with pytest.raises(NotLeading):
            store.save(channel_id, [a_post(2)], as_of=MORNING)
        assert other.size() == 1


def fence_of(store: PostStore, epoch: int) -> Fence:
    """Return the fence of a term of the indexer."""
    rows = store.query("SELECT fence_id FROM leases WHERE name = 'indexer'").rows
    return Fence(fence_id=str(rows[0][0]), epoch=epoch)


def test_a_newer_schema_is_left_alone(store: PostStore, url: str) -> None:
    """An archive of a newer Letopis is not opened, for writing or reading."""
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'archive_9999'")
    for read_only in (False, True):
        with pytest.raises(ArchiveTooNew):
            open_archive(parse_address(url), read_only=read_only)


def test_an_older_schema_that_lacks_nothing_is_read(store: PostStore, url: str) -> None:
    """A reader cannot migrate; views of others stay when somebody does."""
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'archive_0004'")
        connection.exec_driver_sql(
            """CREATE VIEW "100%% mine" AS SELECT count(*) FROM hashtag_counts"""
        )
    with open_archive(parse_address(url), read_only=True) as reader:
        assert reader.size() == 0
    with open_archive(parse_address(url)) as migrated:
        assert migrated.query('SELECT * FROM "100% mine"').rows == ((0,),)
        assert migrated.added_by_others() == ["view 100% mine"]

    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'archive_0004'")
        connection.exec_driver_sql("ALTER TABLE posts DROP COLUMN views CASCADE")
    with pytest.raises(ArchiveError, match="too_old"):
        open_archive(parse_address(url), read_only=True)


def test_what_differs_and_what_was_added_is_named(store: PostStore) -> None:
    """`letopis doctor` knows its own schema, and what others have put into it."""
    assert (store.check(), store.schema_faults(), store.added_by_others()) == ((), (), [])
    with store._database.writing() as connection:
        for statement in (
            "CREATE TABLE notes (a int)",
            "ALTER TABLE posts ADD COLUMN mood text",
            "CREATE INDEX by_mood ON posts (mood)",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER meddler BEFORE UPDATE ON posts EXECUTE FUNCTION f()",
            "DROP VIEW albums",
            "DROP INDEX posts_missing",
            "DROP TABLE import_problems",
            "ALTER TABLE media DROP COLUMN note",
            "ALTER TABLE media ALTER COLUMN kind DROP NOT NULL",
        ):
            connection.exec_driver_sql(statement)
    faults = [(fault.code.value, *fault.fields.values()) for fault in store.schema_faults()]
    assert sorted(faults) == [
        ("column_differs", "media", "kind"),
        ("column_lacks", "media", "note"),
        ("schema_lacks", "index", "posts_missing"),
        ("schema_lacks", "table", "import_problems"),
        ("schema_lacks", "view", "albums"),
    ]
    assert store.added_by_others() == [
        "table notes",
        "index by_mood on posts",
        "trigger meddler on posts",
        "column mood of posts",
    ]


def test_the_schema_can_be_read(store: PostStore) -> None:
    """Tables and views are written out, and their columns listed, views first."""
    assert "CREATE TABLE post_hashtags" in store.schema()
    assert "CREATE VIEW hashtag_counts" in store.schema()
    columns = store.columns()
    assert columns["hashtag_counts"] == ["tag", "posts", "first_at", "last_at"]
    assert list(columns).index("threads") < list(columns).index("alembic_version")


def test_a_server_needs_its_packages(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the driver, it is said how to install it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"extra_missing .*postgres"):
        open_archive(parse_address(url))


def test_a_schema_that_is_missing_is_no_archive(url: str) -> None:
    """Each kind of database has its own schema."""
    database = PostgresDatabase(
        parse_server(url), replace(ARCHIVE, schema="other"), read_only=True, busy_seconds=1
    )
    with database.reading() as connection:
        assert database.read_revision(connection) is None
    database.close()
