# Whoosh 2.7.4 has no annotations: here is what of it is used, and nothing else.
