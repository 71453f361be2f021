"""Which channel an export belongs to if it only has a title."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.transport.chat_ids import telegram_id_of
from db import StoredChannel
from db.bot_live import LiveChannel
from db.channels import read_channel_name
from model.posts import Channel

_SHOWN = 8


class CandidateKind(IntEnum):
    """Where a candidate channel is known from; buttons carry the number."""

    NEW = 0
    ARCHIVE = 1
    LIVE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A channel to choose from: `key` is the archive's key, or the id of a live channel.

    `mark` is its @name or id, if known; `fits` means that it has the export's title.
    """

    kind: CandidateKind
    key: int
    title: str
    mark: str
    fits: bool

    @property
    def as_argument(self) -> str:
        """Return the channel in the form `run_import` takes; empty means "by title"."""
        return self.mark or ("" if self.kind is CandidateKind.NEW else self.title)


def find_candidates(
    title: str,
    *,
    stored: Sequence[StoredChannel],
    titled: Collection[int],
    live: Sequence[LiveChannel],
) -> Sequence[Candidate]:
    """Return the channels to choose from, fitting ones first.

    Args:
        title: The export's title.
        stored: The channels in the archive.
        titled: The keys of channels that have or had this title.
        live: The channels archived live.
    """
    known = {each.channel.telegram_id for each in stored}
    found = [
        Candidate(
            kind=CandidateKind.ARCHIVE,
            key=each.channel_id,
            title=each.channel.title,
            mark=_mark(each.channel),
            fits=each.channel_id in titled,
        )
        for each in stored
    ]
    found += [
        Candidate(
            kind=CandidateKind.LIVE,
            key=telegram_id_of(each.chat_id),
            title=each.title,
            mark=str(telegram_id_of(each.chat_id)),
            fits=each.title.strip().casefold() == title.strip().casefold(),
        )
        for each in live
        if telegram_id_of(each.chat_id) not in known
    ]
    found.sort(key=lambda candidate: not candidate.fits)
    if not any(candidate.fits for candidate in found):
        found.insert(0, Candidate(kind=CandidateKind.NEW, key=0, title=title, mark="", fits=True))
    return found[:_SHOWN]


def only_fitting(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the fitting channel if there is exactly one."""
    fitting = [each for each in candidates if each.fits and each.kind is not CandidateKind.NEW]
    return fitting[0] if len(fitting) == 1 else None


def parse_channel(text: str) -> str | None:
    """Parse `@name`, an address or an id into the form `run_import` takes."""
    username, telegram_id = read_channel_name(text)
    if username:
        return f"@{username}"
    return None if telegram_id is None else str(telegram_id)


def _mark(channel: Channel) -> str:
    if channel.username:
        return f"@{channel.username}"
    return "" if channel.telegram_id is None else str(channel.telegram_id)
