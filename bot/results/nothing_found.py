"""Composes the answer to a search without results: what was tried, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.message.compose import bold, join
from bot.message.message import Button, OutgoingMessage
from bot.results.listing_view import Suggestion, fitting, follow_button, suggestion_rows
from bot.transport.callback_data import Action, press
from i18n import Catalogue

_REMARKS_ROOM = 2000


def nothing_found(
    query: str,
    *,
    remarks: Sequence[str],
    suggestions: Sequence[Suggestion],
    session: str,
    is_filtered: bool,
    texts: Catalogue,
) -> OutgoingMessage:
    """Compose the message of a search without results."""
    before, after = texts.nothing_found.split("{query}")
    sentence = join([before, bold(query), after])
    hints = [f"• {hint}" for hint in texts.nothing_hints]
    body = join(
        [
            join([sentence, *fitting(remarks, room=_REMARKS_ROOM)], by="\n"),
            texts.filters.tried,
            join(hints, by="\n"),
        ],
        by="\n\n",
    )
    unfiltered = Button(
        label=texts.filters.button_unfiltered, data=press(Action.UNFILTERED, session)
    )
    changing = Button(label=texts.filters.button, data=press(Action.FILTERS, session, group=0))
    narrowing = ((unfiltered, changing),) if is_filtered else ()
    elsewhere = (
        Button(label=texts.button_tags, data=press(Action.MENU, place=0)),
        Button(label=texts.button_recent, data=press(Action.MENU, place=1)),
    )
    return OutgoingMessage(
        body=body,
        rows=(
            *suggestion_rows(suggestions, session, texts),
            *narrowing,
            elsewhere,
            (follow_button(session, texts),),
        ),
    )
