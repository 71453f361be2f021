"""Access to the bot: who has it, how to request it, and rate limits."""
