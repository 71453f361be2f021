"""Posts become files: Markdown, JSON Lines, CSV, notebooks.

The counterpart of `ingest`: it knows posts alone, and neither archive, search nor Telegram.
"""

from export.formats import Format, format_of, write_posts
from export.saving import save_posts

__all__ = ["Format", "format_of", "save_posts", "write_posts"]
