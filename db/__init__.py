"""The archive: schema, migrations, views and the store; the only package with SQL."""

from db.bot_alerts import AlertStore, Taken, Waiting
from db.bot_followers import Follower, FollowerStore
from db.bot_live import Admission, Gap, LiveChannel, LiveStore
from db.bot_people import PeopleStore, Person, Standing
from db.bot_saved import Mode, SavedSearch, SavedStore
from db.bot_store import BotStore, check_bot_state, open_bot_store
from db.bot_uploads import Upload, UploadStatus, UploadStore
from db.import_lock import import_lock
from db.opening import open_archive
from db.store import PostStore
from db.values import (
    ArchiveStats,
    ChannelCount,
    ImportedFile,
    ImportRow,
    KeptCopy,
    LanguageCount,
    LikedPost,
    MonthCount,
    PeriodStats,
    PostVersion,
    QueryResult,
    SaveResult,
    SearchSession,
    StoredChannel,
    TagCount,
    TextEdit,
)

__all__ = [
    "Admission",
    "AlertStore",
    "ArchiveStats",
    "BotStore",
    "ChannelCount",
    "Follower",
    "FollowerStore",
    "Gap",
    "ImportRow",
    "ImportedFile",
    "KeptCopy",
    "LanguageCount",
    "LikedPost",
    "LiveChannel",
    "LiveStore",
    "Mode",
    "MonthCount",
    "PeopleStore",
    "PeriodStats",
    "Person",
    "PostStore",
    "PostVersion",
    "QueryResult",
    "SaveResult",
    "SavedSearch",
    "SavedStore",
    "SearchSession",
    "Standing",
    "StoredChannel",
    "TagCount",
    "Taken",
    "TextEdit",
    "Upload",
    "UploadStatus",
    "UploadStore",
    "Waiting",
    "check_bot_state",
    "import_lock",
    "open_archive",
    "open_bot_store",
]
