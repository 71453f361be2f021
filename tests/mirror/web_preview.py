"""A web server of our own: messages as `t.me/s/name` shows them, twenty on a page.

It is written from the format's description alone, independently of the reader in `ingest`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.posts import Media, MediaKind, Poll, Post, PostKind, Reaction
from tests.mirror.attachments import format_duration, format_size
from tests.mirror.messages import MirrorMessage, OriginKind
from tests.mirror.web_text import WebDialect, emoji_markup, escape, format_web_text

RAW = WebDialect()
SOURCE_NAME, SOURCE_POST = "night_channel", 55
_PREFIX = "tgme_widget_message"
_FALLBACK = """<div class="media_not_supported_cont"><div class="message_media_not_supported_wrap">
  <div class="message_media_not_supported">
    <div class="message_media_not_supported_label">Please open Telegram to view this post</div>
    <a href="{url}" class="message_media_view_in_telegram">VIEW IN TELEGRAM</a>
  </div>
</div></div>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebChannel:
    """A public channel; `views` are those of every message."""

    title: str
    username: str = "data_notes"
    telegram_id: int = 1500000001
    dialect: WebDialect = RAW
    views: int | None = 998

    def url(self, message_id: int) -> str:
        """Return the address of a message."""
        return f"https://t.me/{self.username}/{message_id}"


def write_web_page(path: Path, channel: WebChannel, messages: Sequence[MirrorMessage]) -> Path:
    """Write a page that shows these messages."""
    path.write_text(web_page(channel, messages), encoding="utf-8", newline="\n")
    return path


def web_page(
    channel: WebChannel, messages: Sequence[MirrorMessage], *, earlier: int | None = None
) -> str:
    """Return a page that shows these messages; an album is one of them.

    `earlier` is the number before which the link at its top leads.
    """
    link = "" if earlier is None else _link(channel, earlier)
    title = escape(channel.title)
    body = "\n".join(_message(message, channel) for message in messages)
    return f"""<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>{title} – Telegram</title>
    <meta property="og:title" content="{title}">
    <meta property="al:ios:url" content="tg://resolve?domain={channel.username}">
  </head>
  <body class="widget_frame_base tgme_webpreview emoji_image">
  <div class="tgme_channel_info">
    <div class="tgme_channel_info_header_title"><span dir="auto">{title}</span></div>
    <div class="tgme_channel_info_header_username"><a href="#">@{channel.username}</a></div>
    <div class="tgme_channel_info_description">About <b>data</b></div>
  </div>
  <main class="tgme_main" data-url="/{channel.username}">
    <section class="tgme_channel_history js-message_history">{link}
{body}
    </section>
  </main>
  </body>
</html>
<!-- page generated in 50.00ms -->
"""


def _link(channel: WebChannel, earlier: int) -> str:
    address = f"/s/{channel.username}?before={earlier}"
    return f"""
      <div class="tgme_widget_message_centered js-messages_more_wrap"><a href="{address}"\
 class="tme_messages_more js-messages_more" data-before="{earlier}"></a></div>"""


def _message(message: MirrorMessage, channel: WebChannel) -> str:
    post = message.post
    service = " service_message" if post.kind is PostKind.SERVICE else ""
    classes = f"{_PREFIX} text_not_supported_wrap{service} js-widget_message"
    view = "" if channel.dialect.saved else f' data-view="{_view(post, channel)}"'
    day = ""
    if channel.dialect.saved:
        day = f'<div class="{_PREFIX}_service_date_wrap"><div>{post.posted_at:%B %d}</div></div>'
    return f"""{day}<div class="{_PREFIX}_wrap js-widget_message_wrap">\
<div class="{classes}" data-post="{channel.username}/{post.message_id}"{view}>
  <div class="{_PREFIX}_user"><i class="{_PREFIX}_user_photo" data-content="T"></i></div>
  <div class="{_PREFIX}_bubble">
    <div class="{_PREFIX}_author"><a class="{_PREFIX}_owner_name" href="#">\
<span dir="auto">{escape(channel.title)}</span></a>{_via(post)}</div>
{"".join(_blocks(message, channel))}
<div class="{_PREFIX}_footer compact js-message_footer">
  <div class="{_PREFIX}_info short js-message_info">{_info(post, channel)}</div>
</div>
  </div>
</div></div>"""


def _view(post: Post, channel: WebChannel) -> str:
    facts = json.dumps({"c": -channel.telegram_id, "p": post.message_id, "t": 1, "h": "aé"})
    return base64.urlsafe_b64encode(facts.encode()).decode().rstrip("=")


def _via(post: Post) -> str:
    if not post.via_bot:
        return ""
    return (
        f' via <a class="{_PREFIX}_via_bot" href="https://t.me/{post.via_bot}">@{post.via_bot}</a>'
    )


def _blocks(message: MirrorMessage, channel: WebChannel) -> Iterator[str]:
    post = message.post
    if post.forward is not None:
        yield _forwarded(message)
    if message.reply_elsewhere:
        yield _reply(f"https://t.me/{SOURCE_NAME}/7")
    elif post.reply_to is not None:
        yield _reply(channel.url(post.reply_to))
    yield from (_attachment(media, message, channel) for media in post.media)
    if post.poll is not None:
        yield _poll(post.poll)
    if post.text:
        text = format_web_text(post.content, username=channel.username, dialect=channel.dialect)
        block = f'<div class="{_PREFIX}_text js-message_text" dir="auto">'
        # With an attachment the block is written twice, one inside the other.
        yield f"{block}{block}{text}</div></div>" if post.media else f"{block}{text}</div>"
    if post.media:
        yield _FALLBACK.format(url=channel.url(post.message_id))
    if message.buttons:
        yield _keyboard(message)
    if post.reactions is not None:
        shown = "".join(map(_reaction, post.reactions))
        yield f'<div class="{_PREFIX}_reactions js-message_reactions">{shown}</div>'


def _forwarded(message: MirrorMessage) -> str:
    name = message.post.forward.name if message.post.forward else ""
    tag, address = "span", ""
    if message.origin is OriginKind.CHANNEL:
        tag, address = "a", f' href="https://t.me/{SOURCE_NAME}/{SOURCE_POST}"'
    shown = escape(name or "Deleted Account")
    return (
        f'<div class="{_PREFIX}_forwarded_from accent_color">Forwarded from&nbsp;'
        f'<{tag} class="{_PREFIX}_forwarded_from_name"{address}>'
        f'<span dir="auto">{shown}</span></{tag}></div>'
    )


def _reply(url: str) -> str:
    return (
        f'<a class="{_PREFIX}_reply" href="{url}">'
        f'<div class="{_PREFIX}_author"><span class="{_PREFIX}_author_name">Кто-то</span></div>'
        f'<div class="{_PREFIX}_text js-message_reply_text" dir="auto">Чужие слова…</div></a>'
    )


_PLAYERS = {
    MediaKind.VIDEO: ("video_player", "message_video_duration"),
    MediaKind.ANIMATION: ("video_player", ""),
    MediaKind.VIDEO_MESSAGE: ("roundvideo_player", f"{_PREFIX}_roundvideo_duration"),
    MediaKind.VOICE: ("voice_player", f"{_PREFIX}_voice_duration"),
}


def _attachment(media: Media, message: MirrorMessage, channel: WebChannel) -> str:
    if media.kind in _PLAYERS:
        return _player(*_PLAYERS[media.kind], media)
    if media.kind in {MediaKind.FILE, MediaKind.AUDIO}:
        return _document(media)
    name = f"{_PREFIX}_{media.kind}_wrap"
    if media.kind is MediaKind.PHOTO:
        return f'<a class="{name} blured" href="{channel.url(message.post.message_id)}"></a>'
    if media.kind is MediaKind.LOCATION:
        place = message.media.status.replace(" ", "")
        return f'<a class="{name}" href="https://maps.google.com/maps?q={place}"></a>'
    lines = filter(None, (media.title, message.media.description, message.media.status))
    shown = "\n".join(f"<div>{escape(line)}</div>" for line in lines)
    return f'<div class="{name}">{shown}</div>'


def _player(name: str, clock: str, media: Media) -> str:
    length = format_duration(media.duration or 0)
    shown = f'<time class="{clock} js-{clock}">{length}</time>' if clock else ""
    return (
        f'<a class="{_PREFIX}_{name} js-message_media"><i class="{_PREFIX}_thumb"></i>{shown}'
        '<div class="message_media_not_supported_wrap">This media is not supported in your browser'
        "</div></a>"
    )


def _document(media: Media) -> str:
    name = f"{_PREFIX}_document"
    title, extra, icon = media.title or "", format_size(media.size or 0), ""
    if media.kind is MediaKind.AUDIO:
        extra, _, title = title.partition(" – ")
        icon = " audio"
    return (
        f'<a class="{name}_wrap"><div class="{name}_icon{icon}"></div><div class="{name}">'
        f'<div class="{name}_title">{escape(title)}</div>'
        f'<div class="{name}_extra">{escape(extra)}</div></div></a>'
    )


def _poll(poll: Poll) -> str:
    options = "".join(
        f'<div class="{_PREFIX}_poll_option"><div class="{_PREFIX}_poll_option_percent">33%</div>'
        f'<div class="{_PREFIX}_poll_option_value">'
        f'<div class="{_PREFIX}_poll_option_text">{escape(answer.text)}</div></div></div>'
        for answer in poll.answers
    )
    return (
        f'<div class="{_PREFIX}_poll js-poll">'
        f'<div class="{_PREFIX}_poll_question">{escape(poll.question)}</div>'
        f'<div class="{_PREFIX}_poll_type">{poll.details.title()}</div>'
        f'<a class="{_PREFIX}_poll_options" href="#">{options}</a></div>'
    )


def _keyboard(message: MirrorMessage) -> str:
    rows = ""
    for row in message.buttons:
        shown = "".join(
            f'<a class="{_PREFIX}_inline_button url_button" href="{escape(button.url or "#")}">'
            f'<span class="{_PREFIX}_inline_button_text">{escape(button.label)}</span></a>'
            for button in row
        )
        rows += f'<div class="{_PREFIX}_inline_row">{shown}</div>'
    return f'<div class="{_PREFIX}_inline_keyboard">{rows}</div>'


def _reaction(reaction: Reaction) -> str:
    count = format_count(reaction.count)
    if reaction.emoji == "⭐":
        return f'<span class="tgme_reaction tgme_reaction_paid"><i class="icon"></i>{count}</span>'
    return f'<span class="tgme_reaction">{emoji_markup(reaction.emoji)}{count}</span>'


def format_count(count: int) -> str:
    """Return `998`, `15.4K` or `1.48M`, cut as the server cuts it."""
    if count < 1000:
        return str(count)
    unit, name = (1_000_000, "M") if count >= 1_000_000 else (1000, "K")
    return f"{count // (unit // 10) / 10:g}{name}"


def shown_count(count: int) -> int:
    """Return what is left of a number on a page."""
    unit = 1 if count < 1000 else 100 if count < 1_000_000 else 100_000
    return count // unit * unit


def _info(post: Post, channel: WebChannel) -> str:
    voters = ""
    if post.poll is not None and post.poll.total_voters is not None:
        voters = f'<span class="{_PREFIX}_voters">{format_count(post.poll.total_voters)}</span>'
    views = ""
    if channel.views is not None and post.kind is not PostKind.SERVICE:
        shown = format_count(channel.views)
        views = f'<span class="{_PREFIX}_views">{shown}</span><span class="copyonly"> views</span>'
    author = ""
    if post.author:
        author = (
            f'<span class="{_PREFIX}_from_author" dir="auto">{escape(post.author)}</span>,&nbsp;'
        )
    return (
        f'{voters}{views}<span class="{_PREFIX}_meta">{author}edited &nbsp;'
        f'<a class="{_PREFIX}_date" href="{channel.url(post.message_id)}">'
        f'<time datetime="{post.posted_at.isoformat(timespec="seconds")}" class="time">'
        f"{post.posted_at:%H:%M}</time></a></span>"
    )
