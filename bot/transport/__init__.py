"""The edge to the Bot API: updates in, calls out, and what both need; no subject of the bot."""
