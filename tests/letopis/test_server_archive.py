"""The command line over an archive in PostgreSQL, which the settings name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from db import open_archive
from db.bot_store import open_bot_store
from ingest import run_import
from letopis.sample import sample_export
from model.addresses import parse_address
from tests.letopis.conftest import Outcome, Run
from tests.servers.postgresql import PostgreSQL


@pytest.fixture
def url(postgres_url: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database, which the environment names."""
    del run  # it forgets other settings
    monkeypatch.setenv("LETOPIS_ARCHIVE_URL", postgres_url)
    return postgres_url


@pytest.fixture(scope="session")
def sample_template(postgresql: PostgreSQL) -> Iterator[str]:
    """The name of a database with the sample channel."""
    with postgresql.database() as url:
        with open_archive(parse_address(url)) as store:
            run_import(store, sample_export())
        yield url.rpartition("/")[2]


@pytest.fixture
def filled(
    postgresql: PostgreSQL, sample_template: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A database with the sample channel, which the environment names."""
    del run  # it forgets other settings
    with postgresql.database(template=sample_template) as url:
        monkeypatch.setenv("LETOPIS_ARCHIVE_URL", url)
        yield url


def _password(url: str) -> str:
    return url.partition("letopis:")[2].partition("@")[0]


def test_an_archive_is_begun_filled_and_searched(url: str, run: Run, tmp_path: Path) -> None:
    """As in a file: only an import makes it, the same export again changes nothing."""
    missing = run("search", "spark")
    assert (missing.code, "letopis ingest" in missing.err) == (2, True)
    dry = run("ingest", "--dry-run", str(sample_export()))
    assert (dry.code, "would be added 81" in dry.out) == (0, True)
    assert run("stats").code == 2

    first = run("ingest", str(sample_export()), "--json")
    again = run("ingest", str(sample_export()), "--json")

    assert json.loads(first.out)["added"] == 81
    assert "A new archive was created in postgresql://letopis@127.0.0.1:" in first.err
    assert (json.loads(again.out)["added"], json.loads(again.out)["unchanged"]) == (0, 81)
    assert json.loads(run("search", "кафка", "--json").out)["total"] >= 1
    assert not (tmp_path / "home" / "archive.db").exists()
    assert all(_password(url) not in said.out + said.err for said in (missing, dry, first, again))


def test_the_commands_work_on_it(filled: str, run: Run, tmp_path: Path) -> None:
    """Each reads the database, and none says its password."""
    said: list[Outcome] = []

    def ask(*args: str) -> str:
        said.append(run(*args))
        assert said[-1].code == 0
        return said[-1].out

    assert "repartition" in ask("show", "45")
    assert "sql" in ask("tags")
    assert "77 posts" in ask("stats")
    assert json.loads(ask("sql", "SELECT count(*) AS posts FROM archive", "--json")) == [
        {"posts": 77}
    ]
    assert "in order, 77 posts" in ask("doctor")
    assert json.loads(ask("where", "--json"))["archive"].startswith("postgresql://letopis@")
    assert "postgresql://letopis@" in ask("where")
    ask("export", str(tmp_path / "copy.db"))
    with open_archive(tmp_path / "copy.db") as copy, open_archive(parse_address(filled)) as kept:
        assert copy.stats() == kept.stats()
    assert all(_password(filled) not in each.out + each.err for each in said)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("sql", "DELETE FROM posts"), "may only read"),
        (("sql", "--enable-fts"), "letopis export archive.db"),
        (("browse",), "letopis export archive.db"),
    ],
)
def test_what_it_cannot_do_is_told(run: Run, args: tuple[str, ...], reason: str) -> None:
    """In one sentence, with what does it."""
    refused = run(*args)
    assert (refused.code, reason in refused.err, refused.err.count("\n")) == (2, True, 1)


@pytest.mark.usefixtures("filled")
def test_the_demo_talks_over_it(run: Run) -> None:
    """With a home, the demo talks over its archive."""
    assert "77" in run("demo", stdin=b"/quit\n").out


@pytest.mark.parametrize("name", ["letopis.toml", ".env"])
def test_a_file_of_settings_names_it(
    filled: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Not only the environment does; a home without it has a file."""
    monkeypatch.delenv("LETOPIS_ARCHIVE_URL")
    assert run("stats").code == 2
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    key = "archive_url" if name == "letopis.toml" else "LETOPIS_ARCHIVE_URL"
    (home / name).write_text(f'{key} = "{filled}"\n' if key.islower() else f"{key}={filled}\n")
    assert "77 posts" in run("stats").out


def test_a_settings_file_that_cannot_be_read_closes_the_archive(
    run: Run,
    empty_home: Path,
    open_folder: Path,
    without_rights: Callable[[], AbstractContextManager[None]],
) -> None:
    """It might name another archive."""
    home = open_folder / "home"
    empty_home.rename(home)
    for path in (home, *home.iterdir()):
        path.chmod(0o777)
    (home / ".env").touch(mode=0o000)
    with without_rights():
        refused = run("stats", home=home)
    assert (refused.code, ".env" in refused.err) == (2, True)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_failures_are_one_sentence(
    url: str,
    run: Run,
    postgresql: PostgreSQL,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    """A closed port, a wrong password and a missing database, in either language."""
    monkeypatch.setenv("LETOPIS_LANG", language)
    password = postgresql.password
    sentences = set()
    for wrong in (
        url.replace(f":{postgresql.port}/", ":1/"),
        url.replace(password, f"{password}x"),
        f"{url}_none",
        f"mysql://letopis:{password}@host/name",
    ):
        monkeypatch.setenv("LETOPIS_ARCHIVE_URL", wrong)
        failed = run("search", "spark")
        assert (failed.code, failed.out, failed.err.count("\n")) == (2, "", 1)
        assert password not in failed.err
        sentences.add(failed.err)
    assert len(sentences) == 4


def test_a_reader_of_a_standby_is_warned(filled: str, run: Run, postgresql: PostgreSQL) -> None:
    """An older archive that cannot be migrated is read all the same."""
    name = filled.rpartition("/")[2]
    postgresql.run("UPDATE archive.alembic_version SET version_num = 'archive_0004'", database=name)
    postgresql.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    read = run("stats")
    assert ("77 posts" in read.out, "takes no changes" in read.err) == (True, True)
    assert run("ingest", str(sample_export())).code == 2


def test_the_bot_s_state_is_checked_there_too(
    filled: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a bot has begun or not; where it is, is shown without the password."""
    monkeypatch.setenv("LETOPIS_BOT_URL", filled)
    before = run("doctor")
    open_bot_store(parse_address(filled)).close()

    after, places = run("doctor", "--json"), run("where", "--json")

    assert (before.code, json.loads(after.out)["bot_state"]) == (0, [])
    assert json.loads(places.out)["bot_state"].startswith("postgresql://letopis@127.0.0.1:")
    assert all(_password(filled) not in said.out + said.err for said in (before, after, places))
