"""Finds code for a question that is given in its answers, or in the next post of its series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def find_code_answers(session: Session, services: Services) -> Sequence[CodeAnswer]:
    """Return the code in the answers to the posts that a search for code leaves out.

    These are the best posts with all its words, or the best one if none has them all. Nothing for
    other searches.
    """
    asked = _without_code(session)
    if asked is None:
        return ()
    found = services.searcher.search(
        asked.query, limit=_QUESTIONS, sort=sort_of(asked), within=asked.filters
    )
    questions = [hit.archived for hit in found.hits[: max(found.complete, 1)]]
    return code_answers(questions, services)[:_MOST]


def code_answers(questions: Sequence[ArchivedPost], services: Services) -> Sequence[CodeAnswer]:
    """Return the code in the answers to those of the posts that have none, each post once."""
    answers = {
        answer.post_id: CodeAnswer(archived=answer, question=question)
        for question in reversed(questions)
        if not code_of(question.post)
        for answer in reversed([*_code_after(question, services)])
    }
    return tuple(reversed(answers.values()))


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
