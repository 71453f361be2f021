"""The PostgreSQL of tests starts once per run and ends with it; each test has a database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import create_engine, text

from tests.servers.postgresql import PostgreSQL, PostgresServer
from tests.servers.process import REQUIRED, miss, run_owner

ROOT = Path(__file__).parents[2]

RUN = """
import pytest, time

@pytest.mark.parametrize("number", range(4))
def test_server(postgresql, number):
    print("listens at", postgresql.port)
    with open({ports!r}, "a") as file:
        file.write(f"{{postgresql.port}}\\n")
    time.sleep({seconds})
"""


def test_database_is_empty_and_speaks_as_settings_say(postgres_url: str) -> None:
    """SQLAlchemy opens the URL; there is no table."""
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM pg_stat_user_tables")).scalar_one()
    engine.dispose()

    assert found == 0


def test_databases_are_apart_and_leave_nothing(postgresql: PostgreSQL) -> None:
    """A database is dropped although somebody is still connected."""
    with postgresql.database() as one, postgresql.database() as other:
        names = [url.rpartition("/")[2] for url in (one, other)]
        engine = create_engine(one)
        lost = engine.connect()
        lost.execute(text("CREATE TABLE mine (it integer)"))
        lost.commit()
        assert not postgresql.run("SELECT * FROM pg_stat_user_tables", database=names[1])
    lost.invalidate()
    lost.close()

    left = {name for (name,) in postgresql.run("SELECT datname FROM pg_database")}
    assert not left & set(names)


def test_order_is_of_people_unless_bytes_are_asked_for(postgresql: PostgreSQL) -> None:
    """A test finds what depends on the collation, as on most servers in use."""
    values = "SELECT word FROM (VALUES ('ё'), ('Я'), ('а')) AS words (word)"

    assert postgresql.run(f"{values} ORDER BY word") == [("а",), ("ё",), ("Я",)]
    assert postgresql.run(f'{values} ORDER BY word COLLATE "C"') == [("Я",), ("а",), ("ё",)]


def test_missing_server_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """What CI requires is a failure there."""
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^There is none$"):
        miss("There is none")

    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match=r"^There is none \(REQUIRE_SERVERS is set\)$"):
        miss("There is none")


@pytest.mark.slow
def test_server_of_a_test_is_started_again(own_postgresql: PostgresServer) -> None:
    """It keeps its port and what was committed."""
    own_postgresql.at.run("CREATE TABLE kept AS SELECT 'it' AS word")

    own_postgresql.stop()
    with pytest.raises(Exception, match=r"(?i)connection refused"):
        own_postgresql.at.run("SELECT 1")
    own_postgresql.start()

    assert own_postgresql.at.run("SELECT * FROM kept") == [("it",)]


@pytest.mark.slow
@pytest.mark.usefixtures("postgresql")
def test_failing_server_says_why() -> None:
    """What it logged is in the error."""
    server = PostgresServer(owner=run_owner())
    (server.folder / "data" / "postgresql.conf").write_text("nonsense = 1\n", "utf-8")
    try:
        with pytest.raises(RuntimeError, match="nonsense"):
            server.start()
    finally:
        server.remove()


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
@pytest.mark.usefixtures("postgresql")
def test_workers_share_a_server_that_ends_with_the_run(tmp_path: Path, workers: str) -> None:
    """All tests of a run use one server, which is gone soon after."""
    run = start_run(tmp_path, seconds=0, workers=workers)

    assert run.wait(60) == 0
    (port,) = set((tmp_path / "ports").read_text().split())
    assert_ends(int(port))


@pytest.mark.slow
@pytest.mark.usefixtures("postgresql")
def test_server_ends_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """Nothing stays behind, whoever is killed first."""
    run = start_run(tmp_path, seconds=60, workers="-n2")
    deadline = monotonic() + 60
    while not (tmp_path / "ports").exists() and monotonic() < deadline:
        sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()

    assert_ends(int((tmp_path / "ports").read_text().split()[0]))


def start_run(folder: Path, *, seconds: int, workers: str) -> subprocess.Popen[bytes]:
    """Start a test run of its own that needs the server."""
    path = folder / "test_servers_in_a_run.py"
    path.write_text(RUN.format(ports=str(folder / "ports"), seconds=seconds), "utf-8")
    options = ("-q", workers, "-p", "no:randomly", "-p", "tests.servers.postgresql")
    # The worker of a run is asked for by its environment.
    inherited = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, f"--basetemp={folder / 'base'}", str(path)],
        cwd=ROOT,
        env=inherited,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def assert_ends(port: int) -> None:
    """Wait until nothing listens at a port, and no folder is left."""
    deadline = monotonic() + 20
    while (found := processes_with(f" -p {port} ")) and monotonic() < deadline:
        sleep(0.05)
    assert not found


def processes_with(part: str) -> list[str]:
    """Return the command lines of running processes that hold a text."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if part in line and line.startswith(str(Path("/usr/lib/postgresql"))):
            lines.append(line)
    return lines
