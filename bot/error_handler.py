"""Handles failures of handlers: network errors are logged, others get an error number."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.memory_fallback import WRITE_ERRORS
from bot.people import texts_of
from bot.transport.superseded import Superseded
from model.errors import ArchiveError, NotLeading

if TYPE_CHECKING:
    from i18n import Catalogue

_log = logging.getLogger(__name__)

_HARMLESS = ("message is not modified", "query is too old", "query id is invalid")


async def handle_failure(update: object, context: ContextTypes.DEFAULT_TYPE) -> NoReturn:
    """Log an error, and tell the person if they are waiting for an answer.

    Raises:
        ApplicationHandlerStop: Always. The library would pass the update on to the next group of
            handlers, and those after the gate rely on every group before them.
    """
    try:
        await _handle(update, context)
    except Exception:  # noqa: BLE001  # the update must be stopped in any case
        _log.exception("an error could not be handled")
    raise ApplicationHandlerStop


async def _handle(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    error = context.error
    assert error is not None
    if _is_harmless(error):
        _log.debug("harmless: %s", error)
    elif isinstance(error, Superseded | NotLeading):
        _log.info("left to another bot: %s", error)
    elif isinstance(error, Conflict):
        _log.warning(
            "Another program receives this bot's messages; stop the other copy, or give this one "
            "a token of its own. Trying again."
        )
    elif _is_network(error):
        _log.warning("Telegram could not be reached: %s", brief(error))
    elif isinstance(error, Forbidden):
        _log.warning("Telegram refused to deliver: %s", error.message)
    elif isinstance(error, WRITE_ERRORS):
        _log.error("not stored: %s", error)
        await _notify(update, lambda texts: texts.troubles.unstored, context)
    elif isinstance(error, ArchiveError):
        _log.error("not read: %s", error)
        await _notify(update, lambda texts: texts.unavailable, context)
    else:
        number = secrets.token_hex(3)
        _log.error("error %s", number, exc_info=error)
        await _notify(update, lambda texts: texts.broken.format(number=number), context)


def brief(error: Exception) -> str:
    """Return an error's message without the HTML page of a gateway."""
    return str(error).partition(". Parsing the server response")[0]


async def _notify(
    update: object, compose: Callable[[Catalogue], str], context: ContextTypes.DEFAULT_TYPE
) -> None:
    if not isinstance(update, Update) or not update.effective_user:
        return
    words = compose(texts_of(update.effective_user, context))
    try:
        if update.effective_message:
            await update.effective_message.reply_text(words)
    except TelegramError as exc:
        _log.warning("an error could not be told: %s", exc)


def _is_harmless(error: Exception) -> bool:
    return isinstance(error, BadRequest) and any(
        words in error.message.lower() for words in _HARMLESS
    )


def _is_network(error: Exception) -> bool:
    # The library derives BadRequest from NetworkError.
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)
