"""Tables of channels archived live."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint

from db.schema.bot import bot_metadata
from db.schema.metadata import INT, TEXT, table

live_channels = table(
    "live_channels",
    Column(
        "chat_id",
        INT,
        primary_key=True,
        autoincrement=False,
        comment="Telegram's id of the channel, with -100 in front.",
    ),
    Column("title", TEXT, nullable=False, comment="As Telegram showed it when the bot came."),
    Column("status", TEXT, nullable=False, comment="asked, approved, denied."),
    Column("language", TEXT, comment="Language code of who took the bot in, for notices."),
    Column("asked_at", TEXT, nullable=False, comment="UTC; when the owners were asked."),
    Column("decided_at", TEXT, comment="UTC; when an owner decided."),
    Column("decided_by", INT, comment="Telegram's id of that owner."),
    CheckConstraint("status IN ('asked', 'approved', 'denied')", name="status_is_known"),
    comment="Channels that took the bot in as an administrator, and what the owners say to it.",
    metadata=bot_metadata,
)

live_gaps = table(
    "live_gaps",
    Column(
        "chat_id",
        INT,
        nullable=False,
        autoincrement=False,
        comment="The channel, as Telegram's id.",
    ),
    Column(
        "first_id",
        INT,
        nullable=False,
        autoincrement=False,
        comment="The first message number that did not arrive.",
    ),
    Column("last_id", INT, nullable=False, comment="The last one in a row."),
    Column("channel_id", INT, nullable=False, comment="The channel's key in the archive."),
    Column("found_at", TEXT, nullable=False, comment="UTC; when a later post arrived."),
    Column("told_at", TEXT, comment="UTC; when it was looked at again, and the owners told."),
    PrimaryKeyConstraint("chat_id", "first_id"),
    comment="Numbers that were left out between a channel's posts as they arrived.",
    metadata=bot_metadata,
)
