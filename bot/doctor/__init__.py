"""A check of the whole, in plain words, for owners."""
