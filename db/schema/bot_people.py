"""The table of people in the bot's own file."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index

from db.schema.bot import bot_metadata
from db.schema.metadata import INT, TEXT, table

people = table(
    "people",
    Column("user_id", INT, primary_key=True, autoincrement=False, comment="Telegram's id."),
    Column("name", TEXT, nullable=False, comment="As Telegram showed it when they asked."),
    Column("status", TEXT, comment="asked, approved, denied, revoked; NULL: never asked."),
    Column("spoken", TEXT, comment="Language code of their Telegram when they asked."),
    Column("language", TEXT, comment="The language they chose; NULL: as their Telegram."),
    Column("target", INT, comment="The post whose link brought them; 0: none."),
    Column("asked_at", TEXT, comment="UTC; when they last asked for access."),
    Column("decided_at", TEXT, comment="UTC; when an owner last decided."),
    Column("decided_by", INT, comment="Telegram's id of that owner."),
    CheckConstraint("status IN ('asked', 'approved', 'denied', 'revoked')", name="status_is_known"),
    comment="People who asked for access, and what they chose; owners stand in the settings.",
    metadata=bot_metadata,
)
Index("people_by_status", people.c.status)
