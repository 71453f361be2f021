"""Telegram in, Telegram out: handlers, rendering, paging, access, and a console in its place."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.application import build_application
    from bot.config import Access, BotConfig, CopyMedia, Webhook
    from bot.imports.reading_here import ReadingHere
    from bot.runner import run_bot
    from bot.terminal.console import read_lines, run_console
    from bot.terminal.transport import ConsoleRequest
    from bot.transport.app import App
    from bot.transport.redaction import install_redaction

__all__ = [
    "Access",
    "App",
    "BotConfig",
    "ConsoleRequest",
    "CopyMedia",
    "ReadingHere",
    "Webhook",
    "build_application",
    "install_redaction",
    "read_lines",
    "run_bot",
    "run_console",
]

_MODULES = {
    "Access": "config",
    "App": "transport.app",
    "BotConfig": "config",
    "ConsoleRequest": "terminal.transport",
    "CopyMedia": "config",
    "ReadingHere": "imports.reading_here",
    "Webhook": "config",
    "build_application": "application",
    "install_redaction": "transport.redaction",
    "read_lines": "terminal.console",
    "run_bot": "runner",
    "run_console": "terminal.console",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, once it is.

    A search in the terminal needs the bot's words alone, and Telegram's library takes as long to
    import as all the rest of such a search.
    """
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"bot.{_MODULES[name]}"), name)
