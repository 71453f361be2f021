"""Watches the folder of the settings for exports, and tells the owners what came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from bot.message.compose import clean
from bot.message.message import OutgoingMessage
from bot.owners.notices import notify_owners
from bot.services import Services
from bot.transport.app import App
from i18n import Catalogue
from i18n.fetching import fetching_texts
from i18n.messages import say
from ingest.watch_messages import WatchAnswer, Watched, WatchTask
from model.addresses import address_text

_log = logging.getLogger(__name__)


class FolderLoop:
    """Keeps a worker that watches the folder; one that ends is started again.

    `on_news` is called whenever posts were imported.
    """

    def __init__(self, services: Services, *, on_news: Callable[[], object]) -> None:
        self._services = services
        self._on_news = on_news
        self._task: asyncio.Task[None] | None = None

    def start(self, application: App) -> None:
        """Start watching, if the settings name a folder."""
        folder = self._services.config.watch
        if folder is not None:
            self._task = asyncio.create_task(self._run(folder, application))

    async def stop(self) -> None:
        """Stop; the batch being saved is completed, the rest waits for the next start."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _run(self, folder: str, application: App) -> None:
        while True:
            try:
                await self._watch(folder, application)
            except Exception as exc:  # noqa: BLE001  # start another worker
                _log.warning("the folder is not watched for a while: %r", exc)
            await asyncio.sleep(self._services.config.watch_every.total_seconds())

    async def _watch(self, folder: str, application: App) -> None:
        config = self._services.config
        task = WatchTask(
            folder=folder,
            home=str(self._services.store.home),
            archive=address_text(self._services.store.address),
            every=config.watch_every.total_seconds(),
        )
        async with self._services.workers.watching() as worker:
            await worker.send(task)
            while True:
                answer = await worker.receive()
                self._on_news()
                await notify_owners(application.bot, partial(_say, answer), services=self._services)


def _say(answer: WatchAnswer, texts: Catalogue) -> OutgoingMessage:
    words = fetching_texts(texts)
    if isinstance(answer, Watched):
        said = words.watched.format(
            name=answer.name,
            added=texts.number(answer.added),
            changed=texts.number(answer.text_changed),
        )
    else:
        said = words.waits.format(name=answer.name, reason=say(answer.message, texts))
    return OutgoingMessage(body=clean(said))
