"""Run the stand-in by hand: `python -m tests.standin` talks to a bot that polls it."""

from __future__ import annotations

import sys
import threading

from bot.terminal.server import Event
from tests.standin.person import Person
from tests.standin.server import StandIn
from tests.standin.things import Message
from tests.standin.world import as_read


def show(person: Person, standin: StandIn) -> None:
    """Print what the bot does, until the server closes."""
    while not standin.world.closed:
        try:
            event = person.watch.waits_for_event(lambda _: True, timeout=3600)
        except AssertionError:
            continue
        print(_line(event), flush=True)


def _line(event: Event) -> str:
    if event.message is None:
        return f"({event.kind}: {event.payload})"
    return f"--- {event.kind} {event.message.message_id}\n{_shown(as_read(event.message))}"


def _shown(message: Message) -> str:
    buttons = "\n".join(" ".join(f"[{b.label}]" for b in row) for row in message.shown.rows)
    file = f"<{message.file.name}> " if message.file else ""
    return f"{file}{message.html}\n{buttons}"


def main() -> None:
    """Read what a person says from the standard input; `!label` presses a button."""
    with StandIn() as standin:
        person = Person(standin, 501, first_name="Owner")
        print(f"LETOPIS_API_BASE_URL={standin.url}")
        print(f"LETOPIS_BOT_TOKEN={standin.token}")
        print("LETOPIS_OWNERS=501", flush=True)
        threading.Thread(target=show, args=(person, standin), daemon=True).start()
        for line in sys.stdin:
            text = line.rstrip("\n")
            last = [
                as_read(e.message)
                for e in person.watch.sees()
                if e.message and e.message.shown.rows
            ]
            if text.startswith("!") and last:
                person.presses(last[-1], text[1:])
            else:
                person.says(text)


if __name__ == "__main__":
    main()
