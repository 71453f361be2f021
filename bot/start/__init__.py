"""Greeting, help, menu, statistics, personal settings."""
