"""Import by message: an owner sends an export, sees what it would change, and says yes."""
