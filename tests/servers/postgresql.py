"""PostgreSQL for tests: a server of its own per run, and a new database per test."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.servers.process import (
    Keeping,
    Server,
    free_port,
    make_folder,
    miss,
    once_per_run,
    rights,
    run_owner,
)

_PROGRAMS = Path("/usr/lib/postgresql")  # Debian's place, outside PATH
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Tests kill processes, and cut no power.
    "fsync": "off",
    "full_page_writes": "off",
    # Many small databases; several workers with a pool for each test.
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum": "off",
    "max_wal_size": "256MB",
    "log_min_messages": "log",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQL:
    """A running server, and how to reach it."""

    port: int
    password: str = field(repr=False)

    def url(self, database: str) -> str:
        """Return the URL of a database, as settings name it."""
        return f"postgresql+psycopg://letopis:{self.password}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[str]:
        """Make an empty database, or a copy of another, and drop it afterwards; yield its URL."""
        name = f"test_{secrets.token_hex(8)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement outside of transactions, and return its rows."""
        import psycopg

        url = self.url(database).replace("+psycopg", "", 1)
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


class PostgresServer:
    """A server for one test, which may be stopped and started again on the same port."""

    def __init__(self, *, owner: int) -> None:
        """Make its folder, about a second."""
        self.folder = make_folder("letopis-postgresql-")
        self.at = PostgreSQL(port=free_port(), password=secrets.token_hex(8))
        self._owner = owner
        self._server: Server | None = None
        _make_cluster(self.folder, self.at.password)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        data = str(self.folder / "data")
        command = [str(_program("postgres")), "-D", data, "-p", str(self.at.port), *settings]
        keeping = Keeping(
            command=command, folder=self.folder, ends_by=signal.SIGQUIT, owner=self._owner
        )
        self._server = Server(keeping)
        self._server.wait_until(self._answers, seconds=60)

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if self._server is not None:
            self._server.stop()

    def remove(self) -> None:
        """End it for good."""
        self.stop()
        shutil.rmtree(self.folder)

    def leave(self) -> None:
        """Let it run until its owner has ended."""
        if self._server is not None:
            self._server.forget()

    def _answers(self) -> bool:
        import psycopg

        try:
            self.at.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> PostgreSQL:
    """The server that all workers of a test run share."""
    require_postgresql()
    found: dict[str, Any] = dict(once_per_run(tmp_path_factory, "postgresql", _start_for_all))
    return PostgreSQL(**found)


@pytest.fixture
def postgres_url(postgresql: PostgreSQL) -> Iterator[str]:
    """The URL of an empty database."""
    with postgresql.database() as url:
        yield url


@pytest.fixture
def own_postgresql() -> Iterator[PostgresServer]:
    """A server of the test's own, to be stopped and started; it takes two seconds."""
    require_postgresql()
    server = PostgresServer(owner=run_owner())
    try:
        server.start()
        yield server
    finally:
        server.remove()


def require_postgresql() -> None:
    """Skip the test, or fail it, where there is no PostgreSQL."""
    if _find_program("postgres") is None:
        miss(f"PostgreSQL is not installed in {_PROGRAMS} (Debian: apt install postgresql)")


def _start_for_all() -> dict[str, object]:
    server = PostgresServer(owner=run_owner())
    server.start()
    server.leave()
    return asdict(server.at)


def _make_cluster(folder: Path, password: str) -> None:
    given = folder / "password"
    given.write_text(password, "ascii")
    given.chmod(0o644)  # of a server that nobody else reaches
    command = [
        str(_program("initdb")),
        *("-D", str(folder / "data"), "-U", "letopis", "--pwfile", str(given)),
        *("--auth", "scram-sha-256", "--encoding", "UTF8", "--no-sync", "--no-instructions"),
        # As people sort, like most servers: where the order of bytes matters, we must ask for it.
        *("--locale-provider", "icu", "--icu-locale", "ru-RU", "--locale", "C.UTF-8"),
    ]
    options: dict[str, Any] = dict(rights())
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr}")
    given.unlink()


def _program(name: str) -> Path:
    found = _find_program(name)
    assert found is not None
    return found


def _find_program(name: str) -> Path | None:
    """Return a program of the newest version that is installed."""
    versions = sorted(_PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    usable = [path for path in versions if os.access(path, os.X_OK)]
    return usable[-1] if usable else None
