"""Posts are saved once, changed when something is learned, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from time import thread_time

import pytest

from db import PostStore, SaveResult, TextEdit
from model.errors import OtherChat
from model.posts import (
    LanguageSource,
    Link,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    Precision,
    Reaction,
)
from model.rich_text import RichText, SpanKind
from tests.db.making import MORNING, a_channel, a_post, a_snippet, a_span, day, the_post


def test_new_posts_are_added_in_order(store: PostStore, channel_id: int) -> None:
    """New posts take the next numbers, as keys and as changes."""
    saved = store.save(channel_id, [a_post(5), a_post(-1), a_post(3)], as_of=MORNING)

    assert saved == SaveResult(added=(5, -1, 3))
    assert [(each.post_id, each.seq) for each in store.changed_since(0)] == [(1, 1), (2, 2), (3, 3)]
    assert store.last_seq() == 3


def test_post_with_another_time_of_posting_is_refused(store: PostStore, channel_id: int) -> None:
    """It is of another chat, whose posts are not written; a day alone proves nothing."""
    store.save(channel_id, [a_post(1)], as_of=MORNING)
    last = store.last_seq()
    other = a_post(1, "Другое", posted_at=day(3))

    for batch in ([a_post(2), other], [a_post(3), a_post(3, posted_at=day(9))]):
        with pytest.raises(OtherChat, match=r"told=2024-03-1"):
            store.save(channel_id, batch, as_of=day(1))

    assert store.last_seq() == last
    on_a_day = replace(other, precision=Precision.DAY)
    assert store.save(channel_id, [on_a_day], as_of=day(1)).changed == (1,)


def test_an_empty_batch_changes_nothing(store: PostStore, channel_id: int) -> None:
    """An empty batch changes nothing."""
    assert store.save(channel_id, [], as_of=MORNING) == SaveResult()
    assert store.last_seq() == 0


def test_the_same_posts_again_change_nothing(store: PostStore, channel_id: int) -> None:
    """Posts that come again as they are known are skipped, from however recent a source."""
    batch = [a_post(1), a_post(2)]
    store.save(channel_id, batch, as_of=MORNING)

    for as_of in (MORNING, day(1), day(-1)):
        assert store.save(channel_id, batch, as_of=as_of) == SaveResult(unchanged=2)
    assert store.last_seq() == 2


def test_a_changed_post_takes_the_next_number(store: PostStore, channel_id: int) -> None:
    """A change moves a post to the end of the changes, under its old key."""
    store.save(channel_id, [a_post(1, "было"), a_post(2)], as_of=MORNING)

    saved = store.save(channel_id, [a_post(1, "стало"), a_post(2)], as_of=day(1))

    edit = TextEdit(message_id=1, old="было", new="стало")
    assert saved == SaveResult(changed=(1,), edits=(edit,), unchanged=1)
    archived = the_post(store, channel_id)
    assert (archived.post_id, archived.seq, archived.post.text) == (1, 3, "стало")
    assert [each.post_id for each in store.changed_since(0)] == [2, 1]
    assert [store.changes(0, upto=2), store.changes(2, upto=3)] == [{2: 2}, {1: 3}]


def test_an_edited_text_is_kept_as_a_version(store: PostStore, channel_id: int) -> None:
    """The earlier words and their formatting can be read on."""
    bold = a_span(SpanKind.BOLD, 0, 4)
    store.save(channel_id, [a_post(1, "было", bold)], as_of=MORNING)
    store.save(channel_id, [a_post(1, "было", bold)], as_of=day(1))
    store.save(channel_id, [a_post(1, "стало")], as_of=day(2))
    store.save(channel_id, [a_post(1, "станет")], as_of=day(3))

    versions = store.versions(the_post(store, channel_id).post_id)

    assert [(each.content, each.as_of) for each in versions] == [
        (RichText("было", (bold,)), day(1)),
        (RichText("стало"), day(2)),
    ]
    assert store.versions(999) == ()


def test_sources_may_come_in_any_order(store: PostStore) -> None:
    """The newest source has the last word, whenever it is taken in."""
    sources = [(day(1), "раз"), (day(2), "два"), (day(3), "три")]
    for order in permutations(sources):
        channel_id = store.resolve_channel(a_channel(str(order)))
        for as_of, text in order:
            store.save(channel_id, [a_post(1, text)], as_of=as_of)

        archived = the_post(store, channel_id)
        assert archived.post.text == "три"
        assert {each.content.text for each in store.versions(archived.post_id)} == {"раз", "два"}


def test_an_older_source_adds_history_only(store: PostStore, channel_id: int) -> None:
    """An older text is a change of the post's history, which the index learns, and of no more."""
    store.save(channel_id, [a_post(1, "стало")], as_of=day(2))
    before = the_post(store, channel_id)

    saved = store.save(channel_id, [a_post(1, "было")], as_of=day(1))
    again = store.save(channel_id, [a_post(1, "было")], as_of=day(1))

    edit = TextEdit(message_id=1, old="было", new="стало")
    assert (saved, again) == (SaveResult(changed=(1,), edits=(edit,)), SaveResult(unchanged=1))
    assert not before.edited
    assert the_post(store, channel_id) == replace(before, seq=2, edited=True)
    assert [each.as_of for each in store.versions(before.post_id)] == [day(1)]


def test_a_newer_source_with_the_same_text_protects_it(store: PostStore, channel_id: int) -> None:
    """A text that a newer source confirms is not turned by one from between."""
    store.save(channel_id, [a_post(1, "верно")], as_of=day(1))
    store.save(channel_id, [a_post(1, "верно")], as_of=day(3))

    store.save(channel_id, [a_post(1, "иначе")], as_of=day(2))

    assert the_post(store, channel_id).post.text == "верно"


def test_a_source_that_knows_less_confirms_too(store: PostStore, channel_id: int) -> None:
    """A newer source without the author brings no news, but says how recent the text is."""
    store.save(channel_id, [a_post(1, "верно", author="Автор")], as_of=day(1))

    saved = store.save(channel_id, [a_post(1, "верно")], as_of=day(3))
    again = store.save(channel_id, [a_post(1, "верно")], as_of=day(3))
    store.save(channel_id, [a_post(1, "иначе")], as_of=day(2))

    assert (saved, again) == (SaveResult(unchanged=1), SaveResult(unchanged=1))
    assert the_post(store, channel_id).post == a_post(1, "верно", author="Автор")


def test_an_older_source_may_fill_in(store: PostStore, channel_id: int) -> None:
    """What only the older source knows is learned, and is a change."""
    store.save(channel_id, [a_post(1, "верно")], as_of=day(2))

    saved = store.save(channel_id, [a_post(1, "верно", author="Автор")], as_of=day(1))

    assert saved == SaveResult(changed=(1,))
    assert the_post(store, channel_id).post.author == "Автор"


_TAGGED = a_post(1, hashtags=("a", "b"))
_CODED = a_post(1, snippets=(a_snippet("x", "python", source=LanguageSource.LABEL), a_snippet("y")))
_LINKED = a_post(1, links=(Link(url="https://a.example/", host="a.example", text="a"),))
_SHOWN = a_post(1, media=(Media(kind=MediaKind.PHOTO, path="a.jpg"),))
_LIKED = a_post(1, reactions=(Reaction(emoji="👍", count=1),))
_ASKED = a_post(1, poll=Poll(question="?", answers=(PollAnswer(text="да", voters=1),)))


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        pytest.param(_TAGGED, replace(_TAGGED, hashtags=("b", "c")), id="tags"),
        pytest.param(_CODED, replace(_CODED, snippets=(a_snippet("y", "sql"),)), id="snippets"),
        pytest.param(_LINKED, replace(_LINKED, links=()), id="links"),
        pytest.param(_SHOWN, replace(_SHOWN, media=_SHOWN.media * 2), id="media"),
        pytest.param(
            _LIKED, replace(_LIKED, reactions=(Reaction(emoji="👍", count=2),)), id="reactions"
        ),
        pytest.param(
            _ASKED,
            replace(_ASKED, poll=replace(_ASKED.poll, question="??")),  # type: ignore[type-var]
            id="a question with the same answers",
        ),
        pytest.param(_ASKED, replace(_ASKED, poll=Poll(question="?")), id="answers"),
    ],
)
def test_a_changed_part_takes_the_place_of_the_old_one(
    store: PostStore, channel_id: int, older: Post, newer: Post
) -> None:
    """Each part of a post is replaced as a whole where it differs."""
    store.save(channel_id, [older], as_of=MORNING)

    saved = store.save(channel_id, [newer], as_of=day(1))

    assert saved == SaveResult(changed=(1,))
    assert the_post(store, channel_id).post == newer


def test_a_repeated_message_is_judged_by_its_last_account(
    store: PostStore, channel_id: int
) -> None:
    """A source that holds a post twice is taken in as if read twice."""
    batch = [a_post(1, "раз"), a_post(2), a_post(1, "два"), a_post(1, "два")]

    saved = store.save(channel_id, batch, as_of=MORNING)

    edit = TextEdit(message_id=1, old="раз", new="два")
    assert saved == SaveResult(added=(1, 2), edits=(edit,), unchanged=1)
    assert the_post(store, channel_id).post.text == "два"


def test_every_account_of_a_repeated_message_is_kept(store: PostStore, channel_id: int) -> None:
    """Whether accounts of a post come together or one by one, the archive ends up the same."""
    accounts = [a_post(1, text, views=n) for n, text in enumerate(["а", "б", "а", "в", "в ", "б"])]
    other = store.resolve_channel(a_channel("Другой"))

    together = store.save(channel_id, accounts, as_of=MORNING)
    apart = [store.save(other, [account], as_of=MORNING) for account in accounts]

    assert the_post(store, channel_id).post == the_post(store, other).post
    versions, same = (store.versions(the_post(store, each).post_id) for each in (channel_id, other))
    assert versions == same
    assert {version.content.text for version in versions} == {"а", "б", "в "}
    assert together.edits == tuple(edit for saved in apart for edit in saved.edits)
    assert together.unchanged == sum(saved.unchanged for saved in apart) == 0


def test_a_message_repeated_over_and_over_costs_no_more_than_as_many_messages(
    store: PostStore, channel_id: int
) -> None:
    """Earlier texts are not read again for every account."""
    other = store.resolve_channel(a_channel("Другой"))

    def seconds(number: int, channel: int, *, repeated: bool) -> float:
        batch = [a_post(1 if repeated else each, f"так {each}") for each in range(number)]
        began = thread_time()
        store.save(channel, batch, as_of=MORNING)
        return thread_time() - began

    apart = seconds(3000, other, repeated=False)
    assert seconds(3000, channel_id, repeated=True) < 4 * apart


def test_a_long_source_is_read_piece_by_piece(store: PostStore, channel_id: int) -> None:
    """Posts may come from a generator, more of them than a statement takes."""
    saved = store.save(channel_id, (a_post(number) for number in range(2500)), as_of=MORNING)

    assert saved.added == tuple(range(2500))
    assert len(store.get(range(1, 2501))) == 2500


def test_a_failure_on_the_way_leaves_nothing_behind(store: PostStore, channel_id: int) -> None:
    """What a source that breaks off has told is not half-saved."""

    def breaking_off() -> Iterator[Post]:
        for number in range(1500):
            yield a_post(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.save(channel_id, breaking_off(), as_of=MORNING)

    assert (store.last_seq(), store.newest(limit=1)) == (0, ())
    assert len(store.save(channel_id, [a_post()], as_of=MORNING).added) == 1


def test_a_preview_tells_and_writes_nothing(store: PostStore, channel_id: int) -> None:
    """What would become of posts can be asked beforehand."""
    store.save(channel_id, [a_post(1, "было"), a_post(2)], as_of=MORNING)
    batch = [a_post(1, "стало"), a_post(2), a_post(3), a_post(3)]

    told = store.preview(channel_id, batch, as_of=day(1))

    edit = TextEdit(message_id=1, old="было", new="стало")
    assert told == SaveResult(added=(3,), changed=(1,), edits=(edit,), unchanged=2)
    assert (store.last_seq(), the_post(store, channel_id).post.text) == (2, "было")


def test_two_channels_share_no_numbers(store: PostStore, channel_id: int) -> None:
    """The same message id in another channel is another post."""
    other = store.resolve_channel(a_channel("Другой"))
    store.save(channel_id, [a_post(1, "здесь")], as_of=MORNING)
    store.save(other, [a_post(1, "там")], as_of=MORNING)

    assert the_post(store, channel_id).post.text == "здесь"
    assert the_post(store, other).post.text == "там"


def test_posts_that_an_export_lacks_are_marked(store: PostStore, channel_id: int) -> None:
    """A known post within the export's range, and not in it, is missing since then."""
    store.save(channel_id, [a_post(number) for number in range(1, 7)], as_of=MORNING)

    marked = store.mark_missing(channel_id, {2, 4}, first_id=2, last_id=5, at=day(1))

    assert marked == 2
    missing = {each.post.message_id: each.missing_since for each in store.changed_since(6)}
    assert missing == {3: day(1), 5: day(1)}
    assert store.mark_missing(channel_id, {2, 4}, first_id=2, last_id=5, at=day(2)) == 0
    assert the_post(store, channel_id, 3).missing_since == day(1)


def test_a_post_that_is_more_recent_is_not_missing(store: PostStore, channel_id: int) -> None:
    """An export says nothing of posts that a newer source holds."""
    store.save(channel_id, [a_post(1)], as_of=MORNING)
    store.save(channel_id, [a_post(2)], as_of=day(2))

    assert store.mark_missing(channel_id, (), first_id=1, last_id=2, at=day(1)) == 1
    assert the_post(store, channel_id, 2).missing_since is None


def test_a_post_that_comes_back_is_missing_no_more(store: PostStore, channel_id: int) -> None:
    """A later source that holds the post takes the mark away; an earlier one does not."""
    store.save(channel_id, [a_post(1)], as_of=MORNING)
    store.mark_missing(channel_id, (), first_id=1, last_id=1, at=day(2))

    earlier = store.save(channel_id, [a_post(1)], as_of=day(1))
    told_more = store.save(channel_id, [a_post(1, views=3)], as_of=day(1))
    still = the_post(store, channel_id).missing_since
    later = store.save(channel_id, [a_post(1)], as_of=day(3))

    assert (earlier.unchanged, told_more.changed, still) == (1, (1,), day(2))
    assert later.changed == (1,)
    assert the_post(store, channel_id).missing_since is None
