"""What can be seen of the bot in one chat, in order, each thing once."""

from __future__ import annotations

from collections.abc import Callable

from bot.terminal.server import Event
from tests.standin.things import Chat, Message
from tests.standin.world import World, as_read

PATIENCE = 60.0


class Watch:
    """One chat, watched from now on."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat
        self._seen = 0
        self.looks_away()

    def waits_for(
        self,
        wanted: Callable[[Message], bool] | None = None,
        *,
        kinds: tuple[str, ...] = ("message", "edit"),
        timeout: float = PATIENCE,
    ) -> Message:
        """Return the bot's next message or edit that is wanted."""
        event = self.waits_for_event(
            lambda event: (
                event.kind in kinds
                and event.message is not None
                and (wanted is None or wanted(as_read(event.message)))
            ),
            timeout=timeout,
        )
        return as_read(event.message)

    def waits_for_event(
        self, wanted: Callable[[Event], bool], *, timeout: float = PATIENCE
    ) -> Event:
        """Return the next wanted thing that the bot does, and pass over those before."""
        event = self.find(wanted, since=self._seen, timeout=timeout)
        self._seen = event.number + 1
        return event

    def find(
        self, wanted: Callable[[Event], bool], *, since: int = 0, timeout: float = PATIENCE
    ) -> Event:
        """Return the first wanted thing since an event's number, waiting for it if need be."""
        found: list[Event] = []

        def look() -> bool:
            found[:] = (e for e in self.sees() if e.number >= since and wanted(e))
            return bool(found)

        if not self._world.wait_for(look, timeout):
            raise AssertionError(f"the bot did not do it in {timeout} s:\n{self.transcript()}")
        return found[0]

    def looks_away(self) -> None:
        """Pass over all that the bot has done so far."""
        with self._world.changed:
            self._seen = len(self._world.events)

    def sees(self) -> tuple[Event, ...]:
        """Return all that the bot has done in this chat so far."""
        with self._world.changed:
            mine = self._chat.chat_id
            return tuple(event for event in self._world.events if event.chat_id == mine)

    def transcript(self) -> str:
        """Return the chat as it stands, one line a message."""
        with self._world.changed:
            messages = sorted(
                (as_read(m) for m in self._world.messages.values()),
                key=lambda m: m.message_id,
            )
        return "\n".join(
            f"{m.message_id} {m.json.get('from', {}).get('first_name', '*')}: {m.text!r}"
            + "".join(f" [{label}]" for label in m.labels)
            for m in messages
            if m.chat_id == self._chat.chat_id
        )
