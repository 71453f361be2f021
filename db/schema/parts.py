"""Tables of a post's parts: tags, code, links, attachments, reactions, polls."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, UniqueConstraint

from db.schema.metadata import INT, TEXT, part_of_post, position, table

post_hashtags = table(
    "post_hashtags",
    part_of_post(primary_key=True),
    Column(
        "tag",
        TEXT,
        primary_key=True,
        comment="Folded: no #, lower case, NFKC, ё as е; the spelling stays in posts.text.",
    ),
    position("tag", primary_key=False),
    comment="The hashtags of posts, each once a post.",
    sqlite_with_rowid=False,
)
Index("post_hashtags_by_tag", post_hashtags.c.tag, post_hashtags.c.post_id)

snippets = table(
    "snippets",
    Column("snippet_id", INT, primary_key=True, comment="Key; a changed post gets new ones."),
    part_of_post(primary_key=False),
    position("snippet", primary_key=False),
    Column(
        "origin",
        TEXT,
        nullable=False,
        comment="pre: a code block; inline: code in a line; detected: bare code, recognised.",
    ),
    Column("language", TEXT, comment="Lower-case name such as python; NULL: not recognised."),
    Column(
        "language_source",
        TEXT,
        nullable=False,
        comment="label: the author's word; rules: recognised by Letopis; unknown.",
    ),
    Column("code", TEXT, nullable=False, comment="The code, without a trailing line break."),
    Column("lines", INT, nullable=False, comment="Number of lines of code."),
    Column("start_offset", INT, nullable=False, comment="First character in posts.text, from 0."),
    Column("end_offset", INT, nullable=False, comment="The character after its last one."),
    UniqueConstraint("post_id", "position"),
    CheckConstraint("origin IN ('pre', 'inline', 'detected')"),
    CheckConstraint("language_source IN ('label', 'rules', 'unknown')"),
    comment="Every piece of code in the posts.",
)
Index("snippets_by_language", snippets.c.language, snippets.c.origin)

links = table(
    "links",
    Column("link_id", INT, primary_key=True, comment="Key; a changed post gets new ones."),
    part_of_post(primary_key=False),
    position("link", primary_key=False),
    Column("kind", TEXT, nullable=False, comment="web, mention, invite or mail."),
    Column("url", TEXT, nullable=False, comment="The complete address."),
    Column("host", TEXT, nullable=False, comment="Lower-case host without www."),
    Column("text", TEXT, nullable=False, comment="The words that carry the link."),
    UniqueConstraint("post_id", "position"),
    comment="Where the posts link to.",
)
Index("links_by_host", links.c.host, links.c.kind)

media = table(
    "media",
    Column("media_id", INT, primary_key=True, comment="Key; a changed post gets new ones."),
    part_of_post(primary_key=False),
    position("attachment", primary_key=False),
    Column(
        "kind",
        TEXT,
        nullable=False,
        comment="photo, video, animation, video_message, voice, audio, file, sticker and more.",
    ),
    Column("path", TEXT, comment="File within its export; NULL: the export left it out."),
    Column("title", TEXT, comment="File name, track, place or phone, as the source says."),
    Column("size", INT, comment="Bytes, rounded where the source rounds."),
    Column("duration", INT, comment="Seconds."),
    Column("width", INT, comment="Pixels."),
    Column("height", INT, comment="Pixels."),
    Column("note", TEXT, comment="Why the file is absent, in the source's words."),
    Column("copy", TEXT, comment="Copy of the file in media/ beside the archive; NULL: none."),
    UniqueConstraint("post_id", "position"),
    comment="What is attached to the posts; files stay in the exports unless they are copied.",
)
Index("media_by_kind", media.c.kind)

reactions = table(
    "reactions",
    part_of_post(primary_key=True),
    position("reaction", primary_key=True),
    Column("emoji", TEXT, nullable=False, comment="The emoji; a star for paid reactions."),
    Column("count", INT, nullable=False, comment="How many gave it."),
    comment="Reactions to posts, at the time of the newest source that shows them.",
    sqlite_with_rowid=False,
)
Index("reactions_by_emoji", reactions.c.emoji)

polls = table(
    "polls",
    part_of_post(primary_key=True),
    Column("question", TEXT, nullable=False, comment="What is asked."),
    Column("details", TEXT, nullable=False, comment="Line of type, such as Anonymous poll."),
    Column("total_voters", INT, comment="How many voted; NULL: not told."),
    comment="Polls, quizzes and to-do lists, one a post at most.",
)

poll_answers = table(
    "poll_answers",
    Column(
        "post_id",
        INT,
        ForeignKey("polls.post_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="The post with the poll.",
    ),
    position("answer", primary_key=True),
    Column("text", TEXT, nullable=False, comment="The answer."),
    Column("voters", INT, comment="How many chose it; NULL: hidden or not told."),
    comment="The answers of polls.",
    sqlite_with_rowid=False,
)
