"""What was read of a page, on its way from one process to another."""

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

# A dozen of them make a post. Each would list its fields and set them one by one, both in Python,
# and what reading ahead saves would go into that. Whatever else there is pickles itself.
_PACKED = (Forward, Link, Media, Poll, PollAnswer, Post, Reaction, RichText, Snippet, Span)
_NAMES = {kind: [each.name for each in fields(kind)] for kind in _PACKED}
_READERS = {kind: attrgetter(*names) for kind, names in _NAMES.items()}
_WRITERS = {kind: [getattr(kind, name).__set__ for name in names] for kind, names in _NAMES.items()}


def pack(entries: Sequence[Entry]) -> bytes:
    """Return entries as bytes that `unpack` reads."""
    parcel = BytesIO()
    pickler = pickle.Pickler(parcel, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = dict.fromkeys(_PACKED, _take_apart)
    pickler.dump(entries)
    return parcel.getvalue()


def unpack(parcel: bytes) -> Sequence[Entry]:
    """Return the entries that a process of one's own has packed."""
    entries: Sequence[Entry] = pickle.loads(parcel)  # noqa: S301  # no stranger made it
    return entries


def _take_apart(value: Any) -> tuple[Any, ...]:
    kind = type(value)
    return _put_together, (kind, *_READERS[kind](value))


def _put_together(kind: Any, *values: Any) -> Any:
    """Return a frozen value with its fields set, as only its slots themselves can."""
    made: Any = object.__new__(kind)
    for write, value in zip(_WRITERS[kind], values, strict=True):
        write(made, value)
    return made
