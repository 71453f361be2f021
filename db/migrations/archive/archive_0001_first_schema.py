"""The archive's first schema."""

import sqlalchemy as sa
from alembic import op

revision = "archive_0001"
down_revision = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "archive_info",
        sa.Column("name", TEXT, nullable=False, comment="archive_id, or last_seq."),
        sa.Column(
            "value",
            TEXT,
            nullable=False,
            comment="A random id, or the number of the latest change.",
        ),
        sa.PrimaryKeyConstraint("name"),
        comment="Facts about this file: what search indexes know it by, and its count of changes.",
        sqlite_strict=True,
    )
    op.create_table(
        "channels",
        sa.Column("channel_id", INT, nullable=False, comment="Key within this archive."),
        sa.Column("title", TEXT, nullable=False, comment="Latest known title."),
        sa.Column(
            "username",
            TEXT,
            nullable=True,
            comment="Public name without @; unknown from HTML exports.",
        ),
        sa.Column(
            "telegram_id",
            INT,
            nullable=True,
            comment="Bare id, without the Bot API's -100; unknown from HTML exports.",
        ),
        sa.PrimaryKeyConstraint("channel_id"),
        sa.UniqueConstraint("telegram_id"),
        comment="The channels kept here, one row each.",
        sqlite_strict=True,
    )
    op.create_table(
        "channel_titles",
        sa.Column("channel_id", INT, autoincrement=False, nullable=False, comment="The channel."),
        sa.Column("title", TEXT, nullable=False, comment="A title it has or had, edges trimmed."),
        sa.Column("first_seen_at", TEXT, nullable=False, comment="Earliest source with it, UTC."),
        sa.Column("last_seen_at", TEXT, nullable=False, comment="Latest source with it, UTC."),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel_id", "title"),
        comment="Every title a channel has had; an HTML export is recognised by any of them.",
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posts",
        sa.Column(
            "post_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Key within this archive; never changes, is never given twice.",
        ),
        sa.Column("channel_id", INT, nullable=False, comment="The channel it stands in."),
        sa.Column(
            "message_id",
            INT,
            nullable=False,
            comment="Telegram's number of it in the channel, as in t.me/channel/123.",
        ),
        sa.Column(
            "kind",
            TEXT,
            nullable=False,
            comment="message, or service: a line Telegram wrote (pinned, title changed).",
        ),
        sa.Column("posted_at", TEXT, nullable=False, comment="When it was posted, UTC."),
        sa.Column(
            "posted_precision",
            TEXT,
            nullable=False,
            comment="second, or day where the source tells no time of day.",
        ),
        sa.Column(
            "day",
            TEXT,
            sa.Computed("substr(posted_at, 1, 10)", persisted=True),
            nullable=True,
            comment="YYYY-MM-DD of posted_at, UTC.",
        ),
        sa.Column(
            "month",
            TEXT,
            sa.Computed("substr(posted_at, 1, 7)", persisted=True),
            nullable=True,
            comment="YYYY-MM of posted_at, UTC.",
        ),
        sa.Column(
            "edited_at",
            TEXT,
            nullable=True,
            comment="Edit time as told, UTC; reactions move it too: see post_versions.",
        ),
        sa.Column(
            "author",
            TEXT,
            nullable=True,
            comment="Signature under it, where the channel signs posts.",
        ),
        sa.Column("via_bot", TEXT, nullable=True, comment="Inline bot it was sent with."),
        sa.Column(
            "text", TEXT, nullable=False, comment="Plain text, exactly as the author wrote it."
        ),
        sa.Column(
            "entities",
            TEXT,
            nullable=False,
            comment='JSON: [{"kind", "start", "end", "value"}, …], in characters from 0.',
        ),
        sa.Column(
            "reply_to",
            INT,
            nullable=True,
            comment="message_id of the post it answers, in the same channel.",
        ),
        sa.Column(
            "forwarded_from",
            TEXT,
            nullable=True,
            comment="Name of where it was first posted, if a repost.",
        ),
        sa.Column(
            "forwarded_username",
            TEXT,
            nullable=True,
            comment="Public name of that place, without @.",
        ),
        sa.Column(
            "forwarded_message_id", INT, nullable=True, comment="Number of the original there."
        ),
        sa.Column(
            "forwarded_at", TEXT, nullable=True, comment="When the original was posted, UTC."
        ),
        sa.Column(
            "album_id", TEXT, nullable=True, comment="Posts sent together as one album share it."
        ),
        sa.Column("views", INT, nullable=True, comment="Views at as_of; NULL: no source told."),
        sa.Column(
            "reaction_count",
            INT,
            nullable=True,
            comment="Sum of reactions.count at as_of; NULL: no source told.",
        ),
        sa.Column(
            "missing_since",
            TEXT,
            nullable=True,
            comment="UTC time of the first export that lacks it.",
        ),
        sa.Column(
            "as_of", TEXT, nullable=False, comment="UTC time of the newest source that has it."
        ),
        sa.Column("seq", INT, nullable=False, comment="Number of its last change, over all posts."),
        sa.Column(
            "content_hash",
            TEXT,
            nullable=False,
            comment="Digest of the post with all its parts; equal means unchanged.",
        ),
        sa.CheckConstraint("kind IN ('message', 'service')"),
        sa.CheckConstraint("posted_precision IN ('second', 'day')"),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.channel_id"],
        ),
        sa.PrimaryKeyConstraint("post_id"),
        sa.UniqueConstraint("channel_id", "message_id"),
        sa.UniqueConstraint("seq"),
        comment="The messages of the channels; nothing is ever deleted by an import.",
        sqlite_strict=True,
    )
    op.create_index(
        "posts_by_album",
        "posts",
        ["channel_id", "album_id"],
        unique=False,
        sqlite_where=sa.text("album_id IS NOT NULL"),
        postgresql_where=sa.text("album_id IS NOT NULL"),
    )
    op.create_index(
        "posts_by_forward",
        "posts",
        ["forwarded_from"],
        unique=False,
        sqlite_where=sa.text("forwarded_from IS NOT NULL"),
        postgresql_where=sa.text("forwarded_from IS NOT NULL"),
    )
    op.create_index("posts_by_month", "posts", ["month", "kind"], unique=False)
    op.create_index(
        "posts_by_reply",
        "posts",
        ["channel_id", "reply_to"],
        unique=False,
        sqlite_where=sa.text("reply_to IS NOT NULL"),
        postgresql_where=sa.text("reply_to IS NOT NULL"),
    )
    op.create_index("posts_by_time", "posts", ["kind", "posted_at", "message_id"], unique=False)
    op.create_index(
        "posts_missing",
        "posts",
        ["missing_since"],
        unique=False,
        sqlite_where=sa.text("missing_since IS NOT NULL"),
        postgresql_where=sa.text("missing_since IS NOT NULL"),
    )
    op.create_table(
        "imports",
        sa.Column("import_id", INT, nullable=False, comment="Key within this archive."),
        sa.Column("channel_id", INT, nullable=False, comment="The channel it was read into."),
        sa.Column("source", TEXT, nullable=False, comment="Path or name of what was read."),
        sa.Column("format", TEXT, nullable=False, comment="Kind of export."),
        sa.Column("options", TEXT, nullable=False, comment="How it was read, where that matters."),
        sa.Column("as_of", TEXT, nullable=False, comment="How recent the source is, UTC."),
        sa.Column("started_at", TEXT, nullable=False, comment="UTC."),
        sa.Column(
            "finished_at", TEXT, nullable=True, comment="UTC; NULL: cut short, run it again."
        ),
        sa.Column(
            "added",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts that were new.",
        ),
        sa.Column(
            "changed",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts about which something new was learned.",
        ),
        sa.Column(
            "unchanged",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts that were known as they are.",
        ),
        sa.Column(
            "missing",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="Known posts that the source should hold and does not.",
        ),
        sa.Column(
            "files_read", INT, server_default=sa.text("0"), nullable=False, comment="Files read."
        ),
        sa.Column(
            "files_skipped",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="Files known from an earlier import.",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.channel_id"],
        ),
        sa.PrimaryKeyConstraint("import_id"),
        comment="Every import, newest last.",
        sqlite_strict=True,
    )
    op.create_index("imports_by_channel", "imports", ["channel_id"], unique=False)
    op.create_table(
        "post_versions",
        sa.Column("post_version_id", INT, nullable=False, comment="Key within this archive."),
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post it belongs to."
        ),
        sa.Column(
            "as_of", TEXT, nullable=False, comment="UTC time of the latest source with it so."
        ),
        sa.Column(
            "import_id",
            INT,
            autoincrement=False,
            nullable=True,
            comment="The import of that source; NULL: the bot saw it live.",
        ),
        sa.Column("text", TEXT, nullable=False, comment="Plain text as it read then."),
        sa.Column("entities", TEXT, nullable=False, comment="As posts.entities, for this text."),
        sa.ForeignKeyConstraint(["import_id"], ["imports.import_id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_version_id"),
        comment="Earlier texts of posts whose words were edited.",
        sqlite_strict=True,
    )
    op.create_index("post_versions_by_import", "post_versions", ["import_id"], unique=False)
    op.create_index("post_versions_by_post", "post_versions", ["post_id", "as_of"], unique=False)
    op.create_table(
        "post_hashtags",
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post it belongs to."
        ),
        sa.Column(
            "tag",
            TEXT,
            nullable=False,
            comment="Folded: no #, lower case, NFKC, ё as е; the spelling stays in posts.text.",
        ),
        sa.Column(
            "position",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Order of the tag in the post, from 0.",
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "tag"),
        comment="The hashtags of posts, each once a post.",
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("post_hashtags_by_tag", "post_hashtags", ["tag", "post_id"], unique=False)
    op.create_table(
        "snippets",
        sa.Column("snippet_id", INT, nullable=False, comment="Key; a changed post gets new ones."),
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post it belongs to."
        ),
        sa.Column(
            "position",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Order of the snippet in the post, from 0.",
        ),
        sa.Column(
            "origin",
            TEXT,
            nullable=False,
            comment="pre: a code block; inline: code in a line; detected: bare code, recognised.",
        ),
        sa.Column(
            "language",
            TEXT,
            nullable=True,
            comment="Lower-case name such as python; NULL: not recognised.",
        ),
        sa.Column(
            "language_source",
            TEXT,
            nullable=False,
            comment="label: the author's word; rules: recognised by Letopis; unknown.",
        ),
        sa.Column("code", TEXT, nullable=False, comment="The code, without a trailing line break."),
        sa.Column("lines", INT, nullable=False, comment="Number of lines of code."),
        sa.Column(
            "start_offset", INT, nullable=False, comment="First character in posts.text, from 0."
        ),
        sa.Column("end_offset", INT, nullable=False, comment="The character after its last one."),
        sa.CheckConstraint("language_source IN ('label', 'rules', 'unknown')"),
        sa.CheckConstraint("origin IN ('pre', 'inline', 'detected')"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("snippet_id"),
        sa.UniqueConstraint("post_id", "position"),
        comment="Every piece of code in the posts.",
        sqlite_strict=True,
    )
    op.create_index("snippets_by_language", "snippets", ["language", "origin"], unique=False)
    op.create_table(
        "links",
        sa.Column("link_id", INT, nullable=False, comment="Key; a changed post gets new ones."),
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post it belongs to."
        ),
        sa.Column(
            "position",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Order of the link in the post, from 0.",
        ),
        sa.Column("kind", TEXT, nullable=False, comment="web, mention, invite or mail."),
        sa.Column("url", TEXT, nullable=False, comment="The complete address."),
        sa.Column("host", TEXT, nullable=False, comment="Lower-case host without www."),
        sa.Column("text", TEXT, nullable=False, comment="The words that carry the link."),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("link_id"),
        sa.UniqueConstraint("post_id", "position"),
        comment="Where the posts link to.",
        sqlite_strict=True,
    )
    op.create_index("links_by_host", "links", ["host", "kind"], unique=False)
    op.create_table(
        "media",
        sa.Column("media_id", INT, nullable=False, comment="Key; a changed post gets new ones."),
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post it belongs to."
        ),
        sa.Column(
            "position",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Order of the attachment in the post, from 0.",
        ),
        sa.Column(
            "kind",
            TEXT,
            nullable=False,
            comment="photo, video, animation, video_message, voice, audio, file, sticker and more.",
        ),
        sa.Column(
            "path",
            TEXT,
            nullable=True,
            comment="File within its export; NULL: the export left it out.",
        ),
        sa.Column(
            "title",
            TEXT,
            nullable=True,
            comment="File name, track, place or phone, as the source says.",
        ),
        sa.Column("size", INT, nullable=True, comment="Bytes, rounded where the source rounds."),
        sa.Column("duration", INT, nullable=True, comment="Seconds."),
        sa.Column("width", INT, nullable=True, comment="Pixels."),
        sa.Column("height", INT, nullable=True, comment="Pixels."),
        sa.Column(
            "note", TEXT, nullable=True, comment="Why the file is absent, in the source's words."
        ),
        sa.Column(
            "copy",
            TEXT,
            nullable=True,
            comment="Copy of the file in media/ beside the archive; NULL: none.",
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("media_id"),
        sa.UniqueConstraint("post_id", "position"),
        comment="What is attached to the posts; files stay in the exports unless they are copied.",
        sqlite_strict=True,
    )
    op.create_index("media_by_kind", "media", ["kind"], unique=False)
    op.create_table(
        "reactions",
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post it belongs to."
        ),
        sa.Column(
            "position",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Order of the reaction in the post, from 0.",
        ),
        sa.Column("emoji", TEXT, nullable=False, comment="The emoji; a star for paid reactions."),
        sa.Column("count", INT, nullable=False, comment="How many gave it."),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "position"),
        comment="Reactions to posts, at the time of the newest source that shows them.",
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("reactions_by_emoji", "reactions", ["emoji"], unique=False)
    op.create_table(
        "polls",
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post it belongs to."
        ),
        sa.Column("question", TEXT, nullable=False, comment="What is asked."),
        sa.Column("details", TEXT, nullable=False, comment="Line of type, such as Anonymous poll."),
        sa.Column("total_voters", INT, nullable=True, comment="How many voted; NULL: not told."),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id"),
        comment="Polls, quizzes and to-do lists, one a post at most.",
        sqlite_strict=True,
    )
    op.create_table(
        "poll_answers",
        sa.Column(
            "post_id", INT, autoincrement=False, nullable=False, comment="The post with the poll."
        ),
        sa.Column(
            "position",
            INT,
            autoincrement=False,
            nullable=False,
            comment="Order of the answer in the post, from 0.",
        ),
        sa.Column("text", TEXT, nullable=False, comment="The answer."),
        sa.Column(
            "voters", INT, nullable=True, comment="How many chose it; NULL: hidden or not told."
        ),
        sa.ForeignKeyConstraint(["post_id"], ["polls.post_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "position"),
        comment="The answers of polls.",
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_files",
        sa.Column("import_id", INT, autoincrement=False, nullable=False, comment="The import."),
        sa.Column("path", TEXT, nullable=False, comment="Its place within the source."),
        sa.Column("digest", TEXT, nullable=False, comment="SHA-256 of its bytes, hexadecimal."),
        sa.Column("size", INT, nullable=True, comment="Bytes."),
        sa.ForeignKeyConstraint(["import_id"], ["imports.import_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "path"),
        comment="Files that an import read to their end; an unchanged one need not be read again.",
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("import_files_by_digest", "import_files", ["digest"], unique=False)
    op.create_table(
        "import_problems",
        sa.Column("import_problem_id", INT, nullable=False, comment="Key within this archive."),
        sa.Column("import_id", INT, autoincrement=False, nullable=False, comment="The import."),
        sa.Column("file", TEXT, nullable=False, comment="The file it stands in."),
        sa.Column("anchor", TEXT, nullable=False, comment="Where in that file."),
        sa.Column("reason", TEXT, nullable=False, comment="Why it could not be read."),
        sa.ForeignKeyConstraint(["import_id"], ["imports.import_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_problem_id"),
        comment="Records that an import could not read; they never stop it.",
        sqlite_strict=True,
    )
    op.create_index("import_problems_by_import", "import_problems", ["import_id"], unique=False)
