"""The HTML export of Telegram for macOS: like Telegram Desktop's, in its user's language."""
