"""The index follows the archive while the bot runs."""
