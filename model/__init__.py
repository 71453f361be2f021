"""What a post is: frozen values used by every other package; standard library only."""
