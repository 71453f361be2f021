"""Rich text becomes a Telegram message: pure functions from values to text, spans and buttons."""
