"""Composes an earlier text of a post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.message.compose import Piece, bold, join
from bot.message.message import Button, OutgoingMessage, pager
from bot.message.pages import SPAN_LIMIT, paginate
from bot.results.card_view import CardContext
from bot.transport.callback_data import Action, press
from i18n import Locale
from model.posts import ArchivedPost

if TYPE_CHECKING:
    from db import PostVersion

_ROOM = 3600


def version_card(
    archived: ArchivedPost,
    versions: Sequence[PostVersion],
    *,
    number: int,
    part: int,
    place: CardContext,
    locale: Locale,
) -> OutgoingMessage:
    """Compose part of an earlier text; versions count from 1 for the latest, parts from 1.

    Numbers too high give the last one. `versions` are oldest first, at least one.
    """
    texts = locale.texts
    number = min(max(number, 1), len(versions))
    version = versions[-number]
    parts = paginate(version.content, room=_ROOM, spans=SPAN_LIMIT - 10)
    part = min(max(part, 1), len(parts))
    heading: list[Piece] = [
        bold(texts.cards.earlier_text.format(number=number, count=len(versions))),
        texts.cards.known_on.format(date=locale.day(version.as_of)),
    ]
    if len(parts) > 1:
        heading.append(texts.part_of.format(part=part, parts=len(parts)))

    def turn(other: int, of_part: int) -> str:
        return press(
            Action.VERSION,
            place.session,
            page=place.page,
            post=archived.post_id,
            version=other,
            part=of_part,
        )

    indicator = press(Action.COUNT, place.session, page=number)
    through_parts = pager(part, len(parts), lambda other: turn(number, other), indicator)
    through_versions = pager(number, len(versions), lambda other: turn(other, 1), indicator)
    back = Button(
        label=texts.cards.button_to_post,
        data=press(Action.OPEN, place.session, page=place.page, post=archived.post_id),
    )
    shown = parts[part - 1]
    above = join(["🕘 ", join(heading, by=" · ")])
    body = join([above, shown], by="\n\n") if shown.text.strip() else above
    return OutgoingMessage(
        body=body, rows=tuple(filter(None, (through_parts, through_versions, (back,))))
    )
