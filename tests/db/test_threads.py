"""What belongs together with a post: what it answers, its answers, its album, its neighbours."""

from __future__ import annotations

from db import PostStore, Thread
from model.posts import PostKind
from tests.db.making import MORNING, a_channel, a_post, the_post


def test_a_post_leads_to_its_answers_and_neighbours(store: PostStore, channel_id: int) -> None:
    """Of its own channel, in order; service messages are passed over."""
    store.save(
        channel_id,
        [
            a_post(1),
            a_post(2, kind=PostKind.SERVICE),
            a_post(4, reply_to=1),
            a_post(6, reply_to=4),
            a_post(9, reply_to=1),
        ],
        as_of=MORNING,
    )
    other = store.resolve_channel(a_channel("Два"))
    store.save(other, [a_post(3), a_post(5, reply_to=1)], as_of=MORNING)

    found = [store.thread(the_post(store, channel_id, number)) for number in (1, 4, 9)]

    assert found == [
        Thread(answers=(3, 5), next=3),
        Thread(answered=1, answers=(4,), previous=1, next=4),
        Thread(answered=1, previous=4),
    ]


def test_an_album_counts_as_one_post(store: PostStore, channel_id: int) -> None:
    """An answer to one of its posts answers all, and a neighbour leads to the caption."""
    store.save(
        channel_id,
        [
            a_post(1),
            a_post(2, "", album_id="а"),
            a_post(3, "подпись", album_id="а"),
            a_post(4, "", album_id="а"),
            a_post(5, reply_to=2),
            a_post(6, "", album_id="б"),
            a_post(7, "", album_id="б"),
        ],
        as_of=MORNING,
    )

    found = [store.thread(the_post(store, channel_id, number)) for number in (1, 4, 5)]

    assert found == [
        Thread(next=3),
        Thread(answers=(5,), album=(2, 3, 4), previous=1, next=5),
        Thread(answered=2, previous=3, next=6),
    ]


def test_an_answer_to_a_post_that_is_not_archived_stands_alone(
    store: PostStore, channel_id: int
) -> None:
    """The post may be older than the export, or in another chat."""
    store.save(channel_id, [a_post(8, reply_to=7)], as_of=MORNING)

    assert store.thread(the_post(store, channel_id, 8)) == Thread()
