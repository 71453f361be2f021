"""The library's application, whose types the bot leaves open."""

from typing import Any

from telegram.ext import Application

App = Application[Any, Any, Any, Any, Any, Any]
