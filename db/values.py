"""Values returned by the archive: small frozen dataclasses beside those of `model`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from model.posts import ArchivedPost, Channel, Precision
from model.rich_text import RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChannel:
    """A channel and its key in the archive."""

    channel_id: int
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOverview:
    """A channel, the number of its posts (service lines too), their period, and the sources."""

    channel_id: int
    channel: Channel
    posts: int
    first_at: datetime | None
    last_at: datetime | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostedAt:
    """When a post was posted, and how precisely that is known."""

    moment: datetime
    precision: Precision = Precision.SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTime:
    """A stored post that a source dates differently; no change of time zone explains it."""

    message_id: int
    known: datetime
    told: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Evidence for or against a source and a stored channel being the same.

    `known` counts stored posts in the source's range of ids, `shared` those that the source may
    have, `agreeing` those that it has at the same second. `conflicts` prove that it is another
    chat. `is_disordered` means that the stored posts next to the range contradict its order in
    time.
    """

    known: int = 0
    shared: int = 0
    agreeing: int = 0
    conflicts: tuple[OtherTime, ...] = ()
    is_disordered: bool = False

    @property
    def speaks_against(self) -> bool:
        """Tell whether it proves, or at least suggests, that they are not the same."""
        return bool(self.conflicts) or self.is_doubtful

    @property
    def is_doubtful(self) -> bool:
        """Tell whether nothing supports their being the same, and something speaks against it."""
        return not self.agreeing and (self.known > self.shared or self.is_disordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdit:
    """Two texts of one post: the older and the newer source's."""

    message_id: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveResult:
    """The outcome of `PostStore.save`, by message id.

    `changed` lists every post with new information, including an earlier text; `edits` are those
    whose words differ. `refused` are ids beyond 64 bits, which no Telegram message has.
    """

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    edits: tuple[TextEdit, ...] = ()
    unchanged: int = 0
    refused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVersion:
    """An earlier text of a post, and the date of the latest source that had it."""

    content: RichText
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The keys of the posts around a post.

    `answered` is the post it answers, `answers` are the posts that answer it, oldest first.
    `album` are all posts of its album, itself included, or empty. `previous` and `next` are its
    neighbours in the channel.
    """

    answered: int | None = None
    answers: tuple[int, ...] = ()
    album: tuple[int, ...] = ()
    previous: int | None = None
    next: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount:
    """A folded tag and the number of posts with it."""

    tag: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedPost:
    """A post and its total number of reactions."""

    archived: ArchivedPost
    reactions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodStats:
    """Statistics of a period: posts without service messages, top tags, best liked posts.

    `latest` are the newest posts not among `best`.
    """

    posts: int
    with_code: int
    tags: tuple[TagCount, ...]
    best: tuple[LikedPost, ...]
    latest: tuple[ArchivedPost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCount:
    """A month in UTC as `YYYY-MM` and its number of posts."""

    month: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCount:
    """A programming language (`None` if unknown) and its number of snippets."""

    language: str | None
    snippets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """A channel and its number of posts without service messages."""

    channel_id: int
    channel: Channel
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveStats:
    """Statistics of the archive; `posts` excludes the service messages counted in `service`.

    `with_code` counts posts with a code block, detected code, or inline code of a known language;
    `snippets` counts these pieces of code.
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
class Count:
    """A name, such as a host, and a number of what has it."""

    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TagMonths:
    """A folded tag, the number of posts with it, and those of its months, in order."""

    tag: str
    posts: int
    by_month: tuple[MonthCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Statistics to be drawn; the most frequent come first, with their numbers.

    `hours` has a row for each weekday from Monday, with the posts of each of its 24 hours, in the
    reader's zone and without posts whose time of day is unknown. `hosts` counts links, `sources`
    reposts, `reactions` what people gave.
    """

    hours: tuple[tuple[int, ...], ...]
    tags: tuple[TagMonths, ...]
    hosts: tuple[Count, ...]
    sources: tuple[Count, ...]
    reactions: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCopy:
    """A file copy kept beside the archive, and the first post that references it.

    `size` is what a source says, in bytes, rounded if the source rounds.
    """

    name: str
    size: int | None
    channel: str
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file that an import read completely, by its hex SHA-256."""

    path: str
    digest: str
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One import in the log; `finished_at` is `None` if it was interrupted."""

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


SqlValue: TypeAlias = str | int | float | bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """The result of a statement; `more` means that rows beyond the limit were left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[SqlValue, ...], ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSession:
    """A search behind the buttons of a message; `state` is JSON defined by the bot."""

    session_id: str
    user_id: int
    chat_id: int
    query: str
    state: str
    created_at: datetime
    used_at: datetime
