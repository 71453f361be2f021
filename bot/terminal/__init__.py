"""The bot in a terminal, for `letopis demo`: the same handlers on an in-process Bot API."""
