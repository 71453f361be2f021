"""Statistics of a period."""

from __future__ import annotations

from dataclasses import replace

from db import LikedPost, PostStore, TagCount
from model.posts import LanguageSource, PostKind, Reaction, Snippet, SnippetOrigin
from tests.db.making import MORNING, a_post, day

_BLOCK = Snippet(origin=SnippetOrigin.PRE, code="a = 1", start=0, end=5)
_WORD = Snippet(origin=SnippetOrigin.INLINE, code="a", start=0, end=1)
_KNOWN = replace(_WORD, language="python", language_source=LanguageSource.RULES)


def _hearts(*counts: int) -> tuple[Reaction, ...]:
    return tuple(Reaction(emoji=str(number), count=count) for number, count in enumerate(counts))


def test_the_posts_of_a_week_are_counted(store: PostStore, channel_id: int) -> None:
    """Posts from the first moment up to the last, by code, tags and reactions."""
    posts = [
        replace(a_post(1, "Рано", hashtags=("early",)), posted_at=MORNING),
        replace(a_post(2, "Код", hashtags=("b", "a"), snippets=(_BLOCK,)), posted_at=day(1)),
        replace(a_post(3, "Слово", hashtags=("b",), reactions=_hearts(3, 4)), posted_at=day(2)),
        replace(a_post(4, "Имя", snippets=(_WORD,), reactions=_hearts(9)), posted_at=day(3)),
        replace(a_post(5, "Язык", snippets=(_KNOWN,), reactions=_hearts(1)), posted_at=day(3)),
        replace(a_post(6, "Служба", kind=PostKind.SERVICE), posted_at=day(3)),
        replace(a_post(7, "Поздно", reactions=_hearts(99)), posted_at=day(8)),
    ]
    store.save(channel_id, posts, as_of=MORNING)

    week = store.period(day(1), day(8), tags=2, best=2)

    assert (week.posts, week.with_code) == (4, 2)
    assert week.tags == (TagCount(tag="b", posts=2), TagCount(tag="a", posts=1))
    found = {archived.post.message_id: archived for archived in store.newest(limit=9)}
    assert week.best == (
        LikedPost(archived=found[4], reactions=9),
        LikedPost(archived=found[3], reactions=7),
    )
    assert week.latest == (found[5], found[2])


def test_an_empty_week_is_empty(store: PostStore) -> None:
    """Nothing was posted, nothing is counted."""
    week = store.period(MORNING, day(7))

    assert (week.posts, week.with_code, week.tags, week.best, week.latest) == (0, 0, (), (), ())
