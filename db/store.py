"""The archive of posts: every package above `db` uses it through `PostStore`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError

from db import (
    channels,
    full_text,
    identity,
    imports,
    overview,
    period,
    reading,
    saving,
    searching,
    statistics,
    threads,
)
from db.breakdown import read_breakdown
from db.database import Database, Parameters, Progress, Stem, TextFunction
from db.databases.sqlite import SqliteDatabase
from db.engine import SIGNS_OF_DAMAGE
from db.leadership import Leadership
from db.lease import Fence
from db.sequence import check_numbers, read_last_number
from db.values import (
    ArchiveStats,
    Breakdown,
    ChannelOverview,
    Comparison,
    ImportedFile,
    ImportRow,
    KeptCopy,
    PeriodStats,
    PostVersion,
    QueryResult,
    SaveResult,
    StoredChannel,
    TagCount,
    Thread,
)
from model.addresses import Address
from model.errors import UsageError
from model.messages import Code, Message
from model.posts import ArchivedPost, BadMessage, Channel, Post
from model.searchable import Searchable


class PostStore:
    """The posts of all channels in one database; a context manager, safe from any thread."""

    def __init__(
        self,
        database: Database,
        *,
        archive_id: str,
        clock: Callable[[], datetime],
        home: Path | None = None,
    ) -> None:
        self.archive_id = archive_id
        self._home = home
        self._database = database
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; the store can still be used and opens new ones."""
        self._database.close()

    @property
    def address(self) -> Address:
        """Return where the archive is; as text, it shows no password."""
        return self._database.address

    @property
    def path(self) -> Path:
        """Return the archive's file.

        Raises:
            UsageError: It is not a file.
        """
        return self._file().path

    @property
    def home(self) -> Path:
        """Return the folder for what belongs to the archive, which is that of its file."""
        return self._home or self.path.parent

    def _file(self) -> SqliteDatabase:
        file = self._database.file
        if file is None:
            raise UsageError(Code.NEEDS_FILE, path=self.address)
        return file

    def leadership(self, name: str) -> Leadership:
        """Return the leadership in a role among all that use the archive."""
        return self._database.leadership(name)

    def fence_off(self, fence: Fence) -> None:
        """Let nobody write by way of this store, or of others, who leads no longer."""
        self._database.fence_off(fence)

    def channels(self) -> Sequence[StoredChannel]:
        """Return all channels in the order in which they were added."""
        with self._database.reading() as connection:
            return channels.list_channels(connection)

    def resolve_channel(
        self,
        channel: Channel,
        *,
        as_of: datetime | None = None,
        apart_from: Collection[int] = (),
    ) -> int:
        """Return the key of the channel that a source means, creating it if new.

        It is matched by Telegram id, else username, else current title, else a former title;
        unknown fields are filled in. A title newer than the stored one (by `as_of`, default now)
        replaces it. Channels in `apart_from` are never matched.

        Raises:
            ChannelError: Several channels have the title, and nothing else is known.
        """
        moment = as_of or self._clock()
        with self._database.writing() as connection:
            return channels.resolve_channel(
                connection, channel, as_of=moment, apart_from=apart_from
            )

    def find_channel(
        self, channel: Channel, *, apart_from: Collection[int] = ()
    ) -> StoredChannel | None:
        """Return the stored channel that a source means, as `resolve_channel` would; write nothing.

        Raises:
            ChannelError: Several channels have the title, and nothing else is known.
        """
        with self._database.reading() as connection:
            return channels.find_channel(connection, channel, apart_from=apart_from)

    def find_candidates(self, channel: Channel) -> Sequence[StoredChannel]:
        """Return the stored channels that a source may mean, all of one title included."""
        with self._database.reading() as connection:
            return channels.find_candidates(connection, channel)

    def channel_overviews(self) -> Sequence[ChannelOverview]:
        """Return every channel with what it holds, in the order they were added."""
        with self._database.reading() as connection:
            return overview.read_overviews(connection)

    def name_channel(
        self,
        stored: StoredChannel,
        *,
        username: str | None = None,
        telegram_id: int | None = None,
    ) -> None:
        """Give a channel a username or a Telegram id.

        Raises:
            ChannelError: Another channel has it, or this one has another id.
        """
        with self._database.writing() as connection:
            overview.name_channel(connection, stored, username=username, telegram_id=telegram_id)

    def mixed_channels(self) -> Sequence[Message]:
        """Return a message for each channel that looks like two chats mixed up."""
        with self._database.reading() as connection:
            return tuple(overview.find_mixed(connection))

    def compare_times(self, channel_id: int, told: Iterable[identity.Told]) -> Comparison:
        """Compare the times of posting in a source with those stored for a channel.

        Args:
            channel_id: The channel.
            told: Message ids in ascending order, each with what reads its time, `None` if unknown.
        """
        with self._database.reading() as connection:
            return identity.compare_times(connection, channel_id, told)

    def find_channels(self, text: str) -> Sequence[StoredChannel]:
        """Return the channels matching an `@name`, address, id or title typed by a person."""
        with self._database.reading() as connection:
            return channels.search_channels(connection, text)

    def begin_import(
        self,
        channel_id: int,
        *,
        source: str,
        format: str,  # noqa: A002  # the usual word for it
        as_of: datetime,
        options: str = "",
    ) -> int:
        """Record the beginning of an import, and return its key.

        `options` is any text that differs between two runs that would read the same file
        differently.
        """
        with self._database.writing() as connection:
            return imports.insert_import(
                connection,
                channel_id=channel_id,
                source=source,
                format_name=format,
                options=options,
                as_of=as_of,
                started_at=self._clock(),
            )

    def finish_import(
        self,
        import_id: int,
        *,
        added: int | None = None,
        changed: int | None = None,
        unchanged: int | None = None,
        missing: int = 0,
        files_read: int = 0,
        files_skipped: int = 0,
    ) -> None:
        """Record that an import was read to its end; only now do its files count as known.

        Posts saved under `import_id` are counted already; the first three numbers override that
        count if given.
        """
        given = {"added": added, "changed": changed, "unchanged": unchanged}
        counts = {name: number for name, number in given.items() if number is not None}
        counts |= {"missing": missing, "files_read": files_read, "files_skipped": files_skipped}
        with self._database.writing() as connection:
            imports.close_import(connection, import_id, finished_at=self._clock(), counts=counts)

    def importing(self, channel_id: int, *, wait: float) -> AbstractContextManager[None]:
        """Keep programs on other machines from importing into a channel.

        On one machine, `import_lock` does that for the whole archive.

        Raises:
            ArchiveBusy: Another machine was still importing after `wait` seconds.
        """
        return self._database.importing(channel_id, wait=wait)

    def add_problem(self, import_id: int, problem: BadMessage) -> None:
        """Store a record that an import could not read."""
        self.add_problems(import_id, [problem])

    def add_problems(self, import_id: int, problems: Iterable[BadMessage]) -> None:
        """Store the records that an import could not read."""
        with self._database.writing() as connection:
            imports.insert_problems(connection, import_id, problems)

    def problems(self, import_id: int) -> Sequence[BadMessage]:
        """Return what an import could not read, in reading order."""
        with self._database.reading() as connection:
            return imports.select_problems(connection, import_id)

    def imports(self, *, limit: int = 20, after: int = 0) -> Sequence[ImportRow]:
        """Return the latest imports, newest first; with `after`, those after that one."""
        with self._database.reading() as connection:
            return imports.select_imports(connection, limit=limit, after=after)

    def latest_import(self) -> int:
        """Return the key of the latest import, or 0."""
        return max((row.import_id for row in self.imports(limit=1)), default=0)

    def import_options(self, channel_id: int) -> Sequence[str]:
        """Return how the sources of a channel were read, latest first."""
        with self._database.reading() as connection:
            return imports.select_options(connection, channel_id)

    def known_files(self, digests: Iterable[str], *, options: str = "") -> frozenset[str]:
        """Return which SHA-256 digests a finished import with the same options has read."""
        with self._database.reading() as connection:
            return imports.select_known_digests(connection, list(digests), options=options)

    def files_of_channel(self, channel_id: int, digests: Iterable[str]) -> frozenset[str]:
        """Return which SHA-256 digests belong to finished imports of a channel."""
        with self._database.reading() as connection:
            return imports.select_known_digests(connection, list(digests), channel_id=channel_id)

    def remember_files(self, import_id: int, files: Iterable[ImportedFile]) -> None:
        """Store the digests of files that an import read completely."""
        with self._database.writing() as connection:
            imports.insert_files(connection, import_id, files)

    def save(
        self,
        channel_id: int,
        posts: Iterable[Post],
        *,
        as_of: datetime,
        import_id: int | None = None,
    ) -> SaveResult:
        """Save posts in one transaction; saving the same ones again changes nothing.

        Posts are identified by message id. Fields a source does not give (`None`) keep their stored
        value; a text with different words becomes an earlier version; an older source only fills in
        gaps. Every insertion and change takes the next `seq`.

        Args:
            channel_id: The channel of the posts.
            posts: Iterated once, a thousand at a time.
            as_of: How recent the source is.
            import_id: The import that counts them.
        """
        with self._database.writing() as connection:
            saved = saving.save_posts(connection, channel_id, posts, as_of=as_of, dry_run=False)
            if import_id is not None:
                imports.count_saved(connection, import_id, saved)
            return saved

    def preview(self, channel_id: int, posts: Iterable[Post], *, as_of: datetime) -> SaveResult:
        """Return what `save` would return, without writing."""
        with self._database.reading() as connection:
            return saving.save_posts(connection, channel_id, posts, as_of=as_of, dry_run=True)

    def mark_missing(
        self,
        channel_id: int,
        present_ids: Container[int],
        *,
        first_id: int,
        last_id: int,
        at: datetime,
        dry_run: bool = False,
    ) -> int:
        """Mark posts in an id range that a full export of `at` lacks; return how many.

        Posts that are already marked, or known from a more recent source, are left alone. In a dry
        run nothing is written.
        """
        with self._database.reading() if dry_run else self._database.writing() as connection:
            absent = saving.find_absent(
                connection, channel_id, present_ids, first_id=first_id, last_id=last_id, at=at
            )
            if not dry_run:
                saving.mark_missing(connection, absent, at=at)
        return len(absent)

    def get(self, post_ids: Sequence[int]) -> Sequence[ArchivedPost]:
        """Return the posts with these keys in the given order, without unknown ones."""
        with self._database.reading() as connection:
            return reading.get_posts(connection, post_ids)

    def find(self, channel_id: int, message_id: int) -> ArchivedPost | None:
        """Return a channel's post with this message number, if archived."""
        with self._database.reading() as connection:
            return reading.find_post(connection, channel_id, message_id)

    def album(self, channel_id: int, album_id: str) -> Sequence[ArchivedPost]:
        """Return the posts of an album, in order."""
        with self._database.reading() as connection:
            return reading.select_album(connection, channel_id, album_id)

    def thread(self, archived: ArchivedPost) -> Thread:
        """Return the keys of what a post answers, of its answers, its album and its neighbours.

        At most 50 answers; service messages are no neighbours, and an album counts as one post.
        """
        with self._database.reading() as connection:
            return threads.read_thread(connection, archived)

    def copies(self, channel_id: int) -> Sequence[str]:
        """Return the distinct file copies referenced by a channel's posts."""
        with self._database.reading() as connection:
            return reading.select_copies(connection, channel_id)

    def kept_copies(self) -> Sequence[KeptCopy]:
        """Return the distinct file copies referenced by posts, each with one of its posts."""
        with self._database.reading() as connection:
            return reading.select_kept_copies(connection)

    def message_ids(self, channel_id: int, *, first_id: int, last_id: int) -> Sequence[int]:
        """Return the archived message numbers in a range, in order."""
        with self._database.reading() as connection:
            return reading.select_message_ids(
                connection, channel_id, first_id=first_id, last_id=last_id
            )

    def id_range(self, channel_id: int) -> tuple[int, int] | None:
        """Return a channel's lowest and highest message number in the archive."""
        with self._database.reading() as connection:
            return reading.select_id_range(connection, channel_id)

    def last_message_id(self, channel_id: int) -> int | None:
        """Return a channel's highest archived message number."""
        with self._database.reading() as connection:
            return reading.select_last_message_id(connection, channel_id)

    def versions(self, post_id: int) -> Sequence[PostVersion]:
        """Return the earlier texts of a post, oldest first."""
        with self._database.reading() as connection:
            return reading.read_versions(connection, [post_id]).get(post_id, ())

    def changed_since(self, seq: int, *, limit: int = 1000) -> Sequence[ArchivedPost]:
        """Return the posts last changed after `seq`, in order of change."""
        with self._database.reading() as connection:
            return reading.select_changed(connection, seq, limit=limit)

    def searchable(self, seq: int, *, upto: int) -> Sequence[Searchable]:
        """Return the searchable part of the posts last changed after `seq`.

        Posts changed after `upto` are left out; the others are in order of change.
        """
        with self._database.reading() as connection:
            return searching.select_searchable(connection, seq, upto=upto)

    def changes(self, seq: int, *, upto: int) -> Mapping[int, int]:
        """Return the posts last changed after `seq` and not after `upto`.

        Keys map to change numbers.
        """
        with self._database.reading() as connection:
            return reading.select_changes(connection, seq, upto=upto)

    def change_numbers(self, seq: int, *, every: int) -> Sequence[int]:
        """Return every n-th change number after `seq`, and the last one."""
        with self._database.reading() as connection:
            return reading.select_change_numbers(connection, seq, every=every)

    def last_seq(self) -> int:
        """Return the number of the latest change, 0 in an empty archive."""
        with self._database.reading() as connection:
            return read_last_number(connection)

    def disk_usage(self) -> int:
        """Return the bytes that the archive takes on its disk."""
        return self._database.disk_usage()

    def size(self) -> int:
        """Return the number of posts, including service messages."""
        with self._database.reading() as connection:
            return statistics.count_posts(connection)

    def has_more_than(self, posts: int) -> bool:
        """Return whether there are more posts than this, without counting the rest."""
        with self._database.reading() as connection:
            return statistics.has_more_than(connection, posts)

    def count_messages(self) -> int:
        """Return the number of posts without service messages, as `newest` lists them."""
        with self._database.reading() as connection:
            return statistics.count_messages(connection)

    def newest(self, *, limit: int, offset: int = 0) -> Sequence[ArchivedPost]:
        """Return the latest posts, newest first, without service messages."""
        with self._database.reading() as connection:
            return reading.select_newest(connection, limit=limit, offset=offset)

    def messages(self) -> Iterator[ArchivedPost]:
        """Yield all posts without service messages, channel by channel, in order of their numbers.

        They are read in batches, so memory stays constant, and writers are not held up.
        """
        after = (0, 0)
        while True:
            with self._database.reading() as connection:
                batch = reading.select_messages(connection, after=after, limit=1000)
            yield from batch
            if not batch:
                return
            after = (batch[-1].channel_id, batch[-1].post.message_id)

    def tag_counts(
        self,
        *,
        prefix: str = "",
        channel_id: int | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[TagCount]:
        """Return the tags with a prefix, of one channel or all, most used first."""
        with self._database.reading() as connection:
            return statistics.count_tags(
                connection, prefix=prefix, channel_id=channel_id, limit=limit, offset=offset
            )

    def period(
        self, first: datetime, last: datetime, *, tags: int = 10, best: int = 5
    ) -> PeriodStats:
        """Return the statistics of a period, its end excluded."""
        with self._database.reading() as connection:
            return period.read_period(connection, first, last, tags=tags, best=best)

    def stats(self, *, channel_id: int | None = None) -> ArchiveStats:
        """Return the statistics of the archive, or of one of its channels."""
        with self._database.reading() as connection:
            return statistics.read_statistics(connection, channel_id=channel_id)

    def breakdown(
        self, *, zone: tzinfo | None, channel_id: int | None = None, most: int = 8
    ) -> Breakdown:
        """Return statistics to be drawn, of the archive or one of its channels.

        Reads every post: half a second for 100,000.

        Args:
            zone: The reader's, for hours and weekdays; `None` is this machine's.
            channel_id: A channel; `None` for all.
            most: How many of each kind, the most frequent.
        """
        with self._database.reading() as connection:
            return read_breakdown(connection, channel_id=channel_id, zone=zone, most=most)

    def query(
        self,
        statement: str,
        *,
        parameters: Parameters | None = None,
        functions: Mapping[str, TextFunction] | None = None,
        limit: int | None = None,
        seconds: float | None = None,
    ) -> QueryResult:
        """Run a person's own read-only SQL statement; `lower` and `LIKE` know all alphabets.

        Args:
            statement: One statement, with parameters such as `:tag`.
            parameters: Their values.
            functions: Functions of one text that it may call, by name.
            limit: The most rows to return.
            seconds: How long it may take.

        Raises:
            UsageError: The statement is wrong, would write, or takes longer than `seconds`.
            KeyboardInterrupt: It was interrupted.
        """
        return self._database.query(
            statement,
            parameters=parameters,
            functions=functions,
            limit=limit,
            seconds=seconds,
        )

    def schema(self) -> str:
        """Return the statements of all tables and views, with their comments."""
        with self._database.reading() as connection:
            return self._database.read_schema(connection)

    def columns(self) -> Mapping[str, Sequence[str]]:
        """Return the columns of each view and table, views first."""
        with self._database.reading() as connection:
            return self._database.read_columns(connection)

    def enable_full_text(
        self,
        stem: Stem,
        *,
        version: str,
        progress: Progress | None = None,
    ) -> str:
        """Make an FTS5 table over the posts' words and stems, or make it anew; return its name.

        Triggers keep it from then on, and `write_stems` its stems. The file grows by half; a
        million posts take minutes.

        Args:
            stem: Returns the stems of a text, separated by spaces.
            version: Which analysis that is.
            progress: Called with the posts done and the number expected.

        Raises:
            UsageError: Another program added a column `stems` to the posts.
        """
        return full_text.enable(self._file(), stem, version=version, progress=progress)

    def disable_full_text(self) -> None:
        """Remove the full-text table and its stems, if there are any."""
        full_text.disable(self._file())

    def full_text_table(self) -> str | None:
        """Return the name of the full-text table over the posts, if it is enabled."""
        if self._database.file is None:
            return None
        with self._database.reading() as connection:
            return full_text.find_table(connection)

    def write_stems(self, stem: Stem, *, version: str) -> int:
        """Write the stems that the full-text table lacks; return of how many posts.

        Does nothing if the table is not enabled, or the store was opened for reading.
        """
        file = self._database.file
        return full_text.write_stems(file, stem, version=version) if file else 0

    def check(self) -> Sequence[Message]:
        """Check the whole file; return one sentence per problem."""
        with self._database.reading() as connection:
            faults = list(self._database.find_faults(connection))
            with suppress(DBAPIError, *SIGNS_OF_DAMAGE):  # already reported
                faults += check_numbers(connection)
        return tuple(faults)

    def schema_faults(self) -> Sequence[Message]:
        """Describe how the schema differs from a new archive's, and what in it prevents writing."""
        with self._database.reading() as connection:
            return self._database.find_schema_faults(connection)

    def added_by_others(self) -> Sequence[str]:
        """Describe what other programs have added to the file, a few words each."""
        with self._database.reading() as connection:
            return self._database.find_added(connection)

    def back_up(self, target: Path) -> None:
        """Write a complete copy of the archive to a new file, while it is in use.

        Raises:
            ArchiveUnwritable: The target exists or is not writable.
        """
        self._database.back_up(target)
