"""The files that owners send, and which channel a title means."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0005"
down_revision = "bot_0004"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("upload_id", INT, nullable=False, comment="Key; never given a second time."),
        sa.Column(
            "user_id", INT, nullable=False, comment="Telegram's id of the owner who sent it."
        ),
        sa.Column("chat_id", INT, nullable=False, comment="Telegram's id of the chat."),
        sa.Column(
            "bubble_id", INT, nullable=False, comment="Telegram's id of the message about it."
        ),
        sa.Column("file_id", TEXT, nullable=False, comment="By which Telegram gives the file out."),
        sa.Column(
            "name", TEXT, nullable=False, comment="As the sender named it; only to be shown."
        ),
        sa.Column(
            "file", TEXT, nullable=False, comment="Its name in the folder of uploads; our own."
        ),
        sa.Column("status", TEXT, nullable=False, comment="new, asked, offered, confirmed."),
        sa.Column("title", TEXT, comment="The title for which a channel is asked."),
        sa.Column(
            "channel",
            TEXT,
            comment="The channel that was chosen; empty: whoever bears the title.",
        ),
        sa.Column("attempts", INT, nullable=False, comment="How often an import of it was begun."),
        sa.Column("created_at", TEXT, nullable=False, comment="UTC."),
        sa.CheckConstraint(
            "status IN ('new', 'asked', 'offered', 'confirmed')", name="upload_status_is_known"
        ),
        sa.PrimaryKeyConstraint("upload_id"),
        comment="Exports that owners sent and that are not imported yet; the rest is forgotten.",
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "export_channels",
        sa.Column(
            "title", TEXT, nullable=False, comment="As exports without an id name a channel."
        ),
        sa.Column(
            "channel",
            TEXT,
            nullable=False,
            comment="@name, id or title; empty: who bears the title.",
        ),
        sa.Column("decided_at", TEXT, nullable=False, comment="UTC."),
        sa.Column(
            "decided_by", INT, nullable=False, comment="Telegram's id of the owner who said so."
        ),
        sa.PrimaryKeyConstraint("title"),
        comment="Which channel is meant by a title, so that it is asked once.",
        sqlite_strict=True,
    )
