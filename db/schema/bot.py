"""The tables of the bot's own file, independent of the archive's."""

from __future__ import annotations

from sqlalchemy import Column, Index, MetaData

from db.schema.metadata import INT, TEXT, table

bot_metadata = MetaData()

search_sessions = table(
    "search_sessions",
    Column("session_id", TEXT, primary_key=True, comment="Short id that buttons carry."),
    Column("user_id", INT, nullable=False, comment="Telegram's id of who searches."),
    Column("chat_id", INT, nullable=False, comment="Telegram's id of the chat."),
    Column("query", TEXT, nullable=False, comment="What was asked, as it was typed."),
    Column("state", TEXT, nullable=False, comment="JSON: page and filters; the bot's business."),
    Column("created_at", TEXT, nullable=False, comment="UTC."),
    Column("used_at", TEXT, nullable=False, comment="UTC; old ones are dropped by it."),
    comment="Searches that buttons in chats refer to, so that they survive a restart.",
    metadata=bot_metadata,
)
Index("search_sessions_by_use", search_sessions.c.used_at)
Index("search_sessions_by_user", search_sessions.c.user_id)

seen_updates = table(
    "seen_updates",
    Column("seen_update_id", INT, primary_key=True, comment="Order of arrival."),
    Column("fingerprint", INT, nullable=False, unique=True, comment="Digest of the whole update."),
    comment="The latest updates from Telegram, which may deliver one twice.",
    metadata=bot_metadata,
)

received_updates = table(
    "received_updates",
    Column("received_update_id", INT, primary_key=True, comment="Order of arrival."),
    Column("fingerprint", INT, nullable=False, unique=True, comment="As in seen_updates."),
    Column("content", TEXT, nullable=False, comment="The update, as JSON."),
    Column("attempts", INT, nullable=False, comment="How many later bots took it up."),
    comment="Updates that Telegram delivers no more and that are not handled yet, so that the next "
    "bot handles them if this one is killed.",
    metadata=bot_metadata,
)

spooled_posts = table(
    "spooled_posts",
    Column("name", TEXT, primary_key=True, comment="Sorts older ones first."),
    Column("content", TEXT, nullable=False, comment="Telegram's message, as JSON."),
    comment="Posts that are not archived yet, if bots on several machines share this state; else "
    "they are files.",
    metadata=bot_metadata,
)

sent_photos = table(
    "sent_photos",
    Column("name", TEXT, primary_key=True, comment="The file in media/, as the archive names it."),
    Column("file_id", TEXT, nullable=False, comment="By which Telegram shows it once more."),
    Column("sent_at", TEXT, nullable=False, comment="UTC."),
    comment="Photos that were sent before, so that none is uploaded twice.",
    metadata=bot_metadata,
)
