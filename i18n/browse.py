"""Texts of the pages in the browser: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BrowseTexts:
    """Names in braces are filled in with `str.format`."""

    serves: str
    """On the terminal, with {address}."""
    search: str
    hint: str
    """In the empty search box."""
    newest: str
    """The heading of the latest posts; the next ones: of the tags, of the query language."""
    tags: str
    how: str
    tables: str
    """The heading of tables and views."""
    all_tables: str
    """A link to all of them and to SQL."""
    as_asked: str
    newest_first: str
    oldest_first: str
    next_page: str
    previous_page: str
    in_telegram: str
    in_archive: str
    """A link to the rows of a post."""
    reply_to: str
    """Before the title of the post that this one answers."""
    album: str
    """Before links to the other posts of an album."""
    earlier: str
    """The heading of earlier texts."""
    until: str
    """Above an earlier text, with {time}."""
    similar: str
    """The heading of similar posts."""
    not_here: str
    """For an address without a post or a file."""
    no_copy: str
    """Beside a file that was not copied."""


RUSSIAN_BROWSE = BrowseTexts(
    serves="Архив открыт в браузере: {address} (Ctrl+C — конец)",
    search="Найти",
    hint="Слова, #тег, lang:python, «точная фраза»…",
    newest="Последние посты",
    tags="Теги",
    how="Как искать",
    tables="Таблицы",
    all_tables="все таблицы и SQL",
    as_asked="по запросу",
    newest_first="сначала новые",
    oldest_first="сначала старые",
    next_page="Дальше →",
    previous_page="← Назад",
    in_telegram="В Telegram",
    in_archive="Строка таблицы",
    reply_to="В ответ на",
    album="Альбом:",
    earlier="До правок",
    until="До {time} было так:",
    similar="Похожие посты",
    not_here="Такого поста или файла в архиве нет.",
    no_copy="файл не скопирован",
)

ENGLISH_BROWSE = BrowseTexts(
    serves="The archive is open for a browser at {address} (Ctrl+C ends it)",
    search="Search",
    hint="Words, #tag, lang:python, “exact phrase”…",
    newest="Latest posts",
    tags="Tags",
    how="How to search",
    tables="Tables",
    all_tables="all tables, and SQL",
    as_asked="as asked",
    newest_first="newest first",
    oldest_first="oldest first",
    next_page="Next →",
    previous_page="← Previous",
    in_telegram="In Telegram",
    in_archive="Table row",
    reply_to="In reply to",
    album="Album:",
    earlier="Before edits",
    until="Until {time} it read:",
    similar="Similar posts",
    not_here="There is no such post or file in the archive.",
    no_copy="the file was not copied",
)
