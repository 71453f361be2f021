"""Hand-written web pages: a frame around messages, and a message around its blocks."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

TITLE = "Записки о данных"
USERNAME = "data_notes"

_FRAME = """<!DOCTYPE html>
<html><head><title>{title} – Telegram</title></head>
<body class="widget_frame_base tgme_webpreview">
<div class="tgme_channel_info"><div class="tgme_channel_info_header_title">\
<span dir="auto">{title}</span></div></div>
<main class="tgme_main" data-url="/{username}"><section class="tgme_channel_history">
{messages}
</section></main></body></html>
"""
# `<post id="5" at="…" class="…">blocks</post>` in a case stands for a whole message.
_SHORT = re.compile(
    r'<post id="(\d+)"(?: at="([^"]*)")?(?: class="([^"]*)")?>(.*?)</post>', re.DOTALL
)


def web_frame(messages: str, *, title: str = TITLE, username: str = USERNAME) -> str:
    """Return a page around messages."""
    return _FRAME.format(title=escape(title), username=username, messages=messages)


def web_message(
    message_id: int,
    blocks: str,
    *,
    at: str = "2024-03-05T07:00:00+00:00",
    class_: str = "",
    username: str = USERNAME,
) -> str:
    """Return a message with these blocks and a date."""
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message {class_} js-widget_message"'
        f' data-post="{username}/{message_id}"><div class="tgme_widget_message_bubble">\n'
        f"{blocks}\n"
        '<div class="tgme_widget_message_footer"><span class="tgme_widget_message_meta">'
        f'<a class="tgme_widget_message_date" href="https://t.me/{username}/{message_id}">'
        f'<time datetime="{at}" class="time">07:00</time></a></span></div></div></div></div>'
    )


def web_text(words: str) -> str:
    """Return the block of a message's text; `words` is markup."""
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>'


def unfold(case: str) -> str:
    """Return a case with its shortened messages written out."""
    return _SHORT.sub(
        lambda match: web_message(
            int(match[1]),
            match[4],
            at=match[2] or "2024-03-05T07:00:00+00:00",
            class_=match[3] or "",
        ),
        case,
    )


def write_web(path: Path, messages: str, *, title: str = TITLE, username: str = USERNAME) -> Path:
    """Write a page around messages."""
    page = web_frame(messages, title=title, username=username)
    path.write_text(page, encoding="utf-8", newline="\n")
    return path
