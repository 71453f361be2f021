"""Composes the filters of a search: active ones, possible ones, and their buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.message.compose import Piece, bold, join
from bot.message.message import Button, OutgoingMessage
from bot.results.refinements import Group, group_of
from bot.transport.callback_data import Action, press
from i18n import Catalogue
from model.rich_text import RichText
from model.text import shorten

_LABEL_LENGTH = 30
_PER_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter to add or remove; `posts` is how many are left with it."""

    operator: str
    place: int
    is_on: bool
    posts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the filter view needs; `channels` are names by key, if there are several."""

    session: str
    title: RichText
    total: int
    applied: Sequence[Choice]
    channels: Mapping[str, str]


def filter_label(operator: str, *, channels: Mapping[str, str], texts: Catalogue) -> str:
    """Describe a filter as briefly as possible."""
    name, _, value = operator.partition(":")
    filters = texts.filters
    match group_of(operator):
        case Group.TAG:
            label = operator
        case Group.PERIOD:
            label = filters.periods.get(operator, value)
        case Group.HAS:
            label = filters.things.get(value, value)
        case Group.SORT:
            label = filters.sorts[value]
        case Group.CHANNEL:
            label = channels.get(value, value)
        case _:
            label = value.strip('"')
    return shorten(label or name, _LABEL_LENGTH)


def applied_line(
    operators: Iterable[str], *, channels: Mapping[str, str], texts: Catalogue
) -> Sequence[str]:
    """Return the line with the active filters, if there are any."""
    labels = [filter_label(operator, channels=channels, texts=texts) for operator in operators]
    return [f"⚙ {' · '.join(labels)}"] if labels else []


def all_filters(panel: Panel, groups: Iterable[Group], texts: Catalogue) -> OutgoingMessage:
    """Compose the overview: active filters can be removed, groups opened."""
    removing = [
        Button(
            label=f"✖ {filter_label(choice.operator, channels=panel.channels, texts=texts)}",
            data=press(Action.FILTER, panel.session, group=0, place=choice.place, is_on=0),
        )
        for choice in panel.applied
    ]
    opening = [
        Button(
            label=texts.filters.groups[group.name],
            data=press(Action.FILTERS, panel.session, group=group),
        )
        for group in groups
    ]
    clearing = Button(
        label=texts.filters.button_clear, data=press(Action.UNFILTERED, panel.session)
    )
    last = (clearing, _to_posts(panel, texts)) if panel.applied else (_to_posts(panel, texts),)
    rows = (*_in_rows(removing), *_in_rows(opening), last)
    return OutgoingMessage(body=_body(panel, texts.filters.title, texts), rows=rows)


def one_group(
    panel: Panel, group: Group, choices: Sequence[Choice], texts: Catalogue
) -> OutgoingMessage:
    """Compose the filters of one group, active ones with a tick."""
    buttons = [
        Button(
            label=_choice_label(choice, panel, texts),
            data=press(
                Action.FILTER,
                panel.session,
                group=group,
                place=choice.place,
                is_on=int(not choice.is_on),
            ),
        )
        for choice in choices
    ]
    back = Button(
        label=texts.filters.button_back, data=press(Action.FILTERS, panel.session, group=0)
    )
    rows = (*_in_rows(buttons), (back, _to_posts(panel, texts)))
    body = _body(panel, texts.filters.groups[group.name], texts)
    if not choices:
        body = join([body, texts.filters.nothing_to_choose], by="\n")
    return OutgoingMessage(body=body, rows=rows)


def _body(panel: Panel, heading: str, texts: Catalogue) -> RichText:
    operators = [choice.operator for choice in panel.applied]
    applied = applied_line(operators, channels=panel.channels, texts=texts)
    lines: list[Piece] = [panel.title, *applied]
    about: list[Piece] = [bold(heading), *([] if applied else [texts.filters.hint])]
    return join([join(lines, by="\n"), join(about, by="\n")], by="\n\n")


def _choice_label(choice: Choice, panel: Panel, texts: Catalogue) -> str:
    label = filter_label(choice.operator, channels=panel.channels, texts=texts)
    if choice.is_on:
        return f"✅ {label}"
    return label if choice.posts is None else f"{label} · {texts.number(choice.posts)}"


def _to_posts(panel: Panel, texts: Catalogue) -> Button:
    label = texts.filters.button_posts.format(count=texts.number(panel.total))
    return Button(label=label, data=press(Action.PAGE, panel.session, page=1))


def _in_rows(buttons: Sequence[Button]) -> Iterable[tuple[Button, ...]]:
    for at in range(0, len(buttons), _PER_ROW):
        yield tuple(buttons[at : at + _PER_ROW])
