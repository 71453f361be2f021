"""Fetches the channels of the settings every few hours, and tells the owners what came."""

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
from ingest.fetch_messages import FetchAnswer, FetchedPart, FetchEnded, FetchRefused, FetchTask
from model.addresses import address_text
from model.messages import Message
from workers.worker import WorkerEnded

_log = logging.getLogger(__name__)


class FetchLoop:
    """Fetches one channel after the other; a failure is told once, until it is another one.

    `on_news` is called whenever posts were imported.
    """

    def __init__(self, services: Services, *, on_news: Callable[[], object]) -> None:
        self._services = services
        self._on_news = on_news
        self._failures: dict[str, Message | None] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self, application: App) -> None:
        """Start fetching, if the settings name channels."""
        if self._services.config.fetch:
            self._task = asyncio.create_task(self._run(application))

    async def stop(self) -> None:
        """Stop; what was fetched is kept."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _run(self, application: App) -> None:
        config = self._services.config
        while True:
            for username in config.fetch:
                try:
                    await self._fetch(username, application)
                except Exception as exc:  # noqa: BLE001  # log it and carry on
                    await application.process_error(None, exc)
            await asyncio.sleep(config.fetch_every.total_seconds())

    async def _fetch(self, username: str, application: App) -> None:
        added = text_changed = 0
        answer: FetchAnswer = FetchEnded()
        store = self._services.store
        archive = address_text(store.address)
        task = FetchTask(username=username, home=str(store.home), archive=archive)
        async with self._services.workers.fetching() as worker:
            await worker.send(task)
            try:
                while isinstance(answer := await worker.receive(), FetchedPart):
                    added, text_changed = added + answer.added, text_changed + answer.text_changed
                    self._on_news()
            except WorkerEnded:
                _log.warning("fetching %s ended early", username)
        failure = answer.message if isinstance(answer, FetchRefused) else None
        if added or text_changed:
            await self._tell(partial(_say_counts, username, added, text_changed), application)
        if failure and self._failures.get(username) != failure:
            await self._tell(partial(_say_failure, username, failure), application)
        self._failures[username] = failure

    async def _tell(
        self, compose: Callable[[Catalogue], OutgoingMessage], application: App
    ) -> None:
        await notify_owners(application.bot, compose, services=self._services)


def _say_counts(username: str, added: int, changed: int, texts: Catalogue) -> OutgoingMessage:
    words = fetching_texts(texts).fetched
    counts = {"added": texts.number(added), "changed": texts.number(changed)}
    return OutgoingMessage(body=clean(words.format(name=username, **counts)))


def _say_failure(username: str, failure: Message, texts: Catalogue) -> OutgoingMessage:
    words = fetching_texts(texts).failed
    return OutgoingMessage(body=clean(words.format(name=username, reason=say(failure, texts))))
