"""Composes the choice of language and the privacy page."""

from __future__ import annotations

from bot.message.compose import bold, join
from bot.message.message import Button, OutgoingMessage
from bot.transport.callback_data import Action, press
from i18n import Catalogue

LANGUAGES = ("ru", "en", None)
"""The choices; `None` follows the person's Telegram client."""


def language_choice(chosen: str | None, texts: Catalogue) -> OutgoingMessage:
    """Compose the choice of language, with the current one marked."""
    labels = (*texts.access.language_names, texts.access.language_as_telegram)
    row = tuple(
        Button(
            label=f"• {label}" if language == chosen else label,
            data=press(Action.LANGUAGE, place=place),
        )
        for place, (language, label) in enumerate(zip(LANGUAGES, labels, strict=True))
    )
    return OutgoingMessage(body=join([texts.access.language_title]), rows=(row,))


def privacy_page(
    *, searches: int, saved: int, standing: str, language: str | None, days: int, texts: Catalogue
) -> OutgoingMessage:
    """Compose what is stored about a person, with the button that deletes it."""
    access = texts.access
    names = dict(zip(LANGUAGES, access.language_names, strict=False))
    title, _, rest = access.privacy.format(
        kept=texts.count(searches, access.privacy_searches),
        saved=texts.count(saved, access.privacy_saved),
        standing=standing,
        language=names.get(language, access.privacy_as_telegram),
        days=texts.count(days, access.privacy_days),
    ).partition("\n")
    button = Button(label=access.button_forget, data=press(Action.FORGET))
    return OutgoingMessage(body=join([bold(title), rest], by="\n"), rows=((button,),))
