"""Translates the problems of an import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from i18n import Catalogue

_AGAIN = "экспортируйте канал заново"
_RUSSIAN = {
    r"The page is not UTF-8 text; .*": (f"это не UTF-8: {_AGAIN} и не пересохраняйте в редакторе"),
    r"The page breaks off here; .*": f"страница обрывается: {_AGAIN}",
    r"The page cannot be read: .*": "страница не читается",
    r"The page is larger than 64 MB; .*": "страница больше 64 МБ: сохраните её по частям",
    r"The page nests its elements too deep, .*": f"разметка страницы испорчена: {_AGAIN}",
    r"The file breaks off here; .*": f"файл обрывается: {_AGAIN}",
    r"The file is damaged here .*": f"дальше файл испорчен и не прочитан: {_AGAIN}",
    r"Nothing in the file can be read; .*": f"файл не читается: {_AGAIN}",
    r"The file was changed while .*": "файл менялся во время чтения: пришлите его ещё раз",
    r"The message has no number\.": "у записи нет номера",
    r"The message has no date\.": "у записи нет даты",
    r"The message has no body\.": "запись пуста",
    r"The date “(.*)” cannot be read.*": "не читается дата «{0}»",
    r"Nothing (?:on the page|in the export) says when .*": "неизвестно, когда это опубликовано",
}
"""By the sentence an import gives; others are shown untranslated."""


def say_problem(reason: str, texts: Catalogue) -> str:
    """Return why a record could not be read."""
    if texts.code != "ru":
        return reason
    why, says, text = reason.partition(" It says: ")
    return reword(why, _RUSSIAN) + (f": {text}" if says else "")


def reword(sentence: str, forms: Mapping[str, str]) -> str:
    """Translate an English sentence by the first matching pattern, or return it unchanged."""
    for pattern, words in forms.items():
        if match := re.fullmatch(pattern, sentence, re.DOTALL):
            return words.format(*match.groups())
    return sentence
