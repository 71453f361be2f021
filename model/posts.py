"""A post and its parts, as an export holds them and as the archive keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from model.rich_text import RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as a source names it; HTML exports know the title alone.

    `username` stands without `@`; `telegram_id` is bare, without the Bot API's `-100`.
    """

    title: str
    username: str | None = None
    telegram_id: int | None = None

    def post_url(self, message_id: int) -> str | None:
        """Return a post's address, public by name or for members by id, or `None`."""
        if self.username:
            return f"https://t.me/{self.username}/{message_id}"
        if self.telegram_id:
            return f"https://t.me/c/{self.telegram_id}/{message_id}"
        return None


class PostKind(StrEnum):
    """A post proper, or a line that Telegram wrote (pinned, title changed, channel created)."""

    MESSAGE = "message"
    SERVICE = "service"


class Precision(StrEnum):
    """How exactly `posted_at` is known: service messages of an HTML export carry only their day."""

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
"""The note of an attachment that stands for a post which its source does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One attachment; `path` is relative to the export, `note` says why a file is absent.

    `copy` is the file's place among those that Letopis keeps itself, `None` where it keeps none;
    `duration` is in seconds, `size` in bytes (rounded where the source rounds), `width` and
    `height` in pixels.
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
    """Where a repost comes from; HTML knows `name` and `posted_at`, web pages `message_id` too."""

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
    """A poll, a quiz or a to-do list. `details` is its line of type, such as `Anonymous poll`."""

    question: str
    answers: tuple[PollAnswer, ...] = ()
    details: str = ""
    total_voters: int | None = None


class SnippetOrigin(StrEnum):
    """Where a snippet was found: a code block, inline code, or bare code recognised in prose."""

    PRE = "pre"
    INLINE = "inline"
    DETECTED = "detected"


class LanguageSource(StrEnum):
    """Who says which language a snippet is in."""

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
    """A complete address in a post, its lower-case host without `www.`, and the words on it."""

    url: str
    host: str
    text: str
    kind: LinkKind = LinkKind.WEB


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message of a channel, as one source knows it.

    Times are aware UTC. `None` means that the source does not say (so a merge keeps what is
    stored); an empty value means that there is none. `hashtags` are folded (`model.tags`),
    distinct, in order of appearance; `hashtags`, `snippets` and `links` are read off `content`.
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
        """Say whether the source showed no more than that there is a post."""
        return any(media.note == WITHHELD for media in self.media)

    @property
    def title(self) -> str:
        """Return the first line with a letter or digit in it, or the poll's question, or `""`."""
        return title_of(self.text, self.poll.question if self.poll else "")


def title_of(text: str, question: str) -> str:
    """Return the title of a post with a text and, if it is a poll, a question."""
    for line in text.splitlines():
        if any(map(str.isalnum, line)):
            return line.strip()
    return question.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPost:
    """A post as the archive holds it: `post_id` is its key, `seq` the number of its last change.

    `edited` says that the archive holds an earlier text of it. Telegram's own edit time says less:
    a reaction moves it too.
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
        """Return the post's address in Telegram, where the channel's name or id is known."""
        return self.channel.post_url(self.post.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadMessage:
    """A record that could not be read: where it stands and why; it never stops an import.

    `rest_lost` says that the file is damaged, so that what follows in it was lost as well.
    """

    file: str
    anchor: str
    reason: str
    rest_lost: bool = False
