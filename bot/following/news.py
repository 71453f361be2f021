"""Puts new and changed posts to the searches that people follow: blocking, so for a thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services import Services

if TYPE_CHECKING:
    from db import SavedSearch
    from model.posts import ArchivedPost

_BATCH = 500
_BATCHES = 4
"""In one go: then the index has its turn, for a post that has come meanwhile."""

_Posts = list[tuple[int, int]]
"""Keys of posts, and the numbers of their changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Up to which change it was looked, and whether anything was found."""

    upto: int
    is_found: bool


def note_news(services: Services, *, upto: int, goes_on: Callable[[], bool] = lambda: True) -> Look:
    """Note which posts match what people follow, of a big import not all in one go.

    `upto` is the change up to which the index has come: its words are those of later posts only
    when it has seen them. `goes_on` is asked now and then: the program may be about to end.

    Raises:
        LetopisError: the archive, the index or the bot's own file cannot be used.
    """
    last = services.store.last_seq()
    searches = [
        search
        if search.archive_id == services.store.archive_id and search.seq <= last
        else _begun_anew(search, services, upto=upto)
        for search in services.bot_store.saved.all()
    ]
    seq = min((search.seq for search in searches), default=upto)
    is_found = False
    for _ in range(_BATCHES):
        if not goes_on():
            break
        batch = _batch(services, seq, upto=upto)
        if not batch:
            return Look(upto=upto, is_found=is_found)
        found = _found(batch, searches, services)
        seq = batch[-1].seq
        services.bot_store.alerts.note(found, upto=seq, now=services.clock())
        is_found = is_found or bool(found)
    return Look(upto=seq, is_found=is_found)


def _begun_anew(search: SavedSearch, services: Services, *, upto: int) -> SavedSearch:
    """Begin anew with a search that has looked through another archive, or a later state of this.

    What matches by now is no news.
    """
    archive_id = services.store.archive_id
    known = services.searcher.matching(search.query)
    saved = services.bot_store.saved
    saved.begin_anew(search.saved_search_id, archive_id=archive_id, seq=upto, known=known)
    return saved.find(search.saved_search_id) or search


def _batch(services: Services, seq: int, *, upto: int) -> Sequence[ArchivedPost]:
    if seq >= upto:
        return ()
    changed = services.store.changed_since(seq, limit=_BATCH)
    return [archived for archived in changed if archived.seq <= upto]


def _found(
    batch: Sequence[ArchivedPost], searches: Iterable[SavedSearch], services: Services
) -> Mapping[int, _Posts]:
    """Return what each search finds among posts that have changed since it last looked."""
    handful = services.searcher.gather(batch)
    seqs = {archived.post_id: archived.seq for archived in batch}
    found: dict[int, _Posts] = {}
    for query, alike in _by_query(searches).items():
        matching = sorted(services.searcher.matching(query, among=handful))
        for search in alike:
            fresh = [(post, seqs[post]) for post in matching if seqs[post] > search.seq]
            if fresh:
                found[search.saved_search_id] = fresh
    return found


def _by_query(searches: Iterable[SavedSearch]) -> Mapping[str, Sequence[SavedSearch]]:
    grouped: defaultdict[str, list[SavedSearch]] = defaultdict(list)
    for search in searches:
        grouped[search.query].append(search)
    return grouped
