"""docs/dependencies.md lists exactly the project's dependencies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_names_every_dependency() -> None:
    """Each with its bound, under a heading for the extra or the group that it belongs to."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    extras = project["project"].get("optional-dependencies", {})

    assert _tables() == {
        "At run time": _bounds(project["project"]["dependencies"]),
        **{f"Extra `{name}`": _bounds(needed) for name, needed in extras.items()},
        "Development": _bounds(name for name in groups["dev"] if isinstance(name, str)),
        "Build": _bounds({*groups["build"], *project["build-system"]["requires"]}),
    }


def _bounds(requirements: Iterable[str]) -> Mapping[str, str]:
    """Return the bound of each package."""
    return dict(re.split(r"(?:\[.*?\])?(?=[<>=~!])", each, maxsplit=1) for each in requirements)


def _tables() -> Mapping[str, Mapping[str, str]]:
    """Return the packages in the page's tables with their bounds, by heading."""
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    row = re.compile(r"^\| `([^`]+)` \|(?: [^|]+ \|){3} `([^`]+)`", re.MULTILINE)
    sections = (section.partition("\n") for section in f"\n{page}".split("\n## ")[1:])
    return {heading: dict(row.findall(text)) for heading, _, text in sections}
