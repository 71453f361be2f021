"""Background work: worker processes that exchange lines, threads, and parallel read-ahead."""
