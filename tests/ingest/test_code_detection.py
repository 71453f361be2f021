"""Bare code among prose: found by whole lines, and prose is left alone."""

from __future__ import annotations

import warnings
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.code_detection import find_code
from tests.ingest.code_samples import LabelledPost, find_lines, found_lines, labelled_posts

POSTS = labelled_posts()


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.name)
def test_code_of_a_post_is_found(post: LabelledPost) -> None:
    """Exactly the lines of code of a post are found."""
    found = [place for place in sorted(found_lines(post.text)) if post.lines[place].strip()]
    assert [post.lines[place] for place in found] == [
        line for line, is_code in zip(post.lines, post.is_code, strict=True) if is_code and line
    ]


def test_many_marked_stretches_cost_no_more_than_their_number() -> None:
    """A text that is all short lines, each with a mark of its own, is looked through once."""

    def seconds(lines: int) -> float:
        taken = [(start, start + 1) for start in range(0, 2 * lines, 2)]
        began = thread_time()
        found = [*find_code("x\n" * lines, taken=taken)]
        assert not found
        return thread_time() - began

    assert min(seconds(10_000) for _ in range(3)) < 30 * min(seconds(1000) for _ in range(3))


def test_prose_is_hardly_ever_taken_for_code() -> None:
    """Over all sample posts, what is found is code."""
    found = find_lines(POSTS)
    assert (found.precision, found.recall) >= (0.98, 0.9)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import pandas as pd", True),
        ("from math import sqrt", True),
        ("import data", False),
        ("def f(x): return x", True),
        ("class Model(Base):", True),
        ("class a:", False),
        ("class Model:", True),
        ("if needed:", False),
        ("x = 5", False),
        ("name: str", False),
        ("print('a')", False),
        ("Model(1)", False),
        ("x.shape", False),
        ("df['a'].shape", False),
        ("(a, b)", False),
        ("x = 1if y else [2]", False),
        ("print(1) 🔥", False),
        ("pass:", False),
        ("with care:", False),
        ("git push sends all of it", False),
        ("git push -u origin main", True),
        ('{"a": 1}', True),
        ('{"a", 1}', False),
        ("[1, 2]", False),
        ("std::sort(v.begin(), v.end());", True),
        ('"\\d" == x', False),
    ],
)
def test_single_line_must_be_certain(line: str, expected: bool) -> None:
    """A line alone is code only where nothing else is likely."""
    assert bool(list(find_code(f"Вот так:\n{line}\nи всё."))) is expected


@pytest.mark.parametrize(
    "lines",
    [
        "self.x = 1\nself.y = 2",
        "async with pool.get() as c:\n    await c.run()",
        "while True:\n    pass\nelse:\n    break",
        "return x + 1\nyield y\nraise KeyError(name)",
        "return\nassert x == 1\ndel cache[name]",
        "with open(name) as f:\n    data = f.read()",
        "total += f(x)\ncount: int = g(x)\ntext = f'{x}'",
        "for x in rows: print(x)\ncontinue",
        "a = await b()\nawait c.d()",
        "if x > 1:\n    y = 'a'",
        "elif x:\n    z = [1]\nf()()\n",
        "@cache\ndef f():\n    pass",
        "items = [\n    'один',\n    'два',\n]\nprint(items[0])",
        "import numpy as np\nx = f(\nthat never ends",
        "x = (\nthis is not\npython at all\n)\nimport numpy as np",
    ],
)
def test_lines_together_are_code(lines: str) -> None:
    """Lines that are merely likely make code together."""
    assert list(find_code(lines))


def test_marked_stretches_are_left_alone() -> None:
    """Code that is marked already, or leads somewhere, is not found a second time."""
    text = "import pandas as pd\n\nx\n\nimport numpy as np"
    [block] = find_code(text, taken=[(0, 6)])
    assert text[block.start : block.end] == "import numpy as np"


def test_blank_lines_stay_inside() -> None:
    """Up to two blank lines join code, more divide it, and none stand at its edges."""
    text = "\nimport a as b\n\n\nimport c as d\n\n\n\nimport e as f\n"
    assert [text[block.start : block.end] for block in find_code(text)] == [
        "import a as b\n\n\nimport c as d",
        "import e as f",
    ]


def test_only_the_beginning_of_endless_lines_is_judged() -> None:
    """A line of any length is judged quickly."""
    assert list(find_code("import numpy as np  # " + "x" * 10_000))


LINES = st.sampled_from(
    [line for post in POSTS for line in post.lines] + ["", "(", ")", "- a: b", "a:", "  b: c"]
)


@given(st.lists(LINES | st.text(max_size=40), max_size=30).map("\n".join))
def test_blocks_are_whole_lines_in_order(text: str) -> None:
    """Whatever the text, blocks are whole lines, in order, apart, without blank edges."""
    end = -1
    for block in find_code(text):
        assert end < block.start < block.end
        assert block.start == 0 or text[block.start - 1] == "\n"
        assert block.end == len(text) or text[block.end] == "\n"
        assert all(line.strip() for line in text[block.start : block.end].split("\n")[:: len(text)])
        end = block.end


def test_an_attribute_fits_between_lines_of_code() -> None:
    """A line that only looks something up belongs to the code around it."""
    text = 'df = pd.read_csv("a.csv")\ndf["a"].shape\ndf.head()'
    [block] = find_code(text)
    assert (block.start, block.end) == (0, len(text))


@pytest.mark.parametrize(
    "line",
    [
        'x = re.compile("\\d+")',
        "x = [1for y in z]",
        "x = 0x1_for[1]",
        "x = (1.0if y else 2)",
        "x = f(1e5or y)",
        "x = f(1jis y)",
        "x = f(1info)",
    ],
)
def test_odd_lines_print_no_warnings(line: str) -> None:
    """What Python has to say of a line is nothing for the terminal of who imports posts."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        list(find_code(f"{line}\n{line}"))

    assert said == []
