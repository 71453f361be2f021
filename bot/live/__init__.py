"""Posts that arrive by the bot itself: read, archived, indexed, their gaps told."""
