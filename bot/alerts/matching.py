"""Matches new and changed posts against saved searches; blocking, so run it in a thread."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services import Services

if TYPE_CHECKING:
    from db.bot_saved import SavedSearch

_FEW = 500
"""Up to this many posts are matched in memory; for more, the index is queried."""

_Matching = Callable[[str], frozenset[int]]
_Posts = list[tuple[int, int]]
"""Keys of posts, and the numbers of their changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResult:
    """The last change that was matched, and whether anything was found."""

    upto: int
    is_found: bool


def record_matches(
    services: Services, *, upto: int, should_continue: Callable[[], bool] = lambda: True
) -> MatchResult:
    """Record which posts match saved searches.

    `upto` is the last indexed change: the index must know the words of the posts to match.
    `should_continue` is polled, so that the program can end in between.

    Raises:
        LetopisError: The archive, the index or the bot's own file cannot be used.
    """
    last = services.store.last_seq()
    searches = [
        search
        if search.archive_id == services.store.archive_id and search.seq <= last
        else _restarted(search, services, upto=upto)
        for search in services.bot_store.saved.all()
    ]
    seq = min((search.seq for search in searches), default=upto)
    changes = services.store.changes(seq, upto=upto)
    if not changes:
        return MatchResult(upto=upto, is_found=False)
    matching = _matching_among(changes, services)
    found: dict[int, _Posts] = {}
    for query, alike in _by_query(searches).items():
        if not should_continue():
            return MatchResult(upto=seq, is_found=False)
        matches = sorted(changes.keys() & matching(query))
        for search in alike:
            fresh = [(post, changes[post]) for post in matches if changes[post] > search.seq]
            if fresh:
                found[search.saved_search_id] = fresh
    services.bot_store.alerts.note(found, upto=upto, now=services.clock())
    return MatchResult(upto=upto, is_found=bool(found))


def _matching_among(changes: Collection[int], services: Services) -> _Matching:
    """Return a function that finds the matches of a query, complete for these posts."""
    searcher = services.searcher
    if len(changes) > _FEW:
        return searcher.matching
    in_memory = searcher.in_memory(services.store.get(tuple(changes)))
    return functools.partial(searcher.matching, among=in_memory)


def _restarted(search: SavedSearch, services: Services, *, upto: int) -> SavedSearch:
    """Restart a saved search that was last matched against another or a later archive.

    Current matches do not count as new.
    """
    archive_id = services.store.archive_id
    known = services.searcher.matching(search.query)
    saved = services.bot_store.saved
    saved.restart(search.saved_search_id, archive_id=archive_id, seq=upto, known=known)
    return saved.find(search.saved_search_id) or search


def _by_query(searches: Iterable[SavedSearch]) -> Mapping[str, Sequence[SavedSearch]]:
    grouped: defaultdict[str, list[SavedSearch]] = defaultdict(list)
    for search in searches:
        grouped[search.query].append(search)
    return grouped
