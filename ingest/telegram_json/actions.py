"""The action of a service message, and what its lines are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from ingest.rich_text import as_exported
from ingest.telegram_json.fields import JsonObject, count_of, integer_of, list_of, string_of

DELETED = "Deleted Account"
# fmt: off
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The fields of an action, its actor, and whether it was in a channel."""

    fields: JsonObject
    actor: str
    in_channel: bool

    def by(self, group: str, channel: str) -> str:
        """Return the channel's wording, or the group's, which names the actor."""
        return channel if self.in_channel else f"{self.actor} {group}"

    def text(self, key: str) -> str:
        """Return a field that is text, or nothing."""
        return as_exported(string_of(self.fields, key) or "")

    def title(self, key: str = "title") -> str:
        """Return a field that is text in quotation marks."""
        return f"«{self.text(key)}»"

    def name(self, key: str) -> str:
        """Return a field that is the name of a person, who may have deleted the account."""
        return self.text(key) or DELETED

    def number(self, key: str) -> int:
        """Return a field that is a number, or 0."""
        return count_of(self.fields, key) or 0

    def is_true(self, key: str) -> bool:
        """Whether a field says yes."""
        return self.fields.get(key) is True

    def local_time(self, key: str) -> datetime | None:
        """Return an instant in the exporter's local time, as an HTML export shows it.

        The offset from UTC is the difference between the message's own two dates.
        """
        instant, sent_at = integer_of(self.fields, key), integer_of(self.fields, "date_unixtime")
        try:
            moment = datetime.fromtimestamp(instant or 0, UTC)
            shown = datetime.fromisoformat(self.text("date")).replace(tzinfo=UTC)
            ahead = shown - datetime.fromtimestamp(sent_at or 0, UTC)
            return moment + (ahead if sent_at and abs(ahead) < _DAY else timedelta())
        except (ValueError, OverflowError, OSError):
            return None

    def members(self) -> str:
        """Return the names of the people whom the action affects."""
        return listed(
            [
                name if isinstance(name, str) and name else DELETED
                for name in list_of(self.fields, "members")
            ]
        )


Lines: TypeAlias = Mapping[str, Callable[[Action], str]]


def listed(names: Sequence[str]) -> str:
    """Return `one, two and three`."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
