"""Terms of English words: a list of irregular forms, then Snowball's rules."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import Stemmer  # type: ignore[import-not-found]  # compiled, without types

# Snowball maps `tokenization` to `token`, `organization` to `organ`.
_IZE = re.compile(r"(?<=[a-z]{3})(?:iz(?:ations?|e[drs]?|ers|ing|able)|isations?)\Z")


class _Stemmers(threading.local):
    """One stemmer per thread: Snowball stemmers are not thread-safe."""

    def __init__(self) -> None:
        self.english: Callable[[str], str] = Stemmer.Stemmer("english", 0).stemWord


_stemmers = _Stemmers()


def english_term(form: str) -> str:
    """Return the term of a folded form."""
    form = _irregular().get(form, form)
    # Few words have those letters, and looking for the ending takes as long as stemming.
    made = _IZE.search(form) if "iz" in form or "isation" in form else None
    return _stemmers.english(form) if made is None else form[: made.start()] + "iz"


@cache
def unlike_forms() -> Mapping[str, Sequence[str]]:
    """Return the irregular forms of each term."""
    found = defaultdict(list)
    for form in _irregular():
        found[english_term(form)].append(form)
    return found


@cache
def _irregular() -> Mapping[str, str]:
    """Read the word of each irregular form; a line is a word followed by its forms."""
    text = files(__package__).joinpath("english.txt").read_text("utf-8")
    return {form: word for word, *forms in map(str.split, text.splitlines()) for form in forms}
