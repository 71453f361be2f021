"""Reads the JSON of `tdl chat export --all --with-content`."""
