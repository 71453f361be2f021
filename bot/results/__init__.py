"""Search results: lists, cards, filters, tags, photos, inline mode."""
