"""Live archiving: posts the bot receives are archived, and gaps are reported."""
