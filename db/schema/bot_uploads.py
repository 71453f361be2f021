"""Table of the files owners send, with the state of each."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey

from db.schema.bot import bot_metadata
from db.schema.metadata import INT, TEXT, table

uploads = table(
    "uploads",
    Column("upload_id", INT, primary_key=True, comment="Key; never given a second time."),
    Column("user_id", INT, nullable=False, comment="Telegram's id of the owner who sent it."),
    Column("chat_id", INT, nullable=False, comment="Telegram's id of the chat."),
    Column("bubble_id", INT, nullable=False, comment="Telegram's id of the message about it."),
    Column("file_id", TEXT, nullable=False, comment="By which Telegram gives the file out."),
    Column("name", TEXT, nullable=False, comment="As the sender named it; only to be shown."),
    Column("file", TEXT, nullable=False, comment="Its name in the folder of uploads; our own."),
    Column("status", TEXT, nullable=False, comment="new, asked, offered, confirmed."),
    Column("title", TEXT, comment="The title for which a channel is asked."),
    Column("channel", TEXT, comment="The channel that was chosen; empty: whoever bears the title."),
    Column("attempts", INT, nullable=False, comment="How often an import of it was begun."),
    Column("created_at", TEXT, nullable=False, comment="UTC."),
    CheckConstraint(
        "status IN ('new', 'asked', 'offered', 'confirmed')", name="upload_status_is_known"
    ),
    comment="Exports that owners sent and that are not imported yet; the rest is forgotten.",
    metadata=bot_metadata,
    sqlite_autoincrement=True,
)

import_beginnings = table(
    "import_beginnings",
    Column(
        "upload_id",
        INT,
        ForeignKey("uploads.upload_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="The upload that is imported.",
    ),
    Column(
        "import_id",
        INT,
        nullable=False,
        comment="The archive's latest import before it; 0: there was none.",
    ),
    comment="Where the archive stood before the first attempt, so that all are counted.",
    metadata=bot_metadata,
)

import_reports = table(
    "import_reports",
    Column(
        "upload_id",
        INT,
        ForeignKey("uploads.upload_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="The upload that was imported.",
    ),
    Column("report", TEXT, nullable=False, comment="What became of it, as JSON."),
    comment="Reports on imports whose posts cannot be found yet: the last word is still owed.",
    metadata=bot_metadata,
)

export_channels = table(
    "export_channels",
    Column("title", TEXT, primary_key=True, comment="As exports without an id name a channel."),
    Column(
        "channel", TEXT, nullable=False, comment="@name, id or title; empty: who bears the title."
    ),
    Column("decided_at", TEXT, nullable=False, comment="UTC."),
    Column("decided_by", INT, nullable=False, comment="Telegram's id of the owner who said so."),
    comment="Which channel is meant by a title, so that it is asked once.",
    metadata=bot_metadata,
)
