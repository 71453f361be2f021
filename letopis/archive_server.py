"""Finds the servers that the settings name, without their cost where none is named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from letopis.home import Home
    from model.addresses import Address


def archive_address(home: Home) -> Address:
    """Return where the archive of a home is: its file, or the database that the settings name.

    Importing pydantic, which validates them, takes 60 ms.

    Raises:
        SettingsError: Any setting is invalid.
    """
    if home.is_temporary or not _is_named("archive_url", home):
        return home.archive
    from letopis.settings import load_settings

    return load_settings(home.folder).archive_server or home.archive


def state_address(home: Home) -> Address:
    """Return where the state of a home's bot is: its file, or the database that is named.

    Raises:
        SettingsError: Any setting is invalid.
    """
    if not _is_named("bot_url", home):
        return home.bot_state
    from letopis.settings import load_settings

    return load_settings(home.folder).bot_server or home.bot_state


def _is_named(setting: str, home: Home) -> bool:
    variable = f"letopis_{setting}"
    return any(name.lower() == variable for name in os.environ) or any(
        _mentions(path, setting) for path in (home.settings, home.dotenv)
    )


def _mentions(path: Path, setting: str) -> bool:
    try:
        return setting.encode() in path.read_bytes().lower()
    except OSError:
        return os.path.lexists(path)  # reading the settings will say what is wrong
