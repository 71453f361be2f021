"""The health check for owners."""
