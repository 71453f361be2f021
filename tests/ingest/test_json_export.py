"""What is given as a JSON export is recognised, and the right chat of it is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ingest import open_source
from model.errors import SourceError
from model.posts import BadMessage, Channel, Post
from model.rich_text import RichText
from tests.mirror.messages import MirrorMessage
from tests.mirror.telegram_json import J2_7, JsonChat, write_account, write_chat

NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
NEWS = "Новости"


def messages(*texts: str) -> list[MirrorMessage]:
    """Return messages an hour apart, numbered from one."""
    return [
        MirrorMessage(
            post=_post(number, text, posted_at=NOON + timedelta(hours=number)),
        )
        for number, text in enumerate(texts, start=1)
    ]


def _post(message_id: int, text: str, *, posted_at: datetime) -> Post:
    return Post(message_id=message_id, posted_at=posted_at, content=RichText(text))


def chat(title: str | None = NEWS, *texts: str, **others: Any) -> JsonChat:
    """Return a channel with a message for each text."""
    return JsonChat(title=title, messages=messages(*texts or ("один", "два")), **others)


def texts_of(path: Path, *, channel: str | None = None) -> list[str]:
    """Read an export and return the texts of its posts."""
    return [
        item.text
        for item in open_source(path, channel=channel).messages()
        if isinstance(item, Post)
    ]


def account(folder: Path) -> Path:
    """Write an account with two channels, a left one, and conversations."""
    return write_account(
        folder / "result.json",
        [
            chat("Анна", "личное", kind="personal_chat", telegram_id=11),
            chat(None, "себе", kind="saved_messages", telegram_id=12),
            chat(NEWS, "новость", telegram_id=21),
            chat("Бот", "команда", kind="bot_chat", telegram_id=13),
            chat("Семья", "ужин", kind="private_group", telegram_id=14),
            chat("Данные", "запрос", "ответ", kind="private_channel", telegram_id=22),
            chat("Пустой", telegram_id=23, kind="public_channel"),
        ],
        left=[chat("Оставленный", "прощай", telegram_id=24)],
    )


def test_chat_names_its_channel_and_its_newest_date(tmp_path: Path) -> None:
    """The export of a channel tells its name, its number, how much there is and how recent."""
    source = open_source(write_chat(tmp_path / "result.json", chat(telegram_id=1234)))
    assert source.format == "telegram-json"
    assert source.channel == Channel(title=NEWS, telegram_id=1234)
    assert source.as_of == NOON + timedelta(hours=2)
    assert source.total == 2
    assert source.whole
    assert source.zoned


@pytest.mark.parametrize("name", ["result.json", "messages.html", "данные.txt"])
def test_file_is_recognised_by_content(tmp_path: Path, name: str) -> None:
    """A JSON export is recognised whatever its name is."""
    assert texts_of(write_chat(tmp_path / name, chat())) == ["один", "два"]


def test_folder_is_searched(tmp_path: Path) -> None:
    """A folder that holds the export somewhere below is opened like the file."""
    inner = tmp_path / "Downloads" / "ChatExport_2024-03-05"
    inner.mkdir(parents=True)
    write_chat(inner / "result.json", chat())
    (inner / "package.json").write_text('{"name": "x", "version": "1"}', encoding="utf-8")
    assert texts_of(tmp_path) == ["один", "два"]


def test_two_files_in_a_folder_are_not_mixed(tmp_path: Path) -> None:
    """Two JSON exports in one folder are refused by their names."""
    write_chat(tmp_path / "a.json", chat())
    write_chat(tmp_path / "b.json", chat())
    with pytest.raises(SourceError, match=r"several_exports .*names=a\.json, b\.json"):
        open_source(tmp_path)


def test_minified_sorted_file_is_read_alike(tmp_path: Path) -> None:
    """What another program made of an export, on one line and with sorted keys, is read alike."""
    path = write_chat(tmp_path / "result.json", chat(NEWS, "x" * 300_000, "\\x41 и \\\\"))
    first = open_source(path)
    plain = json.loads(path.read_bytes())
    small = tmp_path / "small.json"
    small.write_text(json.dumps(plain, sort_keys=True), encoding="utf-8")
    second = open_source(small)
    assert second.channel == first.channel
    assert list(second.messages()) == list(first.messages())


def test_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    """A file that an editor saved with a byte order mark is read."""
    path = write_chat(tmp_path / "result.json", chat())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert texts_of(path) == ["один", "два"]


def test_files_read_before_are_skipped(tmp_path: Path) -> None:
    """A file that an earlier import has read is left out on request."""
    source = open_source(write_chat(tmp_path / "result.json", chat()))
    assert list(source.messages(skip={source.files[0].path})) == []
    assert source.files[0].message_ids == (1, 2)


@pytest.mark.parametrize("named", ["22", "-10022", "Данные", " данные "])
def test_named_channel_of_an_account_is_read(tmp_path: Path, named: str) -> None:
    """A channel is named by its number or by its title, in either case."""
    source = open_source(account(tmp_path), channel=named)
    assert source.channel == Channel(title="Данные", telegram_id=22)
    assert [item.text for item in source.messages() if isinstance(item, Post)] == [
        "запрос",
        "ответ",
    ]
    assert not source.whole


def test_left_channel_can_be_named(tmp_path: Path) -> None:
    """A channel that the account has left is read when it is named."""
    assert texts_of(account(tmp_path), channel="Оставленный") == ["прощай"]


@pytest.mark.parametrize("named", ["Семья", "семья", "14"])
def test_basic_group_is_read_if_it_is_named(tmp_path: Path, named: str) -> None:
    """No other export has the history of before its move to a supergroup."""
    source = open_source(account(tmp_path), channel=named)
    assert source.channel == Channel(title="Семья", telegram_id=14)
    assert texts_of(tmp_path / "result.json", channel=named) == ["ужин"]


def test_channel_comes_before_the_group_that_it_was(tmp_path: Path) -> None:
    """A supergroup bears the title of its basic group, which is read by its number then."""
    path = write_account(
        tmp_path / "result.json",
        [chat(NEWS, "до", kind="private_group", telegram_id=1), chat(NEWS, "после", telegram_id=2)],
    )
    assert texts_of(path, channel=NEWS) == ["после"]
    assert texts_of(path, channel="1") == ["до"]


@pytest.mark.parametrize("named", ["Анна", "Saved messages", "11"])
def test_conversation_stays_out_even_if_named(tmp_path: Path, named: str) -> None:
    """A private conversation of an account is never read, nor shown to be there."""
    with pytest.raises(SourceError, match=f"account .*{NEWS}"):
        open_source(account(tmp_path), channel=named)


def test_account_lists_its_channels_and_groups(tmp_path: Path) -> None:
    """Without a name, an account's export answers with those, never with conversations."""
    with pytest.raises(SourceError) as caught:
        open_source(account(tmp_path))
    sentence = str(caught.value)
    assert f"{NEWS} (21), Данные (22), Пустой (23), Оставленный (24), Семья (14)" in sentence
    assert not any(private in sentence for private in ("Анна", "Бот", "Saved", "Deleted"))


@pytest.mark.parametrize("named", ["Нет такого", "@news", "99"])
def test_unknown_name_lists_the_channels(tmp_path: Path, named: str) -> None:
    """A name that no channel of the account has is answered with those it has."""
    with pytest.raises(SourceError, match=f"account .*{NEWS} \\(21\\)"):
        open_source(account(tmp_path), channel=named)


def test_channel_without_a_number_is_read(tmp_path: Path) -> None:
    """A damaged export of a channel still has its title."""
    path = write_chat(tmp_path / "result.json", chat(telegram_id=22))
    export = json.loads(path.read_text("utf-8"))
    del export["id"]
    path.write_text(json.dumps(export), "utf-8")
    assert open_source(path).channel == Channel(title=NEWS)


def test_two_channels_of_one_title_are_told_apart_by_number(tmp_path: Path) -> None:
    """A title that two channels bear is refused with both numbers."""
    path = write_account(
        tmp_path / "result.json",
        [chat(NEWS, "a", telegram_id=1), chat(NEWS, "b", telegram_id=2)],
    )
    with pytest.raises(SourceError, match=f"{NEWS} \\(1\\), {NEWS} \\(2\\)"):
        open_source(path, channel=NEWS)
    assert texts_of(path, channel="2") == ["b"]


def test_long_list_of_channels_is_cut(tmp_path: Path) -> None:
    """An account with many channels names ten of them and says how many more there are."""
    chats = [chat(f"К{number}", telegram_id=number) for number in range(1, 14)]
    with pytest.raises(SourceError, match=r"К10 \(10\), …"):
        open_source(write_account(tmp_path / "result.json", chats))


def test_account_of_conversations_alone_offers_none(tmp_path: Path) -> None:
    """An account without channels says that there is none to choose."""
    path = write_account(tmp_path / "result.json", [chat("Анна", kind="personal_chat")])
    with pytest.raises(SourceError, match="names=—"):
        open_source(path)


def test_account_in_a_folder_hides_the_pages_of_its_chats(tmp_path: Path) -> None:
    """The JSON of an account is opened, though folders of single chats lie below it."""
    account(tmp_path)
    inner = tmp_path / "chats" / "chat_001"
    inner.mkdir(parents=True)
    write_chat(inner / "result.json", chat("Другой"))
    assert texts_of(tmp_path, channel="21") == ["новость"]


def test_conversation_alone_is_refused_unless_named(tmp_path: Path) -> None:
    """The export of a private conversation is no channel's, unless its name is given."""
    path = write_chat(tmp_path / "result.json", chat("Анна", "личное", kind="personal_chat"))
    with pytest.raises(SourceError, match=r"private_chat .*Анна"):
        open_source(path)
    with pytest.raises(SourceError, match="private_chat"):
        open_source(path, channel="Новости")
    assert texts_of(path, channel="Анна") == ["личное"]


def test_channel_may_be_given_another_name(tmp_path: Path) -> None:
    """The export of one channel is read whatever name the caller knows it by."""
    assert texts_of(write_chat(tmp_path / "r.json", chat()), channel="@elsewhere") == [
        "один",
        "два",
    ]


def test_channel_without_a_title_has_its_id_for_one(tmp_path: Path) -> None:
    """A channel whose title is null is no deleted account, and neither is what it posted."""
    source = open_source(write_chat(tmp_path / "result.json", chat(None, telegram_id=1234)))
    assert source.channel == Channel(title="1234", telegram_id=1234)
    posts = [item for item in source.messages() if isinstance(item, Post)]
    assert [post.author for post in posts] == [None, None]


def test_person_without_a_name_is_a_deleted_account(tmp_path: Path) -> None:
    """A conversation whose title is null is with somebody who deleted the account."""
    path = write_chat(tmp_path / "result.json", chat(None, "слова", kind="personal_chat"))
    source = open_source(path, channel="Deleted Account")
    assert source.channel.title == "Deleted Account"


def test_old_channel_number_loses_its_shift(tmp_path: Path) -> None:
    """Before 2.7.2 a channel's number carried its kind in high bits; it is read without them."""
    old = chat(telegram_id=2**33 + 1234567, dialect=J2_7)
    assert open_source(write_chat(tmp_path / "old.json", old)).channel.telegram_id == 1234567
    new = chat(telegram_id=2**33 + 1234567)
    assert (
        open_source(write_chat(tmp_path / "new.json", new)).channel.telegram_id == 2**33 + 1234567
    )


def test_dates_without_instants_take_the_given_zone(tmp_path: Path) -> None:
    """Before 3.7.6 dates are a clock's; the zone of that clock can be given."""
    zone = timezone(timedelta(hours=3))
    source = open_source(write_chat(tmp_path / "r.json", chat(zone=zone, dialect=J2_7)))
    assert not source.zoned
    [first, _] = source.messages(zone=zone)
    [untold, _] = source.messages()
    assert isinstance(first, Post)
    assert isinstance(untold, Post)
    assert first.posted_at == NOON + timedelta(hours=1)
    assert untold.posted_at == NOON + timedelta(hours=4)


def test_instant_wins_over_the_given_zone(tmp_path: Path) -> None:
    """Since 3.7.6 a message names its instant, and a zone changes nothing."""
    source = open_source(write_chat(tmp_path / "result.json", chat()))
    [first, _] = source.messages(zone=timezone(timedelta(hours=3)))
    assert isinstance(first, Post)
    assert first.posted_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "x", "type": "public_channel", "id": 5, "messages": []}',
        '{"name": "x", "type": "public_channel", "id": 5, "messages": [{"id": 1}, 7]}',
    ],
    ids=["empty", "undated"],
)
def test_export_without_dates_is_refused(tmp_path: Path, content: str) -> None:
    """An export in which no message has a date cannot be placed in time."""
    path = tmp_path / "result.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="no_messages"):
        open_source(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"messages": [{"id": 1}]}', "other_json"),
        ('{"about": "x"}', "other_json"),
        ('{"about": "x", "chats": {"list": [5, {"name": "x"}, []]}}', "other_json"),
        ('{"about": "x", "y": nonsense}', "line=1, column=22"),
        ('{"hello": 1}', "other_json"),
        ("[1, 2]", "no_export"),
        ("", "empty"),
    ],
)
def test_other_json_is_refused(tmp_path: Path, content: str, said: str) -> None:
    """A file that is JSON, or nearly, but no export, is refused for what it is."""
    path = tmp_path / "result.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        open_source(path)


@pytest.mark.parametrize("ending", [b"", b"]} or no longer"])
def test_file_that_shrinks_while_it_is_read_is_told(tmp_path: Path, ending: bytes) -> None:
    """A file that lost messages after it was opened ends in a problem, not in silence."""
    path = write_chat(tmp_path / "result.json", chat(NEWS, "один", "два", "три"))
    source = open_source(path)
    write_chat(path, chat(NEWS, "один"))
    path.write_bytes(path.read_bytes() + ending)
    [post, problem] = source.messages()
    assert isinstance(post, Post)
    assert problem == BadMessage(
        file="result.json",
        anchor="",
        reason="The file was changed while it was being read; import it again.",
        rest_lost=True,
    )


def test_message_too_new_for_the_exporter_alone_has_no_date(tmp_path: Path) -> None:
    """An unsupported message with no dated neighbour is a problem."""
    path = tmp_path / "result.json"
    found = {"id": 1, "type": "unsupported"}, {"id": 2, "date": "2024-03-05T10:00:00"}
    path.write_text(
        json.dumps({"name": "x", "type": "public_channel", "id": 5, "messages": found}),
        encoding="utf-8",
    )
    source = open_source(path)
    path.write_text(
        json.dumps({"name": "x", "type": "public_channel", "id": 5, "messages": found[:1]}),
        encoding="utf-8",
    )
    [changed, undated] = source.messages()
    assert isinstance(changed, BadMessage)
    assert undated == BadMessage(
        file="result.json",
        anchor="message1",
        reason="Nothing in the export says when the message was posted.",
    )
