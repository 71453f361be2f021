"""The bot as a process of its own, as a person starts it, against the stand-in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.standin.server import TOKEN, StandIn

STARTING = 60.0
STOPPING = 60.0

OWNERS = range(500, 1000)


class RunningBot:
    """A `letopis bot` over a home folder; what it prints goes to a file beside the folder."""

    def __init__(self, standin: StandIn, home: Path, **settings: str) -> None:
        self.standin = standin
        self.home = home
        self._settings = settings
        self._output = home.with_suffix(".txt")
        self._read = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """Return what the bot has printed, in all its runs or since `forgets`."""
        return self._output.read_text("utf-8", errors="replace")[self._read :]

    @property
    def notices(self) -> Sequence[str]:
        """Return the lines of the output that are no details for developers."""
        lines = self.output.splitlines()
        return [line for line in lines if " DEBUG " not in line and " INFO " not in line]

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        assert self._process
        return self._process.pid

    def forgets(self) -> None:
        """Let the output begin here, or with the line that is half written."""
        self._read += self.output.rfind("\n") + 1

    def start(self, *, wait: bool = True) -> None:
        """Start the process and wait until it asks for updates, or wants them brought."""
        seen = self._polls()
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                command(self.home),
                env=environment(LETOPIS_API_BASE_URL=self.standin.url, **self._settings),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if wait:
            self.waits_until(lambda: self._polls() > seen, "ask for updates")

    def waits_until(self, holds: object, what: str, *, timeout: float = STARTING) -> None:
        """Wait until something holds; a bot that has ended meanwhile is told with its words."""
        assert callable(holds)
        assert self._process
        deadline = time.monotonic() + timeout
        while not self.standin.world.wait_for(holds, 0.2):
            ended = self._process.poll()
            if ended is not None or time.monotonic() > deadline:
                raise AssertionError(f"the bot did not {what} ({ended}):\n{self.output[-3000:]}")

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Send a signal."""
        assert self._process
        self._process.send_signal(number)

    def signal_if_alive(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self._process:
            self._process.send_signal(number)

    def ends(self, *, timeout: float = STOPPING) -> int:
        """Wait for the end of the process and return its exit code."""
        assert self._process
        return self._process.wait(timeout)

    def becomes(self, **settings: str) -> None:
        """Change the settings for the next start."""
        self._settings = settings

    def stop(self) -> int:
        """Ask the process to end and return its exit code."""
        if self._process is None:
            return 0
        self.signal()
        code = self.ends()
        self._process = None
        return code

    def kill(self) -> None:
        """End the process without asking, as a power cut would."""
        assert self._process
        self._process.kill()
        self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Stop the process and start another."""
        assert self.stop() == 0
        self.start()

    def leaks(self) -> Sequence[str]:
        """Name the places where the token or its secret half stands, which is to be nowhere."""
        secret = TOKEN.partition(":")[2].encode()
        files = [self._output, *(path for path in self.home.rglob("*") if path.is_file())]
        return [str(path) for path in files if secret in path.read_bytes()]

    def _polls(self) -> int:
        begun = {"getupdates", "setwebhook"}
        return sum(call.method in begun for call in self.standin.world.calls)


def command(home: Path, *arguments: str) -> list[str]:
    """Return the command line of the program; by default it runs the bot."""
    return [sys.executable, "-m", "letopis", "--home", str(home), *(arguments or ("bot",))]


def environment(**settings: str) -> Mapping[str, str]:
    """Return this environment with the bot's settings in place of any others."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LETOPIS_")}
    given = {
        "LETOPIS_BOT_TOKEN": TOKEN,
        "LETOPIS_OWNERS": ",".join(map(str, OWNERS)),
        "LETOPIS_LOG_LEVEL": "DEBUG",
        "LETOPIS_BURST": "0",  # tests are faster than people
        **settings,
    }
    return {**own, **given}
