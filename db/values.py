"""What the archive answers with: small frozen values beside those of `model`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model.posts import ArchivedPost, Channel
from model.rich_text import RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChannel:
    """A channel and its key in the archive."""

    channel_id: int
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdit:
    """Two texts of one post, as the older and the newer source have it."""

    message_id: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveResult:
    """What became of the posts given to `PostStore.save`, by message id.

    `changed` names every post about which something new was learned, an earlier text included;
    `edits` are those of them whose words differ.
    `refused` are ids that no 64-bit column holds; no Telegram message has one.
    """

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    edits: tuple[TextEdit, ...] = ()
    unchanged: int = 0
    refused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVersion:
    """How a post read before: the text and the time of the latest source that had it so."""

    content: RichText
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount:
    """A folded tag and the number of posts that carry it."""

    tag: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedPost:
    """A post and how many reactions it has, of whatever kind."""

    archived: ArchivedPost
    reactions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodStats:
    """A stretch of time in numbers: its posts proper, the most used tags, the best liked posts.

    `latest` are the last posts beside those.
    """

    posts: int
    with_code: int
    tags: tuple[TagCount, ...]
    best: tuple[LikedPost, ...]
    latest: tuple[ArchivedPost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCount:
    """A month of UTC as `YYYY-MM` and the number of its posts."""

    month: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCount:
    """A programming language (`None`: not recognised) and the number of snippets in it."""

    language: str | None
    snippets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """A channel and the number of its posts, service lines left out."""

    channel_id: int
    channel: Channel
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveStats:
    """The archive in numbers; `posts` are posts proper, `service` the lines Telegram wrote.

    `with_code` counts posts that hold a code block, recognised code, or inline code of a known
    language; `snippets` counts every piece of code, inline ones included.
    """

    posts: int
    service: int
    with_code: int
    snippets: int
    tags: int
    links: int
    media: int
    reposts: int
    missing: int
    versions: int
    first_at: datetime | None
    last_at: datetime | None
    by_month: tuple[MonthCount, ...]
    by_language: tuple[LanguageCount, ...]
    channels: tuple[ChannelCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCopy:
    """A file that is kept beside the archive, and the first of the posts that show it.

    `size` is what a source says of the file, in bytes, rounded where the source rounds.
    """

    name: str
    size: int | None
    channel: str
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file that an import read to its end, by its SHA-256 in hexadecimal."""

    path: str
    digest: str
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One import as the archive remembers it; `finished_at` is `None` where it was cut short."""

    import_id: int
    channel_id: int
    source: str
    format: str
    options: str
    as_of: datetime
    started_at: datetime
    finished_at: datetime | None
    added: int
    changed: int
    unchanged: int
    missing: int
    files_read: int
    files_skipped: int
    problems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """What a statement answered; `more` says that rows beyond the limit were left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | bytes | None, ...], ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSession:
    """A search that buttons in a chat refer to; `state` is JSON and the bot's own business."""

    session_id: str
    user_id: int
    chat_id: int
    query: str
    state: str
    created_at: datetime
    used_at: datetime
