"""Loads what an alert shows and composes it; blocking, so run it in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.alerts.alert_view import SearchMatches, bundle_alert, digest_page, single_alert
from bot.results.channels import channel_names
from bot.results.query import entry_of
from bot.services import Services
from i18n import Locale

if TYPE_CHECKING:
    from bot.message.message import OutgoingMessage
    from db.bot_alerts import ClaimedMatches

_SHOWN = 5
WEEK = timedelta(days=7)


def compose_single(
    claimed: Sequence[ClaimedMatches], services: Services, locale: Locale
) -> OutgoingMessage | None:
    """Return the alert for one post found by saved searches; `None` if it is gone.

    Raises:
        LetopisError: The archive or the index cannot be read.
    """
    first = claimed[0]
    hits = services.searcher.hits(first.search.query, first.post_ids)
    if not hits:
        return None
    entry = entry_of(hits[0], channel_names(services))
    return single_alert(entry, [each.search for each in claimed], locale)


def compose_bundle(
    claimed: Sequence[ClaimedMatches], services: Services, locale: Locale
) -> OutgoingMessage:
    """Return the alert for all waiting matches of saved searches.

    Raises:
        LetopisError: The archive cannot be read.
    """
    matches = [
        SearchMatches(
            search=each.search,
            since=each.since,
            posts=len(each.post_ids),
            shown=services.store.get(each.post_ids[:_SHOWN]),
        )
        for each in claimed
    ]
    posts = {post_id for each in claimed for post_id in each.post_ids}
    return bundle_alert(matches, len(posts), channel_names(services), locale)


def compose_digest(
    last: datetime, services: Services, locale: Locale, *, is_wanted: bool
) -> OutgoingMessage:
    """Return the digest of the seven days before a moment.

    Raises:
        LetopisError: The archive cannot be read.
    """
    first = last - WEEK
    stats = services.store.period(first, last)
    return digest_page(
        stats,
        first,
        last,
        channels=channel_names(services),
        is_wanted=is_wanted,
        locale=locale,
    )
