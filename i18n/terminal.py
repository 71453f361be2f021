"""Texts of the command line that the bot does not share: the fields, and both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TerminalTexts:
    """Names in braces are filled in with `str.format`."""

    with_same_text: str
    """The {number} of posts, including repeats."""
    none_after: str
    """For a page after the last hit, with {offset}."""
    took: str
    """With {number}, in milliseconds."""
    narrow: str
    """Before {conditions} that would narrow the search."""
    other_reading: str
    """Before the {query} for the other reading."""
    more_lines: str
    """With {lines} of code that are not shown."""

    waits: str
    stands_by: str
    """Said by a second bot, once."""
    begun: str
    """With {home}; also the next one."""
    would_be_begun: str
    readable: str
    """After {error}."""
    index_elsewhere: str
    """After {error}, with {folder}."""
    unseen: str
    """After {error}, with the {changes} that are not in the index."""
    changes: Forms
    """With {number}."""
    disk_full: str
    fault: str
    """With the {kind} of a bug."""

    reading: str
    """With {name}."""
    indexing: str
    checking_copies: str
    exporting: str
    posts_a_second: str
    """With {number}; also the next two."""
    files_a_second: str
    rows_a_second: str
    copying: str
    """With {name}; also the next one."""
    comparing: str

    nothing_new: str
    """With {files}."""
    imported: str
    """With {added}, {changed}, {unchanged}, {missing}; also the next one."""
    would_import: str
    read: str
    """With {files} and {seconds}."""
    read_before: str
    """With {number} of files."""
    other_texts: str
    """With {posts}."""
    more_texts: str
    """With {number}; also the next one."""
    more_problems: str
    attached: Mapping[str, str]
    """Outcomes for files, by the name of their count; each with {number}."""
    would_copy: str
    such_as: str
    """After {counts}, with {names}."""
    media: str
    """With {counts}."""
    note: str
    """With {text}."""
    problem: str
    """With {file}, {anchor} and {reason}."""

    columns: Mapping[str, str]
    """The headings of tables."""
    cut_short: str
    no_tags: str
    no_posts: str
    no_imports: str
    no_channels: str
    channel_named: str
    """After a {title} was given a {mark}."""
    ask_channel: str
    """In doubt about an export: the same channel as {title}, or the name of another one."""
    ask_name: str
    """About an export that does not name its channel."""
    service_lines: Forms
    earlier_texts: Forms

    no_text: str
    read_until: str
    """With {time}."""
    reposted: str
    """With {name}, followed by a time."""
    in_reply: str
    """With {number}."""
    signed: str
    """With {name}."""
    missing_since: str
    """With {time}."""
    row: str
    """Before the number of a row."""
    more_rows: str
    copied: str
    """With {path}."""
    copied_to: str
    """With {source} and {target}, before a table of what both hold."""
    added_not_copied: str
    """With {names} of what other programs added."""
    files_not_copied: str
    """With {folder}."""
    exported: str
    """With {posts} and {path}."""
    drawn: str
    """With {path}."""
    no_font: str
    """With {characters} that cannot be drawn."""
    full_text_made: str
    """With {table}; also the next one, for when another program has the usual name."""
    full_text_beside: str
    full_text_removed: str
    shell_greeting: str
    """With {archive}."""
    shell_help: str
    rebuilt: str
    """With {engine} and {posts}."""

    places: Mapping[str, str]
    """Names of the parts of the home folder."""
    absent: str

    archive: str
    """With {said}, the details."""
    archive_damaged: str
    archive_well: str
    """With {posts} and {service}."""
    archive_added: str
    """With {names}."""
    spool: str
    """With {posts} and {folder}."""
    state_damaged: str
    index: str
    """With {said}, the details."""
    index_well: str
    """With {engine}."""
    copy_gone: str
    """With {path}, {number} and {channel}; also the next one."""
    copy_damaged: str
    more_copies: str
    """With {number}."""
    copies_ill: str
    """With {copies}, {gone} and {damaged}."""
    copies_well: str
    """With {copies} and {how}."""
    copies: Forms
    read_whole: str
    read_sizes: str


RUSSIAN_TERMINAL = TerminalTexts(
    with_same_text="с повторами {number}",
    none_after="после {offset} ничего нет",
    took="{number} мс",
    narrow="Уточнить: {conditions}",
    other_reading="Понять иначе: {query}",
    more_lines="… ещё {lines}",
    waits="В этот архив пишет другой импорт; жду, когда он закончит…",
    stands_by="С этой базой уже работает другой бот; этот сменит его, когда тот остановится.",
    begun="В папке {home} начат новый архив.",
    would_be_begun="В папке {home} архива ещё нет; был бы начат новый.",
    readable="{error} Пока его можно читать.",
    index_elsewhere="{error} Другой индекс хранится в {folder}.",
    unseen="{error} До тех пор в поиске нет {changes}.",
    changes=("{number} изменения", "{number} последних изменений", "{number} последних изменений"),
    disk_full="На диске нет места; освободите его и повторите команду.",
    fault="это ошибка в самой Летописи ({kind}). Повторите команду с LETOPIS_DEBUG=1, чтобы "
    "увидеть, где именно, и сообщите о ней.",
    reading="Читаю {name}",
    indexing="Индексирую",
    checking_copies="Проверяю копии",
    exporting="Запись постов",
    posts_a_second="{number} постов/с",
    files_a_second="{number} файлов/с",
    rows_a_second="{number} строк/с",
    copying="Копирование {name}",
    comparing="Сравнение {name}",
    nothing_new="  ничего нового, прочитано раньше: {files}",
    imported="добавлено {added}, изменено {changed}, без изменений {unchanged}, исчезло {missing}",
    would_import="будет добавлено {added}, изменено {changed}, без изменений {unchanged}, "
    "исчезло {missing}",
    read="{files} за {seconds} с",
    read_before="{number} прочитано раньше",
    other_texts="  {posts} с другим текстом:",
    more_texts="    … и ещё {number}; оба текста показывает letopis show ID",
    more_problems="  … и ещё {number}, все: letopis imports --problems",
    attached={
        "copied": "скопировано {number}",
        "missing": "нет в экспорте {number}",
        "unreadable": "не читается {number}",
        "not_included": "не вошло в экспорт {number}",
        "too_large": "пропущено из-за размера {number}",
        "unavailable": "было недоступно при экспорте {number}",
        "outside": "лежит вне экспорта, не взято {number}",
    },
    would_copy="будет скопировано {number}",
    such_as="{counts}; например, {names}",
    media="  вложения: {counts}",
    note="  примечание: {text}",
    problem="  ошибка в {file}, {anchor}: {reason}",
    columns={
        "tag": "тег",
        "posts": "посты",
        "when": "когда (UTC)",
        "source": "источник",
        "added": "новых",
        "changed": "изменено",
        "unchanged": "прежних",
        "missing": "исчезло",
        "problems": "ошибок",
        "table": "таблица",
        "rows": "строк",
        "digest": "дайджест",
        "title": "название",
        "username": "@имя",
        "number": "номер",
        "period": "период",
        "sources": "откуда",
    },
    cut_short="{source} (прерван: запустите снова)",
    no_tags="Хештегов нет.",
    no_posts="Архив пуст; пополните его: letopis ingest ПАПКА",
    no_imports="Импортов ещё не было.",
    no_channels="В архиве ещё нет каналов.",
    channel_named="Канал «{title}» — {mark}.",
    ask_channel="Это тот же канал «{title}»? Если да, нажмите Enter; если другой, введите его "
    "@имя, номер или другое название; чтобы пропустить файл, введите -: ",
    ask_name="Какой это канал? Введите его @имя, номер или название; чтобы пропустить файл, "
    "нажмите Enter: ",
    service_lines=("служебная запись", "служебные записи", "служебных записей"),
    earlier_texts=("прежний текст", "прежних текста", "прежних текстов"),
    no_text="(без текста)",
    read_until="─── до {time} было так",
    reposted="репост: {name}",
    in_reply="в ответ на #{number}",
    signed="подпись: {name}",
    missing_since="нет в канале с {time}",
    row="строка",
    more_rows="… есть ещё строки; см. --limit",
    copied="Копия архива записана в {path}.",
    copied_to="{source} скопирован в {target}, и обе стороны равны:",
    added_not_copied="Не скопировано то, что добавили другие программы: {names}.",
    files_not_copied="Сохранённые файлы постов не скопированы: перенесите папку {folder}.",
    exported="{posts} в {path}.",
    drawn="Картинка записана в {path}.",
    no_font="Этой машине нечем рисовать знаки {characters}: нет шрифта или, для арабского и "
    "иврита, библиотеки FriBidi; на картинке они названы. В файле .svg они останутся собой.",
    full_text_made="Полный текст постов — в таблице {table}.",
    full_text_beside="Имя posts_fts занято другой программой, и её таблица не тронута; полный "
    "текст постов — в таблице {table}.",
    full_text_removed="Таблица полного текста удалена.",
    shell_greeting="SQL к {archive}, только чтение. Запрос кончается точкой с запятой; .help — "
    "команды, Ctrl-D — выход.",
    shell_help=".tables — таблицы и представления\n"
    ".schema ИМЯ… — как они устроены\n"
    ".queries — готовые запросы; их вызывают по имени: posts-with-tag tag=sql\n"
    ".mode table|json|csv|markdown — вид ответа\n"
    ".quit — выход",
    rebuilt="Индекс построен заново на {engine}: {posts}.",
    places={
        "home": "папка",
        "archive": "архив",
        "index": "индекс",
        "media": "вложения",
        "bot_state": "бот",
        "settings": "настройки",
    },
    absent="  (ещё нет)",
    archive="архив: {said}",
    archive_damaged="архив: повреждён; замените его копией, сделанной letopis export",
    archive_well="архив: в порядке, {posts}, {service}",
    archive_added="архив: сделано другими программами, остаётся как есть: {names}",
    spool="spool: {posts} в {folder} бот ещё не добавил в архив",
    state_damaged="bot.db: повреждён; замените его копией или уберите, чтобы начать новый",
    index="индекс: {said}",
    index_well="индекс: в порядке ({engine})",
    copy_gone="вложения: {path} (#{number} в канале {channel}) пропал",
    copy_damaged="вложения: {path} (#{number} в канале {channel}) повреждён: удалите его",
    more_copies="вложения: … и ещё {number}",
    copies_ill="вложения: {copies}, пропало {gone}, повреждено {damaged}; чтобы вернуть их, "
    "импортируйте экспорт ещё раз: letopis ingest ЭКСПОРТ --copy-media",
    copies_well="вложения: в порядке, {copies} ({how})",
    copies=("копия", "копии", "копий"),
    read_whole="прочитаны до конца",
    read_sizes="по размерам; --thorough читает их",
)

ENGLISH_TERMINAL = TerminalTexts(
    with_same_text="{number} with those of the same text",
    none_after="none after {offset}",
    took="{number} ms",
    narrow="Narrow it down: {conditions}",
    other_reading="Read it differently: {query}",
    more_lines="… {lines} more",
    waits="Another import is writing to this archive; waiting for it…",
    stands_by="Another bot works with this database; this one takes over when it ends.",
    begun="A new archive was created in {home}.",
    would_be_begun="There is no archive in {home} yet; a new one would be created.",
    readable="{error} It can still be read.",
    index_elsewhere="{error} Another one is kept in {folder}.",
    unseen="{error} Until then, searches do not see {changes}.",
    changes=("the last change", "the last {number} changes"),
    disk_full="The disk is full; free some space and run the command again.",
    fault="this is a bug in Letopis ({kind}). Run the command again with LETOPIS_DEBUG=1 to see "
    "where, and report it.",
    reading="Reading {name}",
    indexing="Indexing",
    checking_copies="Checking copies",
    exporting="Writing posts",
    posts_a_second="{number} posts/s",
    files_a_second="{number} files/s",
    rows_a_second="{number} rows/s",
    copying="Copying {name}",
    comparing="Comparing {name}",
    nothing_new="  nothing new: {files}, read before",
    imported="added {added}, changed {changed}, unchanged {unchanged}, no longer there {missing}",
    would_import="would be added {added}, would be changed {changed}, unchanged {unchanged}, "
    "no longer there {missing}",
    read="{files} in {seconds} s",
    read_before="{number} read before",
    other_texts="  {posts} with another text:",
    more_texts="    … and {number} more; letopis show ID shows both",
    more_problems="  … and {number} more, all listed by letopis imports --problems",
    attached={
        "copied": "{number} copied",
        "missing": "{number} missing from the export",
        "unreadable": "{number} not readable",
        "not_included": "{number} not included in the export",
        "too_large": "{number} left out for their size",
        "unavailable": "{number} not available when it was made",
        "outside": "{number} outside the export, not followed",
    },
    would_copy="{number} would be copied",
    such_as="{counts}; such as {names}",
    media="  media: {counts}",
    note="  note: {text}",
    problem="  problem in {file}, {anchor}: {reason}",
    columns={
        "tag": "tag",
        "posts": "posts",
        "when": "when (UTC)",
        "source": "source",
        "added": "added",
        "changed": "changed",
        "unchanged": "unchanged",
        "missing": "missing",
        "problems": "problems",
        "table": "table",
        "rows": "rows",
        "digest": "digest",
        "title": "title",
        "username": "@name",
        "number": "number",
        "period": "period",
        "sources": "sources",
    },
    cut_short="{source} (cut short: run it again)",
    no_tags="No hashtags.",
    no_posts="The archive is empty; fill it with: letopis ingest FOLDER",
    no_imports="Nothing was imported yet.",
    no_channels="There are no channels in the archive yet.",
    channel_named="The channel “{title}” is {mark}.",
    ask_channel="Is it the same channel “{title}”? If so, press Enter; if it is another one, type "
    "its @name, its number or another title; to skip the file, type -: ",
    ask_name="Which channel is it? Type its @name, number or title; to skip the file, press "
    "Enter: ",
    service_lines=("service line", "service lines"),
    earlier_texts=("earlier text", "earlier texts"),
    no_text="(no text)",
    read_until="─── until {time} it read",
    reposted="reposted from {name}",
    in_reply="in reply to #{number}",
    signed="signed {name}",
    missing_since="no longer in the channel since {time}",
    row="row",
    more_rows="… and more rows; see --limit",
    copied="The archive was copied to {path}.",
    copied_to="{source} was copied to {target}, and both are equal:",
    added_not_copied="What other programs added was not copied: {names}.",
    files_not_copied="The saved files of posts were not copied: copy the folder {folder}.",
    exported="{posts} in {path}.",
    drawn="The picture is in {path}.",
    no_font="This machine cannot draw {characters}: there is no font or, for Arabic and Hebrew, no "
    "library FriBidi; the picture names them. In an .svg they stay as they are.",
    full_text_made="The full text of the posts is in the table {table}.",
    full_text_beside="Another program uses the name posts_fts, and its own was left alone; the "
    "full text of the posts is in the table {table}.",
    full_text_removed="The full-text table was removed.",
    shell_greeting="SQL on {archive}, read-only. A statement ends with a semicolon; .help lists "
    "the commands, Ctrl-D leaves.",
    shell_help=".tables: the tables and views\n"
    ".schema NAME…: what they consist of\n"
    ".queries: the canned queries, asked by name: posts-with-tag tag=sql\n"
    ".mode table|json|csv|markdown: the form of answers\n"
    ".quit: leave",
    rebuilt="The index was rebuilt with {engine}: {posts}.",
    places={
        "home": "home",
        "archive": "archive",
        "index": "index",
        "media": "media",
        "bot_state": "bot state",
        "settings": "settings",
    },
    absent="  (not there yet)",
    archive="archive: {said}",
    archive_damaged="archive: damaged; replace it with a copy made by letopis export",
    archive_well="archive: in order, {posts}, {service}",
    archive_added="archive: made by other programs, left alone: {names}",
    spool="spool: {posts} in {folder} for the bot to archive",
    state_damaged="bot.db: damaged; replace it with a backup, or move it away to start a new one",
    index="index: {said}",
    index_well="index: in order ({engine})",
    copy_gone="media: {path} (#{number} of {channel}) is gone",
    copy_damaged="media: {path} (#{number} of {channel}) is damaged: delete it",
    more_copies="media: … and {number} more",
    copies_ill="media: {copies}, {gone} gone, {damaged} damaged; to bring them back, import their "
    "export again: letopis ingest EXPORT --copy-media",
    copies_well="media: in order, {copies} ({how})",
    copies=("copy", "copies"),
    read_whole="read to the end",
    read_sizes="by their sizes; --thorough reads them",
)
