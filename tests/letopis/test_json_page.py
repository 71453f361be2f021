"""What docs/json.md shows is what a program gets: its commands are run, their shapes compared.

`LETOPIS_WRITE_JSON=1 pytest tests/letopis/test_json_page.py` writes the examples anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import letopis.cli
from letopis.help import WordedGroup
from letopis.sample import sample_export
from tests.letopis.conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
EXAMPLE = re.compile(r"```console\n\$ letopis ([^\n]+)\n(.*?)```", re.DOTALL)
_SHORT = 60
_TALKS = {"bot", "browse", "demo", "mcp"}

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="a built wheel has no pages beside it")


def abbreviated(value: Any) -> Any:
    """Return a value with the first element of each list but pairs, and with short texts."""
    match value:
        case dict():
            return {key: abbreviated(each) for key, each in value.items()}
        case [int(), int()]:
            return value
        case list():
            return [abbreviated(each) for each in value[:1]]
        case str() if len(value) > _SHORT:
            return f"{value[:_SHORT]}…"
    return value


def shape(value: Any) -> Any:
    """Return a value with types in place of texts and numbers."""
    match value:
        case dict():
            return {key: shape(each) for key, each in value.items()}
        case list():
            return [shape(each) for each in value]
    return type(value).__name__


def test_programs_get_what_the_page_shows(
    run: Run, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each example prints one value on one line, of the shape that is shown."""
    (tmp_path / "ChatExport_2026-11-20").symlink_to(sample_export())
    monkeypatch.chdir(tmp_path)
    home = Path(shutil.copytree(sample_home, tmp_path / "copy"))
    page = PAGE.read_text("utf-8")

    def run_example(match: re.Match[str]) -> str:
        fresh = match[1].startswith("ingest")
        done = run(*shlex.split(match[1]), home=tmp_path / "new" if fresh else home)
        assert done.code == 0
        [line] = done.out.splitlines()
        value = abbreviated(json.loads(_as_at_home(line, tmp_path)))
        if match[2] and shape(json.loads(match[2])) == shape(value):
            return match[0]
        return f"```console\n$ letopis {match[1]}\n{written(value)}\n```"

    real = EXAMPLE.sub(run_example, page)
    if os.environ.get("LETOPIS_WRITE_JSON"):
        PAGE.write_text(real, "utf-8")
    else:
        assert page == real


def _as_at_home(line: str, folder: Path) -> str:
    """Return a line without the paths of this machine."""
    sample = str(Path(str(sample_export())).parent)
    return line.replace(str(folder), "/home/me").replace(sample, "/home/me")


def written(value: Any) -> str:
    """Return a value as the page shows it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def test_the_page_has_every_command() -> None:
    """All but those that talk take --json, and have their place."""
    root = get_command(letopis.cli.app)
    assert isinstance(root, WordedGroup)
    takers = {
        name
        for name, command in root.commands.items()
        if any(each.name == "json" for each in command.params)
    }
    page = PAGE.read_text("utf-8")
    assert root.commands.keys() - takers == _TALKS
    assert takers == set(re.findall("^## `letopis ([a-z]+)`$", page, re.MULTILINE))
