"""What holds for all tests."""

from __future__ import annotations

import gc
import os
import resource
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.pool import Pool

# Root may write anywhere; tests about permissions drop their privileges temporarily.
_NOBODY = 65534

_dialects: dict[str, Dialect] = {}
_compiled: dict[object, object] = {}

pytest_plugins = [
    "tests.measuring",
    "tests.servers.opensearch",
    "tests.servers.postgresql",
    "tests.time_limit",
]

# How many examples a property is tried with is decided here alone: `./run test` takes `thorough`.
# How long an example takes to make or to run says more about the machine than about the code.
settings.register_profile(
    "thorough",
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.register_profile("fast", settings.get_profile("thorough"), max_examples=5)
settings.load_profile("fast")


@event.listens_for(Pool, "checkout")
def _leave_writes_to_the_system(connection: object, *_: object) -> None:
    """Wait for no disk: a process that is killed loses nothing, and no test cuts the power."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@event.listens_for(Engine, "engine_connect")
def _compile_statements_once(connection: Connection) -> None:
    """Share compiled statements among the many databases of a process."""
    if connection.dialect.name == "sqlite":
        connection.dialect = _dialects.setdefault("sqlite", connection.dialect)
        connection.execution_options(compiled_cache=_compiled)


def pytest_configure() -> None:
    """Prepare this process, which is the run itself or one of its workers."""
    # Each collection of garbage walks the objects of thousands of collected tests.
    gc.set_threshold(50_000, 10, 10)
    # A shell has a command in the background ignore SIGINT, and all processes inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one process more than there are processors, because tests wait as well."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Exempt all that collection and imports have made from garbage collection."""
    gc.freeze()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may reach, for tests that give rights up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)


@pytest.fixture
def without_rights() -> Callable[[], AbstractContextManager[None]]:
    """Be somebody who does not own the files, where the tests run as root."""

    @contextmanager
    def _as_nobody() -> Iterator[None]:
        before = os.geteuid()
        if before == 0:
            os.seteuid(_NOBODY)
        try:
            yield
        finally:
            os.seteuid(before)

    return _as_nobody


@pytest.fixture
def without_room() -> Callable[[], AbstractContextManager[None]]:
    """Let no file grow for a while, as on a full disk."""

    @contextmanager
    def _without_room() -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return _without_room
