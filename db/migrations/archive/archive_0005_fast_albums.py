"""Makes the views anew: albums are found by their index, in place of every post by every other."""

revision = "archive_0005"
down_revision = "archive_0004"


def upgrade() -> None:
    """Do nothing: views are made anew after every migration."""
