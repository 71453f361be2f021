"""Gives archives of the first days what their first migration lacked.

Its text was changed twice after archives had been made by it: `media.copy` and
`post_versions.import_id` are missing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "archive_0002"
down_revision = "archive_0001"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    if "copy" not in _columns("media"):
        _set_aside("media", indexes=["media_by_kind"])
        _create_media()
        _take_over("media")
    if "import_id" not in _columns("post_versions"):
        _set_aside("post_versions", indexes=["post_versions_by_post"])
        _create_post_versions()
        _take_over("post_versions")


def _columns(table: str) -> list[str]:
    return [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]


def _set_aside(table: str, *, indexes: list[str]) -> None:
    for index in indexes:
        op.drop_index(index)
    op.rename_table(table, f"{table}_before")


def _take_over(table: str) -> None:
    columns = ", ".join(_columns(f"{table}_before"))
    statement = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before"  # noqa: S608
    op.execute(statement)
    op.drop_table(f"{table}_before")


def _create_media() -> None:
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


def _create_post_versions() -> None:
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
