"""The owners' decisions on access."""

from __future__ import annotations

import asyncio
import functools
import logging

from telegram import CallbackQuery
from telegram.error import TelegramError

from bot.access.people_view import confirmation, people_page, person_details
from bot.config import Access
from bot.message.compose import join
from bot.message.message import Button, OutgoingMessage
from bot.owners.commands import of_owner, owners_command
from bot.routing import Handler, Request, on_command, on_free_press
from bot.services import Services
from bot.transport.callback_data import Action, Press, press
from bot.transport.delivery import edit_pressed, send, send_to
from db.bot_people import AccessStatus, Person
from i18n import Catalogue

_log = logging.getLogger(__name__)

_INSTEAD_OF = {
    Action.APPROVE: (AccessStatus.APPROVED, (AccessStatus.ASKED,)),
    Action.DENY: (AccessStatus.DENIED, (AccessStatus.ASKED,)),
    Action.READMIT: (AccessStatus.APPROVED, (AccessStatus.DENIED, AccessStatus.REVOKED)),
    Action.REVOKE_REALLY: (AccessStatus.REVOKED, (AccessStatus.APPROVED,)),
}
"""The standing a button sets, and the standings it applies to."""


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    people = _People(services)
    return [
        on_command("people", owners_command(services, people.list)),
        on_free_press(Action.PEOPLE, of_owner(services, people.turn_page)),
        on_free_press(Action.PERSON, of_owner(services, people.show)),
        on_free_press(Action.REVOKE, of_owner(services, people.confirm_revoke)),
        *(on_free_press(action, of_owner(services, people.decide)) for action in _INSTEAD_OF),
        on_free_press(Action.ASK, people.ask),
    ]


class _People:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def list(self, request: Request) -> None:
        await send(request.message, await self._page(1, request.texts))

    async def turn_page(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        await query.answer()
        await edit_pressed(request.message, await self._page(pressed["page"], request.texts))

    async def show(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        await self._show_person(pressed["person"], query, request)

    async def confirm_revoke(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        person = await self._find(pressed["person"], query, request.texts)
        if person:
            await query.answer()
            await edit_pressed(request.message, confirmation(person, request.texts))

    async def decide(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        user_id = pressed["person"]
        status, instead_of = _INSTEAD_OF[pressed.action]
        decide = functools.partial(
            self._services.people.store.decide,
            user_id,
            status,
            instead_of=instead_of,
            by=request.user_id,
            now=self._services.clock(),
        )
        if not await asyncio.to_thread(decide):
            await self._show_person(user_id, query, request, notice=request.texts.access.already)
            return
        _log.info("owner %s: user %s is %s", request.user_id, user_id, status)
        await self._show_person(user_id, query, request)
        await self._notify(user_id, status, query)

    async def ask(self, query: CallbackQuery, request: Request, _press: Press) -> None:
        """Tell a person who presses the button of an old refusal that they have access now."""
        await query.answer()
        await edit_pressed(
            request.message, OutgoingMessage(body=join([request.texts.access.welcome]))
        )

    async def _page(self, number: int, texts: Catalogue) -> OutgoingMessage:
        config, people = self._services.config, self._services.people
        listed = await asyncio.to_thread(
            people.store.with_status, AccessStatus.ASKED, AccessStatus.APPROVED
        )
        remarks = {
            Access.OWNERS: "",
            Access.MEMBERS: texts.access.members_too,
            Access.PUBLIC: texts.access.public_too,
        }
        return people_page(
            listed,
            number,
            owners=len(config.owners),
            remark=remarks[config.access],
            locale=self._services.locale(texts),
        )

    async def _show_person(
        self, user_id: int, query: CallbackQuery, request: Request, *, notice: str = ""
    ) -> None:
        person = await self._find(user_id, query, request.texts)
        if person:
            await query.answer(notice or None, show_alert=bool(notice))
            await edit_pressed(
                request.message, person_details(person, self._services.locale(request.texts))
            )

    async def _find(self, user_id: int, query: CallbackQuery, texts: Catalogue) -> Person | None:
        person = await self._services.people.find(user_id)
        if person is None or person.status is None:
            await query.answer(texts.access.is_unknown, show_alert=True)
            return None
        return person

    async def _notify(self, user_id: int, status: AccessStatus, query: CallbackQuery) -> None:
        """Tell a person the decision in their language, and link the post they came for."""
        person = await self._services.people.find(user_id)
        assert person
        texts = self._services.people.texts(user_id, person.spoken)
        try:
            await send_to(user_id, _news(person, status, texts), query.get_bot())
        except TelegramError as exc:
            _log.info("user %s was not told: %s", user_id, exc)


def _news(person: Person, status: AccessStatus, texts: Catalogue) -> OutgoingMessage:
    access = texts.access
    words = {
        AccessStatus.APPROVED: access.welcome,
        AccessStatus.DENIED: access.denied,
        AccessStatus.REVOKED: access.lost,
    }[status]
    opens = status is AccessStatus.APPROVED and person.target
    button = Button(label=access.button_open, data=press(Action.OPEN_POST, post=person.target))
    return OutgoingMessage(body=join([words]), rows=((button,),) if opens else ())
