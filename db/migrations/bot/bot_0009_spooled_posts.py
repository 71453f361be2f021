"""Posts that are not archived yet, where machines share the state."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0009"
down_revision = "bot_0008"

TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "spooled_posts",
        sa.Column("name", TEXT, nullable=False, comment="Sorts older ones first."),
        sa.Column("content", TEXT, nullable=False, comment="Telegram's message, as JSON."),
        sa.PrimaryKeyConstraint("name"),
        comment="Posts that are not archived yet, if bots on several machines share this state; "
        "else they are files.",
        sqlite_strict=True,
    )
