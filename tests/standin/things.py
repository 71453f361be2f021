"""Messages as tests read them."""

from __future__ import annotations

from bot import console_messages
from bot.rendering.bubble import Button
from tests.standin.entities import as_html, covered, read_entity


class Message(console_messages.Message):
    """A message as it stands at one moment; an edit makes a new value."""

    __slots__ = ()

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return the buttons in reading order."""
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what the buttons say."""
        return tuple(button.label for button in self.buttons)

    @property
    def html(self) -> str:
        """Return the text with its formatting as HTML."""
        own = (read_entity(entity) for entity in self.content.entities)
        return as_html(self.text, [entity for entity in own if entity])

    @property
    def reply_to(self) -> int | None:
        """Return the number of the message that it answers."""
        answered = self.extra.get("reply_to_message")
        return answered and answered["message_id"]

    @property
    def is_edit(self) -> bool:
        """Tell whether it was changed since it was sent."""
        return self.edit_date is not None

    @property
    def dropped_entities(self) -> int:
        """Return how many entities were too many."""
        return self.content.dropped

    def marked(self, kind: str) -> tuple[str, ...]:
        """Return the stretches of text that carry an entity of a kind."""
        return tuple(
            covered(self.text, entity["offset"], entity["length"])
            for entity in self.content.entities
            if entity["type"] == kind
        )
