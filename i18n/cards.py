"""Texts on cards and the buttons under them: the fields, and both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CardTexts:
    """Names in braces are filled in with `str.format`."""

    repeated: str
    """Before the dates on which the same text was posted."""
    more_repeats: str
    """How many more times: {number}."""
    similar_title: str
    """Before the title of the post that others are similar to."""
    nothing_similar: str
    photo_troubles: Mapping[str, str]
    """Why a photo is not shown, after the line that names it."""
    photo_refused: str
    not_archived: str
    """If a forwarded post is not in the archive and has no words to search for."""
    earlier_text: str
    """The heading of an earlier text: {number} of {count}."""
    known_on: str
    """When a source last had the earlier text: {date}."""

    answers_title: str
    """Before the title of the post that others answer."""
    album_title: str
    """Before the title of a post whose album is listed."""

    button_similar: str
    button_share: str
    button_versions: str
    button_members: str
    """Instead of the original, if only members of the channel can open it."""
    button_to_post: str
    button_answered: str
    """To the post that this one answers."""
    button_answer: str
    button_answers: str
    """With their {number}."""
    button_album: str
    """With the {number} of its posts."""
    button_previous: str
    button_next: str
    """To the neighbours in the channel."""


RUSSIAN_CARDS = CardTexts(
    repeated="также",
    more_repeats="и ещё {number}",
    similar_title="Похожие на",
    nothing_similar="Похожих постов нет.",
    photo_troubles={
        "absent": "файла в архиве нет",
        "too_large": "больше 10 МБ, показать не могу",
    },
    photo_refused="Показать фото не могу: Telegram его не принял.",
    not_archived="Этого поста в архиве нет, и слов, чтобы поискать похожие, в нём тоже нет.",
    earlier_text="Прежний текст {number} из {count}",
    known_on="так было ещё {date}",
    answers_title="Ответы на",
    album_title="Альбом",
    button_similar="≈ Похожие",
    button_share="🔁 Поделиться",
    button_versions="🕘 До правок:",
    button_members="↗ Для участников",
    button_to_post="‹ К посту",
    button_answered="↑ Ответ на",
    button_answer="↓ Ответ",
    button_answers="↓ Ответы · {number}",
    button_album="🖼 Альбом · {number}",
    button_previous="◀ Раньше",
    button_next="Позже ▶",
)

ENGLISH_CARDS = CardTexts(
    repeated="also",
    more_repeats="and {number} more",
    similar_title="Like",
    nothing_similar="There are no posts like this one.",
    photo_troubles={
        "absent": "the file is not in the archive",
        "too_large": "larger than 10 MB, so it cannot be shown",
    },
    photo_refused="The photo cannot be shown: Telegram refused it.",
    not_archived="This post is not in the archive, and it has no words to search for similar ones.",
    earlier_text="Earlier text {number} of {count}",
    known_on="the text as of {date}",
    answers_title="Replies to",
    album_title="Album",
    button_similar="≈ Similar",
    button_share="🔁 Share",
    button_versions="🕘 Before edits:",
    button_members="↗ Members only",
    button_to_post="‹ To the post",
    button_answered="↑ In reply to",
    button_answer="↓ Reply",
    button_answers="↓ Replies · {number}",
    button_album="🖼 Album · {number}",
    button_previous="◀ Earlier",
    button_next="Later ▶",
)
