"""A copy that is killed at any moment is continued, and is equal in the end."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from db import open_archive
from model.addresses import Address, address_text, parse_address
from model.errors import ArchiveError
from tests.db.copies.test_copying_to_servers import content, copy
from tests.db.making import MORNING, a_channel, a_post
from tests.new_databases import new_archive

pytestmark = pytest.mark.slow

_POSTS = 1500
_COPYING = """
import sys
from contextlib import closing
from pathlib import Path
from db.copies.copying import copying_database
from db.kinds import ARCHIVE
from db.migrate import open_database
from model.addresses import parse_address

def say(done, expected):
    print(done, flush=True)

with (
    closing(open_database(Path(sys.argv[1]), ARCHIVE, read_only=True, busy_seconds=5)) as source,
    copying_database(source, parse_address(sys.argv[2]), copying=say, batch=50),
):
    pass
"""


@pytest.mark.parametrize("place", ["file", "server"])
def test_a_killed_copy_is_continued(
    tmp_path: Path, place: str, request: pytest.FixtureRequest
) -> None:
    """Whatever was being written: until it is complete, the copy is opened by nobody."""
    url = request.getfixturevalue("postgres_url") if place == "server" else str(tmp_path / "to.db")
    target = parse_address(url)
    with new_archive(tmp_path / "archive.db") as store:
        posts = [a_post(n, "слово\x00", hashtags=("a", "b")) for n in range(_POSTS)]
        store.save(store.resolve_channel(a_channel(), as_of=MORNING), posts, as_of=MORNING)

    dice = random.Random(7)
    for _ in range(4):
        kill_copy(tmp_path / "archive.db", address_text(target), after=dice.randrange(3, 60))
        assert is_closed(target) or content(target) == content(tmp_path / "archive.db")

    copy(tmp_path / "archive.db", target)
    assert content(target) == content(tmp_path / "archive.db")


def is_closed(target: Address) -> bool:
    """Return whether nobody can open an archive, because it is not copied to its end."""
    try:
        open_archive(target).close()
    except ArchiveError as exc:
        return "copy_unfinished" in str(exc)
    return False


def kill_copy(source: Path, target: str, *, after: int) -> None:
    """Copy until so many batches are done, or compared with what is copied; then kill."""
    program = [sys.executable, "-c", _COPYING, str(source), target]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as copying:
        assert copying.stdout
        for _ in range(after):
            assert copying.stdout.readline()
        copying.kill()
