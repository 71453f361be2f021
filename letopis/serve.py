"""Wires the bot: settings, archive, index and state."""

from __future__ import annotations

import gc
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from typing import TYPE_CHECKING

from bot.config import Access, BotConfig, CopyMedia, Webhook
from bot.runner import run_bot
from bot.services import Workers
from db import open_archive
from db.bot_store import open_bot_store
from ingest import MediaStore
from letopis.addresses import parse_place
from letopis.archive_server import archive_address, state_address
from letopis.fetch_worker import fetch_process
from letopis.import_worker import import_process
from letopis.index_worker import index_process
from letopis.languages import terminal_texts
from letopis.opening import home_index
from letopis.output import complain
from letopis.watch_worker import watch_process
from model.errors import AlreadyRunning, SettingsError
from model.messages import Code
from model.whole_files import making
from search import FEW_POSTS, Searcher

if TYPE_CHECKING:
    from pathlib import Path

    from db import PostStore
    from db.bot_store import BotStore
    from db.leadership import Leadership
    from letopis.home import Home
    from letopis.settings import Settings


_log = logging.getLogger(__name__)


def serve(home: Home, settings: Settings, config: BotConfig) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    logging.basicConfig(
        level=settings.log_level,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    warn_of_open_files(home)
    for name in ("alembic", "filelock"):  # ten lines about a new file, and one for each lock
        logging.getLogger(name).setLevel(logging.WARNING)
    with (
        open_archive(archive_address(home), home=home.folder) as store,
        open_bot_store(state_address(home), home=home.folder) as bot_store,
        _leading(home, store, bot_store) as leadership,
        home_index(home, store, jobs=1) as index,
    ):
        # If it is only far behind, it catches up while the bot is running.
        if index.needs_rebuild() or index.behind() <= FEW_POSTS:
            index.catch_up()
        searcher = Searcher(store, index, zone=settings.zone or UTC)
        # The first search opens the index and reads tables of words: nobody should wait for it.
        searcher.search("слово word")
        # Startup objects live until the end: without freezing them, garbage collections would delay
        # answers by .1 s.
        gc.freeze()
        run_bot(
            config,
            searcher=searcher,
            store=store,
            bot_store=bot_store,
            workers=Workers(
                imports=import_process,
                indexing=index_process,
                fetching=fetch_process,
                watching=watch_process,
            ),
            media=MediaStore(home.media),
            leadership=leadership,
            on_wait=lambda: complain(terminal_texts().terminal.stands_by),
        )


@contextmanager
def _leading(home: Home, store: PostStore, bot_store: BotStore) -> Iterator[Leadership]:
    """Refuse a second bot, unless it may wait until the first one ends.

    Raises:
        AlreadyRunning: Another bot works with the same file.
    """
    leadership = bot_store.leadership(guarded=(store,))
    if not (leadership.can_wait or leadership.take(on_lost=lambda: None)):
        raise AlreadyRunning(Code.BOT_RUNS, home=home.folder)
    try:
        yield leadership
    finally:
        leadership.give_up()


def read_bot_config(home: Home, settings: Settings) -> BotConfig:
    """Return the bot's configuration.

    Raises:
        SettingsError: The token or the owners are missing.
    """
    if settings.bot_token is None:
        raise SettingsError(Code.NO_TOKEN, settings=home.settings)
    if not settings.owners:
        raise SettingsError(Code.NO_OWNERS)
    if settings.access == "members" and settings.members_of is None:
        raise SettingsError(Code.NO_MEMBERS_OF)
    return BotConfig(
        token=settings.bot_token.get_secret_value(),
        owners=settings.owners,
        access=Access(settings.access),
        members_of=settings.members_of,
        burst=settings.burst,
        zone=settings.zone,
        upload_limit=settings.upload_mb << 20,
        api_base_url=settings.api_base_url,
        webhook=_read_webhook(home, settings),
        copy_media=CopyMedia(settings.copy_media),
        fetch=settings.fetch,
        watch=str(settings.watch.expanduser().absolute()) if settings.watch else None,
    )


def warn_of_open_files(home: Home) -> None:
    """Warn if others on this machine can read the token."""
    for path in (home.settings, home.dotenv):
        if path.is_file() and path.stat().st_mode & 0o077 and _names_token(path):
            _log.warning("Others on this machine can read the token in %s: chmod 600 it.", path)


def _read_webhook(home: Home, settings: Settings) -> Webhook | None:
    if settings.webhook_url is None:
        return None
    given = settings.webhook_secret
    if given is None:
        home.make()
    secret = given.get_secret_value() if given else _kept_secret(home.webhook_secret)
    host, port = parse_place(settings.webhook_listen)
    return Webhook(url=settings.webhook_url, secret=secret, host=host, port=port)


def _kept_secret(path: Path) -> str:
    """Return the secret from a file, generated at the first start.

    The file is written atomically: an empty secret would match anyone's.
    """
    if not path.exists():
        with making(path.parent) as part, suppress(FileExistsError):  # another process was faster
            part.file.write(secrets.token_urlsafe(32).encode())
            part.put(path, replaces=False)
    return path.read_text("ascii").strip()


def _names_token(path: Path) -> bool:
    return b"bot_token" in path.read_bytes().lower()
