"""People who asked for access, the owners' decisions, and the languages people chose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update

from db.database import Database
from db.schema.bot import search_sessions
from db.schema.bot_people import people
from db.storable import storable_text
from db.times import maybe_time, time_text


class AccessStatus(StrEnum):
    """The state of a person's access."""

    ASKED = "asked"
    APPROVED = "approved"
    DENIED = "denied"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the bot knows about a person.

    `name` is empty until they ask for access. `spoken` is the language code of their Telegram
    client, `language` the one they chose; `target` is the post whose link brought them, or 0.
    """

    user_id: int
    name: str
    status: AccessStatus | None = None
    spoken: str | None = None
    language: str | None = None
    target: int = 0
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: int | None = None


class PeopleStore:
    """People in the bot's own file; every change is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, user_id: int) -> Person | None:
        """Return what is known about a person."""
        with self._database.reading() as connection:
            row = connection.execute(select(people).where(people.c.user_id == user_id)).first()
            return _read(row) if row else None

    def ask(
        self,
        user_id: int,
        *,
        name: str,
        spoken: str | None,
        target: int,
        now: datetime,
        rested_since: datetime,
    ) -> bool:
        """Record a request for access; return whether to notify the owners.

        They are not notified if the request is already waiting, if the person has access, or if an
        owner refused it after `rested_since`. A refusal dated after `now` was made before the clock
        was set back.
        """
        columns = people.c
        values = {
            "name": storable_text(name),
            "status": AccessStatus.ASKED,
            "spoken": None if spoken is None else storable_text(spoken),
            "target": target,
            "asked_at": time_text(now),
        }
        may_ask = or_(
            columns.status.is_(None),
            columns.status.in_((AccessStatus.DENIED, AccessStatus.REVOKED))
            & or_(
                columns.decided_at <= time_text(rested_since),
                columns.decided_at > time_text(now),
            ),
        )
        with self._database.writing() as connection:
            of_person = columns.user_id == user_id
            if connection.execute(select(columns.user_id).where(of_person)).first() is None:
                connection.execute(insert(people).values(user_id=user_id, **values))
                return True
            return bool(
                connection.execute(
                    update(people).where(of_person & may_ask).values(values)
                ).rowcount
            )

    def decide(
        self,
        user_id: int,
        status: AccessStatus,
        *,
        instead_of: Collection[AccessStatus],
        by: int,
        now: datetime,
    ) -> bool:
        """Record an owner's decision unless another one was made; return whether this one holds."""
        values = {"status": status, "decided_at": time_text(now), "decided_by": by}
        stands = (people.c.user_id == user_id) & people.c.status.in_(instead_of)
        with self._database.writing() as connection:
            return bool(connection.execute(update(people).where(stands).values(values)).rowcount)

    def with_status(self, *statuses: AccessStatus) -> Sequence[Person]:
        """Return the people with these standings: waiting ones first, then by name."""
        return self._select(people.c.status.in_(statuses))

    def choose_language(self, user_id: int, language: str | None) -> None:
        """Store the language a person chose; `None` follows their Telegram client."""
        self._note(user_id, language=language)

    def store_client_language(self, user_id: int, spoken: str | None) -> None:
        """Store the language of a person's Telegram client, for unprompted messages."""
        self._note(user_id, spoken=None if spoken is None else storable_text(spoken))

    def languages(self) -> Mapping[int, str]:
        """Return the chosen languages, by user id."""
        with self._database.reading() as connection:
            chosen = select(people.c.user_id, people.c.language).where(
                people.c.language.is_not(None)
            )
            return {row.user_id: row.language for row in connection.execute(chosen)}

    def count_sessions(self, user_id: int) -> int:
        """Return how many of a person's searches are stored."""
        of_person = search_sessions.c.user_id == user_id
        count = select(func.count()).select_from(search_sessions).where(of_person)
        with self._database.reading() as connection:
            return connection.execute(count).scalar_one()

    def forget(self, user_id: int) -> int:
        """Delete a person's searches and settings; return how many searches there were.

        An owner's decision stays, with the name the owner saw: it still controls access.
        """
        columns = people.c
        with self._database.writing() as connection:
            of_person = search_sessions.c.user_id == user_id
            dropped = connection.execute(delete(search_sessions).where(of_person)).rowcount
            row = columns.user_id == user_id
            connection.execute(delete(people).where(row & columns.status.is_(None)))
            connection.execute(update(people).where(row).values(language=None, target=0))
            return dropped

    def _note(self, user_id: int, **values: str | None) -> None:
        with self._database.writing() as connection:
            noted = update(people).where(people.c.user_id == user_id).values(values)
            if not connection.execute(noted).rowcount:
                row = {"user_id": user_id, "name": "", **values}  # only a request gives a name
                connection.execute(insert(people).values(row))

    def _select(self, condition: ColumnElement[bool]) -> Sequence[Person]:
        order = (people.c.status != AccessStatus.ASKED, people.c.name, people.c.user_id)
        with self._database.reading() as connection:
            rows = connection.execute(select(people).where(condition).order_by(*order)).all()
        return tuple(map(_read, rows))


def _read(row: Row[tuple[object, ...]]) -> Person:
    values = row._asdict()
    return Person(
        **values
        | {
            "status": AccessStatus(values["status"]) if values["status"] else None,
            "target": values["target"] or 0,
            "asked_at": maybe_time(values["asked_at"]),
            "decided_at": maybe_time(values["decided_at"]),
        }
    )
