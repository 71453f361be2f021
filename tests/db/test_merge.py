"""Merging what two sources say about a post."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from db.merge import StoredPost, TextSet, merge, reads_the_same, revise
from db.values import PostVersion
from model.posts import (
    WITHHELD,
    Forward,
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
from tests.db.making import MORNING, a_post, a_snippet, a_span, day
from tests.db.strategies import posts

_ALL_TOLD = a_post(
    author="Автор",
    via_bot="gif",
    edited_at=day(1),
    reply_to=7,
    forward=Forward(name="Там", posted_at=day(-1), username="there", message_id=5),
    poll=Poll(question="?"),
    reactions=(Reaction(emoji="👍", count=3),),
    views=100,
    album_id="a1",
)
_MIDNIGHT = MORNING.replace(hour=0, minute=0, second=0)


@pytest.mark.parametrize("is_newer", [True, False], ids=["newer", "older"])
def test_what_a_source_does_not_say_stays_known(*, is_newer: bool) -> None:
    """A source that is silent about a field erases nothing, whether it is newer or older."""
    silent = a_post()
    pair = (_ALL_TOLD, silent) if is_newer else (silent, _ALL_TOLD)

    assert merge(*pair) == _ALL_TOLD


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("author", "Другой"),
        ("via_bot", "pic"),
        ("edited_at", day(2)),
        ("reply_to", 8),
        ("reactions", ()),
        ("views", 0),
        ("album_id", "a2"),
    ],
)
def test_what_the_newer_source_says_counts(field: str, told: object) -> None:
    """Of two accounts the newer one holds; an empty value is an account."""
    newer = replace(a_post(), **{field: told})  # type: ignore[arg-type]  # one field of many

    assert merge(_ALL_TOLD, newer) == replace(_ALL_TOLD, **{field: told})  # type: ignore[arg-type]


@pytest.mark.parametrize("is_newer", [True, False], ids=["newer", "older"])
def test_a_time_to_the_second_beats_a_day(*, is_newer: bool) -> None:
    """An exact time is kept against a bare day, and put in its place."""
    exact = a_post(posted_at=MORNING)
    vague = a_post(posted_at=_MIDNIGHT, precision=Precision.DAY)
    pair = (exact, vague) if is_newer else (vague, exact)

    assert merge(*pair) == exact


def test_of_two_exact_times_the_newer_counts() -> None:
    """A corrected time takes the place of the earlier one."""
    merged = merge(a_post(posted_at=MORNING), a_post(posted_at=day(1)))

    assert merged.posted_at == day(1)


def test_a_forward_is_filled_in_from_both_sides() -> None:
    """The name, date and number of an origin come from whichever source has them."""
    html = a_post(forward=Forward(name="Там", posted_at=day(-1)))
    web = a_post(forward=Forward(name="", username="there", message_id=5))
    whole = Forward(name="Там", posted_at=day(-1), username="there", message_id=5)

    assert merge(html, web).forward == whole
    assert merge(web, html).forward == whole


def test_a_label_of_code_survives_a_source_without_labels() -> None:
    """The author's word for a language stays with the same code, in the text and the snippet."""
    block = a_span(SpanKind.PRE, 0, 6)
    labelled = a_post(
        1,
        "x = 1\n и",
        replace(block, value="python"),
        snippets=(a_snippet("x = 1", "python", source=LanguageSource.LABEL),),
    )
    bare = a_post(
        1,
        "x = 1\n или",
        block,
        a_span(SpanKind.BOLD, 7, 9),
        snippets=(a_snippet("x = 1", "sql", source=LanguageSource.RULES), a_snippet("y")),
    )

    merged = merge(labelled, bare)

    assert merged.content.spans == (replace(block, value="python"), a_span(SpanKind.BOLD, 7, 9))
    assert merged.snippets == (labelled.snippets[0], a_snippet("y"))


def test_a_new_label_takes_the_place_of_an_old_one() -> None:
    """An author who corrects a label is believed."""

    def labelled(language: str) -> Post:
        return a_post(
            1,
            "x",
            a_span(SpanKind.PRE, 0, 1, language),
            snippets=(a_snippet("x", language, source=LanguageSource.LABEL),),
        )

    assert merge(labelled("python"), labelled("sql")) == labelled("sql")


def test_a_label_is_not_carried_to_other_code() -> None:
    """A block whose code was rewritten has the label that the source gives it, or none."""
    labelled = a_post(1, "x", a_span(SpanKind.PRE, 0, 1, "python"))
    rewritten = a_post(1, "y", a_span(SpanKind.PRE, 0, 1))

    assert merge(labelled, rewritten) == rewritten


_QUOTE = a_span(SpanKind.QUOTE, 0, 9)
_CODE = a_span(SpanKind.CODE, 4, 9)
_NESTED = a_post(
    1,
    "как x = 1 и",
    _QUOTE,
    _CODE,
    hashtags=("внутри",),
    snippets=(a_snippet("x = 1"),),
    links=(Link(url="https://a.example/", host="a.example", text="x"),),
)


@pytest.mark.parametrize(
    "flat",
    [
        pytest.param((_QUOTE,), id="the outer one"),
        pytest.param((a_span(SpanKind.QUOTE, 0, 4), _CODE), id="one after the other"),
    ],
)
def test_nested_formatting_is_kept_over_a_flat_account_of_it(flat: tuple[object, ...]) -> None:
    """A source that cannot nest does not take the code out of a quote."""
    newer = a_post(1, "как x = 1 и", *flat, views=5)  # type: ignore[arg-type]  # spans

    assert merge(_NESTED, newer) == replace(_NESTED, views=5)


@pytest.mark.parametrize(
    "newer",
    [
        pytest.param(a_post(1, "как x = 2 и", _QUOTE), id="other text"),
        pytest.param(
            a_post(1, "как x = 1 и", _QUOTE, a_span(SpanKind.BOLD, 4, 9)), id="other nesting"
        ),
        pytest.param(a_post(1, "как x = 1 и", a_span(SpanKind.BOLD, 0, 3)), id="other words"),
    ],
)
def test_formatting_that_was_changed_is_believed(newer: Post) -> None:
    """An account that is more than a flattened one takes the place of the nested one."""
    assert merge(_NESTED, newer) == newer


def test_attachments_are_filled_in_one_by_one() -> None:
    """Where two sources tell of the same attachments, each gives what it knows of them."""
    html = Media(kind=MediaKind.VIDEO, path="v.mp4", duration=5, title="Ролик")
    json = Media(kind=MediaKind.VIDEO, note="not included", width=640, height=480, size=9)
    whole = replace(html, width=640, height=480, size=9)

    assert merge(a_post(media=(html,)), a_post(media=(json,))).media == (whole,)
    assert merge(a_post(media=(json,)), a_post(media=(html,))).media == (whole,)


@pytest.mark.parametrize(
    ("exact", "shown", "kept"),
    [
        pytest.param(163_720, 163_635, 163_720, id="159.8 KB"),
        pytest.param(8_911_588, 8_808_038, 8_911_588, id="8.4 MB"),
        pytest.param(163_720, 163_738, 163_738, id="159.9 KB is another file"),
        pytest.param(0, 0, 0, id="nothing"),
    ],
)
def test_an_exact_size_is_kept_against_a_rounded_one(exact: int, shown: int, kept: int) -> None:
    """A page's `8.4 MB` does not take the place of the bytes that it stands for."""
    file = Media(kind=MediaKind.FILE, size=exact)
    rounded = replace(file, size=shown)

    assert merge(a_post(media=(file,)), a_post(media=(rounded,))).media[0].size == kept
    assert merge(a_post(media=(rounded,)), a_post(media=(file,))).media[0].size == exact


def test_a_quote_stays_folded() -> None:
    """Whether a quote opens folded is known on, where a source only says that it is a quote."""
    folded = a_post(1, "как было", a_span(SpanKind.QUOTE, 0, 8, "collapsed"))
    plain = a_post(1, "как было", a_span(SpanKind.QUOTE, 0, 8))

    assert merge(folded, plain) == folded
    assert merge(plain, folded) == folded


def test_other_attachments_take_the_place_of_the_old_ones() -> None:
    """A replaced photo inherits nothing from the file that stood there."""
    older = a_post(media=(Media(kind=MediaKind.FILE, title="план.pdf"),))
    newer = a_post(media=(Media(kind=MediaKind.PHOTO),))

    assert merge(older, newer) == newer


def test_source_without_kinds_takes_no_attachment_away() -> None:
    """Telegram lets nobody take an attachment off a post; such a source does not know it."""
    known = a_post(media=(Media(kind=MediaKind.PHOTO, path="photos/1.jpg"),))
    named = a_post(media=(Media(kind=MediaKind.OTHER, title="1.jpg"),))

    assert merge(known, named) == merge(named, known) == merge(known, a_post()) == known
    assert merge(a_post(), named) == named


def test_source_without_formatting_takes_none_away() -> None:
    """The same text without any is from a source that has none; another text is an edit."""
    bold = a_post(1, "слово #тег", a_span(SpanKind.BOLD, 0, 5), hashtags=("тег",))
    plain = a_post(1, "слово #тег", a_span(SpanKind.HASHTAG, 6, 10), hashtags=("тег",))

    assert merge(bold, plain) == merge(plain, bold) == bold
    assert merge(bold, a_post(1, "слова")).content.spans == ()


_COPIED = Media(kind=MediaKind.VIDEO, path="a.mp4", copy="ab/abcd.mp4")


@pytest.mark.parametrize(
    "later",
    [
        Media(kind=MediaKind.VIDEO, path="video_files/b.mp4"),
        Media(kind=MediaKind.VIDEO, note="Not included."),
        Media(kind=MediaKind.ANIMATION),
    ],
    ids=["another export", "not exported", "taken for an animation"],
)
def test_a_copy_stays_known(later: Media) -> None:
    """A source that copied nothing does not erase a copy, whether it is newer or older."""
    copied, silent = a_post(media=(_COPIED,)), a_post(media=(later,))

    assert merge(copied, silent).media[0].copy == _COPIED.copy
    assert merge(silent, copied).media[0].copy == _COPIED.copy


def test_a_newer_copy_replaces_an_older_one() -> None:
    """Where both sources were copied, the newer file is the post's."""
    other = replace(_COPIED, copy="cd/cdef.mp4")

    assert merge(a_post(media=(_COPIED,)), a_post(media=(other,))).media == (other,)


_WITHHELD = a_post(1, "", media=(Media(kind=MediaKind.OTHER, note=WITHHELD),), views=9)


def test_a_source_that_withholds_a_post_erases_nothing() -> None:
    """A page that only says that there is a post leaves its text and attachments as known."""
    shown = a_post(
        1,
        "x = 1",
        a_span(SpanKind.PRE, 0, 5, "python"),
        hashtags=("a",),
        media=(Media(kind=MediaKind.PHOTO, path="a.jpg"),),
        snippets=(a_snippet("x = 1", "python", source=LanguageSource.LABEL),),
    )

    assert merge(shown, _WITHHELD) == replace(shown, views=9)
    assert merge(_WITHHELD, shown) == replace(shown, views=9)


@pytest.mark.parametrize("days", [1, -1], ids=["shown later", "shown earlier"])
def test_what_was_withheld_is_no_earlier_text(days: int) -> None:
    """A post that a page did not show had no other words before."""
    known = StoredPost(post=_WITHHELD, as_of=day(0))

    assert revise(known, a_post(1, "Слово"), as_of=day(days)).earlier is None


def test_answers_of_one_text_keep_their_own_votes() -> None:
    """A to-do list may have the same task twice: one done, one not."""
    once, again = PollAnswer(text="тест", voters=0), PollAnswer(text="тест", voters=1)
    told = Poll(question="План", answers=(once, again))
    hidden = Poll(question="План", answers=(PollAnswer(text="тест"), PollAnswer(text="тест")))

    assert merge(a_post(poll=told), a_post(poll=hidden)).poll == told


def test_hidden_votes_stay_known() -> None:
    """A poll whose votes a source hides keeps those of another source, by answer."""
    told = Poll(
        question="Чай?",
        answers=(PollAnswer(text="да", voters=3), PollAnswer(text="нет", voters=1)),
        details="Anonymous poll",
        total_voters=4,
    )
    hidden = Poll(
        question="Чай?",
        answers=(PollAnswer(text="да"), PollAnswer(text="нет", voters=2), PollAnswer(text="ой")),
    )

    assert merge(a_post(poll=told), a_post(poll=hidden)).poll == Poll(
        question="Чай?",
        answers=(
            PollAnswer(text="да", voters=3),
            PollAnswer(text="нет", voters=2),
            PollAnswer(text="ой"),
        ),
        details="Anonymous poll",
        total_voters=4,
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(RichText("а б"), RichText("а б"), True, id="equal"),
        pytest.param(RichText("а  б\n"), RichText(" а\nб"), True, id="blanks"),
        pytest.param(RichText("а б"), RichText("а в"), False, id="words"),
        pytest.param(
            RichText("да 🔥🔥!", (a_span(SpanKind.CUSTOM_EMOJI, 3, 4),)),
            RichText("да 👍🔥!", (a_span(SpanKind.CUSTOM_EMOJI, 3, 4),)),
            True,
            id="stand-ins",
        ),
        pytest.param(
            RichText("да 🔥", (a_span(SpanKind.BOLD, 3, 4),)),
            RichText("да 👍", (a_span(SpanKind.BOLD, 3, 4),)),
            False,
            id="emoji of the author's",
        ),
        pytest.param(
            RichText("🔥 а", (a_span(SpanKind.CUSTOM_EMOJI, 0, 2),) * 2),
            RichText("а"),
            True,
            id="a stand-in told twice",
        ),
    ],
)
def test_blanks_and_stand_ins_are_no_edit(one: RichText, other: RichText, *, same: bool) -> None:
    """Texts read the same where they differ only in what formats write differently."""
    assert reads_the_same(one, other) is same
    assert reads_the_same(other, one) is same


@given(post=posts)
def test_a_post_adds_nothing_to_itself(post: Post) -> None:
    """A source that says the same again teaches nothing."""
    assert merge(post, post) == post


@given(older=posts, newer=posts)
def test_what_was_merged_stays_so(older: Post, newer: Post) -> None:
    """Both sources, told again in either order, add nothing to what they gave."""
    merged = merge(older, newer)

    assert merge(older, merged) == merged
    assert merge(merged, newer) == merged


def test_a_newer_text_leaves_the_old_one_as_a_version() -> None:
    """An edit keeps how the post read before, with the time it was last seen so."""
    revision = revise(
        StoredPost(post=a_post(1, "было"), as_of=day(1)), a_post(1, "стало"), as_of=day(2)
    )

    assert (revision.post.text, revision.as_of) == ("стало", day(2))
    assert revision.earlier == PostVersion(content=RichText("было"), as_of=day(1))


def test_an_older_text_becomes_a_version_and_nothing_more() -> None:
    """A source older than what is known does not turn the post back."""
    revision = revise(
        StoredPost(post=a_post(1, "стало"), as_of=day(2)),
        a_post(1, "было", author="Автор"),
        as_of=day(1),
    )

    assert revision.post == a_post(1, "стало", author="Автор")
    assert revision.as_of == day(2)
    assert revision.earlier == PostVersion(content=RichText("было"), as_of=day(1))


@pytest.mark.parametrize(
    ("incoming", "as_of"),
    [
        pytest.param(a_post(1, "стало", edited_at=day(3)), day(3), id="an edit date alone"),
        pytest.param(a_post(1, "стало ", views=3), day(3), id="a blank and a counter"),
        pytest.param(a_post(1, "было"), day(1), id="a version that is known"),
        pytest.param(a_post(1, "стало", views=3), day(1), id="an older source with the text"),
    ],
)
def test_a_version_is_made_of_new_words_only(incoming: Post, as_of: object) -> None:
    """Neither an edit date nor blanks nor a text known already make a version."""
    known = StoredPost(
        post=a_post(1, "стало"),
        as_of=day(2),
        earlier=TextSet([RichText("было")]),
    )

    assert revise(known, incoming, as_of=as_of).earlier is None  # type: ignore[arg-type]
