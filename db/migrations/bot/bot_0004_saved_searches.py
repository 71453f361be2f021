"""The searches that people follow, what they matched, and when each person is told."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0004"
down_revision = "bot_0003"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column(
            "saved_search_id", INT, nullable=False, comment="Key; never given a second time."
        ),
        sa.Column("user_id", INT, nullable=False, comment="Telegram's id of who follows."),
        sa.Column("query", TEXT, nullable=False, comment="What is searched for, filters included."),
        sa.Column("mode", TEXT, nullable=False, comment="at_once, daily, weekly: when it is told."),
        sa.Column("created_at", TEXT, nullable=False, comment="UTC."),
        sa.Column("paused_at", TEXT, comment="UTC; nothing is told since; NULL: it is not paused."),
        sa.Column("muted_until", TEXT, comment="UTC; what is found before waits until then."),
        sa.Column("archive_id", TEXT, nullable=False, comment="The archive that seq counts in."),
        sa.Column("seq", INT, nullable=False, comment="Change number up to which it was looked."),
        sa.Column("opened_seq", INT, nullable=False, comment="Likewise, when it was last opened."),
        sa.CheckConstraint("mode IN ('at_once', 'daily', 'weekly')", name="mode_is_known"),
        sa.PrimaryKeyConstraint("saved_search_id"),
        comment="Searches that people follow.",
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("saved_searches_by_user", "saved_searches", ["user_id"], unique=False)
    op.create_table(
        "saved_posts",
        sa.Column(
            "saved_search_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="The saved search.",
        ),
        sa.Column(
            "post_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="A post that matched it, by its key in the archive.",
        ),
        sa.Column(
            "seq", INT, nullable=False, comment="Change at which it matched; 0: it did before."
        ),
        sa.Column("state", TEXT, nullable=False, comment="known, waiting (to be told), told."),
        sa.Column("found_at", TEXT, comment="UTC; NULL: it matched when the search was saved."),
        sa.CheckConstraint("state IN ('known', 'waiting', 'told')", name="state_is_known"),
        sa.ForeignKeyConstraint(
            ["saved_search_id"], ["saved_searches.saved_search_id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "post_id"),
        comment="Which posts a saved search has matched, so that none is told twice; those that "
        "wait are what is still to be sent.",
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "saved_posts_waiting",
        "saved_posts",
        ["saved_search_id", "found_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "saved_posts_found",
        "saved_posts",
        ["saved_search_id", "seq"],
        unique=False,
        sqlite_where=sa.text("seq > 0"),
    )
    op.create_table(
        "followers",
        sa.Column("user_id", INT, autoincrement=False, nullable=False, comment="Telegram's id."),
        sa.Column("quiet_from", INT, nullable=False, comment="Hour from which nothing is told."),
        sa.Column(
            "quiet_to", INT, nullable=False, comment="Hour until which; the same: never quiet."
        ),
        sa.Column(
            "digested_at", TEXT, comment="UTC; when a digest was last due; NULL: none is wanted."
        ),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 23", name="quiet_from_is_an_hour"),
        sa.CheckConstraint("quiet_to BETWEEN 0 AND 23", name="quiet_to_is_an_hour"),
        sa.PrimaryKeyConstraint("user_id"),
        comment="When people want to be told, where they chose it.",
        sqlite_strict=True,
    )
