"""The two databases of Letopis: the archive, and the bot's own state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import MetaData

from db.schema import metadata
from db.schema.bot import bot_metadata
from db.views import VIEWS

_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseKind:
    """One of the two databases: its migrations, the latest revision, its views, and its id.

    `application_id` is written in a SQLite file's header and distinguishes the two from each other
    and from other files. On PostgreSQL, `schema` does.
    """

    file: str
    schema: str
    folder: Path
    head: str
    application_id: int
    metadata: MetaData
    views: Mapping[str, str] = field(default_factory=dict)


ARCHIVE = DatabaseKind(
    file="archive.db",
    schema="archive",
    folder=_MIGRATIONS / "archive",
    head="archive_0005",
    application_id=0x4C455441,
    metadata=metadata,
    views=VIEWS,
)
BOT = DatabaseKind(
    file="bot.db",
    schema="bot",
    folder=_MIGRATIONS / "bot",
    head="bot_0009",
    application_id=0x4C455442,
    metadata=bot_metadata,
)
