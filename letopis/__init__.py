"""The composition root: command line, settings, wiring, demo, sample channel."""
