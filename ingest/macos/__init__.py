"""The HTML export of Telegram for macOS: similar to Telegram Desktop's, but localised."""
