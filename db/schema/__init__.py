"""The archive's tables: the single description behind statements and migrations."""

from db.schema.channels import archive_info, channel_titles, channels
from db.schema.imports import import_files, import_problems, imports
from db.schema.metadata import alembic_version, metadata
from db.schema.parts import (
    links,
    media,
    poll_answers,
    polls,
    post_hashtags,
    reactions,
    snippets,
)
from db.schema.posts import post_versions, posts

__all__ = [
    "alembic_version",
    "archive_info",
    "channel_titles",
    "channels",
    "import_files",
    "import_problems",
    "imports",
    "links",
    "media",
    "metadata",
    "poll_answers",
    "polls",
    "post_hashtags",
    "post_versions",
    "posts",
    "reactions",
    "snippets",
]
