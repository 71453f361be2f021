"""The edge to the Bot API: updates in, calls out; knows none of the bot's subjects."""
