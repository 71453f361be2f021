"""Processes of servers that tests need: one per run, which ends with the run in any case."""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

import pytest
from filelock import FileLock

REQUIRED = "REQUIRE_SERVERS"
"""The variable with which a missing server is a failure; without it, its tests are skipped."""

_KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What to run for as long as the process `owner` lives; `folder` is removed afterwards.

    `ends_by` is the signal that ends the server at once. Root gives its rights up for it.
    """

    command: Sequence[str]
    folder: Path
    ends_by: signal.Signals
    owner: int = field(default_factory=os.getpid)
    environment: Mapping[str, str] = field(default_factory=dict)


class Server:
    """A running server."""

    def __init__(self, keeping: Keeping) -> None:
        """Start it, which takes a while; see `wait_until`."""
        self.log = keeping.folder / "server.log"
        given = asdict(keeping) | {
            "folder": str(keeping.folder),
            "log": str(self.log),
            "rights": rights(),
        }
        # Neither is it measured, nor does it load any package.
        command = [sys.executable, "-IS", str(_KEEPER), json.dumps(given)]
        self._keeper = subprocess.Popen(command, start_new_session=True)

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait for an answer.

        Raises:
            RuntimeError: The server ended, or is not ready in time.
        """
        deadline = monotonic() + seconds
        while not is_ready():
            if self._keeper.poll() is not None or monotonic() > deadline:
                self.stop()
                said = self.log.read_text("utf-8", errors="replace")
                raise RuntimeError(f"The server did not start: {said[-3000:]}")
            sleep(0.02)

    def stop(self) -> None:
        """End it at once; its folder stays."""
        self._keeper.terminate()
        self._keeper.wait()

    def forget(self) -> None:
        """Leave it to its keeper, which ends it after the owner."""
        self._keeper.returncode = 0  # or Python warns of a process that is still running


def rights() -> Mapping[str, object]:
    """Return how a process is started as an ordinary user; most servers refuse root."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def make_folder(prefix: str) -> Path:
    """Make a folder for a server's data, which belongs to the server's user."""
    folder = Path(mkdtemp(prefix=prefix))
    if given := rights():
        os.chown(folder, int(str(given["user"])), int(str(given["group"])))
    return folder


def free_port() -> int:
    """Return a port on loopback that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def run_owner() -> int:
    """Return the process that the whole test run ends with."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def once_per_run(
    factory: pytest.TempPathFactory, name: str, start: Callable[[], Mapping[str, object]]
) -> Mapping[str, object]:
    """Return what the first worker of a test run that asked for a server learned at its start."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    known = folder / f"{name}-{run_owner()}.json"
    with FileLock(known.with_suffix(".lock")):
        if not known.exists():
            known.write_text(json.dumps(dict(start())), "utf-8")
    found: Mapping[str, object] = json.loads(known.read_text("utf-8"))
    return found


def miss(reason: str) -> None:
    """Skip a test whose server cannot be had, or fail it where servers are required."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason} ({REQUIRED} is set)")
    pytest.skip(reason)
