"""The handler of the statistics: a chart, with the same as text below."""

from __future__ import annotations

from telegram import CallbackQuery

from bot.message.message import Attachment
from bot.results.channels import channel_names, channel_rows, choose_channel
from bot.routing import Handler, Request, on_command, on_free_press, reporting_errors
from bot.services import Services
from bot.start.stats_view import stats_caption
from bot.transport.callback_data import Action, Press
from bot.transport.delivery import send_picture
from charts import MOST, PictureFormat, draw_stats
from i18n import Catalogue


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    stats = _Stats(services)
    return [on_command("stats", stats.show), on_free_press(Action.STATS, stats.show_other)]


class _Stats:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, request: Request) -> None:
        async with reporting_errors(request.message, request.texts):
            channel = await choose_channel(request, Action.STATS, services=self._services)
            if channel is not None:
                await self._send(request, channel)

    async def show_other(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        await query.answer()
        async with reporting_errors(request.message, request.texts):
            await self._send(request, pressed["channel"])

    async def _send(self, request: Request, channel: int) -> None:
        picture = await self._services.run(lambda: self._draw(channel, request.texts))
        if picture is None:
            await request.message.reply_text(request.texts.welcome_empty)
            return
        await send_picture(request.message, picture)

    def _draw(self, channel: int, texts: Catalogue) -> Attachment | None:
        store, key = self._services.store, channel or None
        stats = store.stats(channel_id=key)
        if not stats.posts:
            return None
        locale = self._services.locale(texts)
        breakdown = store.breakdown(zone=locale.zone, channel_id=key, most=MOST)
        names = channel_names(self._services)
        return Attachment(
            name="stats.png",
            content=draw_stats(stats, breakdown, locale, PictureFormat.PNG).content,
            caption=stats_caption(stats, breakdown.tags, names, locale),
            rows=channel_rows(names, Action.STATS, chosen=channel, texts=texts),
        )
