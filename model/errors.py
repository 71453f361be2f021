"""The error tree: everything that Letopis raises on purpose.

LetopisError                 what is wrong and what to do, by its code; `i18n.messages` words it
├── UsageError               the call cannot be carried out as it was given (exit code 2)
│   ├── SourceError          the thing given to an import cannot be read as an export
│   ├── ChannelError         which channel is meant is unknown or ambiguous
│   │   ├── OtherChat        its times of posting prove that it is another chat
│   │   └── DoubtfulChat     it shares no posts with the archive where it should
│   ├── SettingsError        a setting is missing or refused
│   └── AlreadyRunning       another process does this already
├── ArchiveError             the archive cannot be opened or written (exit code 2)
│   ├── ArchiveTooNew        written by a newer Letopis
│   ├── ArchiveUnwritable    the folder or file is read-only, or the disk is full
│   └── ArchiveBusy          another process is writing
│       └── ArchiveUnreachable   its server does not answer
├── NotLeading               another process has taken over what this one did
├── FetchFailed              a page of a channel's web preview cannot be had (exit code 1)
└── IndexUnavailable         the search index cannot be read or written (exit code 1)
    ├── IndexBusy            another process is writing it
    ├── IndexUnwritable      its folder is read-only, or the disk is full
    └── IndexForeign         another user may have written it
"""

from __future__ import annotations

from typing import Self

from model.messages import Code, Message


class LetopisError(Exception):
    """What is wrong and what to do, as a code and the fields of its sentence.

    `str()` is for logs. `reason` is the code for programs; some classes share one reason for all
    their errors.
    """

    exit_code = 1
    reason: Code

    def __init__(self, code: Code, **fields: object) -> None:
        super().__init__(code)
        self.message: Message = Message.of(code, **fields)
        if not hasattr(self, "reason"):
            self.reason = code

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return the error for a message received from another process."""
        return cls(message.code, **message.fields)

    def __str__(self) -> str:
        return str(self.message)


class UsageError(LetopisError):
    """The call cannot be carried out as it was given."""

    exit_code = 2


class SourceError(UsageError):
    """The file or folder given to an import cannot be read as an export."""


class ChannelError(UsageError):
    """The channel meant is unknown or ambiguous."""

    reason = Code.AMBIGUOUS_CHANNEL


class OtherChat(ChannelError):
    """A source gives stored posts another time of posting: it is of another chat."""

    reason = Code.OTHER_CHAT


class DoubtfulChat(ChannelError):
    """A source shares no posts with the archive where it should; a person must decide."""

    reason = Code.DOUBTFUL_CHAT


class SettingsError(UsageError):
    """A setting is missing or refused."""


class AlreadyRunning(UsageError):
    """Another process already does what only one may do."""


class ArchiveError(LetopisError):
    """The archive cannot be opened or written."""

    exit_code = 2
    reason = Code.DAMAGED


class ArchiveTooNew(ArchiveError):
    """The archive was written by a newer Letopis."""


class ArchiveUnwritable(ArchiveError):
    """The folder or file is read-only, or the disk is full."""

    reason = Code.UNWRITABLE


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""

    reason = Code.BUSY


class NotLeading(LetopisError):
    """Another process has taken over; this one may neither write nor send."""


class ArchiveUnreachable(ArchiveBusy):
    """The server of the archive does not answer now."""

    reason = Code.SERVER_UNREACHABLE


class FetchFailed(LetopisError):
    """A page of a channel's web preview cannot be had; what was fetched before it is kept."""


class IndexUnavailable(LetopisError):
    """The search index can be neither read nor written."""


class IndexBusy(IndexUnavailable):
    """Another process is writing the search index."""


class IndexUnwritable(IndexUnavailable):
    """The folder of the search index is read-only, or the disk is full."""


class IndexForeign(IndexUnavailable):
    """Another user may have written the search index."""
