"""The type of the library's application, with its type parameters filled in."""

from typing import Any

from telegram.ext import Application

App = Application[Any, Any, Any, Any, Any, Any]
