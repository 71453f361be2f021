"""Makes the views anew: some for each channel, and for edits, missing posts, albums and threads."""

revision = "archive_0003"
down_revision = "archive_0002"


def upgrade() -> None:
    """Change no table: views are made anew after every migration."""
