"""Coordinates, in one spelling for all formats."""

from __future__ import annotations


def coordinates(latitude: float, longitude: float) -> str:
    """Return `55.75, 37.61`: degrees without trailing zeros."""
    return f"{_degrees(latitude)}, {_degrees(longitude)}"


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
