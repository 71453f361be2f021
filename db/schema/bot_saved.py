"""Tables of saved searches: who follows what, what was found, what is still to be sent."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, literal_column

from db.schema.bot import bot_metadata
from db.schema.metadata import INT, TEXT, table

saved_searches = table(
    "saved_searches",
    Column("saved_search_id", INT, primary_key=True, comment="Key; never given a second time."),
    Column("user_id", INT, nullable=False, comment="Telegram's id of who follows."),
    Column("query", TEXT, nullable=False, comment="What is searched for, filters included."),
    Column("mode", TEXT, nullable=False, comment="at_once, daily, weekly: when it is told."),
    Column("created_at", TEXT, nullable=False, comment="UTC."),
    Column("paused_at", TEXT, comment="UTC; nothing is told since; NULL: it is not paused."),
    Column("muted_until", TEXT, comment="UTC; what is found before waits until then."),
    Column("archive_id", TEXT, nullable=False, comment="The archive that seq counts in."),
    Column("seq", INT, nullable=False, comment="Change number up to which it was looked."),
    Column("opened_seq", INT, nullable=False, comment="Likewise, when it was last opened."),
    CheckConstraint("mode IN ('at_once', 'daily', 'weekly')", name="mode_is_known"),
    comment="Searches that people follow.",
    metadata=bot_metadata,
    sqlite_autoincrement=True,
)
Index("saved_searches_by_user", saved_searches.c.user_id)

saved_posts = table(
    "saved_posts",
    Column(
        "saved_search_id",
        INT,
        ForeignKey("saved_searches.saved_search_id", ondelete="CASCADE"),
        nullable=False,
        primary_key=True,
        autoincrement=False,
        comment="The saved search.",
    ),
    Column(
        "post_id",
        INT,
        nullable=False,
        primary_key=True,
        autoincrement=False,
        comment="A post that matched it, by its key in the archive.",
    ),
    Column("seq", INT, nullable=False, comment="Change at which it matched; 0: it did before."),
    Column("state", TEXT, nullable=False, comment="known, waiting (to be told), told."),
    Column("found_at", TEXT, comment="UTC; NULL: it matched when the search was saved."),
    CheckConstraint("state IN ('known', 'waiting', 'told')", name="state_is_known"),
    comment="Which posts a saved search has matched, so that none is told twice; those that wait "
    "are what is still to be sent.",
    metadata=bot_metadata,
    sqlite_with_rowid=False,
)
# A literal, not a parameter: SQLite uses a partial index only if its condition appears verbatim.
IS_WAITING = saved_posts.c.state == literal_column("'waiting'")
IS_FOUND = saved_posts.c.seq > literal_column("0")
Index(
    "saved_posts_waiting",
    saved_posts.c.saved_search_id,
    saved_posts.c.found_at,
    sqlite_where=IS_WAITING,
)
Index(
    "saved_posts_found",
    saved_posts.c.saved_search_id,
    saved_posts.c.seq,
    sqlite_where=IS_FOUND,
)

followers = table(
    "followers",
    Column("user_id", INT, primary_key=True, autoincrement=False, comment="Telegram's id."),
    Column("quiet_from", INT, nullable=False, comment="Hour from which nothing is told."),
    Column("quiet_to", INT, nullable=False, comment="Hour until which; the same: never quiet."),
    Column("digested_at", TEXT, comment="UTC; when a digest was last due; NULL: none is wanted."),
    CheckConstraint("quiet_from BETWEEN 0 AND 23", name="quiet_from_is_an_hour"),
    CheckConstraint("quiet_to BETWEEN 0 AND 23", name="quiet_to_is_an_hour"),
    comment="When people want to be told, where they chose it.",
    metadata=bot_metadata,
)
