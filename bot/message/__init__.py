"""Turns rich text into Telegram messages: pure functions on text, spans and buttons."""
