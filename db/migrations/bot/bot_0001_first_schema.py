"""The first schema of the bot's own file."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0001"
down_revision = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "search_sessions",
        sa.Column("session_id", TEXT, nullable=False, comment="Short id that buttons carry."),
        sa.Column("user_id", INT, nullable=False, comment="Telegram's id of who searches."),
        sa.Column("chat_id", INT, nullable=False, comment="Telegram's id of the chat."),
        sa.Column("query", TEXT, nullable=False, comment="What was asked, as it was typed."),
        sa.Column(
            "state", TEXT, nullable=False, comment="JSON: page and filters; the bot's business."
        ),
        sa.Column("created_at", TEXT, nullable=False, comment="UTC."),
        sa.Column("used_at", TEXT, nullable=False, comment="UTC; old ones are dropped by it."),
        sa.PrimaryKeyConstraint("session_id"),
        comment="Searches that buttons in chats refer to, so that they survive a restart.",
        sqlite_strict=True,
    )
    op.create_index("search_sessions_by_use", "search_sessions", ["used_at"], unique=False)
    op.create_index("search_sessions_by_user", "search_sessions", ["user_id"], unique=False)
    op.create_table(
        "seen_updates",
        sa.Column("seen_update_id", INT, nullable=False, comment="Order of arrival."),
        sa.Column("fingerprint", INT, nullable=False, comment="Digest of the whole update."),
        sa.PrimaryKeyConstraint("seen_update_id"),
        sa.UniqueConstraint("fingerprint"),
        comment="The latest updates from Telegram, which may deliver one twice.",
        sqlite_strict=True,
    )
    op.create_table(
        "sent_photos",
        sa.Column(
            "name", TEXT, nullable=False, comment="The file in media/, as the archive names it."
        ),
        sa.Column("file_id", TEXT, nullable=False, comment="By which Telegram shows it once more."),
        sa.Column("sent_at", TEXT, nullable=False, comment="UTC."),
        sa.PrimaryKeyConstraint("name"),
        comment="Photos that were sent before, so that none is uploaded twice.",
        sqlite_strict=True,
    )
