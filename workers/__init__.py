"""Work beside the program: in processes spoken to by lines, in threads, or ahead of its use."""
