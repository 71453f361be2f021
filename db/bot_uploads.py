"""Exports that owners sent to the bot: their state, and which channel a title means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, delete, insert, select, update

from db.database import Database
from db.schema.bot_uploads import export_channels, import_beginnings, import_reports, uploads
from db.storable import storable_text
from db.times import read_time, time_text


class UploadStatus(StrEnum):
    """What an upload is waiting for: inspection, a channel, confirmation, or its import."""

    NEW = "new"
    ASKED = "asked"
    OFFERED = "offered"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An export that an owner sent.

    `bubble_id` is the message that shows its state, `file` its name in the uploads folder. `title`
    is the channel title that was ambiguous or unknown. `channel` is the chosen channel in the form
    that `run_import` takes; empty means "by title", `None` means "not chosen yet".
    """

    upload_id: int
    user_id: int
    chat_id: int
    bubble_id: int
    file_id: str
    name: str
    file: str
    status: UploadStatus
    title: str | None
    channel: str | None
    attempts: int
    created_at: datetime


class UploadStore:
    """Uploads in the bot's own file; every change is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        *,
        user_id: int,
        chat_id: int,
        bubble_id: int,
        file_id: str,
        name: str,
        file: str,
        now: datetime,
    ) -> int:
        """Add a file that arrived, and return its key."""
        created = (
            insert(uploads)
            .values(
                user_id=user_id,
                chat_id=chat_id,
                bubble_id=bubble_id,
                file_id=storable_text(file_id),
                name=storable_text(name),
                file=file,
                status=UploadStatus.NEW,
                attempts=0,
                created_at=time_text(now),
            )
            .returning(uploads.c.upload_id)
        )
        with self._database.writing() as connection:
            return int(connection.execute(created).scalar_one())

    def find(self, upload_id: int) -> Upload | None:
        """Return an upload, unless it is finished."""
        wanted = select(uploads).where(uploads.c.upload_id == upload_id)
        with self._database.reading() as connection:
            row = connection.execute(wanted).first()
            return _read(row) if row else None

    def all(self) -> Sequence[Upload]:
        """Return all unfinished uploads, in order of arrival."""
        wanted = select(uploads).order_by(uploads.c.upload_id)
        with self._database.reading() as connection:
            return tuple(_read(row) for row in connection.execute(wanted))

    def move(
        self, upload_id: int, status: UploadStatus, *, instead_of: Collection[UploadStatus]
    ) -> bool:
        """Move an upload to another state if it is in the expected one; return whether it was."""
        stands = (uploads.c.upload_id == upload_id) & uploads.c.status.in_(instead_of)
        with self._database.writing() as connection:
            moved = update(uploads).where(stands).values(status=status)
            return bool(connection.execute(moved).rowcount)

    def ask(self, upload_id: int, title: str) -> None:
        """Record that the owner must choose a channel for this title."""
        self._note(upload_id, status=UploadStatus.ASKED, title=storable_text(title))

    def choose(self, upload_id: int, channel: str | None, *, title: str | None) -> None:
        """Record the chosen channel, and that the upload must be inspected again."""
        self._note(
            upload_id,
            status=UploadStatus.NEW,
            channel=channel and storable_text(channel),
            title=title and storable_text(title),
        )

    def show_in(self, upload_id: int, bubble_id: int) -> None:
        """Record which message shows an upload's state."""
        self._note(upload_id, bubble_id=bubble_id)

    def count_attempt(self, upload_id: int, *, latest: int) -> int:
        """Record an attempt to import; return the latest import as of the first attempt.

        Args:
            upload_id: The upload.
            latest: The key of the archive's latest import, or 0.
        """
        columns = import_beginnings.c
        with self._database.writing() as connection:
            counted = update(uploads).where(uploads.c.upload_id == upload_id)
            connection.execute(counted.values(attempts=uploads.c.attempts + 1))
            begun = select(columns.import_id).where(columns.upload_id == upload_id)
            first = connection.execute(begun).scalar()
            if first is None:
                noted = {"upload_id": upload_id, "import_id": latest}
                connection.execute(insert(import_beginnings).values(noted))
        return latest if first is None else int(first)

    def keep_report(self, upload_id: int, report: str) -> None:
        """Store the result of an import until it has been reported completely."""
        kept = {"upload_id": upload_id, "report": storable_text(report)}
        with self._database.writing() as connection:
            of_upload = import_reports.c.upload_id == upload_id
            connection.execute(delete(import_reports).where(of_upload))
            connection.execute(insert(import_reports).values(kept))

    def report_of(self, upload_id: int) -> str | None:
        """Return the stored result of an upload's import, if any."""
        columns = import_reports.c
        wanted = select(columns.report).where(columns.upload_id == upload_id)
        with self._database.reading() as connection:
            return connection.execute(wanted).scalar()

    def remove(self, upload_id: int) -> None:
        """Delete a finished upload and everything recorded about it."""
        with self._database.writing() as connection:
            connection.execute(delete(uploads).where(uploads.c.upload_id == upload_id))

    def channel_of(self, title: str) -> str | None:
        """Return the channel an owner chose for a title; empty means whichever has the title."""
        columns = export_channels.c
        wanted = select(columns.channel).where(columns.title == storable_text(title))
        with self._database.reading() as connection:
            return connection.execute(wanted).scalar()

    def remember_channel(self, title: str, channel: str, *, by: int, now: datetime) -> None:
        """Store the channel an owner chose for a title, replacing an earlier choice."""
        values = {
            "title": storable_text(title),
            "channel": storable_text(channel),
            "decided_at": time_text(now),
            "decided_by": by,
        }
        with self._database.writing() as connection:
            of_title = export_channels.c.title == values["title"]
            connection.execute(delete(export_channels).where(of_title))
            connection.execute(insert(export_channels).values(values))

    def _note(self, upload_id: int, **values: object) -> None:
        with self._database.writing() as connection:
            of_upload = uploads.c.upload_id == upload_id
            connection.execute(update(uploads).where(of_upload).values(values))


def _read(row: Row[tuple[object, ...]]) -> Upload:
    values = row._asdict()
    read = {
        "status": UploadStatus(values["status"]),
        "created_at": read_time(values["created_at"]),
    }
    return Upload(**values | read)
