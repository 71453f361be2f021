"""Keeps the index up to date while the bot runs."""
