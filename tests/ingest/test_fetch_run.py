"""A channel's web preview is read back to its first post, and no page twice without need."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import PostStore
from ingest import ImportReport, run_fetch
from ingest.fetch_run import GetPage
from model.errors import FetchFailed, OtherChat
from model.messages import Code
from model.posts import Channel
from tests.ingest.web_pages import web_frame, web_message
from tests.mirror.public_channel import PublicChannel, mirror_post
from tests.new_databases import new_archive


class Killed(BaseException):
    """The program ends here."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """An empty archive."""
    with new_archive(tmp_path / "archive.db") as opened:
        yield opened


def fetch(store: PostStore, get_page: GetPage, username: str = "data_notes") -> list[ImportReport]:
    """Fetch a channel into an archive, and return the reports."""
    folder = store.path.with_name("fetched")
    return list(run_fetch(store, username, get_page, folder=folder, importing=nullcontext))


def numbers_in(store: PostStore) -> list[int]:
    """Return the numbers of all archived posts of the only channel."""
    [stored] = store.channels()
    return list(store.message_ids(stored.channel_id, first_id=1, last_id=1 << 31))


def cut_off_after(pages: int, get_page: GetPage, error: Callable[[], BaseException]) -> GetPage:
    """Return a way to get pages that ends after some."""
    left = iter(range(pages))

    def get(before: int | None) -> bytes:
        if next(left, None) is None:
            raise error()
        return get_page(before)

    return get


def unreachable() -> FetchFailed:
    """Return the error of a server that does not answer."""
    return FetchFailed(Code.PREVIEW_FAILS, name="data_notes", cause="HTTP 503")


def test_a_channel_is_read_back_to_its_first_post(store: PostStore) -> None:
    """Posts get the channel's name and id, and what pages show besides."""
    channel = PublicChannel(range(1, 46))
    reports = fetch(store, channel.page)
    assert numbers_in(store) == list(range(1, 46))
    assert channel.requests == [None, 26, 6]
    assert sum(report.added for report in reports) == 45
    assert {report.source for report in reports} == {"https://t.me/s/data_notes"}
    [stored] = store.channels()
    assert (stored.channel.username, stored.channel.telegram_id) == ("data_notes", 1500000001)


def test_a_channel_without_its_first_posts_ends_where_nothing_precedes(store: PostStore) -> None:
    """An empty page is the end; a page without a link to earlier posts is not."""
    channel = PublicChannel(range(7, 30))
    fetch(store, channel.page)
    assert numbers_in(store) == list(range(7, 30))
    assert channel.requests == [None, 10, 7]


def test_a_later_run_reads_only_what_is_new_and_the_newest_page(store: PostStore) -> None:
    """The newest page is read again for edits and views."""
    channel = PublicChannel(range(1, 46))
    fetch(store, channel.page)
    channel.posts |= {number: mirror_post(number) for number in range(46, 90)}
    channel.posts[89] = mirror_post(89, "New words")
    channel.requests.clear()
    fetch(store, channel.page)
    assert channel.requests == [None, 70, 50]
    assert numbers_in(store) == list(range(1, 90))

    channel.requests.clear()
    channel.posts[80] = mirror_post(80, "Edited words")
    [report] = fetch(store, channel.page)
    assert channel.requests == [None]
    assert report.text_changed == 1


def test_what_an_export_brought_is_not_fetched(store: PostStore) -> None:
    """Deleted posts leave small gaps; a gap of a page and more is looked into."""
    key = store.resolve_channel(Channel(title="Data notes", username="data_notes"))
    archived = [*range(1, 100), *range(105, 160), *range(240, 300)]
    store.save(key, map(mirror_post, archived), as_of=datetime(2024, 2, 1, tzinfo=UTC))
    channel = PublicChannel([*archived, *range(305, 350)])
    fetch(store, channel.page)
    assert channel.requests == [None, 330, 310, 240]
    assert numbers_in(store) == sorted(channel.posts)


@given(
    seen=st.integers(0, 12), more=st.integers(0, 30), kills=st.lists(st.integers(0, 4), max_size=3)
)
def test_a_run_cut_off_anywhere_is_completed_by_the_next(
    tmp_path_factory: pytest.TempPathFactory, seen: int, more: int, kills: Sequence[int]
) -> None:
    """Whether the connection fails or the program is killed, and new posts arrive meanwhile."""
    channel = PublicChannel([*range(3, 30), *range(70, 90)])
    with new_archive(tmp_path_factory.mktemp("cut") / "archive.db") as store:
        if seen:
            key = store.resolve_channel(Channel(title="Data notes", username="data_notes"))
            known = map(mirror_post, range(3, 3 + seen))
            store.save(key, known, as_of=datetime(2024, 2, 1, tzinfo=UTC))
        for place, pages in enumerate(kills):
            error = unreachable if place % 2 else Killed
            with suppress(FetchFailed, Killed):
                fetch(store, cut_off_after(pages, channel.page, error))
            start = max(channel.posts) + 1
            channel.posts |= {number: mirror_post(number) for number in range(start, start + more)}
        fetch(store, channel.page)
        assert numbers_in(store) == sorted(channel.posts)


def test_a_failure_keeps_the_pages_before_it(store: PostStore) -> None:
    """They are imported before the error is raised."""
    channel = PublicChannel(range(1, 100))
    with pytest.raises(FetchFailed):
        fetch(store, cut_off_after(3, channel.page, unreachable))
    assert numbers_in(store) == list(range(40, 100))
    channel.requests.clear()
    fetch(store, channel.page)
    assert channel.requests == [None, 40, 20]
    assert numbers_in(store) == list(range(1, 100))


def test_pages_of_a_killed_run_are_imported_first(store: PostStore) -> None:
    """They count as of the day on which they were fetched, and are gone afterwards."""
    channel = PublicChannel(range(1, 100))
    with pytest.raises(Killed):
        fetch(store, cut_off_after(3, channel.page, Killed))
    folder = store.path.with_name("fetched") / "data_notes"
    assert sorted(path.name for path in folder.iterdir()) == ["40-59.html", "60-79.html"]
    yesterday = datetime(2024, 5, 1, 12, tzinfo=UTC).timestamp()
    for path in folder.iterdir():
        os.utime(path, (yesterday, yesterday))
    channel.requests.clear()
    first, *_ = fetch(store, channel.page)
    assert (first.added, channel.requests) == (40, [None, 40, 20])
    assert store.imports()[-2].as_of == datetime(2024, 5, 1, tzinfo=UTC)
    assert list(folder.iterdir()) == []


def test_a_long_channel_is_imported_in_batches(store: PostStore) -> None:
    """A hundred pages at a time, and progress is told between them."""
    told: list[tuple[int, int | None]] = []
    channel = PublicChannel(range(1, 2100))
    # Few posts on many pages, as parsing takes time.
    channel.posts = {number: post for number, post in channel.posts.items() if number % 20 == 1}

    def one_post(before: int | None) -> bytes:
        number = max(each for each in channel.posts if before is None or each < before)
        alone = PublicChannel([number])
        return alone.page(None)

    reports = list(
        run_fetch(
            store,
            "data_notes",
            one_post,
            folder=store.path.with_name("fetched"),
            importing=nullcontext,
            progress=lambda done, total: told.append((done, total)),
        )
    )
    assert [report.added for report in reports] == [1, 100, 4]
    assert told[0][0] < told[-1][0] <= (told[-1][1] or 0)
    assert numbers_in(store) == sorted(channel.posts)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"<html><body>Contact @data_notes</body></html>", Code.NO_PREVIEW),
        (b"\xff\xfe", Code.NO_PREVIEW),
        (b"<div>" * 100_000, Code.NO_PREVIEW),
        (web_frame("").encode(), Code.NO_PREVIEW),
        (web_frame(web_message(5, "", at="never")).encode(), Code.NO_PREVIEW),
        (PublicChannel([1], username="other_notes").page(None), Code.OTHER_PREVIEW),
    ],
    ids=["contact", "bytes", "deep", "empty", "undated", "other"],
)
def test_a_page_without_posts_of_the_channel_is_refused(
    store: PostStore, page: bytes, code: Code
) -> None:
    """Nothing is written."""
    with pytest.raises(FetchFailed) as refused:
        fetch(store, lambda _: page)
    assert refused.value.reason is code
    assert not store.channels()


def test_a_server_that_repeats_itself_is_noticed(store: PostStore) -> None:
    """What it showed is kept."""
    channel = PublicChannel(range(1, 100))
    with pytest.raises(FetchFailed) as refused:
        fetch(store, lambda _: channel.page(None))
    assert refused.value.message.code is Code.PREVIEW_REPEATS
    assert channel.requests == [None, None]
    assert numbers_in(store) == list(range(80, 100))


def test_something_else_between_pages_is_noticed(store: PostStore) -> None:
    """A later run goes on."""
    channel = PublicChannel(range(1, 100))
    with pytest.raises(FetchFailed) as refused:
        fetch(store, lambda before: b"Sorry" if before == 60 else channel.page(before))
    assert refused.value.message.code is Code.NOT_A_PREVIEW
    fetch(store, channel.page)
    assert numbers_in(store) == list(range(1, 100))


def test_posts_of_others_on_a_page_are_left_out(store: PostStore) -> None:
    """A page may not bring posts into another channel."""
    own, other = web_message(1, "Own"), web_message(2, "Other", username="other_notes")
    fetch(store, lambda _: web_frame(own + other).encode())
    assert numbers_in(store) == [1]


def test_names_are_equal_in_any_case(store: PostStore) -> None:
    """The address may be typed in capitals."""
    fetch(store, PublicChannel(range(1, 5)).page, username="Data_Notes")
    assert numbers_in(store) == [1, 2, 3, 4]


def test_another_chat_of_the_name_is_refused(store: PostStore) -> None:
    """The same number at another time is proof; the page is kept, and nothing is written."""
    key = store.resolve_channel(Channel(title="Data notes", username="data_notes"))
    store.save(key, [mirror_post(9)], as_of=datetime(2024, 2, 1, tzinfo=UTC))
    channel = PublicChannel(range(1, 12))
    channel.posts[9] = channel.posts[11]
    page = web_frame(web_message(9, "x", at="2021-03-05T07:00:00+00:00")).encode()
    with pytest.raises(OtherChat):
        fetch(store, lambda _: page)
    assert numbers_in(store) == [9]


@pytest.mark.parametrize("notes", [b"", b"[]", b'{"read": 5}', b'{"archived_as": "x", "read": []}'])
def test_notes_that_are_damaged_or_of_another_archive_cost_only_time(
    store: PostStore, notes: bytes
) -> None:
    """What the archive holds is known without them."""
    channel = PublicChannel(range(1, 60))
    fetch(store, channel.page)
    store.path.with_name("fetched").joinpath("data_notes.json").write_bytes(notes)
    channel.requests.clear()
    fetch(store, channel.page)
    assert channel.requests == [None]
