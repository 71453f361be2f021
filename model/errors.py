"""The error tree: everything that Letopis raises on purpose.

LetopisError                 one sentence for a person: what is wrong and what to do
├── UsageError               the call cannot be carried out as it was given (exit code 2)
│   ├── SourceError          the thing given to an import cannot be read as an export
│   ├── ChannelError         which channel is meant is unknown or ambiguous
│   └── SettingsError        a setting is missing or refused
├── ArchiveError             the archive cannot be opened or written (exit code 2)
│   ├── ArchiveTooNew        written by a newer Letopis
│   ├── ArchiveUnwritable    the folder or file is read-only, or the disk is full
│   └── ArchiveBusy          another process is writing
└── IndexUnavailable         the search index cannot be read or written (exit code 1)
"""

from __future__ import annotations


class LetopisError(Exception):
    """Say in one sentence what is wrong and what to do; `str()` is shown to people as it is."""

    exit_code = 1


class UsageError(LetopisError):
    """The call cannot be carried out as it was given."""

    exit_code = 2


class SourceError(UsageError):
    """The file or folder given to an import cannot be read as an export."""


class ChannelError(UsageError):
    """It is unknown or ambiguous which channel is meant."""


class SettingsError(UsageError):
    """A setting is missing or refused."""


class ArchiveError(LetopisError):
    """The archive cannot be opened or written."""

    exit_code = 2


class ArchiveTooNew(ArchiveError):
    """The archive was written by a newer Letopis."""


class ArchiveUnwritable(ArchiveError):
    """The folder or file is read-only, or the disk is full."""


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""


class IndexUnavailable(LetopisError):
    """The search index can be neither read nor written."""
