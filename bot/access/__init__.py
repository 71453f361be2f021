"""Who may use the bot, how fast, and how access is asked for and given."""
