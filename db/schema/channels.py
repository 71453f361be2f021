"""Tables about the archive itself and the channels in it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey

from db.schema.metadata import INT, TEXT, table

archive_info = table(
    "archive_info",
    Column("name", TEXT, primary_key=True, comment="archive_id, or last_seq."),
    Column(
        "value", TEXT, nullable=False, comment="A random id, or the number of the latest change."
    ),
    comment="Facts about this file: what search indexes know it by, and its count of changes.",
)

channels = table(
    "channels",
    Column("channel_id", INT, primary_key=True, comment="Key within this archive."),
    Column("title", TEXT, nullable=False, comment="Latest known title."),
    Column("username", TEXT, comment="Public name without @; unknown from HTML exports."),
    Column(
        "telegram_id",
        INT,
        unique=True,
        comment="Bare id, without the Bot API's -100; unknown from HTML exports.",
    ),
    comment="The channels kept here, one row each.",
)

channel_titles = table(
    "channel_titles",
    Column(
        "channel_id",
        INT,
        ForeignKey("channels.channel_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="The channel.",
    ),
    Column("title", TEXT, primary_key=True, comment="A title it has or had, edges trimmed."),
    Column("first_seen_at", TEXT, nullable=False, comment="Earliest source with it, UTC."),
    Column("last_seen_at", TEXT, nullable=False, comment="Latest source with it, UTC."),
    comment="Every title a channel has had; an HTML export is recognised by any of them.",
    sqlite_with_rowid=False,
)
