"""Telegram Desktop's HTML export: its folder, its pages, its messages."""
