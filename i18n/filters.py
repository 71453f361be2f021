"""Texts on filters and on searches without results: the fields, and both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FilterTexts:
    """Names in braces are filled in with `str.format`."""

    title: str
    hint: str
    """What filters do, if none applies."""
    groups: Mapping[str, str]
    """By the name of the group."""
    nothing_to_choose: str
    """If nothing in a group would narrow the search."""
    things: Mapping[str, str]
    """The values of `has:`."""
    periods: Mapping[str, str]
    sorts: Mapping[str, str]

    command_hint: str
    """If a query is also a plain word for {command}."""
    thing_hint: str
    """If a query is also a word for a {condition}."""
    tried: str
    """What a search tried before it found nothing."""

    no_such_tags: str
    """No tag begins with {prefix}."""

    button_all_tags: str
    button: str
    button_back: str
    button_posts: str
    """Leads to the posts; {count} of them."""
    button_clear: str
    button_unfiltered: str


RUSSIAN_FILTERS = FilterTexts(
    title="Фильтры",
    hint="Каждый сужает выдачу; число — сколько постов останется. То же можно написать в запросе: "
    "/help",
    groups={
        "TAG": "🏷 Теги",
        "LANGUAGE": "💻 Языки",
        "PERIOD": "📅 Период",
        "HAS": "📎 Что внутри",
        "CHANNEL": "📢 Каналы",
        "SOURCE": "🔁 Откуда репост",
        "SORT": "↕ Порядок",
    },
    nothing_to_choose="Здесь выбирать не из чего.",
    things={
        "code": "с кодом",
        "link": "со ссылкой",
        "photo": "с фото",
        "video": "с видео",
        "file": "с файлом",
        "poll": "с опросом",
        "audio": "с аудио",
        "voice": "с голосовым",
        "gif": "с гифкой",
    },
    periods={
        "last 1 week": "за неделю",
        "last 1 month": "за месяц",
        "last 1 year": "за год",
    },
    sorts={
        "relevance": "сначала точные",
        "new": "сначала новые",
        "old": "сначала старые",
    },
    command_hint="Ищу как слово; а команда — /{command}",
    thing_hint="Ищу как слово; а посты {things} — {condition}",
    tried="Искали слова и их формы, в другой раскладке, другим алфавитом, и похожие слова.",
    no_such_tags="Тегов, начинающихся с {prefix}, нет.",
    button_all_tags="🏷 Все теги",
    button="⚙ Фильтры",
    button_back="‹ Фильтры",
    button_posts="📄 Посты · {count}",
    button_clear="🧹 Снять все",
    button_unfiltered="🧹 Без фильтров",
)

ENGLISH_FILTERS = FilterTexts(
    title="Filters",
    hint="Each one narrows the results; the number is how many posts would remain. Filters can "
    "also be typed in a query: /help",
    groups={
        "TAG": "🏷 Tags",
        "LANGUAGE": "💻 Languages",
        "PERIOD": "📅 Period",
        "HAS": "📎 Contains",
        "CHANNEL": "📢 Channels",
        "SOURCE": "🔁 Reposted from",
        "SORT": "↕ Order",
    },
    nothing_to_choose="There is nothing to choose from here.",
    things={
        "code": "with code",
        "link": "with a link",
        "photo": "with a photo",
        "video": "with a video",
        "file": "with a file",
        "poll": "with a poll",
        "audio": "with audio",
        "voice": "with a voice message",
        "gif": "with a GIF",
    },
    periods={
        "last 1 week": "this past week",
        "last 1 month": "this past month",
        "last 1 year": "this past year",
    },
    sorts={
        "relevance": "best first",
        "new": "newest first",
        "old": "oldest first",
    },
    command_hint="Searched for as a word; the command is /{command}",
    thing_hint="Searched for as a word; the posts {things} are {condition}",
    tried="I tried the words and their forms, the other keyboard layout, the other alphabet and "
    "similar spellings.",
    no_such_tags="No tag begins with {prefix}.",
    button_all_tags="🏷 All tags",
    button="⚙ Filters",
    button_back="‹ Filters",
    button_posts="📄 Posts · {count}",
    button_clear="🧹 Clear all",
    button_unfiltered="🧹 Without filters",
)
