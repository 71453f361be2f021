"""Telegram in, Telegram out: handlers, rendering, paging, access, and a console in its place."""

from bot.application import App, build_application
from bot.config import Access, BotConfig, CopyMedia, Webhook
from bot.console import read_lines, run_console
from bot.console_transport import ConsoleRequest
from bot.lifetime import run_bot
from bot.redaction import install_redaction
from bot.uploads.reading_here import ReadingHere

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
