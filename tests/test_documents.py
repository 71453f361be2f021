"""The pages for developers name only paths that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow  # the built wheel comes without its sources beside the tests


@pytest.mark.parametrize(
    "page", ["docs/design.md", "docs/dependencies.md", "CONTRIBUTING.md", "SECURITY.md"]
)
def test_every_path_exists(page: str) -> None:
    """Whatever stands in backquotes with a slash or as a source file, or is linked to, is there."""
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"`(?:\./)?([\w.-]+(?:/[\w./-]*|\.(?:py|md|lock)))`", text)
    linked = [Path(page).parent / link for link in re.findall(r"\]\(([^):]+)\)", text)]

    assert named
    assert [path for path in (*named, *linked) if not (ROOT / path).exists()] == []
