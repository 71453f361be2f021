"""The archive in pictures."""
