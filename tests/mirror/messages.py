"""What the exporter is given: messages with all that a page shows, and the version to write as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from model.posts import Post
from tests.mirror.attachments import NO_EXTRAS, MediaExtras


class OriginKind(StrEnum):
    """Who wrote a forwarded message; only those of one user lose their header when joined."""

    CHANNEL = "channel"
    USER = "user"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What changed between versions; the defaults are those of 6.1."""

    utc_suffix: bool = True  # since 3.7.6; with it came the class and title of a forward's date
    reactions: str | None = "span"  # None before 5.5.7, `div` until 5.12
    buttons: bool = True  # since 4.15.1
    unclosed_buttons: bool = False  # 4.15.1 to 5.8: later messages nest in the one with buttons
    escaped_labels: bool = False  # since 7.0
    escaped_services: bool = True  # since 2.5.9


MODERN = Dialect()
V7_0 = Dialect(escaped_labels=True)
V5_6 = Dialect(reactions="div", unclosed_buttons=True)
V4_16 = Dialect(reactions=None, unclosed_buttons=True)
V3_7 = Dialect(reactions=None, buttons=False)
V2_7 = Dialect(utc_suffix=False, reactions=None, buttons=False)
V1_8 = Dialect(utc_suffix=False, reactions=None, buttons=False, escaped_services=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button: it opens `url`, or else sends `data` to its bot."""

    label: str
    url: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorMessage:
    """A post, and what an export shows of it that a post does not hold.

    `sender` is the channel itself unless it is named; `reactors` are the names shown in the place
    of a reaction's count, by its emoji. `rich` are the blocks that stand in the place of a text, as
    JSON has them.
    """

    post: Post
    sender: str | None = None
    origin: OriginKind = OriginKind.CHANNEL
    reply_elsewhere: bool = False
    media: MediaExtras = NO_EXTRAS
    buttons: tuple[tuple[Button, ...], ...] = ()
    chosen_answer: int | None = None
    reactors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    custom_reactions: frozenset[str] = frozenset()
    photo: bool = False
    rich: tuple[Mapping[str, Any], ...] = ()
