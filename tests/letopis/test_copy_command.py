"""`letopis copy` copies the archive and the bot's state to another place, and shows the proof."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.bot_store import open_bot_store
from model.errors import ArchiveError
from tests.letopis.conftest import Run
from tests.letopis.test_home_named import Rights
from tests.new_databases import new_archive, new_bot_store


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """The sample channel, and a bot that has seen an update."""
    home = Path(shutil.copytree(sample_home, tmp_path / "home"))
    with new_bot_store(home / "bot.db") as store:
        store.seen_update(1)
    return home


def test_a_home_is_copied_to_a_folder(run: Run, home: Path, tmp_path: Path) -> None:
    """Both databases are there, and work like the first ones."""
    done = run("copy", "--to", str(tmp_path / "new"), home=home)

    assert (done.code, done.err) == (0, "")
    assert f"{home}/bot.db was copied to {tmp_path}/new/bot.db, and both are equal:" in done.out
    assert f"{home}/archive.db was copied to {tmp_path}/new/archive.db" in done.out
    [line] = [line for line in done.out.splitlines() if line.startswith(" posts ")]
    assert line.split()[:2] == ["posts", "81"]
    before, after = (run("stats", "--json", home=each).out for each in (home, tmp_path / "new"))
    assert json.loads(before)["posts"] == json.loads(after)["posts"] == 77


def test_a_copy_is_shown_in_json(run: Run, home: Path, tmp_path: Path) -> None:
    """A program gets both sides of each table."""
    done = run("copy", "--to", str(tmp_path / "new"), "--json", home=home)

    bot, archive = json.loads(done.out)
    assert (bot["database"], archive["database"]) == ("bot", "archive")
    assert archive["target"] == f"{tmp_path}/new/archive.db"
    posts = {each["table"]: each for each in archive["tables"]}["posts"]
    assert posts["source"] == posts["copy"]
    assert posts["copy"]["rows"] == 81


def test_a_file_takes_the_archive_alone(run: Run, home: Path, tmp_path: Path) -> None:
    """It can be handed to anyone, without what the bot knows of people."""
    done = run("copy", "--to", str(tmp_path / "posts.db"), "--json", home=home)

    assert [each["database"] for each in json.loads(done.out)] == ["archive"]
    assert sorted(each.name for each in tmp_path.glob("*.db")) == ["posts.db"]


def test_what_is_not_copied_is_told(run: Run, home: Path, tmp_path: Path) -> None:
    """Tables of other programs, and the saved files of posts."""
    (home / "media").mkdir()
    with closing(sqlite3.connect(home / "archive.db")) as connection:
        connection.execute("CREATE TABLE notes (a)")

    done = run("copy", "--to", str(tmp_path / "new"), home=home)

    assert done.code == 0
    assert done.err == (
        "What other programs added was not copied: table notes.\n"
        f"The saved files of posts were not copied: copy the folder {home}/media.\n"
    )


def test_a_home_that_can_only_be_read_is_copied(
    run: Run, home: Path, open_folder: Path, without_rights: Rights
) -> None:
    """Such as one on a medium that is locked."""
    # What is imported and read on the way may be out of reach without rights.
    assert run("copy", "--to", str(open_folder / "first"), home=home).code == 0
    (open_folder / "new").mkdir(mode=0o777)
    (open_folder / "new").chmod(0o777)
    shutil.copytree(home, open_folder / "home")
    for path in (open_folder / "home", *(open_folder / "home").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    with without_rights():
        done = run("copy", "--to", str(open_folder / "new"), "--json", home=open_folder / "home")

    assert (done.code, done.err) == (0, "")
    assert len(json.loads(done.out)) == 2


def test_no_copy_can_be_opened_before_all_are_made(run: Run, home: Path, tmp_path: Path) -> None:
    """What a running bot writes before the next run is copied by it."""
    new_archive(tmp_path / "new" / "archive.db").close()
    with closing(sqlite3.connect(tmp_path / "new/archive.db")) as connection, connection:
        connection.execute("INSERT INTO channels (title) VALUES ('mine')")
    assert run("copy", "--to", str(tmp_path / "new"), home=home).code == 2
    with pytest.raises(ArchiveError, match="copy_unfinished"):
        open_bot_store(tmp_path / "new" / "bot.db")

    with open_bot_store(home / "bot.db") as store:
        store.seen_update(2)
    (tmp_path / "new" / "archive.db").unlink()

    assert run("copy", "--to", str(tmp_path / "new"), home=home).code == 0
    with open_bot_store(tmp_path / "new" / "bot.db") as store:
        assert store.knows_update(2)


def test_a_home_is_not_copied_to_itself(run: Run, home: Path) -> None:
    """Whatever path leads there."""
    for to in (str(home), f"{home}/archive.db"):
        done = run("copy", "--to", to, home=home)
        assert (done.code, done.out) == (2, "")
        assert "would be copied to itself" in done.err


def test_a_place_with_another_archive_is_left_alone(run: Run, home: Path, tmp_path: Path) -> None:
    """One sentence says so."""
    run("copy", "--to", str(tmp_path / "new"), home=home)
    with closing(sqlite3.connect(tmp_path / "new/archive.db")) as connection, connection:
        connection.execute("UPDATE channels SET title = 'mine'")

    done = run("copy", "--to", str(tmp_path / "new"), home=home)

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"letopis: {tmp_path}/new/archive.db holds something else than {home}/archive.db, and "
        "nothing was changed there: name a place where there is nothing yet.\n"
    )


def test_a_home_without_an_archive_is_not_copied(run: Run, tmp_path: Path) -> None:
    """Nothing is created."""
    done = run("copy", "--to", str(tmp_path / "new"))

    assert done.code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "to", ["mysql://me:secret@host/db", "postgresql+psycopg://me:secret@host", "https://secret.x/a"]
)
def test_a_target_that_is_no_database_is_refused(run: Run, home: Path, to: str) -> None:
    """What may be a password is not repeated."""
    done = run("copy", "--to", to, home=home)

    assert (done.code, done.out) == (2, "")
    assert "postgresql+psycopg://user:password@host:5432/database" in done.err
    assert "secret" not in done.err


def test_a_home_moves_to_a_server(run: Run, home: Path, postgres_url: str) -> None:
    """The archive and the bot's state go to one database; no password is shown."""
    done = run("copy", "--to", postgres_url, home=home)

    assert (done.code, done.err) == (0, "")
    assert "was copied to postgresql://letopis@127.0.0.1:" in done.out
    password = postgres_url.split(":")[2].partition("@")[0]
    assert password not in done.out
    assert run("copy", "--to", postgres_url, home=home).out == done.out


def test_a_home_moves_back_from_a_server(
    run: Run, home: Path, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the settings name is copied: to another folder, and what is here still is the same."""
    (home / "media").mkdir()
    moved = json.loads(run("copy", "--to", postgres_url, "--json", home=home).out)
    for name in ("ARCHIVE", "BOT"):
        monkeypatch.setenv(f"LETOPIS_{name}_URL", postgres_url)

    back = run("copy", "--to", str(tmp_path / "back"), "--json", home=home)
    here = run("copy", "--to", str(home), "--json", home=home)
    itself = run("copy", "--to", postgres_url, home=home)

    assert (back.code, here.code, here.err) == (0, 0, "")
    assert f"copy the folder {home}/media" in back.err
    for copied in map(json.loads, (back.out, here.out)):
        assert [each["tables"] for each in copied] == [each["tables"] for each in moved]
        assert copied[0]["source"].startswith("postgresql://letopis@127.0.0.1:")
    assert (itself.code, "would be copied to itself" in itself.err) == (2, True)


def test_a_server_without_an_archive_is_not_copied(
    run: Run, home: Path, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is the file taken in its place; nothing is created."""
    for name in ("ARCHIVE", "BOT"):
        monkeypatch.setenv(f"LETOPIS_{name}_URL", postgres_url)

    done = run("copy", "--to", str(tmp_path / "new"), home=home)

    assert (done.code, "There is no archive" in done.err) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_server_out_of_reach_is_told_of(run: Run, home: Path) -> None:
    """In one sentence, without the password."""
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/letopis"

    done = run("copy", "--to", url, home=home)

    assert (done.code, done.out) == (2, "")
    assert "postgresql://me@127.0.0.1:1/letopis is not reachable now" in done.err
    assert "secret" not in done.err
