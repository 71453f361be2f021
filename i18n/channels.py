"""Texts of `letopis channels`: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from i18n import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTexts:
    """Names in braces are filled in with `str.format`."""

    none: str
    columns: tuple[str, str, str, str, str, str]
    """Title, @name, number, posts, period, sources."""
    named: str
    """After a {title} was given a {mark}."""
    ask: str
    """In doubt about an export: the same channel as {title}, or the name of another one."""


_RUSSIAN = ChannelTexts(
    none="В архиве ещё нет каналов.",
    columns=("название", "@имя", "номер", "постов", "период", "откуда"),
    named="Канал «{title}» — {mark}.",
    ask="Это тот же канал «{title}»? Если да, нажмите Enter; если другой, введите его @имя, номер "
    "или другое название; чтобы пропустить файл, введите -: ",
)

_ENGLISH = ChannelTexts(
    none="There are no channels in the archive yet.",
    columns=("title", "@name", "number", "posts", "period", "sources"),
    named="The channel “{title}” is {mark}.",
    ask="Is it the same channel “{title}”? If so, press Enter; if it is another one, type its "
    "@name, its number or another title; to skip the file, type -: ",
)


def channel_texts(texts: Catalogue) -> ChannelTexts:
    """Return these texts in the language of a catalogue."""
    return _RUSSIAN if texts.code == "ru" else _ENGLISH
