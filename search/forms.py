"""The spellings that the archive's words occur in, kept in a file beside the index."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = "forms.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A folded spelling, the term it is indexed under, and about how many documents have it."""

    text: str
    term: str
    documents: int


class FormCounts:
    """Counts the documents that hold each spelling.

    An index that is only added to holds the counts up to date; a changed post is counted again,
    which matters to nobody: the counts order suggestions.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._forms = {form.text: (form.term, form.documents) for form in read_forms(folder)}

    def add(self, forms: Mapping[str, str]) -> None:
        """Take in a document's spellings, each with its term."""
        for text, term in forms.items():
            known = self._forms.get(text)
            self._forms[text] = (term, 1 if known is None else known[1] + 1)

    def save(self) -> None:
        """Write the file, whole or not at all."""
        lines = (f"{text}\t{term}\t{count}\n" for text, (term, count) in self._forms.items())
        write_whole(self._path, "".join(lines))


def read_forms(folder: Path) -> Iterator[Form]:
    """Yield the spellings kept in a folder, none where there is no file yet.

    Raises:
        ValueError: The file is damaged.
    """
    path = folder / _FILE
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        text, term, documents = line.split("\t")
        yield Form(text=text, term=term, documents=int(documents))


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
