"""Help of the command line and errors of its parser: the fields, and both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class HelpTexts:
    """Names in braces are filled in with `str.format`."""

    usage: str
    arguments: str
    options: str
    commands: str
    default: str
    required: str
    env_var: str
    example: str
    """With {command}."""
    options_metavar: str
    command_metavar: str
    default_home: str
    try_help: str
    """With {command}."""
    error: str
    """With {message}."""
    as_text: str
    """After an unknown option where a text is expected."""
    aborted: str
    about: Mapping[str, str]
    """Descriptions of commands, by name; `letopis` for the whole program."""
    params: Mapping[str, str]
    """Descriptions of arguments and options, by name; `command.name` if specific to one command."""
    metavars: Mapping[str, str]
    """Placeholders of values, by the name of the argument or option."""
    refusals: Mapping[str, str]
    """What to say for the parser's errors, by patterns of its English sentences."""


ENGLISH_HELP = HelpTexts(
    usage="Usage:",
    arguments="Arguments",
    options="Options",
    commands="Commands",
    default="default",
    required="required",
    env_var="env var",
    example="Example: {command}",
    options_metavar="[OPTIONS]",
    command_metavar="COMMAND [ARGS]...",
    default_home="the user data folder",
    try_help="Try '{command} --help' for help.",
    error="Error: {message}",
    as_text="To give it as text, put it after -- or inside quotes with other words.",
    aborted="Aborted!",
    about={
        "letopis": "Keep a Telegram channel: an archive in SQLite, full-text search, a bot.",
        "ingest": "Import exports of a channel into the archive and bring the search index up to "
        "date.",
        "fetch": "Read a public channel's web preview, t.me/s/name, into the archive.\n\n"
        "Goes back to the first post, or to what was read before. If stopped, the next run "
        "continues.",
        "watch": "Import exports that appear in a folder, once they are complete.\n\n"
        "One that needs an answer is named and waits for letopis ingest.",
        "search": 'Find posts and their code. Knows "a phrase", -word, #tag and word forms.',
        "similar": "Find posts that are like one, by its distinctive words.",
        "bot": "Answer in Telegram until stopped; only to the owners, unless set otherwise.\n\n"
        "Needs LETOPIS_BOT_TOKEN and LETOPIS_OWNERS, from the environment, a .env file or "
        "letopis.toml.",
        "demo": "Talk to the bot in this terminal, over the sample channel; needs no token and no "
        "network.\n\n"
        "With --home, talks over the archive in that folder instead, if it holds any post.",
        "tags": "List the hashtags of the archive with their counts.",
        "stats": "Show what the archive holds, with bars, or draw it.\n\n"
        "Posts by month, weekday and hour, tags over time, languages of code, sites, sources of "
        "reposts and reactions.",
        "channels": "List the channels of the archive, or give one its @name or number.",
        "imports": "List the imports so far, the newest first.",
        "show": "Show one post in full.",
        "sql": "Query the archive in SQL, which can only read it.\n\n"
        "Without a statement, reads one from standard input, or opens a shell in a terminal "
        "(packages of letopis[sql]). In JSON an infinite number is null.",
        "browse": "Open the archive in a browser on this machine.\n\n"
        "Needs the packages of letopis[browse].",
        "mcp": "Let an assistant query the archive, over the Model Context Protocol.\n\n"
        "The assistant starts it and talks to it on standard input and output. Needs the packages "
        "of letopis[mcp].",
        "export": "Write posts to a new file: all of them, or those that a query finds.\n\n"
        "The file's name tells the format: .md Markdown, .jsonl JSON Lines, .csv, .ipynb a "
        "notebook of the Python code, a name with / at its end a folder with a Markdown file for "
        "each post, as Obsidian and Logseq read it. A .db is a complete copy of the archive, also "
        "while the bot runs.",
        "copy": "Copy the archive and the bot's state to a folder or PostgreSQL, or back.\n\n"
        "If stopped, the next run continues; at the end both sides are compared. Stop the bot "
        "before, and name the new place in the settings afterwards. A .db takes the archive alone.",
        "doctor": "Check the archive, the copies of files and the index, and repair the index.",
        "reindex": "Rebuild the search index; the archive is only read.",
        "where": "Show where the archive, the index and the settings are.",
    },
    params={
        "help": "Show this message and exit.",
        "version": "Show the version and exit.",
        "install_completion": "Install completion for the current shell.",
        "show_completion": "Show completion for the current shell, to copy or customize it.",
        "home": "The folder of the archive, the index and the settings.",
        "json": "Print JSON, for programs.",
        "limit": "How many posts to show.",
        "tags.limit": "How many tags to show.",
        "sql.limit": "How many rows to show.",
        "message_id": "The post's number.",
        "channel": "Its channel, where the archive holds several.",
        "ingest.channel": "Which channel it is: @name, a number, or a title.",
        "channels.channel": "A channel: its title, @name or number.",
        "name": "The channel: @name, or its address.",
        "base_url": "For tests: a stand-in on this machine.",
        "folder": "The folder in which exports appear.",
        "every": "How often to look, in seconds.",
        "once": "Import what is there, then exit.",
        "mark": "The @name or number to give to it.",
        "paths": "Export folders or files.",
        "tz": "Time zone of the exporting machine, such as Europe/Moscow.",
        "as_of": "When the export was made, where its folder's name does not say.",
        "copy_media": "Keep the attached files too.",
        "link_media": "Keep them as hard links, which takes no space; whatever overwrites them in "
        "the export overwrites them here too.",
        "dry_run": "Show what would change; write nothing.",
        "query": "Words to find; - reads queries from standard input, one per line.",
        "offset": "How many of the best posts to skip.",
        "sort": "The order, instead of that of the query.",
        "prefix": "Only tags that begin like this.",
        "problems": "Also list what could not be read.",
        "statement": "A read-only statement, or the name of a canned query.",
        "values": "Values of its parameters, such as tag=sql for :tag.",
        "csv": "Print CSV.",
        "queries": "List the canned queries.",
        "markdown": "Print a Markdown table.",
        "enable_fts": "Keep the full text of the posts in a table, posts_fts, or rebuild it.",
        "disable_fts": "Remove that table.",
        "timeout": "How long it may take.",
        "target": "A file or folder that does not exist yet.",
        "export.query": "Which posts: a query, as for letopis search.",
        "export.limit": "How many posts at most, the first ones.",
        "picture": "Draw it into a new file, .png or .svg.",
        "to": "A folder, a new .db, or postgresql+psycopg://user:password@host/database.",
        "form": "The format, where the name does not tell.",
        "thorough": "Also read every copy of a file to its end.",
        "port": "The port to listen on; 0 takes a free one.",
        "engine": "The engine from now on; auto is whoosh up to 20,000 posts, tantivy above.",
    },
    metavars={
        "home": "FOLDER",
        "paths": "PATH",
        "channel": "CHANNEL",
        "tz": "ZONE",
        "as_of": "YYYY-MM-DD",
        "query": "QUERY",
        "limit": "N",
        "offset": "N",
        "message_id": "ID",
        "name": "@NAME",
        "folder": "FOLDER",
        "every": "SECONDS",
        "mark": "MARK",
        "prefix": "PREFIX",
        "statement": "STATEMENT",
        "values": "NAME=VALUE",
        "timeout": "SECONDS",
        "target": "FILE",
        "picture": "FILE",
        "to": "PLACE",
        "port": "N",
    },
    refusals={
        r"Invalid value for '?(.*?)'?: Input should be a valid integer.*": "{0} must be a whole "
        "number.",
        r"Invalid value for '?(.*?)'?: Input should be a valid number.*": "{0} must be a number.",
        r"Invalid value for '?(.*?)'?: Input should be less than or equal to (.*)": "{0} must be "
        "at most {1}.",
        r"Invalid value for '?(.*?)'?: Input should be greater than or equal to (.*)": "{0} must "
        "be at least {1}.",
        r"Invalid value for '?(.*?)'?: Value error, (.*) does not match the formats .*": "{0}: "
        "{1} is not a date like YYYY-MM-DD.",
        r"Invalid value for '?(.*?)'?: Value error, .* is not one of (.*)\.": "{0} must be one of "
        "{1}.",
    },
)

RUSSIAN_HELP = HelpTexts(
    usage="Вызов:",
    arguments="Аргументы",
    options="Параметры",
    commands="Команды",
    default="по умолчанию",
    required="обязательно",
    env_var="переменная окружения",
    example="Пример: {command}",
    options_metavar="[ПАРАМЕТРЫ]",
    command_metavar="КОМАНДА [АРГУМЕНТЫ]...",
    default_home="папка данных пользователя",
    try_help="Справка: {command} --help",
    error="Ошибка: {message}",
    as_text="Чтобы передать это как текст, напишите его после -- или в кавычках с другими словами.",
    aborted="Прервано.",
    about={
        "letopis": "Хранит канал Telegram: архив в SQLite, полнотекстовый поиск и бот.",
        "ingest": "Импортирует экспорты канала в архив и обновляет поисковый индекс.",
        "fetch": "Читает в архив страницы открытого канала, t.me/s/имя.\n\n"
        "Идёт до первого поста или до уже прочитанного. Если прервать, следующий запуск продолжит.",
        "watch": "Импортирует экспорты, которые появляются в папке, когда они готовы.\n\n"
        "Если по экспорту нужно решение, он назван и ждёт команды letopis ingest.",
        "search": 'Находит посты и код в них. Понимает "фразу", -слово, #тег и формы слов.',
        "similar": "Находит посты, похожие на данный, по его характерным словам.",
        "bot": "Отвечает в Telegram — только владельцам, — пока его не остановят.\n\n"
        "Нужны LETOPIS_BOT_TOKEN и LETOPIS_OWNERS: в окружении, в файле .env или в letopis.toml.",
        "demo": "Разговор с ботом в этом терминале, по учебному каналу; ни токен, ни сеть не "
        "нужны.\n\n"
        "С --home — по архиву из этой папки, если в нём есть посты.",
        "tags": "Перечисляет хештеги архива и сколько у каждого постов.",
        "stats": "Показывает, что есть в архиве, или рисует это.\n\n"
        "Посты по месяцам, дням недели и часам, теги во времени, языки кода, сайты, источники "
        "репостов и реакции.",
        "channels": "Перечисляет каналы архива или даёт одному из них @имя или номер.",
        "imports": "Перечисляет импорты, новые первыми.",
        "show": "Показывает пост целиком.",
        "sql": "Запрос к архиву на SQL; изменить так ничего нельзя.\n\n"
        "Если запрос не указан, он читается со стандартного ввода, а в терминале открывается "
        "оболочка (пакеты letopis[sql]). "
        "В JSON бесконечность — это null.",
        "browse": "Открывает архив в браузере на этой машине.\n\nНужны пакеты letopis[browse].",
        "mcp": "Даёт ассистенту искать в архиве, по протоколу Model Context Protocol.\n\n"
        "Ассистент запускает её сам и говорит с ней через стандартный ввод и вывод. Нужны пакеты "
        "letopis[mcp].",
        "export": "Записывает посты в новый файл: все или найденные запросом.\n\n"
        "Формат — по имени файла: .md Markdown, .jsonl JSON Lines, .csv, .ipynb ноутбук с кодом на "
        "Python, имя с / на конце — папка, где каждый пост — файл Markdown, как для Obsidian и "
        "Logseq. В .db — полная копия архива, в том числе при работающем боте.",
        "copy": "Копирует архив и состояние бота в другую папку, в PostgreSQL или обратно.\n\n"
        "Если прервать, следующий запуск продолжит; в конце обе стороны сравниваются. Сначала "
        "остановите бота, а потом укажите новое место в настройках. В .db копируется один архив.",
        "doctor": "Проверяет архив, копии файлов и индекс; индекс чинит.",
        "reindex": "Строит поисковый индекс заново; архив только читается.",
        "where": "Говорит, где лежат архив, индекс и настройки.",
    },
    params={
        "help": "Показать эту справку и выйти.",
        "version": "Показать версию и выйти.",
        "install_completion": "Установить автодополнение для этой оболочки.",
        "show_completion": "Показать скрипт автодополнения для этой оболочки.",
        "home": "Папка с архивом, индексом и настройками.",
        "json": "Вывести JSON, для программ.",
        "limit": "Сколько постов показать.",
        "tags.limit": "Сколько тегов показать.",
        "sql.limit": "Сколько строк показать.",
        "message_id": "Номер поста.",
        "channel": "Канал поста, если в архиве их несколько.",
        "ingest.channel": "Какой это канал: @имя, номер или название.",
        "channels.channel": "Канал: его название, @имя или номер.",
        "name": "Канал: @имя или адрес.",
        "base_url": "Для проверок: замена на этой машине.",
        "folder": "Папка, в которой появляются экспорты.",
        "every": "Как часто смотреть, в секундах.",
        "once": "Импортировать то, что есть, и закончить.",
        "mark": "Какое @имя или номер ему дать.",
        "paths": "Папки или файлы экспорта.",
        "tz": "Часовой пояс машины, на которой сделан экспорт, например Europe/Moscow.",
        "as_of": "Когда сделан экспорт, если этого нет в имени папки.",
        "copy_media": "Сохранить и вложенные файлы.",
        "link_media": "Сохранить их жёсткими ссылками: место не занято, но если файл перезапишут в "
        "экспорте, он изменится и здесь.",
        "dry_run": "Показать, что изменится, и ничего не записывать.",
        "query": "Слова для поиска; - читает запросы со стандартного ввода, по одному в строке.",
        "offset": "Сколько лучших пропустить.",
        "sort": "Порядок вместо заданного в запросе.",
        "prefix": "Только теги с таким началом.",
        "problems": "Перечислить и то, что не удалось прочитать.",
        "statement": "Запрос на чтение или имя готового запроса.",
        "values": "Значения его параметров, например tag=sql для :tag.",
        "csv": "Вывести CSV.",
        "queries": "Перечислить готовые запросы.",
        "markdown": "Вывести таблицу Markdown.",
        "enable_fts": "Вести полный текст постов в таблице posts_fts или перестроить её.",
        "disable_fts": "Удалить эту таблицу.",
        "timeout": "Сколько он может выполняться.",
        "target": "Файл или папка, которых ещё нет.",
        "export.query": "Какие посты: запрос, как для letopis search.",
        "export.limit": "Сколько первых постов взять.",
        "picture": "Нарисовать в новый файл, .png или .svg.",
        "to": "Папка, новый .db или postgresql+psycopg://пользователь:пароль@сервер/база.",
        "form": "Формат, если по имени его не понять.",
        "thorough": "Прочитать и каждую копию файла до конца.",
        "port": "На каком порту слушать; 0 — на любом свободном.",
        "engine": "Движок на будущее; auto — это whoosh до 20 000 постов и tantivy дальше.",
    },
    metavars={
        "home": "ПАПКА",
        "paths": "ПУТЬ",
        "channel": "КАНАЛ",
        "tz": "ПОЯС",
        "as_of": "ГГГГ-ММ-ДД",
        "query": "ЗАПРОС",
        "limit": "N",
        "offset": "N",
        "message_id": "ID",
        "name": "@ИМЯ",
        "folder": "ПАПКА",
        "every": "СЕКУНДЫ",
        "mark": "ИМЯ",
        "prefix": "НАЧАЛО",
        "statement": "ЗАПРОС",
        "values": "ИМЯ=ЗНАЧЕНИЕ",
        "timeout": "СЕКУНДЫ",
        "to": "МЕСТО",
        "target": "ФАЙЛ",
        "picture": "ФАЙЛ",
        "port": "N",
    },
    refusals={
        r"No such option: (\S+)": "нет параметра {0}.",
        r"No such option: (\S+) \(Possible options: (.*)\)": "нет параметра {0}; похожие: {1}.",
        r"No such command '(.*)'\.": "нет команды {0}.",
        r"No such command '(.*)'\. Did you mean (.*)\?": "нет команды {0}; похожие: {1}.",
        r"Missing command\.": "не указана команда.",
        r"Missing argument '(.*)'\.": "не указан аргумент {0}.",
        r"Option '(.*)' requires an argument\.": "параметру {0} нужно значение.",
        r"Option '(.*)' does not take a value\.": "у параметра {0} нет значения.",
        r"Got unexpected extra argument\(s\) \((.*)\)": "лишние аргументы: {0}.",
        r"Invalid value for '?(.*?)'?: Input should be a valid integer.*": "{0}: нужно целое "
        "число.",
        r"Invalid value for '?(.*?)'?: Input should be a valid number.*": "{0}: нужно число.",
        r"Invalid value for '?(.*?)'?: Input should be less than or equal to (.*)": "{0}: нужно не "
        "больше {1}.",
        r"Invalid value for '?(.*?)'?: Input should be greater than or equal to (.*)": "{0}: нужно "
        "не меньше {1}.",
        r"Invalid value for '?(.*?)'?: Value error, (.*) does not match the formats .*": "{0}: "
        "{1} — не дата вида ГГГГ-ММ-ДД.",
        r"Invalid value for '?(.*?)'?: Value error, .* is not one of (.*)\.": "{0}: допустимо "
        "только {1}.",
        r"Invalid value for '?(.*?)'?: (.*)": "{0}: {1}",
    },
)
