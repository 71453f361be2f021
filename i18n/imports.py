"""Texts on imports: the fields, and both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import Catalogue
from model.messages import Code

if TYPE_CHECKING:
    from db import ImportRow
    from ingest.import_messages import Done, Progress, Stopped

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UploadTexts:
    """Names in braces are filled in with `str.format`."""

    owners_only: str
    help_title: str
    help: str
    """How to export and send; with {limit}."""
    latest_title: str
    latest_none: str
    cut_short: str
    imported: str
    """One line about an import, with {day}, {name}, {counts}."""

    too_big: str
    """With {size} and {limit}; names the alternatives."""
    too_many: str
    fetching: str
    queued: str
    examining: str
    unfetchable: str
    broken: str
    refused: str
    """Before a sentence with the reason."""
    detail: str
    """With {sentence}, for what has no reason of its own."""
    reasons: Mapping[Code, str]

    formats: Mapping[str, str]
    files: Forms
    channel: str
    """With {channel}; also the next one."""
    channel_is_new: str
    period: str
    """With {days}."""
    counts: tuple[str, str, str, str]
    """New, changed, unchanged, missing; each with {number}."""
    kept: str
    """With {counts}: what was saved of an interrupted import."""
    nothing_new: str
    """With {posts}."""
    nothing_written: str
    differs: str
    """Before the first changed texts, with {posts}."""
    unzoned: str
    undated: str
    """If more than what an undated export contains was known on {day}."""
    problems: Forms
    more_problems: str

    ask: str
    """With {title}."""
    ask_named: str
    """If a file has several channels, or a private one."""
    ask_how: str
    no_name: str
    confirmed: str
    waits: str
    running: str
    of_total: str
    """With {read} and {total}."""
    again: str
    stopping: str
    stopped: str
    cancelled: str
    done: str
    indexing: str
    searchable: str
    already: str

    button_import: str
    button_cancel: str
    button_other: str
    button_new: str
    """With {title}."""


RUSSIAN = UploadTexts(
    owners_only="Файлы для архива присылает его владелец. Я ищу по словам: напишите, что найти.",
    help_title="Как пополнить архив",
    help="1. Telegram на компьютере (Desktop) → канал → ⋮ → «Экспорт истории чата».\n"
    "2. Формат HTML или JSON. В JSON есть id канала и просмотры, в HTML — нет. Фото и видео не "
    "нужны: с ними файл слишком большой.\n"
    "3. Упакуйте папку в zip и пришлите сюда файлом. Подойдут и одна страница messages.html, и "
    "result.json, и сохранённая страница t.me/s/….\n\n"
    "Я покажу, что изменится, и запишу только после вашего «да». Один и тот же экспорт можно "
    "присылать сколько угодно раз: повторов не будет.\n\n"
    "Telegram отдаёт ботам файлы до {limit}. Если больше: экспорт без медиа; несколько экспортов "
    "по датам; команда letopis ingest на машине архива. Свой сервер Bot API поднимает предел.",
    latest_title="Последние импорты",
    latest_none="Импортов ещё не было.",
    cut_short="прерван",
    imported="{day} — {name}: {counts}",
    too_big="Файл слишком большой: {size}, а Telegram отдаёт ботам не больше {limit}. Есть три "
    "пути:\n"
    "• экспортировать канал без фото, видео и файлов;\n"
    "• сделать несколько экспортов по датам и прислать по одному;\n"
    "• на машине архива: letopis ingest ПУТЬ.\n"
    "Свой сервер Bot API поднимает этот предел.",
    too_many="Необработанных файлов уже много. Сначала решите, что делать с присланными раньше.",
    fetching="⏳ Скачиваю…",
    queued="⏳ В очереди: сначала закончу с другим файлом.",
    examining="⏳ Смотрю, что внутри…",
    unfetchable="Telegram не отдал файл. Пришлите его ещё раз.",
    broken="Что-то сломалось, подробности — в журнале бота. Пришлите файл ещё раз.",
    refused="✖ Импортировать нечего.",
    detail="Подробнее: {sentence}",
    reasons={
        Code.EMPTY: "Файл пуст. Экспортируйте канал заново.",
        Code.NO_EXPORT: "Это не экспорт Telegram. Нужна папка экспорта в zip, её страница "
        "messages.html или result.json; как сделать: /import",
        Code.PICTURE: "Это картинка, а не экспорт. Как сделать экспорт: /import",
        Code.OFFICE: "Это документ Word или другой офисной программы, а не экспорт. "
        "Как сделать экспорт: /import",
        Code.OTHER_ARCHIVE: "Это архив, но не zip. Упакуйте папку экспорта в zip.",
        Code.CONTENTS: "Это оглавление экспорта, постов в нём нет. "
        "Нужна папка канала с messages.html.",
        Code.COPIED_TEXT: "Это текст, скопированный с веб-страницы: в нём нет номеров и дат. "
        "Сохраните саму страницу («только HTML») или экспортируйте канал.",
        Code.ZIP_DAMAGED: "Архив zip повреждён или скачан не до конца. Упакуйте его заново.",
        Code.ZIP_LOCKED: "Архив zip под паролем. Упакуйте папку без пароля.",
        Code.ZIP_BOMB: "Архив zip распаковывается в несравнимо больше, чем бывает в экспорте. "
        "Я его не трогаю.",
        Code.ZIP_TOO_BIG: "В архиве zip слишком много данных. Экспортируйте по частям.",
        Code.ZIP_TOO_MANY: "В архиве zip слишком много файлов. Экспортируйте канал без медиа.",
        Code.ZIP_TWICE: "В архиве zip один и тот же файл лежит дважды. Упакуйте папку заново.",
        Code.ZIP_NESTED: "В архиве zip лежит другой архив. Пришлите внутренний.",
        Code.SEVERAL_EXPORTS: "Здесь несколько экспортов. Пришлите их по одному.",
        Code.SEVERAL_CHATS: "Здесь страницы нескольких чатов. Пришлите каждый отдельно.",
        Code.SEVERAL_CHANNELS: "На этих страницах посты нескольких каналов.",
        Code.ACCOUNT: "Это экспорт всего аккаунта, в нём несколько чатов.",
        Code.PRIVATE_CHAT: "Это личная переписка, а не канал. В архив она не попадёт.",
        Code.NO_MESSAGES: "В этом экспорте нет постов. Экспортируйте канал за больший срок.",
        Code.BROKEN_TEXT: "Страницы испорчены: это не UTF-8, или в них нет названия канала. "
        "Экспортируйте заново и не пересохраняйте в редакторе.",
        Code.BROKEN_JSON: "Файл JSON испорчен с самого начала. Экспортируйте канал заново.",
        Code.UNREADABLE: "Файл не читается. Пришлите его ещё раз.",
        Code.TOO_DEMANDING: "На этот файл не хватило памяти или времени. Экспортируйте по частям "
        "или импортируйте на машине архива: letopis ingest ПУТЬ.",
        Code.UNNAMED_CHANNEL: "Это экспорт программы tdl: в нём есть номер канала, но не название.",
        Code.OTHER_CHAT: "Это другой чат, хотя название то же: у постов с теми же номерами "
        "другое время, а оно не меняется. Ничего не записано. Чтобы хранить его отдельно, "
        "ответьте на это сообщение его @именем, номером или другим названием.",
        Code.DOUBTFUL_CHAT: "Возможно, это другой чат с тем же названием: в нём нет ни одного "
        "из постов, которые есть в архиве. Ничего не записано. Если канал тот же, выберите его. "
        "Если другой, ответьте его @именем, номером или другим названием.",
        Code.AMBIGUOUS_CHANNEL: "В архиве несколько каналов с таким названием.",
        Code.BUSY: "В архив сейчас пишет другая программа. Попробуйте чуть позже.",
        Code.SERVER_UNREACHABLE: "Архив сейчас недоступен. Ничего не потеряно, попробуйте "
        "чуть позже.",
        Code.UNWRITABLE: "В архив нельзя записать: нет прав или кончилось место на диске.",
        Code.DAMAGED: "Архив не открывается. Проверьте его: /doctor",
    },
    formats={
        "tdl-json": "экспорт tdl, JSON",
        "desktop-html": "экспорт Telegram Desktop, HTML",
        "macos-html": "экспорт Telegram для macOS, HTML",
        "telegram-json": "экспорт Telegram, JSON",
        "web-preview": "сохранённые страницы t.me/s",
    },
    files=("файл", "файла", "файлов"),
    channel="Канал: {channel}",
    channel_is_new="Канал: {channel} — новый в архиве",
    period="Посты: {days}",
    counts=(
        "➕ новых {number}",
        "✏️ изменённых {number}",
        "♻️ без изменений {number}",
        "🗑 исчезло из канала {number}",
    ),
    kept="Сохранено: {counts}.",
    nothing_new="♻️ Ничего нового: этот файл уже в архиве ({posts}).",
    nothing_written="Пока ничего не записано.",
    differs="✏️ Другой текст: {posts}. Например:",
    unzoned="В экспорте нет часового пояса: принят {zone}. Если это не так, импортируйте на машине "
    "архива: letopis ingest --tz Europe/Moscow ПУТЬ",
    undated="Когда сделан экспорт, в нём не сказано, поэтому осталось то, что было известно {day}. "
    "Если экспорт новее, назовите файл по его дате, например ChatExport_2026-11-28.zip, и пришлите "
    "ещё раз.",
    problems=("запись не прочитана", "записи не прочитаны", "записей не прочитано"),
    more_problems="…остальные — в таблице import_problems архива",
    ask="Экспорт в HTML называет канал только по имени: «{title}». Какой это канал? "
    "От этого зависят ссылки на посты; спрашиваю один раз.",
    ask_named="Какой канал взять?",
    ask_how="Или ответьте на это сообщение: @имя, ссылка t.me/… или номер канала.",
    no_name="Не понимаю, что это за канал. Пришлите @имя, ссылку t.me/… или номер.",
    confirmed="⏳ Начинаю…",
    waits="⏳ Архив занят другим импортом; жду, когда он закончится.",
    running="⏳ Записываю",
    of_total="{read} из {total}",
    again="Бот перезапускался; импорт продолжается.",
    stopping="Останавливаю…",
    stopped="⏹ Импорт остановлен. Чтобы закончить, пришлите файл ещё раз: повторов не будет.",
    cancelled="✖ Отменено, ничего не записано.",
    done="✅ Импорт завершён",
    indexing="⏳ Добавляю в поиск…",
    searchable="Новые посты уже ищутся.",
    already="С этим файлом уже всё решено.",
    button_import="✅ Импортировать",
    button_cancel="✖ Отмена",
    button_other="↔ Другой канал",
    button_new="🆕 Новый канал «{title}»",
)

ENGLISH = UploadTexts(
    owners_only="Only the owner can add files to the archive. I search by words: type what to "
    "look for.",
    help_title="How to add to the archive",
    help="1. Telegram on a computer (Desktop) → the channel → ⋮ → “Export chat history”.\n"
    "2. HTML or JSON. JSON has the channel's id and the view counts, HTML does not. Photos and "
    "videos are not needed: they only make the file bigger.\n"
    "3. Pack the folder into a zip and send it here as a file. A single page messages.html, a "
    "result.json or a saved page of t.me/s/… works too.\n\n"
    "I show what would change, and write nothing until you confirm. You can send the same export "
    "any number of times: nothing is duplicated.\n\n"
    "Telegram lets bots download files of up to {limit}. For larger exports: an export without "
    "media; several exports by dates; the command letopis ingest on the archive's machine. Your "
    "own Bot API server raises the limit.",
    latest_title="The latest imports",
    latest_none="Nothing was imported yet.",
    cut_short="cut short",
    imported="{day} — {name}: {counts}",
    too_big="The file is too big: {size}, and Telegram lets bots download no more than {limit}. "
    "There are three ways:\n"
    "• export the channel without photos, videos and files;\n"
    "• make several exports by dates and send them one by one;\n"
    "• on the archive's machine: letopis ingest PATH.\n"
    "Your own Bot API server raises this limit.",
    too_many="Too many files are waiting. First decide what to do with the ones you have sent.",
    fetching="⏳ Downloading…",
    queued="⏳ In the queue: another file comes first.",
    examining="⏳ Looking at what it contains…",
    unfetchable="Telegram did not let me download the file. Send it again.",
    broken="Something went wrong; the bot's log has the details. Send the file again.",
    refused="✖ There is nothing to import.",
    detail="Details: {sentence}",
    reasons={
        Code.EMPTY: "The file is empty. Export the channel again.",
        Code.NO_EXPORT: "This is not a Telegram export. Send the folder of an export as a zip, "
        "its page messages.html, or result.json; how to make one: /import",
        Code.PICTURE: "This is a picture, not an export. How to make one: /import",
        Code.OFFICE: "This is a Word or other office document, not an export. How to make one: "
        "/import",
        Code.OTHER_ARCHIVE: "This is an archive, but not a zip. Pack the export's folder as a zip.",
        Code.CONTENTS: "This is an export's page of contents, without posts. "
        "The channel's folder with messages.html is needed.",
        Code.COPIED_TEXT: "This is text copied from a web page, without numbers and dates. "
        "Save the page itself (“HTML only”), or export the channel.",
        Code.ZIP_DAMAGED: "The zip is damaged or was not downloaded completely. Pack it again.",
        Code.ZIP_LOCKED: "The zip has a password. Pack the folder without one.",
        Code.ZIP_BOMB: "The zip unpacks to far more than any export contains, so I left it alone.",
        Code.ZIP_TOO_BIG: "The zip is too large. Export the channel in parts.",
        Code.ZIP_TOO_MANY: "The zip contains too many files. Export the channel without media.",
        Code.ZIP_TWICE: "The zip contains the same file twice. Pack the folder again.",
        Code.ZIP_NESTED: "The zip contains another archive. Send the inner one.",
        Code.SEVERAL_EXPORTS: "There are several exports in it. Send them one by one.",
        Code.SEVERAL_CHATS: "There are pages of several chats in it. Send them separately.",
        Code.SEVERAL_CHANNELS: "These pages show posts of several channels.",
        Code.ACCOUNT: "This is the export of a whole account, with several chats in it.",
        Code.PRIVATE_CHAT: "This is a private conversation, not a channel, so it is not imported.",
        Code.NO_MESSAGES: "There are no posts in this export. Export a longer period.",
        Code.BROKEN_TEXT: "The pages are damaged: not UTF-8, or without the channel's title. "
        "Export again, and do not save them from an editor.",
        Code.BROKEN_JSON: "The JSON is damaged from its beginning. Export the channel again.",
        Code.UNREADABLE: "The file cannot be read. Send it again.",
        Code.TOO_DEMANDING: "There was not enough memory or time for this file. Export it in "
        "parts, or import it on the archive's machine: letopis ingest PATH.",
        Code.UNNAMED_CHANNEL: "This was made by tdl: it has the channel's id but no name.",
        Code.OTHER_CHAT: "This is another chat of the same title: the same post numbers have "
        "other times, and a time of posting never changes. Nothing was written. To keep it apart, "
        "reply to this message with its @name, its number or another title.",
        Code.DOUBTFUL_CHAT: "This may be another chat of the same title: it has none of the "
        "posts in the archive. Nothing was written. If it is the same channel, choose it. If not, "
        "reply with its @name, its number or another title.",
        Code.AMBIGUOUS_CHANNEL: "Several channels in the archive have this title.",
        Code.BUSY: "Another program is writing to the archive. Try again a little later.",
        Code.SERVER_UNREACHABLE: "The archive is not reachable now. Nothing is lost; try again a "
        "little later.",
        Code.UNWRITABLE: "The archive cannot be written to: no permission, or the disk is full.",
        Code.DAMAGED: "The archive cannot be opened. Check it: /doctor",
    },
    formats={
        "tdl-json": "export of tdl, JSON",
        "desktop-html": "export of Telegram Desktop, HTML",
        "macos-html": "export of Telegram for macOS, HTML",
        "telegram-json": "export of Telegram, JSON",
        "web-preview": "saved pages of t.me/s",
    },
    files=("file", "files"),
    channel="Channel: {channel}",
    channel_is_new="Channel: {channel}, new in the archive",
    period="Posts: {days}",
    counts=(
        "➕ new {number}",
        "✏️ changed {number}",
        "♻️ unchanged {number}",
        "🗑 gone from the channel {number}",
    ),
    kept="Kept: {counts}.",
    nothing_new="♻️ Nothing new: this file is already in the archive ({posts}).",
    nothing_written="Nothing is written yet.",
    differs="✏️ Different text: {posts}, such as:",
    unzoned="The export does not say its time zone: {zone} was assumed. If that is wrong, import "
    "on the archive's machine: letopis ingest --tz Europe/Moscow PATH",
    undated="The export does not say when it was made, so what was known on {day} was kept. If the "
    "export is newer, name the file by its date, such as ChatExport_2026-11-28.zip, and send it "
    "again.",
    problems=("record could not be read", "records could not be read"),
    more_problems="…the others are in the archive's table import_problems",
    ask="An HTML export gives only the channel's title: “{title}”. Which channel is it? Links to "
    "posts depend on that; I ask only once.",
    ask_named="Which channel should I import?",
    ask_how="Or reply to this message: @name, a link t.me/… or the channel's number.",
    no_name="I do not know which channel that is. Send @name, a link t.me/… or a number.",
    confirmed="⏳ Starting…",
    waits="⏳ Another import is writing to the archive; waiting for it to finish.",
    running="⏳ Writing",
    of_total="{read} of {total}",
    again="The bot was restarted; the import goes on.",
    stopping="Stopping…",
    stopped="⏹ The import was stopped. To finish it, send the file again: nothing is duplicated.",
    cancelled="✖ Cancelled, nothing was written.",
    done="✅ The import is done",
    indexing="⏳ Adding them to the search…",
    searchable="New posts can be found at once.",
    already="This file has already been dealt with.",
    button_import="✅ Import",
    button_cancel="✖ Cancel",
    button_other="↔ Another channel",
    button_new="🆕 The new channel “{title}”",
)


def upload_texts(texts: Catalogue) -> UploadTexts:
    """Return these texts in the language of a catalogue."""
    return RUSSIAN if texts.code == "ru" else ENGLISH


def write_counts(counted: Done | Progress | Stopped | ImportRow, texts: Catalogue) -> str:
    """Write the numbers of new, changed, unchanged and missing posts."""
    forms = upload_texts(texts).counts
    numbers = [counted.added, counted.changed, counted.unchanged]
    missing = getattr(counted, "missing", 0)
    numbers += [missing] if missing else []
    return " · ".join(
        form.format(number=texts.number(number))
        for form, number in zip(forms, numbers, strict=False)
    )
