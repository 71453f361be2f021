"""The channels whose posts arrive by the bot itself."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0003"
down_revision = "bot_0002"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "live_channels",
        sa.Column(
            "chat_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Telegram's id of the channel, with -100 in front.",
        ),
        sa.Column(
            "title", TEXT, nullable=False, comment="As Telegram showed it when the bot came."
        ),
        sa.Column("status", TEXT, nullable=False, comment="asked, approved, denied."),
        sa.Column("language", TEXT, comment="Language code of who took the bot in, for notices."),
        sa.Column("asked_at", TEXT, nullable=False, comment="UTC; when the owners were asked."),
        sa.Column("decided_at", TEXT, comment="UTC; when an owner decided."),
        sa.Column("decided_by", INT, comment="Telegram's id of that owner."),
        sa.CheckConstraint("status IN ('asked', 'approved', 'denied')", name="status_is_known"),
        sa.PrimaryKeyConstraint("chat_id"),
        comment="Channels that took the bot in as an administrator, and what the owners say to it.",
        sqlite_strict=True,
    )
    op.create_table(
        "live_gaps",
        sa.Column(
            "chat_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="The channel, as Telegram's id.",
        ),
        sa.Column(
            "first_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="The first message number that did not arrive.",
        ),
        sa.Column("last_id", INT, nullable=False, comment="The last one in a row."),
        sa.Column("channel_id", INT, nullable=False, comment="The channel's key in the archive."),
        sa.Column("found_at", TEXT, nullable=False, comment="UTC; when a later post arrived."),
        sa.Column(
            "told_at", TEXT, comment="UTC; when it was looked at again, and the owners told."
        ),
        sa.PrimaryKeyConstraint("chat_id", "first_id"),
        comment="Numbers that were left out between a channel's posts as they arrived.",
        sqlite_strict=True,
    )
