"""The handler of the statistics: a chart, with the same as text below."""

from __future__ import annotations

from bot.message.message import Attachment
from bot.routing import Handler, Request, on_command, reporting_errors
from bot.services import Services
from bot.start.chart import draw
from bot.start.stats_view import MOST_TAGS, stats_caption, stats_picture
from bot.transport.delivery import send_picture
from i18n import Catalogue


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    return [on_command("stats", _Stats(services).show)]


class _Stats:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, request: Request) -> None:
        async with reporting_errors(request.message, request.texts):
            picture = await self._services.run(lambda: self._draw(request.texts))
            if picture is None:
                await request.message.reply_text(request.texts.welcome_empty)
                return
            await send_picture(request.message, picture)

    def _draw(self, texts: Catalogue) -> Attachment | None:
        stats = self._services.store.stats()
        if not stats.posts:
            return None
        tags = self._services.store.tag_counts(limit=MOST_TAGS)
        locale = self._services.locale(texts)
        return Attachment(
            name="stats.png",
            content=draw(stats_picture(stats, tags, locale)),
            caption=stats_caption(stats, tags, locale),
        )
