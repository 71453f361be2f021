"""Converts between a channel's own id and its chat id in the Bot API."""

from __future__ import annotations

_CHANNEL_IDS = 10**12
"""The Bot API writes the channel 1234567890 as -1001234567890."""


def chat_id_of(telegram_id: int) -> int:
    """Return the chat id of a channel in the Bot API."""
    return -telegram_id - _CHANNEL_IDS


def telegram_id_of(chat_id: int) -> int:
    """Return a channel's own id."""
    return -chat_id - _CHANNEL_IDS
