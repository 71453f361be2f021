"""Channel identity: is an export of the channel that its title, or the caller, names?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from db import Comparison, OtherTime, PostStore, StoredChannel
from db.channels import has_mark, is_same_mark, read_channel_name
from ingest.files import ExportPath
from ingest.sources import Source, SourceFile
from model.clock import to_stamp
from model.errors import DoubtfulChat, OtherChat
from model.messages import Code
from model.posts import Channel

_FILES = 8


def find_others(
    store: PostStore,
    source: Source,
    meant: Channel,
    *,
    given: str | None,
    digests: Mapping[ExportPath, str],
) -> Collection[int]:
    """Return the keys of stored channels that an export is not of, although they seem to be meant.

    The same message id at another time proves that it is another chat. An export that has none of
    the stored posts in its range is doubtful.

    Args:
        store: The archive.
        source: The export.
        meant: The channel, as the export and the caller name it.
        given: What a person named, if anything; it settles a doubt, but not against proof.
        digests: SHA-256 of the files; files known from the same channel are not compared.

    Raises:
        OtherChat: It is another chat than the channel named.
        DoubtfulChat: It may be another chat, and no person has named the channel.
    """
    found = {
        each.channel_id: (each, _compare(store, each, source, digests))
        for each in store.find_candidates(meant)
    }
    agreeing = {
        key for key, (_, compared) in found.items() if compared.agreeing and not compared.conflicts
    }
    if agreeing:
        return found.keys() - agreeing
    named = {each.channel_id for each in store.find_channels(given)} if given else set()
    named |= {key for key, (each, _) in found.items() if is_same_mark(each.channel, meant)}
    others = {key for key, (_, compared) in found.items() if compared.conflicts}
    doubtful = {
        key
        for key, (_, compared) in found.items()
        if compared.is_doubtful and key not in named | others
    }
    for key in others:
        if key in named or (len(others) == len(found) and not has_mark(meant)):
            each, compared = found[key]
            raise _refuse(each, source, compared.conflicts)
    if doubtful and len(doubtful) + len(others) == len(found):
        if not any(read_channel_name(given or "")):
            each, compared = found[min(doubtful)]
            raise _doubt(each, source, compared)
        others |= doubtful
    return others


def _compare(
    store: PostStore,
    stored: StoredChannel,
    source: Source,
    digests: Mapping[ExportPath, str],
) -> Comparison:
    known = store.files_of_channel(stored.channel_id, digests.values())
    unknown = [file for file in source.files if digests[file.path] not in known]
    compared_files = _choose_files(unknown, store.id_range(stored.channel_id))
    times = chain.from_iterable(file.times() for file in compared_files)
    compared = store.compare_times(stored.channel_id, times)
    return replace(compared, agreeing=compared.agreeing + len(source.files) - len(unknown))


def _choose_files(
    files: Sequence[SourceFile], known: tuple[int, int] | None
) -> Sequence[SourceFile]:
    """Return the files to compare: the first, the last, and some with numbers in a range."""
    if known is None:
        return ()
    first, last = known
    inside = [
        file
        for file in files
        if file.message_ids and min(file.message_ids) <= last and max(file.message_ids) >= first
    ]
    chosen = [*files[:1], *inside[:: len(inside) // _FILES + 1], *files[-1:]]
    keys = {id(file) for file in chosen}
    return [file for file in files if id(file) in keys]


def _refuse(stored: StoredChannel, source: Source, conflicts: Sequence[OtherTime]) -> OtherChat:
    first = conflicts[0]
    return OtherChat(
        Code.OTHER_CHAT,
        path=source.path,
        title=stored.channel.title,
        message_id=first.message_id,
        told=to_stamp(first.told),
        known=to_stamp(first.known),
        number=len(conflicts),
    )


def _doubt(stored: StoredChannel, source: Source, compared: Comparison) -> DoubtfulChat:
    return DoubtfulChat(
        Code.DOUBTFUL_CHAT if compared.known else Code.DISORDERED_CHAT,
        path=source.path,
        title=stored.channel.title,
        number=compared.known,
        same=stored.channel.handle or stored.channel.title,
    )
