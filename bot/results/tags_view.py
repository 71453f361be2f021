"""Composes the archive's tags as pages of buttons."""

from __future__ import annotations

from collections.abc import Mapping

from bot.message.compose import bold, join
from bot.message.message import Button, OutgoingMessage, pager
from bot.results.channels import channel_of, channel_rows
from bot.results.filters_view import applied_line
from bot.sessions import Session
from bot.transport.callback_data import Action, press
from i18n import Catalogue
from model.text import shorten

_PER_ROW = 3
_PER_PAGE = 18


def no_tags(prefix: str, texts: Catalogue) -> OutgoingMessage:
    """Say that no tag has this prefix and offer all tags, or that there are none at all."""
    if not prefix:
        return OutgoingMessage(body=join([texts.no_tags]))
    before, after = texts.filters.no_such_tags.split("{prefix}")
    every = Button(label=texts.filters.button_all_tags, data=press(Action.MENU, place=0))
    body = join([before, bold(f"#{shorten(prefix, 60)}"), after])
    return OutgoingMessage(body=body, rows=((every,),))


def tag_page(
    listed: Session, number: int, *, channels: Mapping[str, str], texts: Catalogue
) -> OutgoingMessage:
    """Compose one page of tags, counted from 1; each is a label such as `sql 12`.

    `channels` are names by key, if there are several.
    """
    tags, session = listed.tags, listed.session_id
    pages = max(-(-len(tags) // _PER_PAGE), 1)
    number = min(max(number, 1), pages)
    first = (number - 1) * _PER_PAGE
    buttons = [
        Button(label=f"#{shorten(tag, 40)}", data=press(Action.TAG, session, place=first + place))
        for place, tag in enumerate(tags[first : first + _PER_PAGE])
    ]
    rows = [tuple(buttons[at : at + _PER_ROW]) for at in range(0, len(buttons), _PER_ROW)]
    rows.append(
        pager(
            number,
            pages,
            lambda other: press(Action.TAG_PAGE, session, page=other),
            press(Action.COUNT, session, page=number),
        )
    )
    title = join(["🏷 ", bold(texts.tags_title), f" — {texts.number(len(tags))}"])
    applied = applied_line(listed.filters, channels=channels, texts=texts)
    chosen = channel_of(listed.filters)
    rows += channel_rows(channels, Action.TAGS, chosen=chosen, texts=texts)
    return OutgoingMessage(
        body=join([title, *applied, texts.more_tags], by="\n"), rows=tuple(filter(None, rows))
    )
