"""A JSON export as a `Source`: one chat of it, read as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from db import PostedAt
from db.channels import read_channel_name
from db.identity import Told
from ingest.files import ExportPath
from ingest.sources import ReadOptions, Source, SourceFile
from ingest.tdl.source import FORMAT as TDL_FORMAT
from ingest.tdl.source import is_tdl, read_tdl
from ingest.telegram_json.message import ChatContext, ReadMessage, Undated, read_message
from ingest.telegram_json.parsing import read_values, until
from ingest.telegram_json.repair import repaired_blocks
from ingest.telegram_json.scan import UNKNOWN, Chat, Damage, ExportScan, scan_export
from model.errors import SourceError
from model.messages import Code
from model.posts import BadMessage, Channel, Post

FORMAT = "telegram-json"

# All other types are conversations, which are never read of an account. A basic group is read if it
# is named: no other export has the history of before its move to a supergroup.
_CHANNELS = ("channel", "supergroup")
_GROUP = "group"
_CONVERSATIONS = ("personal_chat", "bot_chat")
_SAVED_MESSAGES = "Saved messages"
_DELETED = "Deleted Account"
# Before 2.7.2 the bits above 32 of a channel's number held its kind.
_OLD_SHIFT = 2**33
_NAMED_AT_ONCE = 10
_CHANGED = "The file was changed while it was being read; import it again."
_NO_DATE = "Nothing in the export says when the message was posted."


def open_json_export(path: ExportPath, *, channel: str | None = None) -> Source:
    """Open `result.json`: a single chat, or the named one of an account.

    An account export contains private conversations: only the requested channel is read.

    Args:
        path: The file.
        channel: A channel's number or title; required for an account with several.

    Raises:
        SourceError: It is not an export, or it is unknown which chat is meant.
    """
    found = scan_export(partial(_blocks, path))
    chat = _choose(path, found, channel)
    if is_tdl(chat):
        return _open_tdl(path, found, chat)
    if chat.newest is None:
        raise SourceError(Code.NO_MESSAGES, path=path)
    return Source(
        format=FORMAT,
        path=path,
        channel=Channel(title=_title(chat), telegram_id=_telegram_id(chat)),
        files=(
            SourceFile(path=path, message_ids=chat.message_ids, times=partial(_read_times, chat)),
        ),
        as_of=chat.newest,
        total=chat.messages,
        # An account export may hold only the user's own messages of somebody else's channel.
        whole=found.damage is None and not found.whole_account,
        zoned=chat.zoned,
        read=partial(_read, path, found, chat),
    )


def _open_tdl(path: ExportPath, found: ExportScan, chat: Chat) -> Source:
    if chat.newest is None:
        code = Code.TDL_WITHOUT_CONTENT if chat.messages else Code.NO_MESSAGES
        raise SourceError(code, path=path)
    return Source(
        format=TDL_FORMAT,
        path=path,
        channel=Channel(title="", telegram_id=chat.number),
        files=(
            SourceFile(path=path, message_ids=chat.message_ids, times=partial(_read_times, chat)),
        ),
        as_of=chat.newest,
        total=chat.messages,
        # It lacks service messages, and all that was not asked for.
        whole=False,
        zoned=True,
        read=partial(_read_tdl_file, path, found),
    )


def _read_tdl_file(
    path: ExportPath, found: ExportScan, options: ReadOptions
) -> Iterator[Post | BadMessage]:
    if path in options.skip:
        return
    yield from read_tdl(_sound_blocks(path, found), file=path.name)
    if found.damage is not None:
        yield _say_damage(found.damage, file=path.name)


def _sound_blocks(path: ExportPath, found: ExportScan) -> Iterator[bytes]:
    blocks = _blocks(path)
    return blocks if found.damage is None else until(blocks, found.damage.offset)


def _read_times(chat: Chat) -> Iterator[Told]:
    for message_id, seconds in zip(chat.message_ids, chat.posted, strict=True):
        yield message_id, partial(_read_time, seconds)


def _read_time(seconds: int) -> PostedAt | None:
    return None if seconds == UNKNOWN else PostedAt(datetime.fromtimestamp(seconds, UTC))


def _blocks(path: ExportPath) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from repaired_blocks(file)


def _choose(path: ExportPath, found: ExportScan, channel: str | None) -> Chat:
    """Return the chat meant."""
    chats = [chat for chat in found.chats if chat.kind or chat.number]
    if not chats:
        if found.damage is None:
            raise SourceError(Code.OTHER_JSON, path=path)
        place = found.damage
        raise SourceError(Code.BROKEN_JSON, path=path, line=place.line, column=place.column)
    channels = [chat for chat in chats if chat.kind.endswith(_CHANNELS)]
    if not found.whole_account:
        if channels or is_tdl(chats[0]) or (channel is not None and _is_meant(chats[0], channel)):
            return chats[0]
        raise SourceError(Code.PRIVATE_CHAT, path=path, title=_title(chats[0]))
    groups = [chat for chat in chats if chat.kind.endswith(_GROUP) and chat not in channels]
    named = [chat for chat in (*channels, *groups) if channel and _is_meant(chat, channel)]
    meant = [chat for chat in named if chat in channels] or named
    if len(meant) == 1:
        return meant[0]
    raise SourceError(Code.ACCOUNT, path=path, names=_list_chats(meant or [*channels, *groups]))


def _is_meant(chat: Chat, channel: str) -> bool:
    username, telegram_id = read_channel_name(channel)
    if telegram_id is not None:
        return telegram_id == _telegram_id(chat)
    return (username or channel).strip().casefold() == _title(chat).casefold()


def _list_chats(chats: Sequence[Chat]) -> str:
    named = [f"{_title(chat)} ({_telegram_id(chat)})" for chat in chats[:_NAMED_AT_ONCE]]
    return ", ".join([*named, *(["…"] if len(chats) > _NAMED_AT_ONCE else [])]) or "—"


def _title(chat: Chat) -> str:
    if chat.kind == "saved_messages":
        return _SAVED_MESSAGES
    title = (chat.title or "").strip()
    if title:
        return title
    # Only people lose their names with their accounts.
    is_person = chat.number is None or chat.kind in _CONVERSATIONS
    return _DELETED if is_person else str(_telegram_id(chat))


def _telegram_id(chat: Chat) -> int | None:
    if chat.number is None:
        return None
    is_old = not chat.zoned and chat.number > _OLD_SHIFT
    return chat.number - _OLD_SHIFT if is_old else chat.number


def _read(
    path: ExportPath,
    found: ExportScan,
    chat: Chat,
    options: ReadOptions,
) -> Iterator[Post | BadMessage]:
    if path in options.skip:
        return
    context = ChatContext(
        file=path.name,
        title=_title(chat),
        telegram_id=_telegram_id(chat),
        in_channel=chat.kind.endswith("channel"),
        zone=options.zone,
    )
    yield from _date_all(_read_entries(path, found, chat, context), file=path.name)
    if found.damage is not None and not (found.whole_account and chat.complete):
        yield _say_damage(found.damage, file=path.name)


def _read_entries(
    path: ExportPath, found: ExportScan, chat: Chat, context: ChatContext
) -> Iterator[ReadMessage]:
    values = islice(
        read_values(_sound_blocks(path, found), chat.place), chat.start, chat.start + chat.messages
    )
    read = 0
    for value in values:
        yield read_message(value, index=read, chat=context)
        read += 1
    if read < chat.messages and found.damage is None:
        yield BadMessage(file=path.name, anchor="", reason=_CHANGED, rest_lost=True)


def _date_all(readings: Iterator[ReadMessage], *, file: str) -> Iterator[Post | BadMessage]:
    """Give undated messages the date of the message before, or else after them."""
    waiting: list[Undated] = []
    posted_at = None
    for reading in readings:
        if isinstance(reading, Undated):
            if posted_at is None:
                waiting.append(reading)
            else:
                yield reading.at(posted_at)
            continue
        if isinstance(reading, Post):
            posted_at = reading.posted_at
            yield from (undated.at(posted_at) for undated in waiting)
            waiting.clear()
        yield reading
    for undated in waiting:
        yield BadMessage(file=file, anchor=f"message{undated.message_id}", reason=_NO_DATE)


def _say_damage(damage: Damage, *, file: str) -> BadMessage:
    reason = (
        "The file breaks off here; export the channel again to get the rest."
        if damage.truncated
        else "The file is damaged here and what follows was not read; export the channel again."
    )
    place = f"line {damage.line}, column {damage.column}"
    return BadMessage(file=file, anchor=place, reason=reason, rest_lost=True)
