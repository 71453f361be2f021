"""Telegram Desktop's HTML export."""
