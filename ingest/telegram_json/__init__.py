"""Telegram Desktop's JSON export: one chat or a whole account, read as a stream."""
