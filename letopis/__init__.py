"""The composition root: command line, settings, demo, sample channel."""
