"""Finds code for a question that is given in its answers, or in the next post of its series."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.results.post_text import code_of
from bot.results.refinements import WITH_CODE, sort_of, toggled
from bot.services import Services
from bot.sessions import Listing, Session
from search import without_code

if TYPE_CHECKING:
    from model.posts import ArchivedPost

_QUESTIONS = 5
"""The best posts of the search without the condition, whose answers are looked at."""
_ANSWERS = 10
_MOST = 2
_SERIES = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAnswer:
    """A post with code, and the post without code that it belongs to."""

    archived: ArchivedPost
    question: ArchivedPost


def find_code_answers(
    session: Session, *, services: Services, besides: Collection[int]
) -> Sequence[CodeAnswer]:
    """Return posts with code for the best posts of a search for code that have none themselves.

    They need not have the words of the search; those `besides` which are on the page are left out.
    Nothing for other searches.
    """
    asked = _without_code(session)
    if asked is None:
        return ()
    hits = services.searcher.search(
        asked.query, limit=_QUESTIONS, sort=sort_of(asked), within=asked.filters
    ).hits
    found = {
        answer.archived.post_id: answer
        for answer in code_answers([hit.archived for hit in hits], services)
        if answer.archived.post_id not in besides
    }
    return list(found.values())[:_MOST]


def code_answers(questions: Iterable[ArchivedPost], services: Services) -> Iterator[CodeAnswer]:
    """Yield the code in the answers to those of the posts that have none."""
    for question in questions:
        if not code_of(question.post):
            for answer in _code_after(question, services):
                yield CodeAnswer(archived=answer, question=question)


def _without_code(session: Session) -> Session | None:
    """Return a search for code without that condition; `None` for other searches."""
    query = without_code(session.query)
    asked = toggled(replace(session, query=query), WITH_CODE, is_on=False)
    is_for_code = session.listing is Listing.CODE or asked != session
    return asked if is_for_code and query else None


def _code_after(question: ArchivedPost, services: Services) -> Iterator[ArchivedPost]:
    """Yield the answers with code, and the next post if it goes on with code."""
    thread = services.store.thread(question)
    for answer in services.store.get(thread.answers[:_ANSWERS]):
        if code_of(answer.post):
            yield answer
    for following in services.store.get([thread.next] if thread.next else []):
        if _goes_on(question, following) and code_of(following.post):
            yield following


def _goes_on(question: ArchivedPost, following: ArchivedPost) -> bool:
    """Return whether the next post is of the same series: soon after, and no subject of its own."""
    post = following.post
    is_soon = post.posted_at - question.post.posted_at <= _SERIES
    return is_soon and not post.hashtags and post.forward is None and post.reply_to is None
