"""Exports sent to the bot: queued, looked over, imported, reported."""
