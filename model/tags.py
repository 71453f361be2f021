"""What counts as a hashtag in a text, and the form in which it is stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

# A URL keeps its fragment: `https://example.org/#part` has no tag.
_ADDRESS_OR_MARK = re.compile(r"(?:https?://|www\.)\S+|#+")
_MARK = re.compile("#+")
_MAY_BE_LETTERS = re.compile(r"[\w·\u200c\u0d80-\u0dff]{0,256}")


def fold_tag(tag: str) -> str:
    """Return the stored form of a tag: NFKC, casefolded, ё as е, without a leading `#`.

    `#LLM_System_Design` and `llm_system_design` are one tag; й stays й.
    """
    folded = unicodedata.normalize("NFKC", tag.removeprefix("#")).casefold()
    return folded.replace("ё", "е")


def find_tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of every hashtag in a plain text, `#` included, in order.

    Follows Telegram's own rule (TDLib, `match_hashtags`): a `#` not preceded by a tag character,
    then up to 256 tag characters, at least one of them not a digit, and no `#` right after.
    """
    # Searching for `#` alone is many times faster, and most texts have no URL.
    marks = _ADDRESS_OR_MARK if "://" in text or "www." in text else _MARK
    for match in marks.finditer(text):
        mark = match.end() - 1
        before = text[mark - 1 : mark]
        if match[0][0] != "#" or (before and _is_letter(before)):
            continue
        run = _MAY_BE_LETTERS.match(text, mark + 1)
        end = mark + 1 + (_tag_length(run[0]) if run else 0)
        if end > mark + 1 and text[end : end + 1] != "#":
            yield mark, end


@lru_cache(maxsize=4096)  # a channel uses the same tags again and again
def _tag_length(run: str) -> int:
    """Return how many leading characters form a tag, 0 if none do."""
    letters = "".join(takewhile(_is_letter, run))
    return len(letters) if any(map(str.isalpha, letters)) else 0


def _is_letter(char: str) -> bool:
    """Return whether a character may occur in a tag."""
    return char.isalpha() or char.isdecimal() or char in "_·\u200c" or "\u0d80" <= char <= "\u0dff"
