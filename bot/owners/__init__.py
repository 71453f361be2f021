"""Notices to owners, and commands only they have."""
