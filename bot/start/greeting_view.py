"""Composes the greeting and the help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.message.compose import Piece, bold, code, join
from bot.message.message import Button, OutgoingMessage
from bot.transport.callback_data import Action, press
from charts import archive_title
from i18n import Catalogue, Locale

if TYPE_CHECKING:
    from db import ArchiveStats


def welcome(
    stats: ArchiveStats, examples: Sequence[tuple[str, str]], locale: Locale
) -> OutgoingMessage:
    """Compose the greeting: what the archive contains, and what to write."""
    texts = locale.texts
    if not stats.posts:
        return OutgoingMessage(body=join([texts.welcome_empty]))
    title = archive_title([count.channel.title for count in stats.channels], texts)
    facts = [texts.count(stats.posts, texts.posts)]
    if stats.with_code:
        facts.append(texts.count(stats.with_code, texts.posts_with_code))
    assert stats.first_at
    assert stats.last_at
    first, last = locale.day(stats.first_at), locale.day(stats.last_at)
    facts.append(texts.since.format(first=first, last=last))
    lines = [join(["• ", code(query), f" — {shows}"]) for query, shows in examples]
    head = join(["🗂 ", bold(title), "\n", " · ".join(facts)])
    body = join([head, join([texts.welcome_invitation, *lines], by="\n")], by="\n\n")
    return OutgoingMessage(body=body, rows=(_menu(texts),))


def help_page(texts: Catalogue, *, is_owner: bool) -> OutgoingMessage:
    """Compose the help: the query language and the commands."""
    operators: list[Piece] = [
        join(["• ", code(query), f" — {shows}"]) for query, shows in texts.operators
    ]
    known = dict(texts.commands) | (dict(texts.owner_commands) if is_owner else {})
    commands: list[Piece] = [f"/{name} — {says}" for name, says in known.items()]
    body = join(
        [
            join([bold(texts.help_title), *operators], by="\n"),
            join([bold(texts.help_commands), *commands], by="\n"),
        ],
        by="\n\n",
    )
    return OutgoingMessage(body=body, rows=(_menu(texts),))


def _menu(texts: Catalogue) -> tuple[Button, ...]:
    labels = (texts.button_tags, texts.button_recent, texts.button_random)
    return tuple(
        Button(label=label, data=press(Action.MENU, place=place))
        for place, label in enumerate(labels)
    )
