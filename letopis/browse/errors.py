"""Answers failures of pages: one sentence, without a traceback."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from datasette import Response
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup

from letopis.languages import terminal_texts, worded
from model.errors import LetopisError

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

_log = logging.getLogger(__name__)


async def answer_failure(datasette: Datasette, request: Request, failure: Exception) -> Response:
    """Return the page, or the JSON, for a failure."""
    status, message = _explain(failure)
    told = {
        "ok": False,
        "error": message,
        "status": status,
        "title": getattr(failure, "title", None),
        **getattr(failure, "error_dict", {}),
    }
    if request.path.endswith(".json"):
        return Response.json(told, status=status)
    page = await datasette.render_template("error.html", told, request=request)
    return Response.html(page, status=status)


def _explain(failure: Exception) -> tuple[int, str]:
    match failure:
        case LetopisError():
            return 503, worded(failure.message)
        case Base400():
            return failure.status, str(failure)
        case DatasetteError():
            text = failure.message
            return failure.status, Markup(text) if failure.message_is_html else text  # noqa: S704
        case _:
            _log.error("A page failed", exc_info=failure)
            return 500, terminal_texts().terminal.fault.format(kind=type(failure).__name__)
