"""Posts become messages: pure functions from values to text, spans and buttons."""
