"""Searches that people follow: saved, put to new posts, and told of at a good time."""
