"""An export is taken into a channel only if its posts may be that channel's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db import PostStore
from ingest import run_import
from model.errors import ChannelError, DoubtfulChat, OtherChat
from model.posts import Post
from model.rich_text import RichText
from tests.ingest.exports import TITLE, message, page, separator, service, write_pages
from tests.ingest.test_macos import message as mac_message
from tests.ingest.test_macos import write_page
from tests.ingest.web_pages import web_frame, web_message, web_text
from tests.mirror.messages import MirrorMessage
from tests.mirror.telegram_json import JsonChat, write_chat
from tests.new_databases import new_archive

_BEGUN = datetime(2021, 5, 1, 7, tzinfo=UTC)
_ANEW = datetime(2024, 5, 1, 7, 20, tzinfo=UTC)
_DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """Open an empty archive."""
    with new_archive(tmp_path / "home" / "archive.db") as opened:
        yield opened


def times(*numbers: int, since: datetime = _BEGUN) -> Mapping[int, datetime]:
    """Return a time for each number, a day apart."""
    return {number: since + number * _DAY for number in numbers}


def html(folder: Path, posted: Mapping[int, datetime], *, zone: str = " UTC+00:00") -> Path:
    """Write an HTML export of posts at these times."""
    written = [
        message(number, f"пост {number} {at:%Y}", at=f"{at:%d.%m.%Y %H:%M:%S}{zone}")
        for number, at in posted.items()
    ]
    return write_pages(folder, {"messages.html": page("".join(written))})


def json(folder: Path, posted: Mapping[int, datetime], *, telegram_id: int = 77) -> Path:
    """Write a JSON export of posts at these times."""
    messages = [
        MirrorMessage(post=Post(message_id=number, posted_at=at, content=RichText(f"{at:%Y}")))
        for number, at in posted.items()
    ]
    chat = JsonChat(title=TITLE, messages=messages, telegram_id=telegram_id)
    folder.mkdir()
    return write_chat(folder / "result.json", chat)


def held(store: PostStore) -> Mapping[str, set[int]]:
    """Return the numbers of the posts in the archive, by channel: its name, number or title."""
    return {
        str(each.channel.username or each.channel.telegram_id or each.channel.title): set(
            store.message_ids(each.channel_id, first_id=0, last_id=10**6)
        )
        for each in store.channels()
    }


def test_other_chat_of_the_same_title_is_refused(store: PostStore, tmp_path: Path) -> None:
    """Posts that have other times under the same numbers prove it, and nothing is written."""
    run_import(store, html(tmp_path / "a", times(1, 2, 3)))
    second = html(tmp_path / "b", times(1, 2, since=_ANEW))
    with pytest.raises(OtherChat):
        run_import(store, second, dry_run=True)
    with pytest.raises(OtherChat) as said:
        run_import(store, second)
    assert said.value.message.fields == {
        "path": str(second),
        "title": TITLE,
        "message_id": 1,
        "told": "2024-05-02T07:20:00Z",
        "known": "2021-05-02T07:00:00Z",
        "number": 2,
    }
    assert held(store) == {TITLE: {1, 2, 3}}
    assert [each.post.text for each in store.newest(limit=1)] == ["пост 3 2021"]
    assert len(store.imports()) == 1


def test_proof_may_stand_behind_thousands_of_new_posts(store: PostStore, tmp_path: Path) -> None:
    """The whole export is compared before its first post is written."""
    run_import(store, html(tmp_path / "a", times(2500)))
    with pytest.raises(OtherChat):
        run_import(store, html(tmp_path / "b", times(*range(1, 2501), since=_ANEW)))
    assert held(store) == {TITLE: {2500}}


@pytest.mark.parametrize(
    ("apart", "is_other"),
    [
        (timedelta(), False),
        (timedelta(hours=14), False),
        (timedelta(hours=-5, minutes=-30), False),
        (timedelta(seconds=20), False),
        (timedelta(hours=14, minutes=15), True),
        (timedelta(days=1), True),
        (timedelta(minutes=7), True),
        (timedelta(hours=3, minutes=4), True),
    ],
)
def test_change_of_zone_is_no_proof(
    store: PostStore, tmp_path: Path, apart: timedelta, *, is_other: bool
) -> None:
    """A zone moves times by whole quarters of an hour and 14 hours at most."""
    run_import(store, html(tmp_path / "a", times(1), zone=""))
    second = html(tmp_path / "b", times(1, since=_BEGUN + apart))
    if is_other:
        with pytest.raises(OtherChat):
            run_import(store, second)
    else:
        run_import(store, second)


@pytest.mark.parametrize("channel", ["@other", "t.me/other", "4711", "Другой"])
def test_channel_of_its_own_keeps_it_apart(store: PostStore, tmp_path: Path, channel: str) -> None:
    """A name, a number or another title makes a channel, which stays apart from then on."""
    first = html(tmp_path / "a", times(1, 2, 3))
    second = html(tmp_path / "b", times(1, 2, since=_ANEW))
    run_import(store, first)
    assert run_import(store, second, channel=channel).added == 2
    name = {"t.me/other": "other", "@other": "other"}.get(channel, channel)
    apart = {TITLE: {1, 2, 3}, name: {1, 2}}
    assert held(store) == apart
    more = html(tmp_path / "c", times(1, 2, 3, since=_ANEW))
    assert run_import(store, more, channel=channel).added == 1
    assert run_import(store, html(tmp_path / "d", times(2, 3, 4))).added == 1
    assert held(store) == {TITLE: {1, 2, 3, 4}, name: {1, 2, 3}}


def test_posts_tell_channels_of_one_title_apart(store: PostStore, tmp_path: Path) -> None:
    """Once there are two of a title, an export without a name goes where its posts are known."""
    run_import(store, html(tmp_path / "a", times(1, 2)))
    run_import(store, html(tmp_path / "b", times(1, 2, since=_ANEW)), channel="@other")
    assert run_import(store, html(tmp_path / "c", times(2, 3, since=_ANEW))).added == 1
    assert held(store) == {TITLE: {1, 2}, "other": {1, 2, 3}}
    with pytest.raises(ChannelError, match="ambiguous_channel"):
        run_import(store, html(tmp_path / "d", times(7)))


@pytest.mark.parametrize("is_json_first", [True, False])
def test_number_tells_channels_of_one_title_apart(
    store: PostStore, tmp_path: Path, *, is_json_first: bool
) -> None:
    """A JSON export names its channel by number: with other times it is another one."""
    second = json(tmp_path / "b", times(1, 2, since=_ANEW))
    if is_json_first:
        run_import(store, second)
        with pytest.raises(OtherChat):
            run_import(store, html(tmp_path / "a", times(1, 2)))
        assert held(store) == {"77": {1, 2}}
    else:
        run_import(store, html(tmp_path / "a", times(1, 2)))
        run_import(store, second)
        assert held(store) == {TITLE: {1, 2}, "77": {1, 2}}


@pytest.mark.parametrize("channel", ["@lab_lab", "77", TITLE])
def test_named_channel_is_no_way_past_proof(store: PostStore, tmp_path: Path, channel: str) -> None:
    """An export of another chat is refused under whatever name the archive knows."""
    run_import(store, json(tmp_path / "a", times(1, 2)), channel="@lab_lab")
    with pytest.raises(OtherChat):
        run_import(store, html(tmp_path / "b", times(2, 3, since=_ANEW)), channel=channel)


def test_export_of_none_of_the_known_posts_is_doubtful(store: PostStore, tmp_path: Path) -> None:
    """Numbers that interleave without one in common are a sign; whoever names a channel decides."""
    run_import(store, html(tmp_path / "a", times(2, 4, 6)))
    second = html(tmp_path / "b", times(1, 3, 5))
    with pytest.raises(DoubtfulChat, match="number=2") as said:
        run_import(store, second)
    assert f"same={TITLE}" in str(said.value)
    with pytest.raises(DoubtfulChat):
        run_import(store, second, channel=TITLE, is_confirmed=False)
    assert held(store) == {TITLE: {2, 4, 6}}
    assert run_import(store, second, channel="@other").added == 3
    assert held(store) == {TITLE: {2, 4, 6}, "other": {1, 3, 5}}


def test_doubt_is_settled_by_the_known_title(store: PostStore, tmp_path: Path) -> None:
    """Whoever names the channel that the archive has takes the export for that one."""
    run_import(store, html(tmp_path / "a", times(2, 4, 6)))
    run_import(store, json(tmp_path / "b", times(1, 3, 5)), channel=TITLE)
    assert held(store) == {"77": {1, 2, 3, 4, 5, 6}}


def test_number_that_is_known_leaves_no_doubt(store: PostStore, tmp_path: Path) -> None:
    """An export that bears the channel's own number is of it, whichever posts it has."""
    run_import(store, json(tmp_path / "a", times(2, 4, 6)))
    run_import(store, json(tmp_path / "b", times(1, 3, 5)))
    assert held(store) == {"77": {1, 2, 3, 4, 5, 6}}


@pytest.mark.parametrize("second", [(3, 4), (9, 10)], ids=["in a gap", "after the last"])
def test_parts_of_one_channel_need_no_post_in_common(
    store: PostStore, tmp_path: Path, second: tuple[int, int]
) -> None:
    """Exports by dates follow each other, and fill gaps."""
    run_import(store, html(tmp_path / "a", times(1, 2, 5, 6)))
    assert run_import(store, html(tmp_path / "b", times(*second))).added == 2


@pytest.mark.parametrize(
    ("numbers", "since"), [((7, 8), datetime(2019, 1, 1, tzinfo=UTC)), ((1, 2), _ANEW)]
)
def test_numbers_that_run_against_time_are_doubtful(
    store: PostStore, tmp_path: Path, numbers: tuple[int, int], since: datetime
) -> None:
    """In a channel, a higher number is a later post."""
    run_import(store, html(tmp_path / "a", times(5, 6)))
    with pytest.raises(DoubtfulChat, match="disordered_chat"):
        run_import(store, html(tmp_path / "b", times(*numbers, since=since)))


def test_known_pages_are_not_compared(store: PostStore, tmp_path: Path) -> None:
    """A page of the channel's own settles all doubt about the pages beside it."""
    folder = html(tmp_path / "a", times(2, 4))
    run_import(store, folder)
    run_import(store, html(tmp_path / "b", times(4, 5, 6)))
    write_pages(folder, {"messages2.html": page(message(9, "x", at="09.05.2021 07:00:00"))})
    assert run_import(store, folder).added == 1


def test_service_lines_have_but_a_day(store: PostStore, tmp_path: Path) -> None:
    """The day of a separator may be wrong, so that it is a sign and no proof."""

    def begun(day: str, name: str) -> Path:
        content = separator(day) + service(1, "Channel created") + separator("30 May 2024")
        return write_pages(tmp_path / name, {"messages.html": page(content)})

    run_import(store, begun("1 May 2021", "a"))
    assert run_import(store, begun("2 May 2021", "b")).unchanged == 1
    with pytest.raises(DoubtfulChat):
        run_import(store, begun("5 May 2024", "c"))


def test_dates_that_cannot_be_read_prove_nothing(store: PostStore, tmp_path: Path) -> None:
    """A message without a date is known by its number alone."""
    run_import(store, html(tmp_path / "a", times(1, 2)))
    broken = message(1, "x", at="never") + message(3, "x", at="04.05.2021 07:00:00")
    folder = write_pages(tmp_path / "b", {"messages.html": page(separator("?") + broken)})
    run_import(store, folder, channel=TITLE)
    assert held(store) == {TITLE: {1, 2, 3}}


def test_web_pages_are_compared_too(store: PostStore, tmp_path: Path) -> None:
    """A public name may pass to another channel; the posts tell."""
    saved = web_frame(web_message(1, web_text("слова")))
    path = tmp_path / "saved.html"
    path.write_text(saved, encoding="utf-8")
    run_import(store, path)
    [stored] = store.channels()
    own = {1: next(iter(store.newest(limit=1))).post.posted_at}
    run_import(store, html(tmp_path / "a", own), channel=f"@{stored.channel.username}")
    with pytest.raises(OtherChat):
        run_import(store, html(tmp_path / "b", times(1)), channel=f"@{stored.channel.username}")


def test_pages_of_the_macos_application_are_compared_too(store: PostStore, tmp_path: Path) -> None:
    """They name neither a zone nor a number."""
    own = {1: datetime(2023, 4, 3, 9, 34, 7, tzinfo=UTC)}
    run_import(store, html(tmp_path / "a", own))
    line = '<div class="message service" id="message2"><div class="body details">x</div></div>'
    write_page(tmp_path / "same.html", mac_message(1, "x") + line)
    assert run_import(store, tmp_path / "same.html").added == 1
    write_page(tmp_path / "other.html", mac_message(1, "x", at="9 ноября 2017, 15:54:55"))
    with pytest.raises(OtherChat):
        run_import(store, tmp_path / "other.html")


def test_some_pages_of_many_are_compared(store: PostStore, tmp_path: Path) -> None:
    """Those are chosen that may share posts with the archive; two chats share no time."""

    def pages(folder: str, since: datetime) -> Path:
        content = {
            f"messages{number}.html": page(
                message(number, "x", at=f"{since + number * _DAY:%d.%m.%Y %H:%M:%S} UTC+00:00")
            )
            for number in range(2, 42)
        }
        return write_pages(tmp_path / folder, content)

    run_import(store, html(tmp_path / "a", times(17, 18)))
    with pytest.raises(OtherChat):
        run_import(store, pages("b", _ANEW))
    assert held(store) == {TITLE: {17, 18}}
    assert run_import(store, pages("c", _BEGUN)).added == 38
    assert run_import(store, pages("c", _BEGUN + timedelta(hours=1))).changed == 40
