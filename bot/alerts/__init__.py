"""Saved searches: matches them against new posts, and sends alerts."""
