"""Runs an import: posts go into the archive batch by batch, and a report is returned."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from itertools import islice
from pathlib import Path

from db import ImportedFile, PostStore
from db.channels import has_mark, is_same_mark, read_channel_name
from ingest.attachments import Attachments
from ingest.code_detection import LONGEST_TEXT
from ingest.export_date import export_date, newer_known, say_newer_known, with_export_date
from ingest.files import ExportPath, digest_of
from ingest.identity import find_others
from ingest.import_counters import ImportCounters
from ingest.import_report import ImportReport
from ingest.media_store import MediaStore
from ingest.opening import open_source
from ingest.sources import Source
from model.errors import ChannelError, SourceError
from model.messages import Code, Message
from model.posts import BadMessage, Channel, Post
from model.zones import parse_zone

ProgressCallback = Callable[[int, int | None], None]

_PATIENCE = 600.0
"""How long to wait for an import into the same channel on another machine, in seconds."""
_BATCH = 1000
# Files read by an older reader are read again; raise it when posts come out differently.
_READER = 2
_NO_CHANNEL = 0
_WITH_COPIES = " copies"
_ANCHOR = re.compile(r"message(-?\d{1,10})")
_ZONE_GIVEN = re.compile(r" zone=(\S+)")


def run_import(
    store: PostStore,
    path: Path,
    *,
    channel: str | None = None,
    is_confirmed: bool = True,
    zone: tzinfo | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    jobs: int = 1,
    copies: MediaStore | None = None,
    progress: ProgressCallback | None = None,
    name: str | None = None,
) -> ImportReport:
    """Import the export at `path` into the archive, each batch in its own transaction.

    Args:
        store: The archive.
        path: A folder, or a file of an export.
        channel: The channel meant: `@name`, its address, its Telegram id or its title.
        is_confirmed: Whether a person named `channel` for this very export.
        zone: The time zone of the exporting machine; it overrides what the pages say. If neither
            names one, the last one given for the channel is used, else UTC.
        as_of: The day the export was made; default: the date in the folder's name, or in `name`,
            else that of its newest post.
        dry_run: Write nothing, but report what would be written.
        jobs: How many processes may work, this one included; others parse pages ahead.
        copies: Where to keep copies of attached files; by default none are made.
        progress: Called with the number of messages read so far and the estimated total. If it
            raises, the import ends; what was saved until then stays.
        name: The name of the source to record; default: the path.

    Raises:
        SourceError: It is not an export of one channel.
        ChannelError: Which channel is meant is ambiguous, doubtful, or not the one named.
        ArchiveError: The archive cannot be written.
    """
    began = time.monotonic()
    source = open_source(path, channel=channel)
    made = export_date(source, as_of=as_of, name=name or "")
    source = with_export_date(source, made)
    if not source.channel.title:
        source = _titled(store, source, channel)
    meant = _meant_channel(store, source.channel, channel)
    digests = {file.path: digest_of(file.path) for file in source.files}
    others = find_others(
        store, source, meant, given=channel if is_confirmed else None, digests=digests
    )
    if dry_run:
        stored = store.find_channel(meant, apart_from=others)
        channel_id = stored.channel_id if stored else None
    else:
        channel_id = store.resolve_channel(meant, as_of=source.as_of, apart_from=others)
    is_told = source.zoned or zone is not None
    if not is_told:
        zone = _zone_given_before(store, channel_id or _NO_CHANNEL)
    assumed_zone = None if is_told else str(zone or UTC)
    known = newer_known(store, channel_id, source)
    run = _Run(
        store,
        source,
        channel_id or _NO_CHANNEL,
        digests=digests,
        name=name or str(source.path),
        zone=zone,
        made=made,
        jobs=jobs,
        copies=copies,
        attachments=Attachments(source.folder, copies, dry_run=dry_run),
        progress=progress,
    )
    if not run.is_known():
        if dry_run:
            run.preview()
        else:
            run.write()
    return ImportReport(
        source=name or str(path),
        format=source.format,
        channel=meant,
        channel_id=channel_id,
        added=run.counters.added,
        changed=run.counters.changed,
        text_changed=run.counters.text_changed,
        text_changes=tuple(run.counters.text_changes),
        unchanged=run.counters.unchanged,
        missing=run.counters.missing,
        media=run.attachments.count,
        problems=tuple(run.counters.problems),
        newer_known=known,
        assumed_zone=assumed_zone,
        notices=(
            *_say_together(source),
            *_say_channel(source.channel, meant),
            *_say_zone(assumed_zone, run.counters),
            *say_newer_known(known, source),
            *_say_too_long(run.counters.too_long),
        ),
        files_read=len(source.files) - len(run.skipped),
        files_skipped=len(run.skipped),
        first_at=run.counters.first_at,
        last_at=run.counters.last_at,
        seconds=time.monotonic() - began,
        dry_run=dry_run,
    )


def _meant_channel(store: PostStore, own: Channel, given: str | None) -> Channel:
    """Combine what the source and the caller say about the channel."""
    if given is None:
        return own
    if not given.strip():
        raise ChannelError(Code.EMPTY_CHANNEL)
    username, telegram_id = read_channel_name(given)
    if username is not None or telegram_id is not None:
        return replace(
            own, username=username or own.username, telegram_id=telegram_id or own.telegram_id
        )
    found = store.find_channels(given)
    is_own = given.strip().casefold() == own.title.casefold()
    if is_own and (has_mark(own) or not found):
        return own  # it only tells which chat of the source is meant
    if len(found) > 1:
        raise ChannelError(
            Code.AMBIGUOUS_CHANNEL,
            title=given,
            names=", ".join(each.channel.handle or each.channel.title for each in found),
        )
    if not found and given.strip().startswith("@"):
        raise ChannelError(Code.NO_CHANNEL_NAME, name=given.strip())
    if not found:
        return replace(own, title=given.strip())
    known = found[0].channel
    if has_mark(known):
        return replace(known, title=own.title)
    is_elsewhere = any(is_same_mark(each.channel, own) for each in store.find_candidates(own))
    return known if is_elsewhere else replace(own, title=known.title)


def _titled(store: PostStore, source: Source, given: str | None) -> Source:
    """Give a source that knows its channel by id alone the stored title, else the given one.

    Raises:
        SourceError: Neither is there.
    """
    own = source.channel
    known = [each.channel for each in store.find_candidates(own) if is_same_mark(each.channel, own)]
    if known:
        title = known[0].title
    elif given is not None:
        username, _ = read_channel_name(given)
        title = f"@{username}" if username else given.strip()
    else:
        raise SourceError(Code.UNNAMED_CHANNEL, path=source.path, telegram_id=str(own.telegram_id))
    return replace(source, channel=replace(own, title=title))


def _zone_given_before(store: PostStore, channel_id: int) -> tzinfo | None:
    """Return the zone given to the channel's latest import that was given one."""
    for options in store.import_options(channel_id):
        if found := _ZONE_GIVEN.search(options):
            return parse_zone(found[1])
    return None


def _say_together(source: Source) -> Iterator[Message]:
    """Name the files of several sources that were read as one."""
    if len(source.together) > 1:
        yield Message.of(Code.READ_TOGETHER, names=", ".join(source.together))


def _say_channel(own: Channel, meant: Channel) -> Iterator[Message]:
    """Report a source that names a different channel than the caller."""
    names = ((own.username, meant.username), (own.telegram_id, meant.telegram_id))
    for said, taken in names:
        if said and str(said).casefold() != str(taken).casefold():
            yield Message.of(Code.OTHER_CHANNEL, own=str(said), taken=str(taken))


def _say_zone(assumed: str | None, counters: ImportCounters) -> Iterator[Message]:
    """Report the assumed zone if any post was written with it."""
    if assumed is not None and (counters.added or counters.changed):
        is_utc = assumed == str(UTC)
        yield Message.of(Code.UTC_ASSUMED if is_utc else Code.ZONE_ASSUMED, zone=assumed)


def _say_too_long(message_ids: Sequence[int]) -> Iterator[Message]:
    """Report posts that were not searched for unmarked code to their end."""
    if message_ids:
        yield Message.of(
            Code.TOO_LONG,
            number=len(message_ids),
            message_id=str(message_ids[0]),
            length=LONGEST_TEXT,
        )


class _Run:
    """One import of one source."""

    def __init__(
        self,
        store: PostStore,
        source: Source,
        channel_id: int,
        *,
        digests: Mapping[ExportPath, str],
        name: str,
        zone: tzinfo | None,
        made: datetime | None,
        jobs: int,
        copies: MediaStore | None,
        attachments: Attachments,
        progress: ProgressCallback | None,
    ) -> None:
        self.counters = ImportCounters()
        self.attachments = attachments
        self._store = store
        self._source = source
        self._channel_id = channel_id
        self._name = name
        self._zone = zone
        self._jobs = jobs
        self._progress = progress
        self._copies = copies
        self._plain = f"reader={_READER} channel={channel_id} zone={zone or ''}"
        if made:
            # Given a later date, files read before may tell more now.
            self._plain += f" made={made.date()}"
        self._options = self._plain if copies is None else self._plain + _WITH_COPIES
        self._digests = digests
        known = self._known_digests()
        self.skipped = frozenset(path for path, digest in self._digests.items() if digest in known)
        for file in source.files:
            if file.path in self.skipped:
                self.counters.present.update(file.message_ids)
        self.counters.unchanged = self.counters.read = len(self.counters.present)

    def is_known(self) -> bool:
        """Return whether an earlier import read all of it."""
        return len(self.skipped) == len(self._digests)

    def _known_digests(self) -> frozenset[str]:
        """Return the digests of files that need not be read again.

        If copies are wanted, files read by an import without copies are read again, and all of them
        if a copy was lost.
        """
        digests = list(self._digests.values())
        copied = self._store.known_files(digests, options=self._plain + _WITH_COPIES)
        if self._copies is None:
            return copied | self._store.known_files(digests, options=self._plain)
        kept = map(self._copies.find, self._store.copies(self._channel_id))
        return copied if all(kept) else frozenset()

    def preview(self) -> None:
        """Count what `write` would do."""
        for posts in self._batches():
            self.counters.count(
                self._store.preview(self._channel_id, posts, as_of=self._source.as_of)
            )
        self.counters.missing = self._mark_missing(dry_run=True)

    def write(self) -> None:
        """Save everything, record what could not be read, mark missing posts.

        Raises:
            ArchiveBusy: Another machine keeps importing into the channel.
        """
        with self._store.importing(self._channel_id, wait=_PATIENCE):
            self._write()

    def _write(self) -> None:
        source, counters = self._source, self.counters
        import_id = self._store.begin_import(
            self._channel_id,
            source=self._name,
            format=source.format,
            as_of=source.as_of,
            options=self._options,
        )
        for posts in self._batches():
            result = self._store.save(
                self._channel_id, posts, as_of=source.as_of, import_id=import_id
            )
            counters.count(result)
        self._store.add_problems(import_id, counters.problems)
        counters.missing = self._mark_missing(dry_run=False)
        self._store.remember_files(import_id, self._files_to_remember())
        self._store.finish_import(
            import_id,
            added=counters.added,
            changed=counters.changed,
            unchanged=counters.unchanged,
            missing=counters.missing,
            files_read=len(self._digests) - len(self.skipped),
            files_skipped=len(self.skipped),
        )

    def _batches(self) -> Iterator[list[Post]]:
        messages = self._source.messages(zone=self._zone, skip=self.skipped, jobs=self._jobs)
        self._report()
        while batch := list(islice(messages, _BATCH)):
            posts = []
            for message in batch:
                if isinstance(message, BadMessage):
                    self.counters.problems.append(message)
                else:
                    posts.append(self.attachments.keep_copy(message))
                    self.counters.count_post(message)
            yield posts
            self.counters.read += len(batch)
            self._report()

    def _report(self) -> None:
        if self._progress is not None:
            self._progress(self.counters.read, self._source.total)

    def _mark_missing(self, *, dry_run: bool) -> int:
        """Mark (in a dry run: count) the posts that the export should contain but does not.

        An unreadable message counts as present; an unreadable page may have contained anything.
        """
        numbers = [_ANCHOR.fullmatch(problem.anchor) for problem in self.counters.problems]
        present = self.counters.present
        if not self._source.whole or not all(numbers) or not present:
            return 0
        present.update(int(number[1]) for number in numbers if number)
        return self._store.mark_missing(
            self._channel_id,
            present,
            first_id=min(present),
            last_id=max(present),
            at=self._source.as_of,
            dry_run=dry_run,
        )

    def _files_to_remember(self) -> Iterable[ImportedFile]:
        """Return the files read without problems; the others will be read and reported again.

        The same holds for pages with an attachment that was not there: a later copy may have it.
        """
        broken = {problem.file for problem in self.counters.problems}
        return [
            ImportedFile(
                path=file.path.name, digest=self._digests[file.path], size=file.path.stat().st_size
            )
            for file in self._source.files
            if file.path.name not in broken
            and self.attachments.incomplete.isdisjoint(file.message_ids)
        ]
