"""The reports on imports whose posts are not in the index yet."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0006"
down_revision = "bot_0005"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "import_reports",
        sa.Column(
            "upload_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="The upload that was imported.",
        ),
        sa.Column("report", TEXT, nullable=False, comment="What became of it, as JSON."),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.upload_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("upload_id"),
        comment="Reports on imports whose posts cannot be found yet: the last word is still owed.",
        sqlite_strict=True,
    )
