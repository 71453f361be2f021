"""Texts of the health check: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass

from i18n import Catalogue

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DoctorTexts:
    """Names in braces are filled in with `str.format`."""

    checking: str
    title: str
    archive_well: str
    """With {posts} and {size}."""
    archive_ill: str
    archive_schema_ill: str
    archive_added: str
    """With {added}, objects of other programs."""
    archive_unreadable: str
    index_well: str
    """With {engine} and {size}."""
    index_busy: str
    index_ill: str
    copies_well: str
    """With {copies}."""
    copies_ill: str
    """With {gone} and {damaged}."""
    copies: Forms
    last_import: str
    """With {when} and {counts}."""
    last_import_cut: str
    never_imported: str
    gaps_none: str
    gaps: str
    """With {posts} that are missing in {channel}."""
    and_more: str
    posts_waiting: str
    """With {posts}."""
    queue_none: str
    queue: str
    """With {files} and {alerts}."""
    files: Forms
    alerts: Forms
    sizes: str
    """With {state}, {media} and {free}."""
    version: str


RUSSIAN = DoctorTexts(
    checking="⏳ Проверяю архив и индекс…",
    title="Как дела у архива",
    archive_well="✅ Архив в порядке: {posts}, {size}",
    archive_ill="✖ Архив повреждён. Восстановите его из копии; что нашла проверка:",
    archive_schema_ill="✖ Таблицы архива не такие, как должны быть:",
    archive_added="ℹ️ Сделано в архиве другими программами, остаётся как есть: {added}",
    archive_unreadable="✖ Архив не открывается: {reason}",
    index_well="✅ Поисковый индекс в порядке: {engine}, {size}",
    index_busy="⏳ В поисковый индекс сейчас добавляются посты",
    index_ill="✖ Поисковый индекс недоступен. Если не пройдёт само: letopis reindex. {reason}",
    copies_well="✅ Копии вложений на месте: {copies}",
    copies_ill="✖ Копий вложений пропало {gone}, повреждено {damaged}. Какие: letopis doctor",
    copies=("файл", "файла", "файлов"),
    last_import="📦 Последний импорт {when}: {counts}",
    last_import_cut="⚠ Последний импорт {when} прерван: пришлите файл ещё раз. {counts}",
    never_imported="📦 Импортов ещё не было: /import",
    gaps_none="✅ Пропусков в постах, пришедших из канала, нет",
    gaps="⚠ В архиве нет постов {posts} из канала «{channel}»: пришлите свежий экспорт",
    and_more="и ещё",
    posts_waiting="⏳ Отложено до решения о канале или до записи в архив: {posts}",
    queue_none="✅ Очередь пуста",
    queue="⏳ В очереди: {files}, {alerts}",
    files=("файл", "файла", "файлов"),
    alerts=("оповещение", "оповещения", "оповещений"),
    sizes="💾 Состояние бота {state}, копии вложений {media}, свободно на диске {free}",
    version="Летопись {version}, Python {python}",
)

ENGLISH = DoctorTexts(
    checking="⏳ Checking the archive and the index…",
    title="How the archive is doing",
    archive_well="✅ The archive is well: {posts}, {size}",
    archive_ill="✖ The archive is damaged. Restore it from a copy; what the check found:",
    archive_schema_ill="✖ The archive's tables are not as they should be:",
    archive_added="ℹ️ Made in the archive by other programs, left as it is: {added}",
    archive_unreadable="✖ The archive cannot be opened: {reason}",
    index_well="✅ The search index is well: {engine}, {size}",
    index_busy="⏳ Posts are being added to the search index",
    index_ill="✖ The search index is unavailable. If this does not go away, run letopis reindex. "
    "{reason}",
    copies_well="✅ The copies of attachments are there: {copies}",
    copies_ill="✖ Copies of attachments: {gone} gone, {damaged} damaged. Which: letopis doctor",
    copies=("file", "files"),
    last_import="📦 The latest import, {when}: {counts}",
    last_import_cut="⚠ The latest import, {when}, was cut short: send the file again. {counts}",
    never_imported="📦 Nothing was imported yet: /import",
    gaps_none="✅ No gaps in the posts that came from the channel",
    gaps="⚠ Posts {posts} of “{channel}” are missing from the archive: send a fresh export",
    and_more="and more",
    posts_waiting="⏳ Kept until their channel is approved, or the archive takes them: {posts}",
    queue_none="✅ The queue is empty",
    queue="⏳ In the queue: {files}, {alerts}",
    files=("file", "files"),
    alerts=("alert", "alerts"),
    sizes="💾 The bot's state {state}, copies of attachments {media}, free on the disk {free}",
    version="Letopis {version}, Python {python}",
)


def doctor_texts(texts: Catalogue) -> DoctorTexts:
    """Return these texts in the language of a catalogue."""
    return RUSSIAN if texts.code == "ru" else ENGLISH
