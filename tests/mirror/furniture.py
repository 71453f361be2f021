"""What stands around a message's text: userpics, button tables and reactions."""

from __future__ import annotations

from collections.abc import Sequence

from tests.mirror.messages import Button, Dialect, MirrorMessage
from tests.mirror.tags import TagStack, escape

_PAID = "⭐"


def write_userpic(tags: TagStack, name: str, pixels: int = 42, **attributes: str) -> str:
    """Write a round picture with an initial, as an export without photos shows it."""
    colour = sum(map(ord, name)) % 8 + 1
    size = f"width: {pixels}px; height: {pixels}px"
    html = tags.push_div(f"userpic userpic{colour}", style=size, **attributes)
    html += tags.block("initials", escape(name.strip()[:1]), style=f"line-height: {pixels}px")
    return html + tags.pop()


def write_buttons(tags: TagStack, rows: Sequence[Sequence[Button]], dialect: Dialect) -> str:
    """Write a table of inline buttons."""
    html = tags.push("table", class_="bot_buttons_table") + tags.push("tbody")
    for row in rows:
        html += tags.push("tr") + tags.push("td", class_="bot_button_row")
        for index, button in enumerate(row):
            if index:
                html += tags.block("bot_button_column_separator", "")
            html += _write_button(tags, button, escaped=dialect.escaped_labels)
        html += tags.pop() + tags.pop()
    html += tags.pop()
    # The versions with the fault forget this one: everything that is closed later closes one tag
    # too few, and the message itself stays open.
    return html if dialect.unclosed_buttons else html + tags.pop()


def _write_button(tags: TagStack, button: Button, *, escaped: bool) -> str:
    html = tags.push_div("bot_button")
    if button.url:
        html += tags.push("a", nameless_="", href=button.url)
    else:
        copied = f"return ShowTextCopied('Data: {button.data} | Type: callback');"
        html += tags.push("a", nameless_="", onclick=copied)
    html += tags.push("div") + (escape(button.label) if escaped else button.label)
    return html + tags.pop() + tags.pop() + tags.pop()


def write_reactions(tags: TagStack, message: MirrorMessage, dialect: Dialect) -> str:
    """Write a message's reactions, where the version knows them."""
    tag = dialect.reactions
    if not tag or not message.post.reactions:
        return ""
    html = tags.push(tag, class_="reactions")
    for reaction in message.post.reactions:
        html += tags.push(tag, class_="reaction paid" if reaction.emoji == _PAID else "reaction")
        emoji = escape(reaction.emoji)
        if reaction.emoji in message.custom_reactions:
            emoji = f'<a href = "stickers/sticker.webp">{emoji}</a>'
        html += tags.block("emoji", emoji, tag=tag)
        names = dict(message.reactors).get(reaction.emoji, ())
        if names:
            html += tags.push(tag, class_="userpics")
            html += "".join(write_userpic(tags, name, 20, title=name) for name in names)
            html += tags.pop()
        # The count is left out where the userpics are all of it.
        if len(names) < reaction.count:
            html += tags.block("count", str(reaction.count), tag=tag)
        html += tags.pop()
    return html + tags.pop()
