"""Public channels whose web preview is read from time to time."""
