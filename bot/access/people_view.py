"""Shows owners who uses the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.message.compose import Piece, bold, clean, join
from bot.message.message import Button, OutgoingMessage, pager
from bot.transport.callback_data import Action, press
from db.bot_people import AccessStatus
from i18n import Catalogue, Locale
from model.rich_text import RichText
from model.text import shorten

if TYPE_CHECKING:
    from db.bot_people import Person

_NAME_LENGTH = 60
_PER_PAGE = 8


def shown_name(full_name: str, username: str | None) -> str:
    """Return the name under which owners see a person; people choose it themselves."""
    name = shorten(clean(full_name).text, _NAME_LENGTH)
    return " ".join(filter(None, (name, f"(@{username})" if username else "")))


def person_details(person: Person, locale: Locale) -> OutgoingMessage:
    """Compose a person's details, with buttons for possible decisions."""
    texts, access = locale.texts, locale.texts.access
    match person.status:
        case AccessStatus.ASKED:
            sentence = access.asks
            decisions = [
                (access.button_approve, Action.APPROVE),
                (access.button_deny, Action.DENY),
            ]
        case AccessStatus.APPROVED:
            sentence, decisions = access.has, [(access.button_revoke, Action.REVOKE)]
        case AccessStatus.DENIED:
            sentence, decisions = access.was_denied, [(access.button_readmit, Action.READMIT)]
        case _:
            sentence, decisions = access.was_revoked, [(access.button_readmit, Action.READMIT)]
    row = tuple(
        Button(label=label, data=press(action, person=person.user_id))
        for label, action in decisions
    )
    body = join([_filled(sentence, person), _facts(person, locale)], by="\n")
    return OutgoingMessage(body=body, rows=(row, (_to_list(texts),)))


def confirmation(person: Person, texts: Catalogue) -> OutgoingMessage:
    """Compose the confirmation before access is revoked."""
    row = (
        Button(
            label=texts.access.button_revoke_really,
            data=press(Action.REVOKE_REALLY, person=person.user_id),
        ),
        Button(label=texts.access.button_cancel, data=press(Action.PERSON, person=person.user_id)),
    )
    return OutgoingMessage(body=_filled(texts.access.really, person), rows=(row,))


def people_page(
    people: Sequence[Person], number: int, *, owners: int, remark: str, locale: Locale
) -> OutgoingMessage:
    """Compose one page, counted from 1, of waiting people and those with access."""
    texts, access = locale.texts, locale.texts.access
    pages = max(-(-len(people) // _PER_PAGE), 1)
    number = min(max(number, 1), pages)
    shown = people[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    waiting = sum(person.status is AccessStatus.ASKED for person in people)
    counts = [texts.count(owners, access.owners)]
    if waiting:
        counts.append(texts.count(waiting, access.waiting))
    if len(people) > waiting:
        counts.append(texts.count(len(people) - waiting, access.let_in))
    lines: list[Piece] = [
        join(["👥 ", bold(access.title)]),
        " · ".join(counts),
        *filter(None, [remark or ("" if people else access.nobody)]),
    ]
    rows = [
        (Button(label=_label(person), data=press(Action.PERSON, person=person.user_id)),)
        for person in shown
    ]
    turning = pager(
        number,
        pages,
        lambda other: press(Action.PEOPLE, page=other),
        press(Action.PEOPLE, page=number),
    )
    return OutgoingMessage(body=join(lines, by="\n"), rows=tuple(filter(None, (*rows, turning))))


def _label(person: Person) -> str:
    mark = "🚪" if person.status is AccessStatus.ASKED else "✅"
    return f"{mark} {_name(person)}"


def _name(person: Person) -> str:
    return shorten(clean(person.name).text, _NAME_LENGTH + 40) or str(person.user_id)


def _filled(sentence: str, person: Person) -> RichText:
    before, after = sentence.split("{name}")
    return join([before, bold(_name(person)), after])


def _facts(person: Person, locale: Locale) -> str:
    access = locale.texts.access
    facts = [f"id {person.user_id}"]
    facts += [access.asked_on.format(day=locale.day(at)) for at in filter(None, [person.asked_at])]
    if person.decided_at:
        day = locale.day(person.decided_at)
        facts.append(access.decided_on.format(day=day, owner=person.decided_by))
    return " · ".join(facts)


def _to_list(texts: Catalogue) -> Button:
    return Button(label=texts.access.button_people, data=press(Action.PEOPLE, page=1))
