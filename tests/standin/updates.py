"""The queue of updates: confirmed by offset, filtered by kind, polled by one bot at a time."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.terminal.server import JsonObject

# What the server leaves out unless it is asked for by name.
_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}

# Telegram counts on from a number of its own choice after a quiet week.
_FIRST = range(100_000_000, 2_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update; a repeated one is given out again although its number is confirmed."""

    number: int
    kind: str
    payload: JsonObject
    repeated: bool = False

    def as_json(self) -> JsonObject:
        """Return the Bot API's Update."""
        return {"update_id": self.number, self.kind: self.payload}


class Updates:
    """Updates that wait for the bot, and all that there have been."""

    def __init__(self) -> None:
        self.pending: list[Update] = []
        self.history: list[Update] = []
        self.allowed: frozenset[str] | None = None
        self._next = random.choice(_FIRST)

    def push(self, kind: str, payload: JsonObject, *, always: bool = False) -> int | None:
        """Queue an update and return its number, or `None` where the bot does not ask for it.

        With `always` it is queued in any case, as a kind that the bot has never heard of may be.
        """
        wanted = kind not in _ON_REQUEST if self.allowed is None else kind in self.allowed
        if not wanted and not always:
            return None
        update = Update(number=self._next, kind=kind, payload=payload)
        self._next += 1
        self.pending.append(update)
        self.history.append(update)
        return update.number

    def repeat_last(self) -> None:
        """Deliver the last update a second time, as happens when its confirmation was lost."""
        last = self.history[-1]
        self.pending.append(replace(last, repeated=True))

    def swap_last(self) -> None:
        """Let the last two updates arrive the wrong way round, with their numbers."""
        earlier, later = self.pending[-2:]
        self.pending[-2:] = [
            replace(later, number=earlier.number),
            replace(earlier, number=later.number),
        ]

    def allow(self, kinds: Collection[str]) -> None:
        """Remember which kinds the bot wants; an empty list asks for the default."""
        self.allowed = frozenset(kinds) if kinds else None

    def confirm(self, offset: int) -> None:
        """Forget what stands before an offset; a negative one keeps the last updates."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [u for u in self.pending if u.number >= offset or u.repeated]

    def take(self, limit: int) -> Sequence[Update]:
        """Return the first updates, which stay until they are confirmed."""
        taken = self.pending[:limit]
        self.pending = [u for u in self.pending if not (u.repeated and u in taken)]
        return taken
