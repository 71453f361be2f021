"""Which channel a source speaks of."""

from __future__ import annotations

import pytest

from db import PostStore, StoredChannel
from model.errors import ChannelError
from model.posts import Channel
from tests.db.making import a_channel, day


def _only_channel(store: PostStore) -> Channel:
    (stored,) = store.channels()
    return stored.channel


def test_a_new_channel_is_created(store: PostStore) -> None:
    """A channel that nothing matches gets a key of its own."""
    channel = a_channel("Раз", username="one", telegram_id=1)

    channel_id = store.resolve_channel(channel)

    assert store.channels() == (StoredChannel(channel_id=channel_id, channel=channel),)
    assert store.find_channel(channel) == StoredChannel(channel_id=channel_id, channel=channel)
    assert store.find_channel(a_channel("Два")) is None


@pytest.mark.parametrize(
    ("stored", "source"),
    [
        pytest.param(
            a_channel("Раз", username="one", telegram_id=1),
            a_channel("Два", username="two", telegram_id=1),
            id="by id, whatever its names",
        ),
        pytest.param(
            a_channel("Раз", username="One"), a_channel("Два", username="oNE"), id="by public name"
        ),
        pytest.param(
            a_channel("Раз", username="one"),
            a_channel("Два", username="one", telegram_id=1),
            id="by public name, which brings the id",
        ),
        pytest.param(a_channel("Раз"), a_channel(" Раз\n"), id="by title"),
        pytest.param(
            a_channel("Раз"),
            a_channel("Раз", username="one", telegram_id=1),
            id="by title, which brings the rest",
        ),
        pytest.param(
            a_channel("Раз", username="one"),
            a_channel("Раз", telegram_id=1),
            id="by title, with one of two known",
        ),
        pytest.param(a_channel("Раз", telegram_id=1), a_channel("Раз"), id="by title alone"),
        pytest.param(a_channel("Раз", telegram_id=1), a_channel("", telegram_id=1), id="untitled"),
        pytest.param(a_channel("a\ud800"), a_channel("a\ud800"), id="by a title in pieces"),
    ],
)
def test_a_known_channel_is_found(store: PostStore, stored: Channel, source: Channel) -> None:
    """A source is taken for the stored channel, and what it knows beyond is filled in."""
    channel_id = store.resolve_channel(stored, as_of=day(1))

    assert store.resolve_channel(source, as_of=day(2)) == channel_id

    known = _only_channel(store)
    assert known.telegram_id == (stored.telegram_id or source.telegram_id)
    assert known.username == (source.username or stored.username)
    assert known.title == (source.title or stored.title).strip().replace("\ud800", "\ufffd")


@pytest.mark.parametrize(
    ("stored", "source"),
    [
        pytest.param(
            a_channel("Раз", telegram_id=1), a_channel("Раз", telegram_id=2), id="another id"
        ),
        pytest.param(
            a_channel("Раз", username="one"), a_channel("Раз", username="two"), id="another name"
        ),
        pytest.param(a_channel("Раз"), a_channel("раз"), id="another title"),
    ],
)
def test_what_is_known_to_differ_is_another_channel(
    store: PostStore, stored: Channel, source: Channel
) -> None:
    """No weaker sign joins what a stronger one tells apart."""
    assert store.resolve_channel(stored) != store.resolve_channel(source)


def test_a_public_name_moves_to_the_channel_that_took_it(store: PostStore) -> None:
    """Telegram gives a public name to one channel at a time, and so do we."""
    first = store.resolve_channel(a_channel("Раз", username="name", telegram_id=1))
    second = store.resolve_channel(a_channel("Два", username="Name", telegram_id=2))

    channels = {each.channel_id: each.channel for each in store.channels()}
    assert channels[first] == a_channel("Раз", telegram_id=1)
    assert channels[second] == a_channel("Два", username="Name", telegram_id=2)

    store.resolve_channel(a_channel("Раз", username="name", telegram_id=1))
    assert [each.channel_id for each in store.find_channels("@name")] == [first]


def test_a_renamed_channel_answers_to_its_earlier_titles(store: PostStore) -> None:
    """An export from before a renaming belongs to the channel, and does not rename it back."""
    channel_id = store.resolve_channel(a_channel("Было", telegram_id=1), as_of=day(1))
    store.resolve_channel(a_channel("Стало", telegram_id=1), as_of=day(3))

    assert store.resolve_channel(a_channel("Было"), as_of=day(2)) == channel_id
    assert _only_channel(store).title == "Стало"

    assert store.resolve_channel(a_channel("Было"), as_of=day(4)) == channel_id
    assert _only_channel(store).title == "Было"
    titles = store.query(
        "SELECT title, first_seen_at, last_seen_at FROM channel_titles ORDER BY first_seen_at"
    )
    assert titles.rows == (
        ("Было", "2024-03-10T08:30:15Z", "2024-03-13T08:30:15Z"),
        ("Стало", "2024-03-12T08:30:15Z", "2024-03-12T08:30:15Z"),
    )


def test_an_id_in_place_of_a_title_is_no_title(store: PostStore) -> None:
    """A source that knows only the id of a channel neither names nor renames it."""
    store.resolve_channel(a_channel("7", telegram_id=7), as_of=day(1))
    assert _only_channel(store).title == "7"
    store.resolve_channel(a_channel("Имя", telegram_id=7), as_of=day(2))
    store.resolve_channel(a_channel("7", telegram_id=7), as_of=day(3))
    assert _only_channel(store).title == "Имя"
    assert store.query("SELECT title FROM channel_titles").rows == (("Имя",),)


def test_a_present_title_counts_before_a_past_one(store: PostStore) -> None:
    """A title that another channel has dropped means the one that bears it now."""
    store.resolve_channel(a_channel("Имя", telegram_id=1), as_of=day(1))
    store.resolve_channel(a_channel("Другое", telegram_id=1), as_of=day(2))
    bearer = store.resolve_channel(a_channel("Имя", telegram_id=2), as_of=day(3))

    assert store.resolve_channel(a_channel("Имя"), as_of=day(4)) == bearer


def test_an_ambiguous_title_names_the_candidates(store: PostStore) -> None:
    """Where several channels bear a title, the error says which, and what to give."""
    store.resolve_channel(a_channel("Имя", username="first_name", telegram_id=1))
    store.resolve_channel(a_channel("Имя", telegram_id=2))

    with pytest.raises(ChannelError) as caught:
        store.resolve_channel(a_channel("Имя"))

    assert str(caught.value) == "ambiguous_channel (title=Имя, names=@first_name, 2)"


def test_an_ambiguous_past_title_is_told_of_too(store: PostStore) -> None:
    """Channels that once bore a title are as hard to tell apart as if they did today."""
    for number in (1, 2):
        store.resolve_channel(a_channel("Имя", telegram_id=number), as_of=day(1))
        store.resolve_channel(a_channel(f"Имя {number}", telegram_id=number), as_of=day(2))
    store.resolve_channel(a_channel("Имя", username="third"), as_of=day(1))
    store.resolve_channel(a_channel("Третье", username="third"), as_of=day(2))

    with pytest.raises(ChannelError, match=r"title=Имя, names=1, 2, @third"):
        store.find_channel(a_channel("Имя"))


@pytest.mark.parametrize(
    "text",
    [
        "@one_two",
        "@ONE_two",
        "https://t.me/one_two",
        "t.me/s/one_two/",
        " 1234567890 ",
        "-1001234567890",
        "Раз",
        " раз ",
        "Раньше",
    ],
)
def test_a_person_names_a_channel_in_many_ways(store: PostStore, text: str) -> None:
    """A name, an address, an id, a title of today or of before: each means the channel."""
    meant = a_channel("Раньше", username="one_two", telegram_id=1234567890)
    channel_id = store.resolve_channel(meant, as_of=day(1))
    store.resolve_channel(a_channel("Раз", telegram_id=1234567890), as_of=day(2))
    store.resolve_channel(a_channel("Два", username="another"))

    assert [each.channel_id for each in store.find_channels(text)] == [channel_id]


@pytest.mark.parametrize("text", ["@nobody", "Никто", "77", "https://t.me/nobody", ""])
def test_an_unknown_name_finds_nothing(store: PostStore, text: str) -> None:
    """What no channel is called is no channel."""
    store.resolve_channel(a_channel("Раз", username="one_two", telegram_id=1))

    assert store.find_channels(text) == ()


def test_digits_may_be_a_title(store: PostStore) -> None:
    """A channel whose title is a number is found by it where no id is meant."""
    channel_id = store.resolve_channel(a_channel("1984"))

    assert [each.channel_id for each in store.find_channels("1984")] == [channel_id]


def test_channels_without_marks_are_described_by_title(store: PostStore) -> None:
    """A candidate of which only the title is known is told of by that."""
    store.resolve_channel(a_channel("Имя"), as_of=day(1))
    store.resolve_channel(a_channel("Иначе", username="named"), as_of=day(1))
    store.resolve_channel(a_channel("Имя", username="named"), as_of=day(2))

    with pytest.raises(ChannelError, match="names=Имя, @named"):
        store.resolve_channel(a_channel("Имя"))


def test_a_source_with_a_mark_of_its_own_is_never_ambiguous(store: PostStore) -> None:
    """A name or an id that nobody has yet makes another channel of the same title."""
    for number in (1, 2):
        store.resolve_channel(a_channel("Имя", telegram_id=number))

    channel_id = store.resolve_channel(a_channel("Имя", username="third"))

    assert len(store.channels()) == 3
    assert [each.channel_id for each in store.find_channels("@third")] == [channel_id]
