"""The labelled pieces of code and posts that code recognition is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.code_detection import find_code

FOLDER = Path(__file__).with_name("code")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSnippet:
    """A piece of code and its language, `None` for text that is set as code."""

    code: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPost:
    """A post and which of its lines are code; blank lines count for neither."""

    name: str
    lines: tuple[str, ...]
    is_code: tuple[bool, ...]

    @property
    def text(self) -> str:
        """Return the post as it was typed."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many lines were rightly found, wrongly found, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Return the share of code in what was found."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Return the share of code that was found."""
        return self.right / (self.right + self.missed)


def labelled_snippets() -> Sequence[LabelledSnippet]:
    """Read `code/snippets.txt`."""
    return [
        LabelledSnippet(code=body, language=None if name == "none" else name)
        for name, body in _sections("snippets.txt")
    ]


def labelled_posts() -> Sequence[LabelledPost]:
    """Read `code/posts.txt`, where lines of code begin with `|`."""
    return [_read_post(name, body.split("\n")) for name, body in _sections("posts.txt")]


def find_lines(posts: Sequence[LabelledPost]) -> Found:
    """Count the lines that detection finds in posts."""
    right = wrong = missed = 0
    for post in posts:
        found = found_lines(post.text)
        for place, (line, is_code) in enumerate(zip(post.lines, post.is_code, strict=True)):
            if line.strip():
                right += is_code and place in found
                wrong += not is_code and place in found
                missed += is_code and place not in found
    return Found(right=right, wrong=wrong, missed=missed)


def found_lines(text: str) -> set[int]:
    """Return the numbers of the lines that detection takes for code."""
    return {
        line
        for block in find_code(text)
        for line in range(text.count("\n", 0, block.start), text.count("\n", 0, block.end) + 1)
    }


def _sections(name: str) -> Sequence[tuple[str, str]]:
    content = (FOLDER / name).read_text(encoding="utf-8")
    sections = [section.partition("\n") for section in content.split("\n### ")[1:]]
    return [(title, body.rstrip("\n")) for title, _, body in sections]


def _read_post(name: str, lines: Sequence[str]) -> LabelledPost:
    return LabelledPost(
        name=name,
        lines=tuple(line.removeprefix("|") for line in lines),
        is_code=tuple(line.startswith("|") for line in lines),
    )
