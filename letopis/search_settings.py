"""The settings of searches, without the cost of validation where nothing is set."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

    from letopis.home import Home

_NO_SETTINGS = frozenset({"LETOPIS_HOME", "LETOPIS_LANG", "LETOPIS_DEBUG"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """The index's engine, the time zone of days, and the URL of OpenSearch, with their defaults."""

    engine: str = "auto"
    zone: tzinfo | None = None
    cluster: str | None = field(default=None, repr=False)


def load_search_settings(home: Home) -> SearchSettings:
    """Read the settings of searches; importing pydantic, which validates them, takes 60 ms.

    Raises:
        SettingsError: Any setting is invalid.
    """
    if not _is_anything_set(home):
        return SearchSettings()
    from letopis.settings import load_settings

    settings = load_settings(home.folder)
    url = settings.opensearch_url
    return SearchSettings(
        engine=settings.index.engine,
        zone=settings.zone,
        cluster=None if url is None else url.get_secret_value(),
    )


def _is_anything_set(home: Home) -> bool:
    names = {name for name in map(str.upper, os.environ) if name.startswith("LETOPIS_")}
    return not names <= _NO_SETTINGS or any(map(os.path.lexists, (home.settings, home.dotenv)))
