"""The Telegram bot: one folder per subject, on top of `transport` and `message`."""
