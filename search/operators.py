"""Names of the search operators and their values, in English and Russian."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from search.analysis import chunks, fold, stem
from search.expression import Sort
from search.query import Bound, Filter
from search.stopwords import is_stop_word

TAG = "tag"
SORT = "sort"

_NAMES = {
    Filter.HAS: "has есть",
    Filter.LANG: "lang language язык",
    Filter.CODE: "code код",
    Filter.FROM: "from by от автор",
    Filter.CHANNEL: "channel канал",
    Filter.SITE: "site host сайт домен",
    Filter.IS: "is это",
    TAG: "tag тег тэг хештег хэштег",
    SORT: "sort order сортировка порядок сначала",
    Bound.AFTER: "after since после с",
    Bound.BEFORE: "before until до",
    Bound.ON: "on date дата за",
}

_HAS = {
    "code": "code код",
    "snippet": "snippet snippets сниппет фрагмент",
    "link": "link links url ссылка ссылки",
    "photo": "photo photos image picture фото фотография картинка изображение",
    "video": "video видео",
    "file": "file files document файл файлы документ",
    "poll": "poll quiz опрос квиз викторина",
    "tag": "tag tags hashtag тег теги тэг хештег",
    "media": "media медиа вложение вложения",
    "audio": "audio music аудио музыка",
    "voice": "voice голос голосовое",
    "gif": "gif animation гиф гифка",
    "sticker": "sticker стикер",
}

_IS = {
    "repost": "repost forward forwarded репост пересылка",
    "original": "original own оригинал свой своё свое",
    "edited": "edited changed изменен изменён изменено правка",
    "missing": "missing deleted удален удалён удалено пропал",
    "reply": "reply ответ",
    "service": "service служебное служебный",
}

_SORTS = {
    Sort.NEW: "new newest date desc новые новое сначала-новые дата",
    Sort.OLD: "old oldest asc старые старое сначала-старые",
    Sort.RELEVANCE: "relevance best rank relevant релевантность лучшие",
}


_Name = TypeVar("_Name", bound=str)


def _by_alias(aliases: Mapping[_Name, str]) -> Mapping[str, _Name]:
    return {alias: name for name, words in aliases.items() for alias in words.split()}


def condition_meant(text: str) -> str:
    """Return the condition that words such as «посты с видео» or `polls` may stand for, or `""`.

    It is in their language: `есть:видео`, `has:poll`.
    """
    forms = [fold(chunk.text) for chunk in chunks(text)] if ":" not in text else []
    telling = [form for form in forms if not is_stop_word(form) and stem(form) not in _POSTS]
    thing = _things().get(stem(telling[0]), "") if len(telling) == 1 else ""
    return thing and f"{'has' if thing.isascii() else 'есть'}:{thing}"


OPERATORS: Mapping[str, str] = _by_alias(_NAMES)
HAS_VALUES = _by_alias(_HAS)
IS_VALUES = _by_alias(_IS)
SORT_VALUES = _by_alias(_SORTS)
_POSTS = {"пост", "post"}


def without_code(text: str) -> str:
    """Return a query without the condition that posts have code, spaces reduced to one."""

    def asks_for_code(word: str) -> bool:
        name, _, value = word.casefold().partition(":")
        return OPERATORS.get(name) == Filter.HAS and HAS_VALUES.get(value) == "code"

    return " ".join(word for word in text.split() if not asks_for_code(word))


@cache
def _things() -> Mapping[str, str]:
    """Return the value for each stem; the stems need the table of word forms."""
    return {stem(alias): alias for alias in reversed([*HAS_VALUES])}
