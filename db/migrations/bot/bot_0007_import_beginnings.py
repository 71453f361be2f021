"""Where the archive stood when an upload's import was begun."""

import sqlalchemy as sa
from alembic import op

revision = "bot_0007"
down_revision = "bot_0006"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_beginnings",
        sa.Column(
            "upload_id",
            INT,
            autoincrement=False,
            nullable=False,
            comment="The upload that is imported.",
        ),
        sa.Column(
            "import_id",
            INT,
            nullable=False,
            comment="The archive's latest import before it; 0: there was none.",
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.upload_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("upload_id"),
        comment="Where the archive stood before the first attempt, so that all are counted.",
        sqlite_strict=True,
    )
