"""Telegram in, Telegram out: one folder a subject, over `transport` and `message`."""
