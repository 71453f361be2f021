"""An export of tdl, the command-line downloader, as a source.

It has the number of the chat and no title; of a message its number, and with `--with-content` its
date and its plain text. Media have a name and no kind.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.compose import compose_post
from ingest.rich_text import with_hashtags
from ingest.telegram_json.fields import JsonObject, as_object, integer_of, moment_of, string_of
from ingest.telegram_json.parsing import read_values
from ingest.telegram_json.scan import Chat
from model.posts import BadMessage, Media, MediaKind, Post

FORMAT = "tdl-json"
_PLACE = "messages.item"
_NO_NUMBER = "The message has no number."
_NO_DATE = "The message has no date."


def is_tdl(chat: Chat) -> bool:
    """Return whether a chat was written by tdl, which writes neither a title nor a type."""
    return not chat.kind and chat.title is None and chat.number is not None


def read_tdl(blocks: Iterator[bytes], *, file: str) -> Iterator[Post | BadMessage]:
    """Yield the messages, the newest first."""
    for index, value in enumerate(read_values(blocks, _PLACE)):
        message = as_object(value) or {}
        message_id = integer_of(message, "id")
        posted_at = moment_of(message, "date", zone=None)
        if message_id is None:
            yield BadMessage(file=file, anchor=f"messages[{index}]", reason=_NO_NUMBER)
        elif posted_at is None:
            yield BadMessage(file=file, anchor=f"message{message_id}", reason=_NO_DATE)
        else:
            yield compose_post(
                message_id=message_id,
                posted_at=posted_at,
                content=with_hashtags(string_of(message, "text") or "", []),
                media=tuple(_read_media(message)),
            )


def _read_media(message: JsonObject) -> Iterator[Media]:
    if name := string_of(message, "file"):
        yield Media(kind=MediaKind.OTHER, title=name)
