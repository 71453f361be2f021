"""Whoosh's source of 2016 runs on current Python without visible warnings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import whoosh

_WORK = """
import sys
from pathlib import Path
from search.deadline import no_deadline
from search.documents import Document
from search.expression import Expression
from search.generation import open_generation

generation = open_generation(Path("whoosh-index"), create=True)
document = Document(
    post_id=1, seq=1, posted=0, text="граф", beside="", facts=frozenset(), twin=-1
)
print(generation.write([document]))
posts = generation.snapshot().posts
print(posts.find(Expression(), offset=0, limit=1, deadline=no_deadline()).total)
print(sys.modules["whoosh.codec.whoosh3"].__file__)
"""


@pytest.mark.slow
def test_source_is_compiled_without_a_warning(tmp_path: Path) -> None:
    """At the first start after an installation that compiled nothing, all output is ours."""
    folder = Path(whoosh.__file__).parent
    shutil.copytree(folder, tmp_path / "whoosh", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "whoosh-index").mkdir()
    search_path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])

    done = subprocess.run(
        [sys.executable, "-c", _WORK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": search_path},
        capture_output=True,
        text=True,
        check=True,
    )

    compiled = tmp_path / "whoosh" / "codec" / "whoosh3.py"
    assert (done.stdout, done.stderr) == (f"1\n1\n{compiled}\n", "")
