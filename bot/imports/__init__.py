"""Exports sent to the bot: queue, preview, import, report."""
