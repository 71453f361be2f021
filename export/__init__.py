"""Posts become files: Markdown, JSON Lines, CSV, notebooks.

The counterpart of `ingest`: it knows posts alone, and neither archive, search nor Telegram.
"""

from export.formats import Format, format_of, write_posts
from export.names import safe_name
from export.saving import save_posts

__all__ = ["Format", "format_of", "safe_name", "save_posts", "write_posts"]
