"""Every sentence of the bot in one language, with sample values, as a table to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from i18n import Catalogue
from i18n.doctor import doctor_texts
from i18n.fetching import fetching_texts
from i18n.imports import upload_texts
from i18n.live import live_texts
from i18n.messages import MESSAGES

_COLUMN = 32
_MOMENT = datetime(2024, 3, 2, 9, 5, tzinfo=UTC)


def table(texts: Catalogue) -> str:
    """Return a line for each sentence: its name in the catalogue, and how it reads."""
    parts = {
        "": texts,
        "uploads.": upload_texts(texts),
        "live.": live_texts(texts),
        "doctor.": doctor_texts(texts),
        "fetching.": fetching_texts(texts),
    }
    rows = list(_methods(texts))
    for prefix, part in parts.items():
        rows += _sentences(prefix, part, _samples(texts))
    rows += [
        (f"messages.{code}", words.format_map(_Named()))
        for code, words in (MESSAGES[texts.code]).items()
    ]
    return "".join(_row(name, said) for name, said in rows)


class _Named(dict[str, Any]):
    """What is filled in: by default the name that stands in braces."""

    def __missing__(self, name: str) -> str:
        return f"‹{name}›"


def _row(name: str, said: str) -> str:
    first, *others = said.split("\n")
    lines = [f"{name:<{_COLUMN - 1}} {first}", *(" " * _COLUMN + line for line in others)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _methods(texts: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what the catalogue makes of numbers, days and words."""
    for number in (0, 1, 2, 5, 11, 12, 21, 22, 112, 12480, 1234567):
        yield f"count({number})", texts.count(number, texts.posts)
    for month in range(1, 13):
        yield f"day(month {month})", texts.day(_MOMENT.replace(month=month))
    yield "month", texts.month(_MOMENT)
    yield "minute", texts.minute(_MOMENT)
    for size in (1, 512, 1536, 20 << 20, 5 << 30):
        yield f"size({size})", texts.size(size)
    yield "percent", texts.percent(0.45)
    yield "quoted", texts.quoted("title")


def _samples(texts: Catalogue) -> _Named:
    """Return a value for each name in braces."""
    day, count = texts.day(_MOMENT), texts.count
    numbers = (
        "complete count damaged first gone last most number page pages part parts read seconds "
        "total user"
    )
    return _Named(
        {
            **{name: number for number, name in enumerate(numbers.split(), 2)},
            "day": day,
            "days": count(30, texts.access.privacy_days),
            "limit": "20 MB",
            "lines": count(7, texts.lines),
            "now": "09:05",
            "posts": count(7, texts.posts),
            "python": "3.12",
            "version": "1.0",
            "year": 2024,
        }
    )


def _sentences(prefix: str, part: Any, samples: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in fields(part):
        value = getattr(part, field.name)
        if not callable(value):
            yield from _said(prefix + field.name, value, samples)


def _said(name: str, value: Any, samples: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the lines of a field; those of a sequence are numbered, the forms of a noun are not."""
    if is_dataclass(value):
        yield from _sentences(f"{name}.", value, samples)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _said(f"{name}[{key}]", each, samples)
    elif isinstance(value, str):
        yield name, value if name.startswith("help.refusals") else value.format_map(samples)
    elif all(isinstance(each, str) and len(each) < _COLUMN for each in value):
        yield name, " | ".join(value).format_map(samples)
    else:
        for number, each in enumerate(value):
            yield from _said(f"{name}[{number}]", each, samples)
