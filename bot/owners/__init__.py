"""What the bot tells its owners unasked, and the commands that only they have."""
