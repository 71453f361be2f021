"""Makes the views anew: inline words that only look like code are no snippets in them either."""

revision = "archive_0004"
down_revision = "archive_0003"


def upgrade() -> None:
    """Do nothing: views are made anew after every migration."""
