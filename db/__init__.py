"""The archive: schema, migrations, views and the store; the only package with SQL."""

from db.bot_alert_settings import AlertSettings, AlertSettingsStore
from db.bot_alerts import AlertStore, ClaimedMatches, PendingMatches
from db.bot_live import ApprovalStatus, Gap, LiveChannel, LiveStore
from db.bot_people import AccessStatus, PeopleStore, Person
from db.bot_saved import AlertMode, SavedSearch, SavedSearchStore
from db.bot_store import BotStore, check_bot_state, open_bot_store
from db.bot_uploads import Upload, UploadStatus, UploadStore
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
    "AccessStatus",
    "AlertMode",
    "AlertSettings",
    "AlertSettingsStore",
    "AlertStore",
    "ApprovalStatus",
    "ArchiveStats",
    "BotStore",
    "CannedQuery",
    "ChannelCount",
    "ChannelOverview",
    "ClaimedMatches",
    "Comparison",
    "Gap",
    "ImportRow",
    "ImportedFile",
    "KeptCopy",
    "LanguageCount",
    "LikedPost",
    "LiveChannel",
    "LiveStore",
    "MonthCount",
    "OtherTime",
    "PendingMatches",
    "PeopleStore",
    "PeriodStats",
    "Person",
    "PostStore",
    "PostVersion",
    "PostedAt",
    "QueryResult",
    "SaveResult",
    "SavedSearch",
    "SavedSearchStore",
    "SearchSession",
    "StoredChannel",
    "TagCount",
    "TextEdit",
    "Thread",
    "Upload",
    "UploadStatus",
    "UploadStore",
    "canned_queries",
    "check_bot_state",
    "import_lock",
    "open_archive",
    "open_bot_store",
]
