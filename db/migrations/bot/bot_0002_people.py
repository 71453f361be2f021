"""The people whom an owner lets in, and the language that each chose."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0002"
down_revision = "bot_0001"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("user_id", INT, autoincrement=False, nullable=False, comment="Telegram's id."),
        sa.Column("name", TEXT, nullable=False, comment="As Telegram showed it when they asked."),
        sa.Column("status", TEXT, comment="asked, approved, denied, revoked; NULL: never asked."),
        sa.Column("spoken", TEXT, comment="Language code of their Telegram when they asked."),
        sa.Column("language", TEXT, comment="The language they chose; NULL: as their Telegram."),
        sa.Column("target", INT, comment="The post whose link brought them; 0: none."),
        sa.Column("asked_at", TEXT, comment="UTC; when they last asked for access."),
        sa.Column("decided_at", TEXT, comment="UTC; when an owner last decided."),
        sa.Column("decided_by", INT, comment="Telegram's id of that owner."),
        sa.CheckConstraint(
            "status IN ('asked', 'approved', 'denied', 'revoked')", name="status_is_known"
        ),
        sa.PrimaryKeyConstraint("user_id"),
        comment="People who asked for access, and what they chose; owners stand in the settings.",
        sqlite_strict=True,
    )
    op.create_index("people_by_status", "people", ["status"], unique=False)
