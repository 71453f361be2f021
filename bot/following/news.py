"""Puts new and changed posts to the searches that people follow: blocking, so for a thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.services import Services

if TYPE_CHECKING:
    from db import SavedSearch
    from model.posts import ArchivedPost

_BATCH = 500

_Posts = list[tuple[int, int]]
"""Keys of posts, and the numbers of their changes."""


def note_news(services: Services, *, upto: int) -> bool:
    """Note which posts match what people follow; tell whether any does.

    `upto` is the change up to which the index has come: its words are those of later posts only
    when it has seen them.

    Raises:
        LetopisError: the archive, the index or the bot's own file cannot be used.
    """
    saved = services.bot_store.saved
    searches = [_at_home(search, services, upto=upto) for search in saved.all()]
    seq = min((search.seq for search in searches), default=upto)
    is_found = False
    for batch in _batches(services, seq, upto=upto):
        found = _found(batch, searches, services)
        services.bot_store.alerts.note(found, upto=batch[-1].seq, now=services.clock())
        is_found = is_found or bool(found)
    return is_found


def _at_home(search: SavedSearch, services: Services, *, upto: int) -> SavedSearch:
    """Begin anew with a search that has looked through another archive, or a later copy of this."""
    archive_id = services.store.archive_id
    if search.archive_id == archive_id and search.seq <= services.store.last_seq():
        return search
    known = services.searcher.matching(search.query)
    saved = services.bot_store.saved
    saved.begin_anew(search.saved_search_id, archive_id=archive_id, seq=upto, known=known)
    return saved.find(search.saved_search_id) or search


def _batches(services: Services, seq: int, *, upto: int) -> Iterator[Sequence[ArchivedPost]]:
    while seq < upto:
        changed = services.store.changed_since(seq, limit=_BATCH)
        batch = [archived for archived in changed if archived.seq <= upto]
        if not batch:
            return
        yield batch
        seq = batch[-1].seq


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
