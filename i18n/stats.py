"""Texts of the statistics: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StatsTexts:
    """Names in braces are filled in with `str.format`."""

    by_month: str
    latest_months: str
    hours: str
    """With the time {zone}."""
    hosts: str
    sources: str
    reactions: str
    top_tags: str
    top_languages: str
    channels: str
    years: str
    tags: str
    languages: str
    busiest: str
    """The month with the most posts: {month}, {posts}."""
    reposts: Forms
    links: Forms
    media: Forms
    missing: Forms
    unknown: str
    """Code whose language was not recognised."""


RUSSIAN_STATS = StatsTexts(
    by_month="Посты по месяцам",
    latest_months="Последние месяцы",
    hours="Дни недели и часы, {zone}",
    hosts="Сайты, ссылок",
    sources="Источники репостов",
    reactions="Реакции",
    top_tags="Частые теги, постов",
    top_languages="Языки кода, сниппетов",
    channels="По каналам",
    years="По годам",
    tags="Теги",
    languages="Код",
    busiest="Самый богатый месяц: {month} — {posts}",
    reposts=("репост", "репоста", "репостов"),
    links=("ссылка", "ссылки", "ссылок"),
    media=("вложение", "вложения", "вложений"),
    missing=("удалён из канала", "удалены из канала", "удалены из канала"),
    unknown="не распознан",
)

ENGLISH_STATS = StatsTexts(
    by_month="Posts by month",
    latest_months="The latest months",
    hours="Weekdays and hours, {zone}",
    hosts="Sites, links",
    sources="Sources of reposts",
    reactions="Reactions",
    top_tags="Frequent tags, posts",
    top_languages="Languages of code, snippets",
    channels="By channel",
    years="By year",
    tags="Tags",
    languages="Code",
    busiest="The busiest month: {month}, {posts}",
    reposts=("repost", "reposts"),
    links=("link", "links"),
    media=("attachment", "attachments"),
    missing=("deleted from the channel", "deleted from the channel"),
    unknown="not recognised",
)
