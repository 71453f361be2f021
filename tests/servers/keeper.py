"""Keeps a server for as long as a process lives, even if that process is killed.

It is a program of its own, `python keeper.py '{"command": [...], ...}'`: see `Keeping`.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys


def main() -> int:
    """Start the server; end it when the process has ended, or on SIGTERM."""
    given = json.loads(sys.argv[1])
    owner = os.pidfd_open(given["owner"])
    started: list[subprocess.Popen[bytes]] = []

    def end_server(*_: object) -> None:
        for server in started:
            server.send_signal(given["ends_by"])

    signal.signal(signal.SIGTERM, end_server)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the run's, which then ends
    with open(given["log"], "ab") as log:  # noqa: PTH123  # pathlib takes time to import
        started.append(
            subprocess.Popen(
                given["command"],
                cwd=given["folder"],
                env=os.environ | given["environment"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **given["rights"],
            )
        )
    server = started[0]
    select.select([owner, os.pidfd_open(server.pid)], [], [])
    if not select.select([owner], [], [], 0)[0]:
        return server.wait()
    end_server()
    server.wait()
    shutil.rmtree(given["folder"], ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
