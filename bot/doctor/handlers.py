"""The `/doctor` command."""

from __future__ import annotations

import asyncio

from bot.doctor.checkup import check_up
from bot.doctor.page import doctor_page
from bot.message.compose import join
from bot.message.message import OutgoingMessage
from bot.owners.commands import owners_command
from bot.routing import Handler, Request, on_command
from bot.services import Services
from bot.transport.delivery import edit_or_resend, send_to
from i18n.doctor import doctor_texts


def handlers(services: Services) -> list[Handler]:
    """Return the handler of this subject."""
    return [on_command("doctor", owners_command(services, _Doctor(services).examine))]


class _Doctor:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def examine(self, request: Request) -> None:
        chat_id, bot = request.message.chat.id, request.message.get_bot()
        checking = OutgoingMessage(body=join([doctor_texts(request.texts).checking]))
        shown_in = await send_to(chat_id, checking, bot)
        # Not in the search threads: it has no deadline and must not take their slots.
        checkup = await asyncio.to_thread(check_up, self._services)
        await edit_or_resend(
            chat_id, shown_in, doctor_page(checkup, self._services.locale(request.texts)), bot
        )
