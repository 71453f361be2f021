"""What README shows is what a person will see: its commands are run, its outputs compared.

`LETOPIS_WRITE_README=1 pytest tests/letopis/test_readme.py` writes the outputs anew.
"""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from letopis.sample import sample_export
from tests.letopis.conftest import Run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CONSOLE = re.compile(r"(```console\n)(\$ (?:letopis|sqlite3) [^\n]+\n)(.*?)(```)", re.DOTALL)
CONVERSATION = re.compile(r"(```text\n)(Letopis · .*?)(```)", re.DOTALL)
WRITTEN = re.compile("<text[^>]*>([^<]*)</text>")
TIMES = re.compile(r"\d+(?= (?:ms|мс))|\d+[.,]?\d*(?= [sс]\b)")


def normal(text: str) -> str:
    """Return an output without what differs from run to run."""
    return TIMES.sub("…", text).strip()


@pytest.fixture(params=["README.md", "README.ru.md"])
def readme(request: pytest.FixtureRequest, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return each README in turn, in a terminal of its language, which `run` resets first."""
    name = str(request.param)
    monkeypatch.setenv("LETOPIS_LANG", "ru" if name == "README.ru.md" else "en")
    return ROOT / name


@pytest.fixture
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Move this machine to UTC: the demo shows the times of its zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def shell(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a function that runs a command of README in a folder that holds the export."""
    (tmp_path / "ChatExport_2026-11-20").symlink_to(sample_export())
    monkeypatch.chdir(tmp_path)
    run("ingest", str(sample_export()), home=tmp_path / "filled")

    def run_command(line: str) -> str:
        program, *args = shlex.split(line)
        if program == "sqlite3":
            with closing(sqlite3.connect(tmp_path / "filled" / args[0])) as archive:
                rows = archive.execute(args[1]).fetchall()
            return "".join("|".join(map(str, row)) + "\n" for row in rows)
        fresh = args[0] == "ingest"
        return run(*args, home=tmp_path / ("fresh" if fresh else "filled")).out

    return run_command


def test_commands_print_what_readme_shows(readme: Path, shell: Callable[[str], str]) -> None:
    """Every command with an output under it prints that output, in README's language."""
    text = readme.read_text("utf-8")

    def run_block(match: re.Match[str]) -> str:
        output = shell(match[2].removeprefix("$ "))
        if match[3].strip() and normal(output) != normal(match[3]):
            return match[1] + match[2] + output + match[4]
        return match[0]

    compare(readme, text, CONSOLE.sub(run_block, text))


@pytest.mark.usefixtures("_in_utc")
def test_the_conversation_is_a_real_one(readme: Path, run: Run) -> None:
    """Each conversation shown is what the demo answers to the lines typed in it."""
    text = readme.read_text("utf-8")
    assert CONVERSATION.search(text)

    def talk(match: re.Match[str]) -> str:
        typed = re.findall(r"^> (.*)$", match[2], re.MULTILINE)
        output = run("demo", stdin="\n".join(typed).encode() + b"\n").out
        return match[1] + re.sub(r"[ \t]+$", "", output, flags=re.MULTILINE) + match[3]

    compare(readme, text, CONVERSATION.sub(talk, text))


@pytest.mark.usefixtures("_in_utc")
def test_the_picture_is_of_the_sample(readme: Path, run: Run, tmp_path: Path) -> None:
    """The picture of statistics is what `letopis stats --picture` draws of the sample channel."""
    shown = ROOT / "docs" / ("stats.ru.svg" if readme.name == "README.ru.md" else "stats.svg")
    run("ingest", str(sample_export()), home=tmp_path / "filled")
    run("stats", "--picture", str(tmp_path / "stats.svg"), home=tmp_path / "filled")
    drawn = (tmp_path / "stats.svg").read_text("utf-8")

    if os.environ.get("LETOPIS_WRITE_README"):
        shown.write_text(drawn, "utf-8")
    assert f"docs/{shown.name}" in readme.read_text("utf-8")
    # The texts alone: their widths depend on whether the machine has FriBidi.
    assert WRITTEN.findall(shown.read_text("utf-8")) == WRITTEN.findall(drawn)


def compare(readme: Path, shown: str, real: str) -> None:
    """Hold README against what is real, or write it so where that is asked for."""
    if os.environ.get("LETOPIS_WRITE_README"):
        readme.write_text(real, "utf-8")
    else:
        assert normal(shown) == normal(real)
