"""The bot in a terminal, for `letopis demo`: the same handlers over an in-process Bot API."""
