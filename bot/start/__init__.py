"""The start of a conversation: greeting, help, menu, statistics, personal settings."""
