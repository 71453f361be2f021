"""Channels that a person names: for an export in doubt, and for the archive afterwards."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from letopis.languages import terminal_texts, worded
from letopis.output import ask, complain, say
from model.errors import ChannelError, DoubtfulChat, LetopisError, SourceError, UsageError
from model.messages import Code
from model.posts import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from db import PostStore, StoredChannel
    from ingest import ImportReport

_SKIP = "-"
_UNNAMED = {Code.UNNAMED_CHANNEL, Code.SEVERAL_CHATS}


def import_or_ask(run: Callable[[str | None], ImportReport], channel: str | None) -> ImportReport:
    """Run an import; if its channel is doubtful or not named, ask at a terminal.

    Raises:
        DoubtfulChat: There is nobody to ask, or the file is to be skipped.
        SourceError: The same, for a source that does not name its channel.
    """
    try:
        return run(channel)
    except (DoubtfulChat, SourceError) as exc:
        is_open = isinstance(exc, DoubtfulChat) or (exc.reason in _UNNAMED and channel is None)
        if not is_open or not sys.stdin.isatty():
            raise
        answer = _ask(exc) or str(exc.message.fields.get("same", _SKIP))
        if answer == _SKIP:
            raise
        return run(answer)


def _ask(error: LetopisError) -> str:
    """Return what a person types about an export whose channel is in doubt."""
    complain(worded(error.message))
    words, fields = terminal_texts().terminal, error.message.fields
    is_doubt = "same" in fields
    question = words.ask_channel.format(title=fields["title"]) if is_doubt else words.ask_name
    return (ask(question) or _SKIP).strip()


def find_channels(store: PostStore, name: str) -> list[StoredChannel]:
    """Return the channels that a person means by a title, a @name or a number.

    Raises:
        UsageError: There is none.
    """
    found = list(store.find_channels(name))
    if not found:
        held = ", ".join(stored.channel.title for stored in store.channels())
        raise UsageError(Code.NO_CHANNEL, name=name, held=held or "—")
    return found


def name_channel(store: PostStore, name: str, mark: str, *, is_quiet: bool) -> StoredChannel:
    """Give a channel its @name or number, say so unless quiet, and return it.

    Of several with the title, it is the one that has neither.

    Raises:
        UsageError: There is no such channel, or the @name or number is invalid or taken.
    """
    from db.channels import has_mark, read_channel_name

    username, telegram_id = read_channel_name(mark)
    if username is None and telegram_id is None:
        raise ChannelError(Code.NO_CHANNEL_NAME, name=mark)
    found = find_channels(store, name)
    bare = [each for each in found if not has_mark(each.channel)]
    chosen = found if len(found) == 1 else bare
    if len(chosen) != 1:
        names = ", ".join(each.channel.handle or each.channel.title for each in found)
        raise ChannelError(Code.AMBIGUOUS_CHANNEL, title=name, names=names)
    store.name_channel(chosen[0], username=username, telegram_id=telegram_id)
    if not is_quiet:
        named = Channel(title="", username=username, telegram_id=telegram_id).handle
        words = terminal_texts().terminal.channel_named
        say(words.format(title=chosen[0].channel.title, mark=named))
    return chosen[0]
