"""Translates errors and notices, which carry a code and fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from i18n.import_problems import say_problem
from model.messages import Code, Message

if TYPE_CHECKING:
    from i18n import Catalogue
    from model.messages import Field
    from search import CatchUp

_EXPORT = "give the folder that Telegram Desktop made, with its messages.html or result.json"
_UNPACK = "unpack it and give the folder"
_AGAIN = "export the channel again"

_ENGLISH: Mapping[Code, str] = {
    Code.EMPTY: f"{{path}} is empty: {_AGAIN}.",
    Code.NO_EXPORT: f"{{path}} is not a Telegram export: {_EXPORT}.",
    Code.PICTURE: f"{{path}} is a picture: {_EXPORT}.",
    Code.OFFICE: f"{{path}} is an office document: {_EXPORT}.",
    Code.OTHER_ARCHIVE: f"{{path}} is an archive, but not a zip: {_UNPACK}.",
    Code.CONTENTS: f"{{path}} is a page of contents, without messages: {_EXPORT}.",
    Code.COPIED_TEXT: "{path} is text copied from a channel's web page, without the numbers and "
    "dates of its posts: save the page itself as “Webpage, HTML only”, or export the channel from "
    "Telegram Desktop.",
    Code.ZIP_DAMAGED: "{path} is a damaged zip: pack or download it again.",
    Code.ZIP_LOCKED: f"{{path}} is protected by a password: {_UNPACK}.",
    Code.ZIP_BOMB: f"{{path}} unpacks to far more than an export has: {_UNPACK}.",
    Code.ZIP_TOO_BIG: f"{{path}} holds more than {{most}} bytes: {_UNPACK}.",
    Code.ZIP_TOO_MANY: f"{{path}} holds more than {{most}} files: {_UNPACK}.",
    Code.ZIP_TWICE: f"{{path}} holds {{place}} twice: {_UNPACK}.",
    Code.ZIP_NESTED: "{path} holds another archive, {inner}: unpack it and give that.",
    Code.SEVERAL_EXPORTS: "{path} holds several exports ({names}): give one of them, or the title "
    "of one with --channel.",
    Code.SEVERAL_CHATS: "{path} holds pages of several chats ({names}): put each into a folder of "
    "its own and give one of them. If it is one channel that was renamed, name it with --channel.",
    Code.SEVERAL_CHANNELS: "{path} shows posts of several channels: name one of them with "
    "--channel: {names}.",
    Code.ACCOUNT: "{path} is the export of a whole account: name one of its channels or groups "
    "with --channel, by number or title: {names}. Private conversations are not imported from it.",
    Code.PRIVATE_CHAT: "{path} is a private conversation, “{title}”, and not a channel: to "
    "import it anyway, give its title with --channel.",
    Code.NO_MESSAGES: f"{{path}} holds no messages that can be read: {_AGAIN} from Telegram "
    "Desktop, over a longer period.",
    Code.NO_WEB_POSTS: "{path} shows no posts: open t.me/s/{name} in a browser, scroll up as far "
    "as you want to keep, and save that page. Private channels have no such page.",
    Code.OTHER_JSON: "{path} is JSON, but not from Telegram Desktop or tdl: in Telegram Desktop "
    "open the channel, ⋮ → Export chat history, and give the folder it makes.",
    Code.TDL_WITHOUT_CONTENT: "{path} was made by tdl without dates and texts: make it again with "
    "tdl chat export --all --with-content.",
    Code.UNNAMED_CHANNEL: "{path} was made by tdl, which writes the channel's id, {telegram_id}, "
    "but no name: name it with --channel @name or --channel TITLE.",
    Code.BROKEN_TEXT: "{path} is not UTF-8 text or names no channel: export it again, and do not "
    "let an editor save its pages.",
    Code.BROKEN_PAGE: "{path} cannot be imported. {problem}",
    Code.BROKEN_JSON: f"{{path}} is not JSON from line {{line}}, column {{column}} on: {_AGAIN}.",
    Code.UNREADABLE: "{path} cannot be read: {cause}.",
    Code.TOO_DEMANDING: "There is not enough memory for it.",
    Code.PARTLY_READ: f"Damaged: {{files}}. What could be read was kept; {_AGAIN} to get the rest.",
    Code.NO_PREVIEW: "t.me/s/{name} shows no posts: there is no such public channel, or it is a "
    "group, or its owners turned the web preview off. Import an export instead.",
    Code.OTHER_PREVIEW: "t.me/s/{name} shows the posts of @{own}; fetch that name.",
    Code.NOT_A_PREVIEW: "t.me/s/{name} answered with something other than posts. What came "
    "before is kept; try again later.",
    Code.PREVIEW_REPEATS: "t.me/s/{name} did not show what precedes post {number}. What came "
    "before is kept; try again later.",
    Code.PREVIEW_TOO_BIG: "A page of t.me/s/{name} is larger than {megabytes} MB and was not read.",
    Code.PREVIEW_FAILS: "t.me/s/{name} cannot be read ({cause}). What came before is kept; the "
    "next letopis fetch continues from there.",
    Code.PREVIEW_LATER: "t.me asks for a pause of {minutes} min. What came before is kept; the "
    "next letopis fetch continues from there.",
    Code.FETCH_RUNS: "Another letopis fetch is running on {home}; try again when it has ended.",
    Code.READ_TOGETHER: "Several sources of one chat were read together: {names}.",
    Code.OTHER_CHANNEL: "The export is of the channel {own}; it was imported as {taken}, as asked.",
    Code.UTC_ASSUMED: "The export does not say its time zone, so its times were taken as UTC. If "
    "that is wrong, import it again with the zone of the machine that exported it, such as "
    "--tz Europe/Moscow.",
    Code.ZONE_ASSUMED: "The export does not say its time zone, so its times were taken as those of "
    "{zone}, which an earlier import was given. If that is wrong, import it again with --tz.",
    Code.NEWER_KNOWN: "The export does not say when it was made, and nothing in it is newer than "
    "{newest}, so what was known on {known} was kept. If the export is newer, import it again with "
    "its date, such as --as-of {today}.",
    Code.TOO_LONG: "Posts longer than Telegram allows: {number}, the first being message "
    "{message_id}. Unmarked code was looked for in their first {length} characters only.",
    Code.AMBIGUOUS_CHANNEL: "Several channels are called “{title}”: {names}. Say which one is "
    "meant with --channel @name or --channel ID.",
    Code.OTHER_CHAT: "{path} is from a different chat than “{title}” in the archive: post "
    "{message_id} was posted at {told} here and at {known} there, and a time of posting never "
    "changes (posts that differ: {number} or more). Nothing was written. To keep it as a channel "
    "of its own, give --channel with its @name, its number or another title.",
    Code.OTHER_TIME: "Post {message_id} was posted at {told} here and at {known} in the archive: "
    "this is another chat, as a time of posting never changes. It was not written.",
    Code.DOUBTFUL_CHAT: "{path} may be from a different chat than “{title}” in the archive: it "
    "has none of the {number} posts known in its range. Nothing was written. To keep it as a "
    "channel of its own, give --channel with its @name, its number or another title; if it is "
    "the same channel, give --channel '{same}'.",
    Code.DISORDERED_CHAT: "{path} may be from a different chat than “{title}” in the archive: "
    "its numbers and dates do not fit between those known. Nothing was written. To keep it as a "
    "channel of its own, give --channel with its @name, its number or another title; if it is "
    "the same channel, give --channel '{same}'.",
    Code.MARK_TAKEN: "{mark} is the channel “{title}” in the archive already.",
    Code.NUMBER_KNOWN: "“{title}” has the number {known} and so is not {number}.",
    Code.EMPTY_CHANNEL: "--channel is empty: give @name, a number or a title, or leave it out.",
    Code.NO_CHANNEL_NAME: "“{name}” is not a channel's name, which has four or more letters, "
    "digits and _, a letter first: give it as in t.me/name, or give the title.",
    Code.NO_CHANNEL: "The archive holds no channel “{name}”. It holds: {held}.",
    Code.FORMAT_UNKNOWN: "The name {path} does not tell the format; let it end with .md, .jsonl, "
    ".csv, .ipynb or .db, or with / for a folder of posts, or give --format.",
    Code.PICTURE_UNKNOWN: "The name {path} does not tell the kind of picture; let it end with .png "
    "or .svg.",
    Code.NOTHING_TO_DRAW: "There are no posts to draw; add some: letopis ingest FOLDER",
    Code.COPY_TO: "That is not the URL of a PostgreSQL database: write "
    "postgresql+psycopg://user:password@host:5432/database.",
    Code.COPY_ITSELF: "{path} would be copied to itself: name another place with --to. A new place "
    "goes into the settings when the copy is made.",
    Code.COPY_IS_WHOLE: "{path} would be a copy of the whole archive; a query goes to .md, .jsonl, "
    ".csv or .ipynb.",
    Code.NO_POST: "There is no post {number} in the archive; look for it with letopis search.",
    Code.AMBIGUOUS_POST: "Several channels have a post {number} ({names}): add --channel.",
    Code.NO_ZONE: "There is no time zone “{name}”; give one such as Europe/Moscow or +03:00.",
    Code.EXTRA_MISSING: "This command needs packages that are not installed: install "
    "letopis[{extra}], in a checkout with: pipx install --force '.[{extra}]'",
    Code.PORT_TAKEN: "Port {port} cannot be listened on ({cause}); choose another with --port.",
    Code.NO_ARCHIVE: "There is no archive in {home} ({cause}): name its home folder with --home "
    "or LETOPIS_HOME, or create one there with letopis ingest EXPORT.",
    Code.HOME_NOT_UTF_8: "The name of {home} is not UTF-8, which the search index requires.",
    Code.ENGINE_FIXED: "The settings ask for {engine} (LETOPIS_INDEX__ENGINE, or engine under "
    "[index] in {settings}); change that, or take it out to choose with --engine.",
    Code.SQL_READS_ONLY: "A statement may only read here; to change the file, use the sqlite3 "
    "shell.",
    Code.SQL_NOT_UNDERSTOOD: "SQLite does not understand the statement: {report}.",
    Code.SQL_REFUSED: "PostgreSQL refuses the statement: {report}.",
    Code.SQL_ONLY_READS: "A statement may only read here ({report}); to change the database, use "
    "psql.",
    Code.SQL_NO_TABLE: "There is no table or view {name}. There are: {names}.",
    Code.SQL_NO_FULL_TEXT: "There is no table posts_fts; letopis sql --enable-fts adds the full "
    "text of the posts.",
    Code.SQL_NO_PARAMETER: "{query} has no parameter {name}; it has: {names}.",
    Code.SQL_NO_QUERY: "There is no canned query {name}; letopis sql --queries lists them.",
    Code.SQL_PARAMETER: "{given} is no value for a parameter; write name=value, such as tag=sql.",
    Code.SQL_TOO_SLOW: "The statement took longer than {seconds} s.",
    Code.FULL_TEXT_NOT_KEPT: "The full-text table {table} is not kept up to date: the trigger "
    "{trigger} is missing or altered; letopis sql --enable-fts makes it anew.",
    Code.FULL_TEXT_LAGS: "The full-text table {table} differs from the posts, in {number} of them; "
    "letopis sql --enable-fts makes it anew.",
    Code.STEMS_TAKEN: "Another program added a column stems to the posts, which full-text search "
    "needs for its own; rename or drop that one first.",
    Code.NOT_LEADING: "Another bot has taken over the work of this one, which stops it.",
    Code.BOT_RUNS: "Another bot already answers from {home}; stop it first, or give this one a "
    "folder of its own with --home.",
    Code.NO_TOKEN: "The bot has no token: get one from @BotFather and set LETOPIS_BOT_TOKEN (in "
    "the environment, or as bot_token in {settings}).",
    Code.NO_OWNERS: "The bot would answer nobody: set LETOPIS_OWNERS to your numeric Telegram id "
    "(@userinfobot tells it); separate several with commas.",
    Code.NO_MEMBERS_OF: "The channel whose members may search is not set: set LETOPIS_MEMBERS_OF "
    "to the channel's numeric id or its @name, or LETOPIS_ACCESS to owners.",
    Code.UNKNOWN_TOKEN: "Telegram does not know this bot token; copy it again from @BotFather into "
    "LETOPIS_BOT_TOKEN.",
    Code.WEBHOOK_REFUSED: "Telegram refuses the webhook ({report}); correct LETOPIS_WEBHOOK_URL.",
    Code.NOT_LISTENING: "The bot cannot listen on {place} ({cause}); set another address in "
    "LETOPIS_WEBHOOK_LISTEN.",
    Code.SETTINGS_UNREADABLE: "The settings in {home} cannot be read ({report}); correct "
    "letopis.toml or .env.",
    Code.NO_SUCH_SETTING: "{file} names settings that do not exist: {names}; correct or remove "
    "them.",
    Code.SETTINGS_REFUSED: "A setting is refused: {refusals}.",
    Code.SETTING_CHOICE: "{name}: it must be {expected}",
    Code.SETTING_NUMBER: "{name}: it must be a whole number",
    Code.SETTING_LEAST: "{name}: it must be at least {least}",
    Code.SETTING_MOST: "{name}: it must be at most {most}",
    Code.SETTING_UNKNOWN: "{name}: there is no such setting",
    Code.SETTING_OTHER: "{name}: {report}",
    Code.SETTING_TOKEN: "{name}: it is not a token; copy it whole from @BotFather, as in "
    "123456789:AA…",
    Code.SETTING_OWNERS: "{name}: an owner is a person's numeric Telegram id, a positive number "
    "(@userinfobot tells it); separate several with commas",
    Code.SETTING_MEMBERS_OF: "{name}: a channel is its numeric id, such as -1001234567890, or its "
    "@name",
    Code.SETTING_FETCH: "{name}: public channels are named as @name, separated by commas",
    Code.SETTING_ZONE: "{name}: there is no such time zone; give one such as Europe/Moscow or "
    "+03:00",
    Code.SETTING_SECRET: "{name}: it must be 32 to 256 letters, digits, _ and -",
    Code.SETTING_URL: "{name}: it is not an address such as https://bot.example.org",
    Code.SETTING_URL_PARTS: "{name}: it may have a scheme, a host, a port and a path, nothing else",
    Code.SETTING_URL_OPEN: "{name}: plain http would show the token to others; use https, or a "
    "local address",
    Code.SETTING_URL_HTTPS: "{name}: Telegram delivers to https only; put a proxy with a "
    "certificate in front",
    Code.SETTING_URL_PORT: "{name}: Telegram delivers to the ports 443, 80, 88 and 8443 only",
    Code.SETTING_PLACE: "{name}: an address to listen on is a host and a port, such as "
    "127.0.0.1:8080",
    Code.SETTING_SERVER: "{name}: it must name a PostgreSQL database, as in "
    "postgresql+psycopg://user:password@host:5432/letopis",
    Code.SETTING_CLUSTER: "{name}: addresses of OpenSearch look like https://search-1:9200, "
    "several are separated by commas",
    Code.SETTING_NO_CLUSTER: "{name}: the engine opensearch needs LETOPIS_OPENSEARCH_URL",
    Code.DAMAGED: "{path} is damaged or not an SQLite database; restore it from a backup or name "
    "another file (`letopis doctor` tells what is wrong with it).",
    Code.UNWRITABLE: "{path} cannot be written; change its permissions and its folder's, or "
    "choose another place.",
    Code.BUSY: "{path} is being written by another process; wait until it is done and try again.",
    Code.IMPORT_RUNS: "Another import is still writing to {path}; try again when it has ended.",
    Code.HOME_UNWRITABLE: "The home folder {home} cannot be written ({cause}); change its "
    "permissions, or give another one with --home.",
    Code.MEDIA_UNWRITABLE: "Media cannot be kept in {folder} ({cause}); make room there, or change "
    "its permissions.",
    Code.DISK_FULL: "{path} cannot grow: its disk is full; free some space and try again. "
    "Nothing was half written.",
    Code.DISK_FAILS: "{path} cannot be read or written: its disk reports an error; check the disk.",
    Code.FULL_TEXT_DAMAGED: "A full-text table in {path} is damaged. letopis sql --enable-fts "
    "rebuilds the one of Letopis; rebuild another program's, or drop it with its triggers.",
    Code.EMPTY_DATABASE: "{path} is empty (0 bytes), so it is not a database; restore it from a "
    "backup, or delete it to start a new one.",
    Code.OTHER_DATABASE: "{path} is a database, but not {wanted} of Letopis; name another file.",
    Code.NO_DATABASE: "There is no archive at {path}; make one with `letopis ingest`.",
    Code.NO_FOLDER: "{path} is not a folder; name another place.",
    Code.NOT_MADE: "{path} cannot be created ({cause}); name another place or change its "
    "permissions.",
    Code.EXISTS: "{path} exists already; name a new file.",
    Code.LOG_LEFT: "{path} is left over from another file that was there; move it away with that "
    "file's other parts, or put the file back.",
    Code.GONE: "{path} is gone ({cause}); put it back, and start the program again.",
    Code.REPLACED: "{path} was replaced by another file while this program had it open; nothing "
    "was written to either. Start the program again.",
    Code.MEDDLING: "Nothing is written to {path} because of the {trigger}, which another program "
    "made and which does more than keep a full-text table; remove it with DROP TRIGGER.",
    Code.TOO_NEW: "{path} was written by a newer Letopis; update Letopis to open it.",
    Code.TOO_OLD: "{path} was written by an older Letopis; open it once for writing, for example "
    "with `letopis doctor`.",
    Code.NEEDS_FILE: "This works on a SQLite file alone, and the archive is {path}; "
    "`letopis export archive.db` makes a file of it.",
    Code.SERVER_UNREACHABLE: "{path} is not reachable now ({cause}); nothing is lost, try again "
    "when it is.",
    Code.SERVER_LOGIN: "{path} refuses the login; correct the user or the password in its URL.",
    Code.SERVER_NO_DATABASE: "{path} does not exist on its server; create the database, or "
    "correct the URL.",
    Code.SERVER_NO_RIGHTS: "{path} does not permit this ({cause}); grant the rights to the user in "
    "its URL, or name another user.",
    Code.SERVER_READ_ONLY: "{path} takes no changes: it is a standby, or set to be read only.",
    Code.SERVER_ENCODING: "{path} stores text as {encoding}; create the database with the encoding "
    "UTF8.",
    Code.SERVER_FULL: "{path} cannot grow: the disk of its server is full; free some space and try "
    "again. Nothing was half written.",
    Code.SERVER_DAMAGED: "{path} reports damage ({cause}); restore it from a backup.",
    Code.COPY_UNFINISHED: "{path} is an unfinished copy: run `letopis copy` again to finish it.",
    Code.COPY_OTHER: "{path} holds something else than {source}, and nothing was changed there: "
    "name a place where there is nothing yet.",
    Code.COPY_REFUSED: "{path} cannot be copied: its table {table} breaks the rules of its schema. "
    "`letopis doctor` says what is wrong with it.",
    Code.COPY_DIFFERS: "The copy {path} differs from its source ({tables}): another program writes "
    "to it. Stop that program and run `letopis copy` once more.",
    Code.COPY_RUNS: "Another process is copying to {path} already: wait until it is done.",
    Code.SQLITE_REPORTS: "SQLite reports: {report}.",
    Code.REST_UNREADABLE: "The rest of the file cannot be read: {report}.",
    Code.LOST_REFERENCE: "Row {row} of {table} refers to a row of {parent} that is not there.",
    Code.NOT_UTF_8: "A text in the column {column} of {table} is not UTF-8.",
    Code.NONSENSE: "A value in the column {column} of {table} makes no sense.",
    Code.WRONG_ROWS: "A row of {table} is missing or duplicated.",
    Code.COUNTER_BEHIND: "The counter of changes is below {latest}, the latest change.",
    Code.MIXED_CHANNEL: "“{title}” looks like two chats in one: posts that are older than those "
    "before them: {number}, the first being {message_id}. To separate them, import the exports "
    "of each chat into a new home folder, those of one with --channel and a name of its own.",
    Code.SCHEMA_LACKS: "The {kind} {name} is missing.",
    Code.SCHEMA_DIFFERS: "The {kind} {name} is not declared as this Letopis declares it.",
    Code.COLUMN_LACKS: "The table {table} lacks the column {column}.",
    Code.COLUMN_DIFFERS: "The column {column} of {table} is not declared as this Letopis declares "
    "it.",
    Code.COLUMN_REFERENCE: "The column {column} of {table} does not refer to {parent}.",
    Code.INDEX_BUSY: "Another Letopis is writing the search index; try again when it is done.",
    Code.INDEX_UNWRITABLE: "The search index in {folder} cannot be written ({cause}); free some "
    "space or make the folder writable. It may also be deleted: it comes back by itself.",
    Code.INDEX_FOREIGN: "The search index in {folder} is not opened, because {path} belongs to "
    "another user, leads elsewhere, or may be written by others.",
    Code.INDEX_UNREADABLE: "The search index in {folder} cannot be read, even rebuilt; check "
    "whether its disk is full or failing.",
    Code.INDEX_OUT_OF_REACH: "The search index cannot be read right now ({cause}); try again a "
    "little later.",
    Code.INDEX_NOT_BUILT: "The search index in {folder} cannot be built; check whether its disk "
    "is full or failing.",
    Code.INDEXING_ENDED: "The indexing process ended before it was done.",
}

_EXPORT_RU = (
    "укажите папку экспорта Telegram Desktop, в которой лежит messages.html или result.json"
)
_UNPACK_RU = "распакуйте и укажите папку"
_AGAIN_RU = "экспортируйте канал заново"

_RUSSIAN: Mapping[Code, str] = {
    Code.EMPTY: f"Файл {{path}} пуст: {_AGAIN_RU}.",
    Code.NO_EXPORT: f"{{path}} — не экспорт Telegram: {_EXPORT_RU}.",
    Code.PICTURE: f"{{path}} — картинка: {_EXPORT_RU}.",
    Code.OFFICE: f"{{path}} — офисный документ: {_EXPORT_RU}.",
    Code.OTHER_ARCHIVE: f"{{path}} — архив, но не zip: {_UNPACK_RU}.",
    Code.CONTENTS: f"{{path}} — оглавление без сообщений: {_EXPORT_RU}.",
    Code.COPIED_TEXT: "{path} — текст, скопированный с веб-страницы канала: в нём нет номеров и "
    "дат. Сохраните саму страницу («только HTML») или экспортируйте канал из Telegram Desktop.",
    Code.ZIP_DAMAGED: "Архив {path} повреждён: упакуйте или скачайте его заново.",
    Code.ZIP_LOCKED: f"Архив {{path}} защищён паролем: {_UNPACK_RU}.",
    Code.ZIP_BOMB: f"{{path}} распаковывается в несравнимо больше, чем экспорт: {_UNPACK_RU}.",
    Code.ZIP_TOO_BIG: f"В {{path}} больше {{most}} байт: {_UNPACK_RU}.",
    Code.ZIP_TOO_MANY: f"В {{path}} больше {{most}} файлов: {_UNPACK_RU}.",
    Code.ZIP_TWICE: f"В {{path}} дважды лежит {{place}}: {_UNPACK_RU}.",
    Code.ZIP_NESTED: "В {path} лежит другой архив, {inner}: распакуйте и укажите его.",
    Code.SEVERAL_EXPORTS: "В {path} несколько экспортов ({names}): укажите один из них или "
    "название одного в --channel.",
    Code.SEVERAL_CHATS: "В {path} страницы нескольких чатов ({names}): разложите их по папкам и "
    "укажите одну. Если это один переименованный канал, назовите его в --channel.",
    Code.SEVERAL_CHANNELS: "В {path} посты нескольких каналов: выберите один параметром "
    "--channel: {names}.",
    Code.ACCOUNT: "{path} — экспорт всего аккаунта: выберите канал или группу параметром "
    "--channel, по номеру или названию: {names}. Личные переписки из него не импортируются.",
    Code.PRIVATE_CHAT: "{path} — личная переписка «{title}», а не канал. Если она всё же нужна, "
    "укажите её название в --channel.",
    Code.NO_MESSAGES: f"В {{path}} нет сообщений, которые можно прочитать: {_AGAIN_RU} из Telegram "
    "Desktop, за больший срок.",
    Code.NO_WEB_POSTS: "На странице {path} нет постов: откройте в браузере t.me/s/{name}, "
    "прокрутите вверх, сколько нужно, и сохраните страницу. У закрытых каналов её нет.",
    Code.OTHER_JSON: "{path} — JSON, но не Telegram Desktop и не tdl: откройте канал в Telegram "
    "Desktop, ⋮ → «Экспорт истории чата», и укажите полученную папку.",
    Code.TDL_WITHOUT_CONTENT: "{path} сделан программой tdl без дат и текстов: сделайте его заново "
    "командой tdl chat export --all --with-content.",
    Code.UNNAMED_CHANNEL: "{path} сделан программой tdl: в нём есть номер канала, {telegram_id}, "
    "но нет названия. Назовите канал: --channel @имя или --channel НАЗВАНИЕ.",
    Code.BROKEN_TEXT: "{path} — не UTF-8, или в нём нет названия канала: экспортируйте заново и не "
    "пересохраняйте страницы в редакторе.",
    Code.BROKEN_PAGE: "{path} не импортировать: {problem}.",
    Code.BROKEN_JSON: f"{{path}} — не JSON начиная со строки {{line}}, столбца {{column}}: "
    f"{_AGAIN_RU}.",
    Code.UNREADABLE: "{path} не читается: {cause}.",
    Code.TOO_DEMANDING: "На этот файл не хватает памяти.",
    Code.PARTLY_READ: "Повреждено: {files}. Что удалось прочитать, сохранено; чтобы получить "
    f"остальное, {_AGAIN_RU}.",
    Code.NO_PREVIEW: "На странице t.me/s/{name} нет постов: такого открытого канала нет, или это "
    "группа, или просмотр в браузере выключен владельцем. Импортируйте экспорт.",
    Code.OTHER_PREVIEW: "На странице t.me/s/{name} посты канала @{own}; укажите это имя.",
    Code.NOT_A_PREVIEW: "t.me/s/{name} отвечает чем-то другим, а не постами. Полученное раньше "
    "сохранено; повторите позже.",
    Code.PREVIEW_REPEATS: "t.me/s/{name} не показывает того, что было до поста {number}. "
    "Полученное раньше сохранено; повторите позже.",
    Code.PREVIEW_TOO_BIG: "Страница t.me/s/{name} больше {megabytes} МБ и не прочитана.",
    Code.PREVIEW_FAILS: "t.me/s/{name} не читается ({cause}). Полученное раньше сохранено; "
    "следующий letopis fetch продолжит с этого места.",
    Code.PREVIEW_LATER: "t.me просит подождать {minutes} мин. Полученное раньше сохранено; "
    "следующий letopis fetch продолжит с этого места.",
    Code.FETCH_RUNS: "Для {home} уже работает другой letopis fetch; повторите, когда он закончит.",
    Code.READ_TOGETHER: "Вместе прочитаны несколько источников одного чата: {names}.",
    Code.OTHER_CHANNEL: "Это экспорт канала {own}; он импортирован как {taken}, как и указано.",
    Code.UTC_ASSUMED: "В экспорте нет часового пояса, время принято за UTC. Если это не так, "
    "импортируйте ещё раз с поясом машины, на которой сделан экспорт, например "
    "--tz Europe/Moscow.",
    Code.ZONE_ASSUMED: "В экспорте нет часового пояса; взят {zone}, указанный при прежнем импорте. "
    "Если это не так, импортируйте ещё раз с --tz.",
    Code.NEWER_KNOWN: "Когда сделан экспорт, в нём не сказано, и ничего новее {newest} в нём нет, "
    "поэтому осталось то, что было известно {known}. Если экспорт новее, импортируйте ещё раз с "
    "его датой, например --as-of {today}.",
    Code.TOO_LONG: "Постов длиннее, чем допускает Telegram: {number}, первый — {message_id}. "
    "Неразмеченный код искался только в первых {length} знаках.",
    Code.AMBIGUOUS_CHANNEL: "Название «{title}» у нескольких каналов: {names}. Выберите один "
    "параметром --channel @имя или --channel НОМЕР.",
    Code.OTHER_CHAT: "{path} — другой чат, чем «{title}» в архиве: пост {message_id} здесь "
    "отправлен {told}, а там {known}, время же отправки не меняется (таких постов: {number} или "
    "больше). Ничего не записано. Чтобы хранить его отдельно, укажите в --channel его @имя, номер "
    "или другое название.",
    Code.OTHER_TIME: "Пост {message_id} здесь отправлен {told}, а в архиве {known}: это другой "
    "чат, ведь время отправки не меняется. Он не записан.",
    Code.DOUBTFUL_CHAT: "{path} — возможно, другой чат, чем «{title}» в архиве: в нём нет ни "
    "одного из постов, известных в его пределах ({number}). Ничего не записано. Чтобы хранить его "
    "отдельно, укажите в --channel его @имя, номер или другое название; если это тот же канал, "
    "укажите --channel '{same}'.",
    Code.DISORDERED_CHAT: "{path} — возможно, другой чат, чем «{title}» в архиве: его номера и "
    "даты не встают между известными. Ничего не записано. Чтобы хранить его отдельно, укажите в "
    "--channel его @имя, номер или другое название; если это тот же канал, укажите --channel "
    "{same}.",
    Code.MARK_TAKEN: "{mark} — это уже канал «{title}» в архиве.",
    Code.NUMBER_KNOWN: "Номер канала «{title}» — {known}, а не {number}.",
    Code.EMPTY_CHANNEL: "Параметр --channel пуст: укажите @имя, номер или название, либо уберите "
    "его.",
    Code.NO_CHANNEL_NAME: "«{name}» — не имя канала: в нём четыре знака или больше, латинские "
    "буквы, цифры и _, первая — буква. Укажите имя, как в t.me/имя, или название.",
    Code.NO_CHANNEL: "Канала «{name}» в архиве нет. Есть: {held}.",
    Code.FORMAT_UNKNOWN: "По имени {path} не понять формат; закончите его на .md, .jsonl, .csv, "
    ".ipynb или .db, а папку с постами — на /, либо укажите --format.",
    Code.PICTURE_UNKNOWN: "По имени {path} не понять вид картинки; закончите его на .png или .svg.",
    Code.NOTHING_TO_DRAW: "Рисовать нечего: постов нет; пополните архив: letopis ingest ПАПКА",
    Code.COPY_TO: "Это не адрес базы PostgreSQL: пишите postgresql+psycopg://пользователь:пароль@"
    "сервер:5432/база.",
    Code.COPY_ITSELF: "{path} копируется в самого себя: укажите в --to другое место. В настройки "
    "новое место вносят, когда копия готова.",
    Code.COPY_IS_WHOLE: "{path} — это копия всего архива; запрос записывают в .md, .jsonl, .csv "
    "или .ipynb.",
    Code.NO_POST: "Поста {number} в архиве нет; поищите его: letopis search.",
    Code.AMBIGUOUS_POST: "Пост {number} есть в нескольких каналах ({names}): добавьте --channel.",
    Code.NO_ZONE: "Часового пояса «{name}» нет; укажите, например, Europe/Moscow или +03:00.",
    Code.EXTRA_MISSING: "Для этой команды не хватает пакетов: установите letopis[{extra}], "
    "из каталога с исходным кодом — так: pipx install --force '.[{extra}]'",
    Code.PORT_TAKEN: "На порту {port} слушать нельзя ({cause}); выберите другой: --port.",
    Code.NO_ARCHIVE: "В папке {home} нет архива ({cause}): укажите его папку в --home или "
    "LETOPIS_HOME либо начните архив там: letopis ingest ЭКСПОРТ.",
    Code.HOME_NOT_UTF_8: "Имя папки {home} не в UTF-8, а поисковому индексу нужно такое.",
    Code.ENGINE_FIXED: "В настройках выбран {engine} (LETOPIS_INDEX__ENGINE или engine в разделе "
    "[index] файла {settings}); измените это или уберите, чтобы выбирать параметром --engine.",
    Code.SQL_READS_ONLY: "Запрос может только читать; чтобы изменить файл, откройте его в sqlite3.",
    Code.SQL_NOT_UNDERSTOOD: "SQLite не понимает запрос: {report}.",
    Code.SQL_REFUSED: "PostgreSQL отклоняет запрос: {report}.",
    Code.SQL_ONLY_READS: "Запрос может только читать ({report}); чтобы изменить базу, откройте её "
    "в psql.",
    Code.SQL_NO_TABLE: "Таблицы {name} нет. Есть такие таблицы и представления: {names}.",
    Code.SQL_NO_FULL_TEXT: "Таблицы posts_fts нет; полный текст постов добавит letopis sql "
    "--enable-fts.",
    Code.SQL_NO_PARAMETER: "У запроса {query} нет параметра {name}; есть: {names}.",
    Code.SQL_NO_QUERY: "Готового запроса {name} нет; их перечислит letopis sql --queries.",
    Code.SQL_PARAMETER: "{given} не похоже на значение параметра; пишите имя=значение, например "
    "tag=sql.",
    Code.SQL_TOO_SLOW: "Запрос выполнялся дольше {seconds} с.",
    Code.FULL_TEXT_NOT_KEPT: "Таблица полного текста {table} не обновляется: триггер {trigger} "
    "исчез или изменён; letopis sql --enable-fts создаст её заново.",
    Code.FULL_TEXT_LAGS: "Таблица полного текста {table} расходится с постами: {number}; "
    "letopis sql --enable-fts создаст её заново.",
    Code.STEMS_TAKEN: "Другая программа добавила к постам столбец stems, а он нужен для полного "
    "текста; сначала переименуйте или удалите его.",
    Code.NOT_LEADING: "Работу этого бота взял на себя другой; этот её прекращает.",
    Code.BOT_RUNS: "Из папки {home} уже работает другой бот; остановите его или дайте этому свою "
    "папку: --home.",
    Code.NO_TOKEN: "У бота нет токена: получите его у @BotFather и запишите в LETOPIS_BOT_TOKEN (в "
    "окружении или как bot_token в {settings}).",
    Code.NO_OWNERS: "Боту некому отвечать: укажите в LETOPIS_OWNERS свой числовой id в Telegram "
    "(его скажет @userinfobot); несколько — через запятую.",
    Code.NO_MEMBERS_OF: "Неизвестно, чьи участники могут искать: укажите в LETOPIS_MEMBERS_OF "
    "номер или @имя канала, или задайте LETOPIS_ACCESS=owners.",
    Code.UNKNOWN_TOKEN: "Telegram не знает такого токена; скопируйте его у @BotFather в "
    "LETOPIS_BOT_TOKEN ещё раз.",
    Code.WEBHOOK_REFUSED: "Telegram не принимает адрес вебхука ({report}); исправьте "
    "LETOPIS_WEBHOOK_URL.",
    Code.NOT_LISTENING: "Не удаётся принимать соединения на {place} ({cause}); укажите другой "
    "адрес в LETOPIS_WEBHOOK_LISTEN.",
    Code.SETTINGS_UNREADABLE: "Настройки в {home} не читаются ({report}); исправьте letopis.toml "
    "или .env.",
    Code.NO_SUCH_SETTING: "В {file} есть несуществующие настройки: {names}; исправьте или уберите "
    "их.",
    Code.SETTINGS_REFUSED: "Настройка не подходит: {refusals}.",
    Code.SETTING_CHOICE: "{name}: допустимо только {expected}",
    Code.SETTING_NUMBER: "{name}: нужно целое число",
    Code.SETTING_LEAST: "{name}: нужно не меньше {least}",
    Code.SETTING_MOST: "{name}: нужно не больше {most}",
    Code.SETTING_UNKNOWN: "{name}: такой настройки нет",
    Code.SETTING_OTHER: "{name}: {report}",
    Code.SETTING_TOKEN: "{name}: это не токен; скопируйте его у @BotFather целиком, например "
    "123456789:AA…",
    Code.SETTING_OWNERS: "{name}: владелец — это числовой id человека в Telegram, положительное "
    "число (его скажет @userinfobot); несколько — через запятую",
    Code.SETTING_MEMBERS_OF: "{name}: канал — это его номер, например -1001234567890, или @имя",
    Code.SETTING_FETCH: "{name}: открытые каналы — это @имя, через запятую",
    Code.SETTING_ZONE: "{name}: такого часового пояса нет; укажите, например, Europe/Moscow или "
    "+03:00",
    Code.SETTING_SECRET: "{name}: нужно от 32 до 256 латинских букв, цифр, _ и -",
    Code.SETTING_URL: "{name}: это не адрес вида https://bot.example.org",
    Code.SETTING_URL_PARTS: "{name}: в адресе могут быть только схема, хост, порт и путь",
    Code.SETTING_URL_OPEN: "{name}: по http токен увидят посторонние; нужен https или локальный "
    "адрес",
    Code.SETTING_URL_HTTPS: "{name}: Telegram обращается только по https; поставьте перед ботом "
    "прокси с сертификатом",
    Code.SETTING_URL_PORT: "{name}: Telegram обращается только к портам 443, 80, 88 и 8443",
    Code.SETTING_PLACE: "{name}: адрес, на котором слушать, — это хост и порт, например "
    "127.0.0.1:8080",
    Code.SETTING_SERVER: "{name}: нужен адрес базы PostgreSQL, например "
    "postgresql+psycopg://user:password@host:5432/letopis",
    Code.SETTING_CLUSTER: "{name}: адреса OpenSearch — вида https://search-1:9200, несколько — "
    "через запятую",
    Code.SETTING_NO_CLUSTER: "{name}: движку opensearch нужен адрес в LETOPIS_OPENSEARCH_URL",
    Code.DAMAGED: "{path} повреждён, или это не база SQLite; восстановите его из копии или укажите "
    "другой файл (что не так, скажет `letopis doctor`).",
    Code.UNWRITABLE: "В {path} нельзя писать; измените права на файл и его папку или укажите "
    "другое место.",
    Code.BUSY: "В {path} пишет другой процесс; дождитесь, когда он закончит, и повторите.",
    Code.IMPORT_RUNS: "В {path} ещё пишет другой импорт; повторите, когда он закончится.",
    Code.HOME_UNWRITABLE: "В папку {home} нельзя писать ({cause}); измените права или укажите "
    "другую: --home.",
    Code.MEDIA_UNWRITABLE: "Вложения не сохранить в {folder} ({cause}); освободите место или "
    "измените права.",
    Code.DISK_FULL: "{path} не может расти: на диске нет места. Освободите его и повторите; "
    "наполовину ничего не записано.",
    Code.DISK_FAILS: "{path} не читается и не пишется: диск сообщает об ошибке. Проверьте диск.",
    Code.FULL_TEXT_DAMAGED: "В {path} повреждена полнотекстовая таблица. Таблицу Летописи "
    "перестроит letopis sql --enable-fts; чужую перестройте или удалите вместе с её триггерами.",
    Code.EMPTY_DATABASE: "Файл {path} пуст (0 байт), это не база; восстановите его из копии или "
    "удалите, чтобы начать новый.",
    Code.OTHER_DATABASE: "{path} — база, но не {wanted} Летописи; укажите другой файл.",
    Code.NO_DATABASE: "Архива {path} нет; создайте его командой `letopis ingest`.",
    Code.NO_FOLDER: "{path} — не папка; укажите другое место.",
    Code.NOT_MADE: "{path} не создать ({cause}); укажите другое место или измените права.",
    Code.EXISTS: "{path} уже есть; укажите новый файл.",
    Code.LOG_LEFT: "{path} остался от другого файла, который здесь лежал; уберите его вместе с "
    "остальными частями того файла или верните файл на место.",
    Code.GONE: "{path} исчез ({cause}); верните его и запустите программу снова.",
    Code.REPLACED: "{path} подменили другим файлом, пока программа его держала; ни в тот, ни в "
    "другой ничего не записано. Запустите программу снова.",
    Code.MEDDLING: "В {path} ничего не пишется из-за {trigger}: он сделан другой программой и не "
    "только ведёт полнотекстовую таблицу. Удалите его: DROP TRIGGER.",
    Code.TOO_NEW: "{path} записан более новой Летописью; обновите её.",
    Code.TOO_OLD: "{path} записан более старой Летописью; откройте его один раз для записи, "
    "например `letopis doctor`.",
    Code.NEEDS_FILE: "Так можно работать только с файлом SQLite, а архив — {path}; файл из него "
    "сделает `letopis export archive.db`.",
    Code.SERVER_UNREACHABLE: "{path} сейчас недоступен ({cause}); ничего не потеряно, повторите "
    "позже.",
    Code.SERVER_LOGIN: "{path} не пускает: исправьте пользователя или пароль в адресе базы.",
    Code.SERVER_NO_DATABASE: "Базы {path} нет на её сервере; создайте её или исправьте адрес.",
    Code.SERVER_NO_RIGHTS: "{path} этого не разрешает ({cause}); дайте права пользователю из "
    "адреса базы или укажите другого.",
    Code.SERVER_READ_ONLY: "{path} не принимает изменений: это реплика, или база открыта только "
    "для чтения.",
    Code.SERVER_ENCODING: "{path} хранит текст в кодировке {encoding}; создайте базу с кодировкой "
    "UTF8.",
    Code.SERVER_FULL: "{path} не может расти: диск сервера полон; освободите место и повторите. "
    "Наполовину ничего не записано.",
    Code.SERVER_DAMAGED: "{path} сообщает о повреждении ({cause}); восстановите базу из копии.",
    Code.COPY_UNFINISHED: "{path} — незаконченная копия: запустите `letopis copy` ещё раз, и он её "
    "закончит.",
    Code.COPY_OTHER: "В {path} не то же, что в {source}, и там ничего не изменено: укажите место, "
    "где ещё ничего нет.",
    Code.COPY_REFUSED: "{path} нельзя скопировать: таблица {table} нарушает правила своей схемы. "
    "Что в ней не так, скажет `letopis doctor`.",
    Code.COPY_DIFFERS: "Копия {path} отличается от источника ({tables}): в неё пишет другая "
    "программа. Остановите её и запустите `letopis copy` ещё раз.",
    Code.COPY_RUNS: "В {path} уже копирует другой процесс: подождите, пока он закончит.",
    Code.SQLITE_REPORTS: "SQLite сообщает: {report}.",
    Code.REST_UNREADABLE: "Остаток файла не читается: {report}.",
    Code.LOST_REFERENCE: "Строка {row} таблицы {table} ссылается на строку {parent}, которой нет.",
    Code.NOT_UTF_8: "Текст в столбце {column} таблицы {table} — не UTF-8.",
    Code.NONSENSE: "Недопустимое значение в столбце {column} таблицы {table}.",
    Code.WRONG_ROWS: "Строки таблицы {table} нет, или она повторяется.",
    Code.COUNTER_BEHIND: "Счётчик изменений меньше {latest}, номера последнего изменения.",
    Code.MIXED_CHANNEL: "«{title}» похож на два чата в одном: постов, которые старше предыдущих: "
    "{number}, первый — {message_id}. Чтобы их разделить, импортируйте экспорты обоих чатов в "
    "новую папку (--home), а у одного из них укажите в --channel своё имя.",
    Code.SCHEMA_LACKS: "В схеме не хватает: {kind} {name}.",
    Code.SCHEMA_DIFFERS: "Объявлено не так, как в этой версии Летописи: {kind} {name}.",
    Code.COLUMN_LACKS: "В таблице {table} нет столбца {column}.",
    Code.COLUMN_DIFFERS: "Столбец {column} таблицы {table} объявлен не так, как в этой версии "
    "Летописи.",
    Code.COLUMN_REFERENCE: "Столбец {column} таблицы {table} не ссылается на {parent}.",
    Code.INDEX_BUSY: "В поисковый индекс пишет другая Летопись; повторите, когда она закончит.",
    Code.INDEX_UNWRITABLE: "В поисковый индекс {folder} нельзя писать ({cause}); освободите место "
    "или измените права. Индекс можно и удалить: он построится заново.",
    Code.INDEX_FOREIGN: "Поисковый индекс {folder} не открыт: {path} принадлежит другому "
    "пользователю, ведёт в другое место или доступен для записи другим.",
    Code.INDEX_UNREADABLE: "Поисковый индекс {folder} не читается, даже построенный заново; "
    "проверьте, не полон ли диск и исправен ли он.",
    Code.INDEX_OUT_OF_REACH: "Поисковый индекс сейчас не прочесть ({cause}); повторите чуть позже.",
    Code.INDEX_NOT_BUILT: "Поисковый индекс {folder} не построить; проверьте, не полон ли диск и "
    "исправен ли он.",
    Code.INDEXING_ENDED: "Процесс индексации завершился, не закончив работу.",
}

MESSAGES = {"en": _ENGLISH, "ru": _RUSSIAN}

_CAUSES = {
    "Address already in use": "адрес занят",
    "Cannot assign requested address": "такого адреса у этой машины нет",
    "Disk quota exceeded": "исчерпана квота диска",
    "File exists": "такой файл уже есть",
    "Input/output error": "ошибка ввода-вывода",
    "Is a directory": "это папка",
    "No space left on device": "нет места на диске",
    "No such file or directory": "нет такого файла или папки",
    "Not a directory": "это не папка",
    "Operation not permitted": "операция не разрешена",
    "Permission denied": "нет прав",
    "Read-only file system": "диск только для чтения",
}
"""A message of the operating system, always in English."""


_REBUILT = {
    "ru": {
        "missing": "Поисковый индекс построен по архиву.",
        "damaged": "Поисковый индекс был повреждён и построен заново по архиву.",
        "outdated": "Поисковый индекс был от другой версии и построен заново.",
        "foreign": "Поисковый индекс был от другого архива и построен заново.",
        "grown": "В архиве больше {limit} постов: его поисковый индекс один раз построен заново, "
        "теперь на {engine}.",
        "engine": "Поисковый индекс построен заново на {engine}.",
        "asked": "Поисковый индекс построен заново на {engine}, как и указано.",
    },
    "en": {
        "missing": "The search index was built from the archive.",
        "damaged": "The search index was damaged and has been rebuilt from the archive.",
        "outdated": "The search index was from another version and has been rebuilt.",
        "foreign": "The search index was from another archive and has been rebuilt.",
        "grown": "The archive has more than {limit} posts now: its search index has been rebuilt, "
        "this once, with {engine}.",
        "engine": "The search index has been rebuilt with {engine}.",
        "asked": "The search index has been rebuilt with {engine}, as asked.",
    },
}


def say_rebuilt(done: CatchUp, texts: Catalogue) -> str:
    """Return the sentence on a rebuilt index and the reason."""
    assert done.reason
    words = _REBUILT[texts.code][done.reason]
    return words.format(limit=texts.number(done.limit), engine=done.engine)


def say(message: Message, texts: Catalogue) -> str:
    """Translate a message."""
    fields = {name: _say_field(name, value, texts) for name, value in message.fields.items()}
    return MESSAGES[texts.code][message.code].format_map(fields)


def _say_field(name: str, value: Field, texts: Catalogue) -> str:
    if isinstance(value, tuple):
        return "; ".join(say(each, texts) for each in value)
    if isinstance(value, int):
        return texts.number(value)
    if name == "problem":
        return say_problem(value, texts)
    if name == "cause" and texts.code == "ru":
        return _CAUSES.get(value, value)
    return value
