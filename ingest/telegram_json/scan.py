"""A first pass over a JSON export: which chats it has, and whether it is valid."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice, takewhile

from ingest.telegram_json.fields import integer_of, moment_of, string_of
from ingest.telegram_json.parsing import EventParser

# Exports nest a dozen levels; a hostile file must not exhaust the parser's stack.
_DEEPEST = 100
_OPENINGS = frozenset({"start_map", "start_array"})
_ENDINGS = frozenset({"end_map", "end_array"})
_LISTS = ("chats", "left_chats")
_CHAT_FIELDS = frozenset({"name", "type", "id"})
_MESSAGE_FIELDS = frozenset({"id", "date", "date_unixtime", "edited", "edited_unixtime"})
# The longest value, or run of whitespace: messages are a thousandth of that.
_MAX_SILENCE = 16 * 1024**2
_PIECES = (4096, 64, 1)
# Continuation bytes of UTF-8.
_CONTINUATIONS = bytes(range(0x80, 0xC0))

UNKNOWN = -(2**63)
"""In place of a time of posting that cannot be read."""

Blocks = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Where the JSON becomes invalid; `truncated` means that it only ends too early.

    `offset` is in bytes; `line` and `column` count from 1, the latter in characters.
    """

    offset: int
    line: int
    column: int
    truncated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat of an export: `messages` many at the path `place`, from index `start` on.

    `posted` are the times of `message_ids` in seconds since 1970, or `UNKNOWN`. `newest` is the
    latest date in it; `zoned` says whether its dates are exact instants, `complete`
    whether the list of messages is closed.
    """

    title: str | None
    kind: str
    number: int | None
    place: str
    start: int
    messages: int
    message_ids: tuple[int, ...]
    posted: Sequence[int]
    newest: datetime | None
    zoned: bool
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportScan:
    """What an export contains: one chat, or those of a whole account."""

    chats: tuple[Chat, ...]
    whole_account: bool
    damage: Damage | None


def scan_export(blocks: Blocks) -> ExportScan:
    """Scan an export; `blocks` starts reading it from the beginning whenever it is called."""
    walk, damage = _Scanner(), None
    for number, block in enumerate(blocks()):
        if not walk.feed(block):
            damage = _find_damage(blocks, bad_block=number)
            break
    else:
        if not walk.close():
            damage = _end_of(blocks())
    return ExportScan(
        chats=tuple(draft.finish() for draft in walk.chats),
        whole_account=any(draft.depth for draft in walk.chats),
        damage=damage,
    )


def _find_damage(blocks: Blocks, *, bad_block: int) -> Damage:
    """Find the byte at which an export becomes invalid, given the number of the block.

    The block is parsed again in ever smaller pieces. The parser rescans an incomplete value with
    every piece, so a long value must not be fed byte by byte from its start.
    """
    sound = 0
    for size in _PIECES:
        sound = _follow_pieces(blocks(), bad_block=bad_block, sound=sound, size=size)
    position, remaining = _Position(), blocks()
    for block in islice(remaining, bad_block):
        position.advance(block)
    position.advance(next(remaining, b"")[:sound])
    return position.damage(truncated=False)


def _follow_pieces(blocks: Iterator[bytes], *, bad_block: int, sound: int, size: int) -> int:
    """Return how many bytes of a block are valid, at least `sound`, to the precision of `size`."""
    walk = _Scanner()
    for block in islice(blocks, bad_block):
        walk.feed(block)
    block = next(blocks, b"")
    if sound:
        walk.feed(block[:sound])
    pieces = (block[start : start + size] for start in range(sound, len(block), size))
    return sound + sum(map(len, takewhile(walk.feed, pieces)))


def _end_of(blocks: Iterable[bytes]) -> Damage:
    position = _Position()
    for block in blocks:
        position.advance(block)
    return position.damage(truncated=True)


@dataclass(slots=True)
class _Position:
    """A position in the file."""

    offset: int = 0
    line: int = 1
    column: int = 1

    def advance(self, block: bytes) -> None:
        self.offset += len(block)
        lines = block.count(b"\n")
        if lines:
            self.line += lines
            self.column = 1
        last_line = block[block.rfind(b"\n") + 1 :]
        self.column += len(last_line.translate(None, _CONTINUATIONS))

    def damage(self, *, truncated: bool) -> Damage:
        return Damage(offset=self.offset, line=self.line, column=self.column, truncated=truncated)


@dataclass(slots=True)
class _ChatBuilder:
    """The facts about a chat so far; `depth` keys lead to it."""

    place: str
    depth: int
    start: int
    fields: dict[str, object] = field(default_factory=dict)
    messages: int = 0
    message_ids: list[int] = field(default_factory=list)
    posted: array[int] = field(default_factory=partial(array, "q"))
    newest: datetime | None = None
    zoned: bool = True
    complete: bool = False

    def note_message(self, fields: dict[str, object]) -> None:
        message_id = integer_of(fields, "id")
        posted, edited = (moment_of(fields, key, zone=None) for key in ("date", "edited"))
        if message_id is not None:
            self.message_ids.append(message_id)
            self.posted.append(int(posted.timestamp()) if posted else UNKNOWN)
        self.newest = max(filter(None, (self.newest, posted, edited)), default=None)
        if isinstance(fields.get("date"), str) and "date_unixtime" not in fields:
            self.zoned = False

    def finish(self) -> Chat:
        return Chat(
            title=string_of(self.fields, "name"),
            kind=string_of(self.fields, "type") or "",
            number=integer_of(self.fields, "id"),
            place=self.place,
            start=self.start,
            messages=self.messages,
            message_ids=tuple(self.message_ids),
            posted=self.posted,
            newest=self.newest,
            zoned=self.zoned,
            complete=self.complete,
        )


class _Scanner:
    """Follows the parser's events through the chats of an export.

    `_keys` is the path of the next value, with `"item"` for lists. Inside a chat's messages, the
    first `_message_depth` keys lead to a message, and `_message` collects its fields.
    """

    def __init__(self) -> None:
        self.chats: list[_ChatBuilder] = []
        self._parser = EventParser()
        self._keys: list[str] = []
        self._chat: _ChatBuilder | None = None
        self._message_depth = 0
        self._message: dict[str, object] = {}
        self._silence = 0

    def feed(self, block: bytes) -> bool:
        """Process a block; return whether it is valid."""
        events = self._parser.feed(block)
        self._silence = 0 if events else self._silence + len(block)
        is_sound = not self._parser.damaged and self._silence <= _MAX_SILENCE
        return self._follow(events) and is_sound

    def close(self) -> bool:
        """Declare the end; return whether the JSON is complete."""
        self._parser.close()
        return not self._parser.damaged

    def _follow(self, events: Sequence[tuple[str, object]]) -> bool:
        keys = self._keys
        for name, value in events:
            if name == "map_key":
                keys[-1] = str(value)
                continue
            if name in _ENDINGS:
                keys.pop()
                self._leave(len(keys))
                continue
            depth = len(keys)
            if not self._message_depth or depth <= self._message_depth:
                self._enter(depth, name, value)
            elif depth == self._message_depth + 1 and keys[-1] in _MESSAGE_FIELDS:
                self._message[keys[-1]] = value
            if name in _OPENINGS:
                if depth == _DEEPEST:
                    return False
                keys.append("item" if name == "start_array" else "")
        return True

    def _enter(self, depth: int, name: str, value: object) -> None:
        """Record a value outside of messages, or the start of one."""
        chat, keys = self._chat, self._keys
        if chat is not None and self._message_depth:
            chat.messages += 1
        elif name == "start_map" and (depth == 0 or _leads_to_chat(keys)):
            self._chat = self._begin_chat()
        elif chat is not None and depth == chat.depth + 1:
            if keys[-1] in _CHAT_FIELDS:
                chat.fields[keys[-1]] = value
            elif keys[-1] == "messages" and name == "start_array":
                self._message_depth = depth + 1
                self.chats.append(chat)

    def _begin_chat(self) -> _ChatBuilder:
        place = ".".join([*self._keys, "messages", "item"])
        before = sum(chat.messages for chat in self.chats if chat.place == place)
        return _ChatBuilder(place=place, depth=len(self._keys), start=before)

    def _leave(self, depth: int) -> None:
        """Record the end of a message, of a chat's messages, or of a chat."""
        chat = self._chat
        if chat is None:
            return
        if self._message_depth and depth == self._message_depth:
            chat.note_message(self._message)
            self._message.clear()
        elif self._message_depth and depth < self._message_depth:
            self._message_depth, chat.complete = 0, True
        elif depth == chat.depth:
            self._chat = None


def _leads_to_chat(keys: Sequence[str]) -> bool:
    """Return whether a path leads to a chat of an account."""
    return len(keys) == 3 and keys[0] in _LISTS and keys[1:] == ["list", "item"]
