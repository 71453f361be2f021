"""Tables of posts and of their earlier texts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Computed, ForeignKey, Index, UniqueConstraint

from db.schema.metadata import INT, TEXT, part_of_post, table

posts = table(
    "posts",
    Column(
        "post_id",
        INT,
        primary_key=True,
        autoincrement=False,
        comment="Key within this archive; never changes, is never given twice.",
    ),
    Column(
        "channel_id",
        INT,
        ForeignKey("channels.channel_id"),
        nullable=False,
        comment="The channel it stands in.",
    ),
    Column(
        "message_id",
        INT,
        nullable=False,
        comment="Telegram's number of it in the channel, as in t.me/channel/123.",
    ),
    Column(
        "kind",
        TEXT,
        nullable=False,
        comment="message, or service: a line Telegram wrote (pinned, title changed).",
    ),
    Column("posted_at", TEXT, nullable=False, comment="When it was posted, UTC."),
    Column(
        "posted_precision",
        TEXT,
        nullable=False,
        comment="second, or day where the source tells no time of day.",
    ),
    Column(
        "day",
        TEXT,
        Computed("substr(posted_at, 1, 10)", persisted=True),
        comment="YYYY-MM-DD of posted_at, UTC.",
    ),
    Column(
        "month",
        TEXT,
        Computed("substr(posted_at, 1, 7)", persisted=True),
        comment="YYYY-MM of posted_at, UTC.",
    ),
    Column(
        "edited_at",
        TEXT,
        comment="Edit time as told, UTC; reactions move it too: see post_versions.",
    ),
    Column("author", TEXT, comment="Signature under it, where the channel signs posts."),
    Column("via_bot", TEXT, comment="Inline bot it was sent with."),
    Column("text", TEXT, nullable=False, comment="Plain text, exactly as the author wrote it."),
    Column(
        "entities",
        TEXT,
        nullable=False,
        comment='JSON: [{"kind", "start", "end", "value"}, …], in characters from 0.',
    ),
    Column("reply_to", INT, comment="message_id of the post it answers, in the same channel."),
    Column("forwarded_from", TEXT, comment="Name of where it was first posted, if a repost."),
    Column("forwarded_username", TEXT, comment="Public name of that place, without @."),
    Column("forwarded_message_id", INT, comment="Number of the original there."),
    Column("forwarded_at", TEXT, comment="When the original was posted, UTC."),
    Column("album_id", TEXT, comment="Posts sent together as one album share it."),
    Column("views", INT, comment="Views at as_of; NULL: no source told."),
    Column(
        "reaction_count",
        INT,
        comment="Sum of reactions.count at as_of; NULL: no source told.",
    ),
    Column("missing_since", TEXT, comment="UTC time of the first export that lacks it."),
    Column("as_of", TEXT, nullable=False, comment="UTC time of the newest source that has it."),
    Column("seq", INT, nullable=False, comment="Number of its last change, over all posts."),
    Column(
        "content_hash",
        TEXT,
        nullable=False,
        comment="Digest of the post with all its parts; equal means unchanged.",
    ),
    UniqueConstraint("channel_id", "message_id"),
    UniqueConstraint("seq"),
    CheckConstraint("kind IN ('message', 'service')"),
    CheckConstraint("posted_precision IN ('second', 'day')"),
    comment="The messages of the channels; nothing is ever deleted by an import.",
)
Index("posts_by_time", posts.c.kind, posts.c.posted_at, posts.c.message_id)
Index("posts_by_month", posts.c.month, posts.c.kind)
# `db.ddl` writes the conditions on PostgreSQL too.
for _name, _columns, _present in (
    ("posts_by_forward", (posts.c.forwarded_from,), posts.c.forwarded_from),
    ("posts_by_reply", (posts.c.channel_id, posts.c.reply_to), posts.c.reply_to),
    ("posts_by_album", (posts.c.channel_id, posts.c.album_id), posts.c.album_id),
    ("posts_missing", (posts.c.missing_since,), posts.c.missing_since),
):
    Index(_name, *_columns, sqlite_where=_present.is_not(None))

post_versions = table(
    "post_versions",
    Column("post_version_id", INT, primary_key=True, comment="Key within this archive."),
    part_of_post(primary_key=False),
    Column("as_of", TEXT, nullable=False, comment="UTC time of the latest source with it so."),
    Column(
        "import_id",
        INT,
        ForeignKey("imports.import_id", ondelete="SET NULL"),
        autoincrement=False,
        comment="The import of that source; NULL: the bot saw it live.",
    ),
    Column("text", TEXT, nullable=False, comment="Plain text as it read then."),
    Column("entities", TEXT, nullable=False, comment="As posts.entities, for this text."),
    comment="Earlier texts of posts whose words were edited.",
)
Index("post_versions_by_post", post_versions.c.post_id, post_versions.c.as_of)
Index("post_versions_by_import", post_versions.c.import_id)
