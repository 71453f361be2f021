"""A post and its parts, as an export holds them and as the archive keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from model.rich_text import RichText

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as a source names it; HTML exports give only the title.

    `username` has no `@`; `telegram_id` has no `-100` prefix.
    """

    title: str
    username: str | None = None
    telegram_id: int | None = None

    @property
    def handle(self) -> str:
        """`@username` or the id, to tell channels of one title apart; "" if neither is known."""
        return f"@{self.username}" if self.username else str(self.telegram_id or "")

    def post_url(self, message_id: int) -> str | None:
        """Return a post's address: public by username, else members-only by id, else `None`."""
        if self.username:
            return f"https://t.me/{self.username}/{message_id}"
        if self.telegram_id:
            return f"https://t.me/c/{self.telegram_id}/{message_id}"
        return None


class PostKind(StrEnum):
    """An ordinary message, or a line by Telegram itself (pinned, new title, channel created)."""

    MESSAGE = "message"
    SERVICE = "service"


class Precision(StrEnum):
    """How exactly `posted_at` is known: HTML exports give only the day of service messages."""

    SECOND = "second"
    DAY = "day"


class MediaKind(StrEnum):
    """What is attached to a post."""

    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    VIDEO_MESSAGE = "video_message"
    VOICE = "voice"
    AUDIO = "audio"
    FILE = "file"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    VENUE = "venue"
    GAME = "game"
    INVOICE = "invoice"
    CALL = "call"
    GIVEAWAY = "giveaway"
    OTHER = "other"


WITHHELD = "Not shown on the web page; open the post in Telegram."
"""The note of a placeholder attachment for a post that its source does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One attachment; `path` is relative to the export, `note` says why a file is absent.

    `copy` is the path of the copy in Letopis's own media folder, if there is one. `duration` is in
    seconds, `size` in bytes (rounded where the source rounds), `width` and `height` in pixels.
    """

    kind: MediaKind
    path: str | None = None
    title: str | None = None
    size: int | None = None
    duration: int | None = None
    width: int | None = None
    height: int | None = None
    note: str | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """Origin of a repost; HTML has `name` and `posted_at`, web pages also `message_id`."""

    name: str
    posted_at: datetime | None = None
    username: str | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One kind of reaction and its count; `emoji` is `"⭐"` for paid ones."""

    emoji: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnswer:
    """One answer; `voters` is `None` where the export hides or omits the votes."""

    text: str
    voters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A poll, quiz or to-do list; `details` is its subtitle, such as `Anonymous poll`."""

    question: str
    answers: tuple[PollAnswer, ...] = ()
    details: str = ""
    total_voters: int | None = None


class SnippetOrigin(StrEnum):
    """Where a snippet was found: code block, inline code, or unformatted code detected in prose."""

    PRE = "pre"
    INLINE = "inline"
    DETECTED = "detected"


class LanguageSource(StrEnum):
    """How a snippet's language was determined."""

    LABEL = "label"
    RULES = "rules"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of code in a post; `start` and `end` are code points of the post's text.

    `language` is a lower-case name such as `python`, or `None`; a trailing line break is not part
    of `code`.
    """

    origin: SnippetOrigin
    code: str
    start: int
    end: int
    language: str | None = None
    language_source: LanguageSource = LanguageSource.UNKNOWN

    @property
    def is_code(self) -> bool:
        """Return whether it counts as code: a block, or inline code in a recognised language.

        Other inline code is a word of the text: a name, a path, a key.
        """
        return self.origin is not SnippetOrigin.INLINE or self.language is not None

    @property
    def lines(self) -> int:
        """Count the lines of the code."""
        return self.code.count("\n") + 1


class LinkKind(StrEnum):
    """What an address leads to."""

    WEB = "web"
    MENTION = "mention"
    INVITE = "invite"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A complete address in a post, its lower-case host without `www.`, and its link text."""

    url: str
    host: str
    text: str
    kind: LinkKind = LinkKind.WEB


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message of a channel, as one source knows it.

    Times are aware UTC. `None` means that the source does not say, so a merge keeps the stored
    value; an empty value means that there is none. `hashtags`, `snippets` and `links` are derived
    from `content`; hashtags are folded (`model.tags`), unique, in order of appearance.
    """

    message_id: int
    posted_at: datetime
    kind: PostKind = PostKind.MESSAGE
    precision: Precision = Precision.SECOND
    content: RichText = field(default_factory=RichText)
    author: str | None = None
    via_bot: str | None = None
    edited_at: datetime | None = None
    reply_to: int | None = None
    forward: Forward | None = None
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    reactions: tuple[Reaction, ...] | None = None
    views: int | None = None
    album_id: str | None = None
    hashtags: tuple[str, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        """Return the plain text."""
        return self.content.text

    @property
    def is_withheld(self) -> bool:
        """Return whether the source shows only that the post exists."""
        return any(media.note == WITHHELD for media in self.media)

    @property
    def title(self) -> str:
        """Return the first line that says something, else the poll's question, else `""`."""
        return title_of(self.text, self.poll.question if self.poll else "")


def title_of(text: str, question: str) -> str:
    """Return the title of a post with this text and, for a poll, this question.

    A line of nothing but hashtags and addresses is a title only for want of a better one.
    """
    return _first_line(text) or _first_line(question)


def _first_line(text: str) -> str:
    lines = (line.strip() for line in text.splitlines() if any(map(str.isalnum, line)))
    best = first = next(lines, "")
    while best and not says_something(best):
        best = next(lines, "")
    return best or first


def says_something(line: str) -> bool:
    """Return whether a line has a word besides hashtags and addresses."""
    return any(
        not word.startswith("#") and "://" not in word and any(map(str.isalnum, word))
        for word in line.split()
    )


def bare_title(title: str) -> str:
    """Return a title without trailing tags, unless it consists of tags."""
    end = len(title)
    for word in reversed([*_WORD.finditer(title)]):
        bare, tag = word[0].partition("#")[::2]
        if not tag:
            break
        end = word.start() + len(bare)
        if bare:
            break
    return title[:end].rstrip() or title


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPost:
    """A post as archived: `post_id` is its key, `seq` the number of its last change.

    `edited` means that the archive holds an earlier text. Telegram's own edit time is not enough:
    reactions change it too.
    """

    post_id: int
    seq: int
    channel_id: int
    channel: Channel
    post: Post
    missing_since: datetime | None = None
    edited: bool = False

    @property
    def url(self) -> str | None:
        """Return the post's address in Telegram, or `None` if neither username nor id is known."""
        return self.channel.post_url(self.post.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadMessage:
    """A record that could not be read: its place and the reason; it never stops an import.

    `rest_lost` means that the file is damaged and everything after this record was lost as well.
    """

    file: str
    anchor: str
    reason: str
    rest_lost: bool = False
