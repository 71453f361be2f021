"""Runs the migrations in `db/migrations` with Alembic; imported only if a file needs them."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

_ENVIRONMENT = Path(__file__).parent / "migrations"


def known_revisions(folder: Path) -> frozenset[str]:
    """Return the revisions of the migrations in a folder."""
    scripts = ScriptDirectory.from_config(_config(folder))
    return frozenset(script.revision for script in scripts.walk_revisions())


def upgrade(connection: Connection, folder: Path, *, to: str) -> None:
    """Run a folder's missing migrations in the open transaction."""
    config = _config(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def names_created(folder: Path, *, upto: str | None) -> frozenset[str]:
    """Return the names of tables and indexes created by the migrations up to one."""
    if upto is None:
        return frozenset()
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            upgrade(connection, folder, to=upto)
            names = connection.exec_driver_sql("SELECT name FROM sqlite_schema").scalars()
            return frozenset(names)
    finally:
        engine.dispose()


def _config(versions: Path) -> Config:
    config = Config()
    config.set_main_option("path_separator", "newline")
    for option, path in (
        ("script_location", _ENVIRONMENT),
        ("version_locations", versions),
    ):
        # Alembic parses its options as an ini file, where `%` is special.
        config.set_main_option(option, str(path).replace("%", "%%"))
    return config
