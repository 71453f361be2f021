"""The person's side over HTTP: `POST /sim/<verb>` with JSON, for programs in other processes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from bot.terminal.server import JsonObject
from tests.standin.errors import ApiError
from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.things import Message
from tests.standin.world import as_read

if TYPE_CHECKING:
    from tests.standin.server import StandIn


class Remote:
    """Carries out what is asked for under `/sim/`; people and channels come to be as they act."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self._people: dict[int, Person] = {}
        self._channels: dict[int, Channel] = {}

    def carry_out(self, verb: str, given: JsonObject) -> Any:
        """Do what a verb says and return its result as JSON."""
        verbs = {
            "say": self._say,
            "press": self._press,
            "inline": self._inline,
            "upload": self._upload,
            "post": self._post,
            "edit": self._edit,
            "standing": self._standing,
            "fault": self._fault,
            "advance": self._advance,
            "transcript": self._transcript,
            "outbox": self._outbox,
        }
        if verb not in verbs:
            raise ApiError(f"Not Found: there is no /sim/{verb}", code=404)
        try:
            return verbs[verb](given)
        except (KeyError, TypeError, ValueError, AssertionError) as error:
            raise ApiError(f"/sim/{verb}: {error!r}") from error

    def _person(self, given: JsonObject) -> Person:
        user_id = int(given["user_id"])
        if user_id not in self._people:
            self._people[user_id] = Person(
                self._standin,
                user_id,
                first_name=given.get("first_name", f"Person {user_id}"),
                language_code=given.get("language_code", "ru"),
            )
        return self._people[user_id]

    def _channel(self, given: JsonObject) -> Channel:
        chat_id = int(given["chat_id"])
        if chat_id not in self._channels:
            self._channels[chat_id] = Channel(
                self._standin,
                chat_id=chat_id,
                title=given.get("title", f"Channel {chat_id}"),
                username=given.get("username", ""),
            )
        return self._channels[chat_id]

    def _message(self, chat_id: int, given: JsonObject) -> Message:
        world = self._standin.world
        return as_read(world.messages.get((chat_id, int(given["message_id"]))))

    def _say(self, given: JsonObject) -> Any:
        return self._person(given).says(given["text"]).json

    def _press(self, given: JsonObject) -> Any:
        person = self._person(given)
        message = self._message(int(given.get("chat_id", person.user.user_id)), given)
        if "data" in given:
            return person.presses_data(message, given["data"])
        return person.presses(message, given["label"])

    def _inline(self, given: JsonObject) -> Any:
        return self._person(given).inline_query(given["query"], offset=given.get("offset", ""))

    def _upload(self, given: JsonObject) -> Any:
        sent = self._person(given).uploads(
            given["name"],
            base64.b64decode(given["base64"]),
            declared_size=given.get("declared_size", -1),
        )
        return sent.json

    def _post(self, given: JsonObject) -> Any:
        return self._channel(given).posts(given["text"]).json

    def _edit(self, given: JsonObject) -> Any:
        channel = self._channel(given)
        message = self._message(channel.chat.chat_id, given)
        return channel.edits(message, given["text"]).json

    def _standing(self, given: JsonObject) -> Any:
        channel, person = self._channel(given), self._person(given)
        if given["status"] == "administrator":
            channel.takes_bot(by=person)
        else:
            channel.removes_bot(by=person)
        return True

    def _fault(self, given: JsonObject) -> Any:
        self._standin.world.faults.schedule(Fault(**given))
        return True

    def _advance(self, given: JsonObject) -> Any:
        self._standin.clock.advance(float(given["seconds"]))
        return self._standin.clock.now()

    def _transcript(self, given: JsonObject) -> Any:
        return self._person(given).watch.transcript()

    def _outbox(self, given: JsonObject) -> Any:
        """List what the bot has done since an event's number, waiting `timeout` for the first."""
        world, since = self._standin.world, int(given.get("since", 0))
        world.wait_for(lambda: len(world.events) > since, float(given.get("timeout", 0)))
        return [
            {
                "number": event.number,
                "kind": event.kind,
                "chat_id": event.chat_id,
                "message": event.message.json if event.message else None,
                "text": event.payload.get("text", ""),
            }
            for event in world.events[since:]
        ]
