"""Sends the posts of a search as a file."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.message.compose import bold, join
from bot.message.message import Attachment, Button, OutgoingMessage
from bot.results.page import SHOWN_LENGTH
from bot.results.query import find_keys
from bot.results.refinements import search_text
from bot.routing import Handler, SessionPress, on_press, reporting_errors
from bot.services import Services
from bot.transport.callback_data import Action, press
from bot.transport.delivery import edit_pressed, send_file
from bot.transport.threads import Threads
from export import Format, safe_name, write_posts
from i18n import Catalogue
from model.rich_text import RichText
from model.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from bot.sessions import Session
    from db import PostStore
    from model.posts import ArchivedPost

_FORMS = (Format.MARKDOWN, Format.NOTEBOOK, Format.CSV, Format.JSON_LINES)
_MOST_POSTS = 10_000
"""Some five seconds of work; the command line has no limit."""
_MOST_BYTES = 49_000_000
"""Telegram takes files of up to 50 MB from bots; one post is far below the rest."""
_PATIENCE = timedelta(minutes=1)
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A written file, how many posts it holds, and how many were found."""

    content: bytes
    posts: int
    found: int


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    return [on_press(Action.EXPORT, services, _Exports(services).answer)]


class _Exports:
    def __init__(self, services: Services) -> None:
        self._services = services
        # One at a time, so that searches go on meanwhile.
        self._threads = Threads(at_once=1, deadline=_PATIENCE)

    async def answer(self, pressed: SessionPress) -> None:
        """Offer the formats, or send a file in the chosen one."""
        form = pressed.press["form"]
        if form > len(_FORMS):
            await pressed.query.answer(pressed.texts.outdated, show_alert=True)
        elif form:
            await pressed.query.answer(pressed.texts.exporting.writing)
            async with reporting_errors(pressed.message, pressed.texts):
                await self._send(pressed, _FORMS[form - 1])
        else:
            await pressed.query.answer()
            await edit_pressed(pressed.message, _choice(pressed.session, pressed.texts))

    async def _send(self, pressed: SessionPress, form: Format) -> None:
        file = await self._threads.run(
            functools.partial(_write, pressed.session, form, self._services)
        )
        texts = pressed.texts
        if not file.posts:
            said = texts.exporting.no_python if file.found else texts.nothing_here
            await pressed.message.reply_text(said)
            return
        query = search_text(pressed.session)
        attachment = Attachment(
            name=f"{safe_name(query) or 'letopis'}.{form}",
            content=file.content,
            caption=caption_of(query, file, form, texts),
        )
        await send_file(pressed.message, attachment)


def _choice(session: Session, texts: Catalogue) -> OutgoingMessage:
    rows = [
        (Button(label=texts.exporting.formats[form], data=_data(session, number)),)
        for number, form in enumerate(_FORMS, 1)
    ]
    back = Button(label=texts.button_back, data=press(Action.PAGE, session.session_id, page=1))
    title = bold(shorten(search_text(session), SHOWN_LENGTH))
    body = join([join(["💾 ", title]), texts.exporting.choose], by="\n")
    return OutgoingMessage(body=body, rows=(*rows, (back,)))


def _data(session: Session, form: int) -> str:
    return press(Action.EXPORT, session.session_id, form=form)


def _write(session: Session, form: Format, services: Services) -> WrittenFile:
    keys = find_keys(session, services=services)
    return write_file(
        keys,
        form,
        services.store,
        title=search_text(session),
        zone=services.config.zone,
    )


def write_file(
    keys: Sequence[int],
    form: Format,
    store: PostStore,
    *,
    title: str,
    zone: tzinfo | None,
    most_posts: int = _MOST_POSTS,
    most_bytes: int = _MOST_BYTES,
) -> WrittenFile:
    """Write the posts with these keys, as many as there is room for, at least one.

    Raises:
        ArchiveError: The archive cannot be read.
    """
    out = io.BytesIO()

    def fitting() -> Iterator[ArchivedPost]:
        for start in range(0, min(len(keys), most_posts), _BATCH):
            for archived in store.get(keys[start : min(start + _BATCH, most_posts)]):
                if out.tell() > most_bytes:
                    return
                yield archived

    number = write_posts(fitting(), form, out, title=title, zone=zone)
    return WrittenFile(content=out.getvalue(), posts=number, found=len(keys))


def caption_of(query: str, file: WrittenFile, form: Format, texts: Catalogue) -> RichText:
    """Return the query and the number of posts; a notebook never holds all."""
    counted = texts.count(file.posts, texts.posts)
    if file.posts < file.found and form is not Format.NOTEBOOK:
        counted = texts.exporting.first_of.format(
            posts=texts.number(file.posts), total=texts.number(file.found)
        )
    return join([join(["🔎 ", bold(shorten(query, SHOWN_LENGTH))]), counted], by="\n")
