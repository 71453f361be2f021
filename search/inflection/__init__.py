"""Inflection: which forms are forms of one word, beyond what stemmers know."""
