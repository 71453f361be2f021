"""Saved searches: matched against new posts, and sent to their followers at a good time."""
