"""Copies of whole databases, from one kind of server or file into another."""
