"""Graded queries over the sample channel, written as a person would ask before any search was run.

`queries.tsv` holds one query a line: its kind, its words, and the messages that a good answer
shows, with their grades: 2 answers it, 1 touches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KINDS = (
    "inflected",  # other word forms than the post's
    "en_ru",  # English words for a Russian text
    "ru_en",  # Russian words for English terms
    "translit",  # the other alphabet
    "layout",  # the wrong keyboard layout
    "typo",
    "paraphrase",  # none of the post's own words, or few
    "code",
    "tag",
    "name",  # people, companies, sources, works
)
_SOURCE = Path(__file__).with_name("queries.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedQuery:
    """A query, its kind, and grades by message id."""

    kind: str
    text: str
    grades: Mapping[int, int]


def read_queries(path: Path = _SOURCE) -> Sequence[GradedQuery]:
    """Read the graded queries in the order of their file."""
    return tuple(map(_read_query, path.read_text(encoding="utf-8").splitlines()))


def _read_query(line: str) -> GradedQuery:
    kind, text, written = line.split("\t")
    pairs = (pair.split(":") for pair in written.split(","))
    return GradedQuery(
        kind=kind, text=text, grades={int(message): int(grade) for message, grade in pairs}
    )
