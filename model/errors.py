"""The error tree: everything that Letopis raises on purpose.

LetopisError                 one sentence for a person: what is wrong and what to do
├── UsageError               the call cannot be carried out as it was given (exit code 2)
│   ├── SourceError          the thing given to an import cannot be read as an export
│   ├── ChannelError         which channel is meant is unknown or ambiguous
│   ├── SettingsError        a setting is missing or refused
│   └── AlreadyRunning       another process does this already
├── ArchiveError             the archive cannot be opened or written (exit code 2)
│   ├── ArchiveTooNew        written by a newer Letopis
│   ├── ArchiveUnwritable    the folder or file is read-only, or the disk is full
│   └── ArchiveBusy          another process is writing
└── IndexUnavailable         the search index cannot be read or written (exit code 1)
    ├── IndexBusy            another process is writing it
    ├── IndexUnwritable      its folder is read-only, or the disk is full
    └── IndexForeign         another user may have written it
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What went wrong, as a code; callers translate it for people who read another language."""

    EMPTY = "the file is empty"
    NO_EXPORT = "it is no export"
    PICTURE = "it is a picture"
    OFFICE = "it is a document of an office program"
    OTHER_ARCHIVE = "it is packed, but no zip"
    CONTENTS = "it is an export's page of contents"
    COPIED_TEXT = "it is text copied from a web page"
    ZIP_DAMAGED = "the zip is damaged"
    ZIP_LOCKED = "the zip has a password"
    ZIP_BOMB = "the zip unpacks to far more than an export"
    ZIP_TOO_BIG = "the zip holds too many bytes"
    ZIP_TOO_MANY = "the zip holds too many files"
    ZIP_TWICE = "the zip holds a file twice"
    ZIP_NESTED = "the zip holds another archive alone"
    SEVERAL_EXPORTS = "it holds several exports"
    SEVERAL_CHATS = "it holds several chats"
    SEVERAL_CHANNELS = "it shows several channels"
    ACCOUNT = "it is the export of a whole account"
    PRIVATE_CHAT = "it is a private conversation"
    NO_MESSAGES = "it holds no messages"
    BROKEN_TEXT = "it is not UTF-8, or names no channel"
    BROKEN_JSON = "it is no whole JSON"
    UNREADABLE = "it cannot be read"
    TOO_DEMANDING = "it takes more memory or time than an import may have"
    AMBIGUOUS_CHANNEL = "several channels bear the title"
    BUSY = "another process writes into the archive"
    UNWRITABLE = "the archive cannot be written"
    DAMAGED = "the archive cannot be opened"


class LetopisError(Exception):
    """One sentence that says what is wrong and what to do; `str()` is shown to people as it is.

    `reason` is the machine-readable counterpart, where a caller needs one.
    """

    exit_code = 1
    reason: Reason | None = None

    def __init__(self, sentence: str = "", *, reason: Reason | None = None) -> None:
        super().__init__(sentence)
        if reason is not None:
            self.reason = reason


class UsageError(LetopisError):
    """The call cannot be carried out as it was given."""

    exit_code = 2


class SourceError(UsageError):
    """The file or folder given to an import cannot be read as an export."""


class ChannelError(UsageError):
    """The channel meant is unknown or ambiguous."""

    reason = Reason.AMBIGUOUS_CHANNEL


class SettingsError(UsageError):
    """A setting is missing or refused."""


class AlreadyRunning(UsageError):
    """Another process already does what only one may do."""


class ArchiveError(LetopisError):
    """The archive cannot be opened or written."""

    exit_code = 2
    reason = Reason.DAMAGED


class ArchiveTooNew(ArchiveError):
    """The archive was written by a newer Letopis."""


class ArchiveUnwritable(ArchiveError):
    """The folder or file is read-only, or the disk is full."""

    reason = Reason.UNWRITABLE


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""

    reason = Reason.BUSY


class IndexUnavailable(LetopisError):
    """The search index can be neither read nor written."""


class IndexBusy(IndexUnavailable):
    """Another process is writing the search index."""


class IndexUnwritable(IndexUnavailable):
    """The folder of the search index is read-only, or the disk is full."""


class IndexForeign(IndexUnavailable):
    """Another user may have written the search index."""
