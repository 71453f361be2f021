"""The archive: schema, migrations, views and the store; the only package with SQL."""

from db.canned import CannedQuery, canned_queries
from db.import_lock import import_lock
from db.opening import open_archive
from db.store import PostStore
from db.values import (
    ArchiveStats,
    ChannelCount,
    ChannelOverview,
    Comparison,
    ImportedFile,
    ImportRow,
    KeptCopy,
    LanguageCount,
    LikedPost,
    MonthCount,
    OtherTime,
    PeriodStats,
    PostedAt,
    PostVersion,
    QueryResult,
    SaveResult,
    SearchSession,
    StoredChannel,
    TagCount,
    TextEdit,
    Thread,
)

__all__ = [
    "ArchiveStats",
    "CannedQuery",
    "ChannelCount",
    "ChannelOverview",
    "Comparison",
    "ImportRow",
    "ImportedFile",
    "KeptCopy",
    "LanguageCount",
    "LikedPost",
    "MonthCount",
    "OtherTime",
    "PeriodStats",
    "PostStore",
    "PostVersion",
    "PostedAt",
    "QueryResult",
    "SaveResult",
    "SearchSession",
    "StoredChannel",
    "TagCount",
    "TextEdit",
    "Thread",
    "canned_queries",
    "import_lock",
    "open_archive",
]
