"""Serialises parsed pages for transfer between processes."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import fields
from io import BytesIO
from operator import attrgetter
from typing import Any

from ingest.desktop.service import Entry
from model.posts import Forward, Link, Media, Poll, PollAnswer, Post, Reaction, Snippet
from model.rich_text import RichText, Span

# A post has a dozen of these. By default each would be pickled field by field in Python, which
# would cost more than reading ahead saves. All other types pickle by themselves.
_PACKED = (Forward, Link, Media, Poll, PollAnswer, Post, Reaction, RichText, Snippet, Span)
_NAMES = {kind: [each.name for each in fields(kind)] for kind in _PACKED}
_READERS = {kind: attrgetter(*names) for kind, names in _NAMES.items()}
_WRITERS = {kind: [getattr(kind, name).__set__ for name in names] for kind, names in _NAMES.items()}


def pickle_entries(entries: Sequence[Entry]) -> bytes:
    """Serialise entries for `unpickle_entries`."""
    data = BytesIO()
    pickler = pickle.Pickler(data, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = dict.fromkeys(_PACKED, _reduce)
    pickler.dump(entries)
    return data.getvalue()


def unpickle_entries(data: bytes) -> Sequence[Entry]:
    """Return the entries packed by one of our own processes."""
    entries: Sequence[Entry] = pickle.loads(data)  # noqa: S301  # written by our own process
    return entries


def _reduce(value: Any) -> tuple[Any, ...]:
    kind = type(value)
    return _rebuild, (kind, *_READERS[kind](value))


def _rebuild(kind: Any, *values: Any) -> Any:
    """Build a frozen dataclass by setting its slots directly."""
    made: Any = object.__new__(kind)
    for write, value in zip(_WRITERS[kind], values, strict=True):
        write(made, value)
    return made
