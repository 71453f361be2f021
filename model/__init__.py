"""What a post is: the frozen values that every other package speaks in; standard library only."""
