"""Messages to people before translation: a code and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import TypeAlias

Field: TypeAlias = str | int | tuple["Message", ...]


class Code(StrEnum):
    """All messages; `i18n.messages` has a sentence for each, with its fields."""

    # Why a file cannot be imported.
    EMPTY = auto()
    NO_EXPORT = auto()
    PICTURE = auto()
    OFFICE = auto()
    OTHER_ARCHIVE = auto()
    CONTENTS = auto()
    COPIED_TEXT = auto()
    ZIP_DAMAGED = auto()
    ZIP_LOCKED = auto()
    ZIP_BOMB = auto()
    ZIP_TOO_BIG = auto()
    ZIP_TOO_MANY = auto()
    ZIP_TWICE = auto()
    ZIP_NESTED = auto()
    SEVERAL_EXPORTS = auto()
    SEVERAL_CHATS = auto()
    SEVERAL_CHANNELS = auto()
    ACCOUNT = auto()
    PRIVATE_CHAT = auto()
    NO_MESSAGES = auto()
    NO_WEB_POSTS = auto()
    OTHER_JSON = auto()
    TDL_WITHOUT_CONTENT = auto()
    UNNAMED_CHANNEL = auto()
    BROKEN_TEXT = auto()
    BROKEN_PAGE = auto()
    BROKEN_JSON = auto()
    UNREADABLE = auto()
    TOO_DEMANDING = auto()
    PARTLY_READ = auto()

    # Why a channel cannot be fetched.
    NO_PREVIEW = auto()
    OTHER_PREVIEW = auto()
    NOT_A_PREVIEW = auto()
    PREVIEW_REPEATS = auto()
    PREVIEW_TOO_BIG = auto()
    PREVIEW_FAILS = auto()
    PREVIEW_LATER = auto()
    FETCH_RUNS = auto()

    # Notices of an import.
    READ_TOGETHER = auto()
    OTHER_CHANNEL = auto()
    UTC_ASSUMED = auto()
    ZONE_ASSUMED = auto()
    NEWER_KNOWN = auto()
    TOO_LONG = auto()

    # Calls and settings.
    AMBIGUOUS_CHANNEL = auto()
    OTHER_CHAT = auto()
    OTHER_TIME = auto()
    DOUBTFUL_CHAT = auto()
    DISORDERED_CHAT = auto()
    MARK_TAKEN = auto()
    NUMBER_KNOWN = auto()
    EMPTY_CHANNEL = auto()
    NO_CHANNEL_NAME = auto()
    NO_CHANNEL = auto()
    NO_POST = auto()
    FORMAT_UNKNOWN = auto()
    COPY_IS_WHOLE = auto()
    PICTURE_UNKNOWN = auto()
    NOTHING_TO_DRAW = auto()
    COPY_TO = auto()
    COPY_ITSELF = auto()
    AMBIGUOUS_POST = auto()
    NO_ZONE = auto()
    NO_ARCHIVE = auto()
    HOME_NOT_UTF_8 = auto()
    EXTRA_MISSING = auto()
    PORT_TAKEN = auto()
    ENGINE_FIXED = auto()
    SQL_READS_ONLY = auto()
    SQL_NOT_UNDERSTOOD = auto()
    SQL_REFUSED = auto()
    SQL_ONLY_READS = auto()
    SQL_NO_TABLE = auto()
    SQL_NO_FULL_TEXT = auto()
    SQL_NO_PARAMETER = auto()
    SQL_NO_QUERY = auto()
    SQL_PARAMETER = auto()
    SQL_TOO_SLOW = auto()
    STEMS_TAKEN = auto()
    FULL_TEXT_NOT_KEPT = auto()
    FULL_TEXT_LAGS = auto()
    BOT_RUNS = auto()
    NOT_LEADING = auto()
    NO_TOKEN = auto()
    NO_OWNERS = auto()
    NO_MEMBERS_OF = auto()
    UNKNOWN_TOKEN = auto()
    WEBHOOK_REFUSED = auto()
    NOT_LISTENING = auto()
    SETTINGS_UNREADABLE = auto()
    NO_SUCH_SETTING = auto()
    SETTINGS_REFUSED = auto()
    SETTING_CHOICE = auto()
    SETTING_NUMBER = auto()
    SETTING_LEAST = auto()
    SETTING_MOST = auto()
    SETTING_UNKNOWN = auto()
    SETTING_OTHER = auto()
    SETTING_TOKEN = auto()
    SETTING_OWNERS = auto()
    SETTING_MEMBERS_OF = auto()
    SETTING_FETCH = auto()
    SETTING_ZONE = auto()
    SETTING_SECRET = auto()
    SETTING_URL = auto()
    SETTING_URL_PARTS = auto()
    SETTING_URL_OPEN = auto()
    SETTING_URL_HTTPS = auto()
    SETTING_URL_PORT = auto()
    SETTING_PLACE = auto()
    SETTING_SERVER = auto()
    SETTING_CLUSTER = auto()
    SETTING_NO_CLUSTER = auto()

    # The archive.
    DAMAGED = auto()
    UNWRITABLE = auto()
    BUSY = auto()
    IMPORT_RUNS = auto()
    HOME_UNWRITABLE = auto()
    MEDIA_UNWRITABLE = auto()
    DISK_FULL = auto()
    DISK_FAILS = auto()
    FULL_TEXT_DAMAGED = auto()
    EMPTY_DATABASE = auto()
    OTHER_DATABASE = auto()
    NO_DATABASE = auto()
    NO_FOLDER = auto()
    NOT_MADE = auto()
    EXISTS = auto()
    LOG_LEFT = auto()
    GONE = auto()
    REPLACED = auto()
    MEDDLING = auto()
    TOO_NEW = auto()
    TOO_OLD = auto()
    NEEDS_FILE = auto()
    SERVER_UNREACHABLE = auto()
    SERVER_LOGIN = auto()
    SERVER_NO_DATABASE = auto()
    SERVER_NO_RIGHTS = auto()
    SERVER_READ_ONLY = auto()
    SERVER_ENCODING = auto()
    SERVER_FULL = auto()
    SERVER_DAMAGED = auto()
    COPY_UNFINISHED = auto()
    COPY_OTHER = auto()
    COPY_REFUSED = auto()
    COPY_DIFFERS = auto()
    COPY_RUNS = auto()

    # Faults found by a check of the archive.
    SQLITE_REPORTS = auto()
    REST_UNREADABLE = auto()
    LOST_REFERENCE = auto()
    NOT_UTF_8 = auto()
    NONSENSE = auto()
    WRONG_ROWS = auto()
    COUNTER_BEHIND = auto()
    MIXED_CHANNEL = auto()
    SCHEMA_LACKS = auto()
    SCHEMA_DIFFERS = auto()
    COLUMN_LACKS = auto()
    COLUMN_DIFFERS = auto()
    COLUMN_REFERENCE = auto()

    # The search index.
    INDEX_BUSY = auto()
    INDEX_UNWRITABLE = auto()
    INDEX_FOREIGN = auto()
    INDEX_UNREADABLE = auto()
    INDEX_OUT_OF_REACH = auto()
    INDEX_NOT_BUILT = auto()
    INDEXING_ENDED = auto()


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a person; the fields fill in its sentence. `str()` is for logs."""

    code: Code
    fields: Mapping[str, Field] = field(default_factory=dict)

    @classmethod
    def of(cls, code: Code, **fields: object) -> Message:
        """Return a message; fields other than numbers and messages are converted to text."""
        kept = (int, tuple)
        return cls(code, {k: v if isinstance(v, kept) else str(v) for k, v in fields.items()})

    def __str__(self) -> str:
        told = ", ".join(f"{name}={_shown(value)}" for name, value in self.fields.items())
        return f"{self.code} ({told})" if told else self.code


def _shown(value: Field) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
