"""An exporter of our own: messages as Telegram Desktop writes them into HTML pages.

It is written from the format's description alone, independently of the reader in `ingest`, so that
the two can judge each other. It writes messages in the order given and keeps the exporter's
habits, slips included.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from model.posts import Forward, Post, PostKind
from tests.mirror.attachments import thumbnail, write_media, write_poll
from tests.mirror.entities import format_text
from tests.mirror.furniture import write_buttons, write_reactions, write_userpic
from tests.mirror.messages import MODERN, Dialect, MirrorMessage, OriginKind
from tests.mirror.rich_html import write_rich_message
from tests.mirror.tags import TagStack, encode_page, escape

_ASSETS = Path(__file__).parent / "assets"
_JOIN_WITHIN = timedelta(seconds=900)
_JOIN_FORWARDS_WITHIN = timedelta(seconds=1)
_PINNED = " pinned this message"
_QUOTED_TITLE = re.compile(r"(Channel |Channel title changed to )«(.*)»( created|)", re.DOTALL)


def write_export(
    folder: Path,
    *,
    title: str,
    messages: Sequence[MirrorMessage | Post],
    zone: tzinfo = UTC,
    dialect: Dialect = MODERN,
    page_size: int = 1000,
    files: bool = False,
) -> Path:
    """Write `messages.html`, `messages2.html`… and their assets; `files` adds empty attachments.

    Args:
        folder: The export itself, named `ChatExport_YYYY-MM-DD` by habit; it is created.
        title: The channel's name.
        messages: In ascending order of their ids.
        zone: The clock of the exporting machine.
        dialect: The version's habits.
        page_size: Messages on a page; 1000 in every version.
        files: Whether to put an empty file at every path that the messages name.
    """
    whole = [MirrorMessage(post=item) if isinstance(item, Post) else item for item in messages]
    exporter = _Exporter(title=title, zone=zone, dialect=dialect)
    pages = [whole[start : start + page_size] for start in range(0, len(whole), page_size)]
    for path in ("css/style.css", "js/script.js"):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((_ASSETS / target.name).read_bytes())
    for index, page in enumerate(pages or [[]]):
        html = exporter.page(page, is_last=index + 1 >= len(pages))
        (folder / page_name(index)).write_bytes(encode_page(html))
    if files:
        _write_placeholders(folder, whole)
    return folder


def page_name(index: int) -> str:
    """Return a page's file name; there is no `messages1.html`."""
    return f"messages{index + 1}.html" if index else "messages.html"


def _write_placeholders(folder: Path, messages: Sequence[MirrorMessage]) -> None:
    for media in itertools.chain.from_iterable(message.post.media for message in messages):
        for path in (media.path, thumbnail(media)) if media.path else ():
            target = folder / str(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()


class _Exporter:
    """Write pages one after another; separators are numbered through, pages know their last id."""

    def __init__(self, *, title: str, zone: tzinfo, dialect: Dialect) -> None:
        self._title = title
        self._zone = zone
        self._dialect = dialect
        self._separators = itertools.count(-1, -1)
        self._last_ids: list[int] = []
        self._tags = TagStack()

    def page(self, messages: Sequence[MirrorMessage], *, is_last: bool) -> str:
        tags = self._tags = TagStack()
        number = len(self._last_ids)
        html = self._head()
        if number:
            html += self._pagination(page_name(number - 1), "Previous messages")
        html += "".join(self._messages(messages))
        if not is_last:
            html += self._pagination(page_name(number + 1), "Next messages")
        self._last_ids.append(messages[-1].post.message_id if messages else 0)
        return html + tags.pop_all()

    def _head(self) -> str:
        tags = self._tags
        html = "<!DOCTYPE html>" + tags.push("html") + tags.push("head")
        html += tags.empty("meta", charset="utf-8")
        html += tags.inline("title", "Exported Data")
        viewport = "width=device-width, initial-scale=1.0"
        html += tags.empty("meta", name="viewport", content=viewport)
        html += tags.empty("link", href="css/style.css", rel="stylesheet")
        html += tags.push("script", src="js/script.js", type="text/javascript") + tags.pop()
        html += tags.pop() + tags.push("body", onload="CheckLocation();")
        html += tags.push_div("page_wrap") + tags.push_div("page_header")
        html += tags.push_div("content") + tags.block("text bold", escape(f"{self._title} "))
        html += tags.pop() + tags.pop()
        return html + tags.push_div("page_body chat_page") + tags.push_div("history")

    def _pagination(self, page: str, words: str) -> str:
        return self._tags.block("pagination block_link", words, tag="a", href=page)

    def _messages(self, messages: Sequence[MirrorMessage]) -> Iterator[str]:
        if not messages:
            yield self._service(-1, "No exported messages")
        previous: MirrorMessage | None = None
        for message in messages:
            if previous is None or self._local(previous).date() != self._local(message).date():
                day = self._local(message)
                yield self._service(next(self._separators), f"{day.day} {day:%B %Y}")
            if message.post.kind is PostKind.SERVICE:
                yield self._service(
                    message.post.message_id, self._service_text(message.post), message.photo
                )
            else:
                yield self._message(message, previous)
            previous = message

    def _service(self, message_id: int, words: str, photo: bool = False) -> str:
        tags = self._tags
        html = tags.push_div("message service", id=f"message{message_id}")
        html += tags.block("body details", words)
        if photo:
            html += (
                tags.push_div("userpic_wrap") + write_userpic(tags, self._title, 60) + tags.pop()
            )
        return html + tags.pop()

    def _service_text(self, post: Post) -> str:
        text = post.text
        if post.reply_to is not None and text.endswith(_PINNED):
            name = escape(text.removesuffix(_PINNED))
            return f"{name} pinned {self._link_to(post.reply_to)}"
        if not (quoted := _QUOTED_TITLE.fullmatch(text)):
            return escape(text)
        before, title, after = quoted.groups()
        shown = escape(title) if self._dialect.escaped_services else title
        return f"{before}&laquo;{shown}&raquo;{after}"

    def _message(self, message: MirrorMessage, previous: MirrorMessage | None) -> str:
        tags, post = self._tags, message.post
        sender = message.sender or self._title
        joined = previous is not None and self._joins(message, previous)
        classes = "message default clearfix" + (" joined" if joined else "")
        html = tags.push_div(classes, id=f"message{post.message_id}")
        if not joined:
            html += (
                tags.push_div("pull_left userpic_wrap") + write_userpic(tags, sender) + tags.pop()
            )
        html += tags.push_div("body")
        html += tags.block(
            "pull_right date details",
            f"{self._local(message):%H:%M}",
            title=self._moment(post.posted_at),
        )
        if not joined:
            via = f" via @{post.via_bot}" if post.via_bot and not post.forward else ""
            html += tags.block("from_name", escape(_composed(sender) + via))
        if post.forward:
            html += self._open_forward(message, post.forward, previous if joined else None)
        html += self._content(message)
        if post.forward:
            html += tags.pop()
        html += write_reactions(tags, message, self._dialect)
        return html + tags.pop() + tags.pop()

    def _open_forward(
        self, message: MirrorMessage, forward: Forward, joined_to: MirrorMessage | None
    ) -> str:
        tags = self._tags
        if joined_to and _continues_forward(message, joined_to):
            return tags.push_div("forwarded body")
        html = tags.push_div("pull_left forwarded userpic_wrap")
        html += write_userpic(tags, forward.name) + tags.pop()
        html += tags.push_div("forwarded body") + tags.push_div("from_name")
        name = forward.name
        if message.origin is OriginKind.CHANNEL or " " not in name:
            name = _composed(name)
        via = f" via @{message.post.via_bot}" if message.post.via_bot else ""
        html += escape(name or "Deleted Account") + escape(via)
        if forward.posted_at is not None:
            shown = f" {forward.posted_at.astimezone(self._zone):%d.%m.%Y %H:%M:%S}"
            if self._dialect.utc_suffix:
                title = self._moment(forward.posted_at)
                html += tags.inline("span", shown, class_="date details", title=title)
            else:
                html += tags.inline("span", shown, class_="details")
        return html + tags.pop()

    def _content(self, message: MirrorMessage) -> str:
        tags, post = self._tags, message.post
        html = ""
        if message.reply_elsewhere:
            html += tags.block("reply_to details", "In reply to a message in another chat")
        elif post.reply_to is not None:
            html += tags.block("reply_to details", f"In reply to {self._link_to(post.reply_to)}")
        for media in post.media[:1]:
            html += write_media(tags, media, message.media)
        if post.poll:
            html += write_poll(tags, post.poll, chosen=message.chosen_answer)
        if message.rich:
            html += write_rich_message(tags, post.message_id, message.rich)
        elif post.text:
            html += tags.block("text", format_text(post.content))
        if message.buttons and self._dialect.buttons:
            html += write_buttons(tags, message.buttons, self._dialect)
        if post.author:
            html += tags.block("signature details", escape(post.author))
        return html

    def _link_to(self, message_id: int) -> str:
        for index, last_id in enumerate(self._last_ids):
            if message_id <= last_id:
                page = page_name(index)
                return f'<a href="{page}#go_to_message{message_id}">this message</a>'
        return (
            f'<a href="#go_to_message{message_id}" '
            f'onclick="return GoToMessage({message_id})">this message</a>'
        )

    def _joins(self, message: MirrorMessage, previous: MirrorMessage) -> bool:
        if previous.post.kind is PostKind.SERVICE:
            return False
        limit = _JOIN_FORWARDS_WITHIN if message.post.forward else _JOIN_WITHIN
        return (
            message.sender == previous.sender
            and message.post.via_bot == previous.post.via_bot
            and self._local(message).date() == self._local(previous).date()
            and _origin(message) == _origin(previous)
            and abs(message.post.posted_at - previous.post.posted_at) <= limit
        )

    def _local(self, message: MirrorMessage) -> datetime:
        return message.post.posted_at.astimezone(self._zone)

    def _moment(self, moment: datetime) -> str:
        """Return `17.07.2023 18:22:43 UTC+08:00`; the suffix is the zone's offset in winter."""
        local = moment.astimezone(self._zone)
        written = f"{local:%d.%m.%Y %H:%M:%S}"
        if not self._dialect.utc_suffix:
            return written
        offset = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
        sign = "-" if offset < timedelta() else "+"
        hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
        return f"{written} UTC{sign}{hours:02}:{minutes:02}"


def _composed(name: str) -> str:
    """Return first and last name with a space between; a channel has a first name alone."""
    return f"{name or 'Deleted Account'} "


def _origin(message: MirrorMessage) -> tuple[OriginKind, str] | None:
    return (message.origin, message.post.forward.name) if message.post.forward else None


def _continues_forward(message: MirrorMessage, previous: MirrorMessage) -> bool:
    """Tell whether a joined forward goes on without a header: same user, 900 seconds at most."""
    ours, theirs = message.post.forward, previous.post.forward
    if message.origin is not OriginKind.USER or not ours or not theirs:
        return False
    if ours.posted_at is None or theirs.posted_at is None:
        return False
    return abs(ours.posted_at - theirs.posted_at) <= _JOIN_WITHIN
