"""Updates that were received and are not handled yet."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0008"
down_revision = "bot_0007"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "received_updates",
        sa.Column("received_update_id", INT, nullable=False, comment="Order of arrival."),
        sa.Column("fingerprint", INT, nullable=False, comment="As in seen_updates."),
        sa.Column("content", TEXT, nullable=False, comment="The update, as JSON."),
        sa.Column("attempts", INT, nullable=False, comment="How many later bots took it up."),
        sa.PrimaryKeyConstraint("received_update_id"),
        sa.UniqueConstraint("fingerprint"),
        comment="Updates that Telegram delivers no more and that are not handled yet, so that the "
        "next bot handles them if this one is killed.",
        sqlite_strict=True,
    )
