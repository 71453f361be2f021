"""An owner sends an export: what is shown, what is asked, what is written."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from db.bot_live import ApprovalStatus
from db.bot_people import AccessStatus
from i18n.imports import upload_texts
from model.messages import Code
from model.posts import Channel
from tests.bot.channel import AS_OF
from tests.bot.conftest import OWNER, World
from tests.bot.exports import TITLE, page_of, result_of, zip_of, zipped_export
from tests.bot.imports.uploading import CANCEL, IMPORT, OTHER, ids, left
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, UPLOADS, count, imported, posts
from tests.ingest.exports import TITLE as PAGE_TITLE

pytestmark = pytest.mark.asyncio


async def test_result_is_imported(empty: World, tmp_path: Path) -> None:
    """A result.json names its channel: it is shown, confirmed, written, and found at once."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1, 2))

        assert person.text.splitlines()[:4] == [
            "📦 result.json",
            f"{UPLOADS.formats['telegram-json']} · {count(1, UPLOADS.files)} · 520 байт",
            UPLOADS.channel_is_new.format(channel="Записки (1500000001)"),
            UPLOADS.period.format(days="5 марта 2024"),
        ]
        assert imported(2, 0, 0) in person.text
        assert person.text.endswith(UPLOADS.nothing_written)
        assert person.labels == [IMPORT, CANCEL]
        assert ids(empty.store) == []
        (file,) = left(empty)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert "result" not in file.name

        await person.presses(IMPORT)
        await person.waits()
        assert person.text.splitlines() == [
            "📦 result.json",
            UPLOADS.done,
            UPLOADS.channel_is_new.format(channel="Записки (1500000001)"),
            imported(2, 0, 0),
            UPLOADS.searchable,
        ]
        assert person.labels == []
        await person.says("бокр")
        assert posts(2) in person.text

    assert ids(empty.store) == [1, 2]
    assert left(empty) == []
    assert empty.store.imports()[0].source == "result.json"


async def test_same_file_again_is_no_news(empty: World, tmp_path: Path) -> None:
    """A file that was imported is known by its content, whatever it is called."""
    path = result_of(tmp_path, 1, 2, 3)
    async with Person(empty.build) as person:
        await person.sends_file(path)
        await person.presses(IMPORT)
        await person.waits()
        await person.sends_file(path.rename(tmp_path / "Копия.json"))

    assert person.text == f"📦 Копия.json\n{UPLOADS.nothing_new.format(posts=posts(3))}"
    assert person.labels == []
    assert left(empty) == []


@pytest.mark.parametrize(
    ("language_code", "label", "report"),
    [
        ("ru", UPLOADS.button_import, UPLOADS.done),
        ("en", upload_texts(ENGLISH).button_import, upload_texts(ENGLISH).done),
    ],
)
async def test_zip_is_imported_in_both_languages(
    empty: World, tmp_path: Path, language_code: str, label: str, report: str
) -> None:
    """A zip of pages is previewed and imported; nothing of it is unpacked."""
    empty.store.resolve_channel(Channel(title=PAGE_TITLE, username="zapiski"), as_of=AS_OF)
    async with Person(empty.build, language_code=language_code) as person:
        await person.sends_file(zipped_export(tmp_path, 3))
        assert "@zapiski" in person.text
        await person.presses(label)
        await person.waits()
        assert report in person.text

    assert ids(empty.store) == [1, 2, 3]
    assert [path.name for path in empty.store.path.parent.rglob("*.jpg")] == []


# What is asked


async def test_title_alone_is_asked_about_once(empty: World, tmp_path: Path) -> None:
    """A page that names no id is asked about; the answer holds for the next one."""
    async with Person(empty.build) as person:
        await person.sends_file(page_of(tmp_path, 1))
        assert UPLOADS.ask.format(title=TITLE) in person.text
        assert person.labels == [UPLOADS.button_new.format(title=TITLE), CANCEL]
        assert ids(empty.store) == []

        await person.presses(UPLOADS.button_new.format(title=TITLE))
        await person.waits()
        assert UPLOADS.channel_is_new.format(channel=TITLE) in person.text
        assert person.labels == [IMPORT, CANCEL, OTHER]
        await person.presses(IMPORT)
        await person.waits()

        await person.sends_file(page_of(tmp_path, 1, 2))
        assert UPLOADS.counts[0].format(number=1) in person.text
        assert UPLOADS.channel.format(channel=TITLE) in person.text.splitlines()

    assert ids(empty.store) == [1]


@pytest.mark.parametrize("answer", ["@zapiski", "https://t.me/zapiski", "t.me/zapiski"])
async def test_channel_is_named_by_a_message(empty: World, tmp_path: Path, answer: str) -> None:
    """An address sent while the question is open is the answer, and no search."""
    async with Person(empty.build) as person:
        await person.sends_file(page_of(tmp_path, 1))
        await person.says(answer)
        await person.waits()
        assert UPLOADS.channel_is_new.format(channel=f"{TITLE} (@zapiski)") in person.text
        await person.presses(IMPORT)
        await person.waits()

    (channel,) = empty.store.channels()
    assert channel.channel == Channel(title=TITLE, username="zapiski")


async def test_channel_is_named_by_a_reply(empty: World, tmp_path: Path) -> None:
    """A reply to the question may be a number; one that is no channel is asked for again."""
    async with Person(empty.build) as person:
        await person.sends_file(page_of(tmp_path, 1))
        question = person.seen.message_id
        reply = {"message_id": question, "date": 0, "chat": {"id": OWNER, "type": "private"}}
        await person.says("мой канал", reply_to_message=reply)
        assert person.text.startswith(UPLOADS.no_name)
        await person.says("-1001500000007", reply_to_message=reply)
        await person.waits()
        assert "(1500000007)" in person.text
        assert person.seen.message_id == question


async def test_other_words_are_searched_for(empty: World, tmp_path: Path) -> None:
    """While a question is open, everything that is no answer to it is a search as ever."""
    async with Person(empty.build) as person:
        await person.says("@nobody_asked")
        assert RUSSIAN.nothing_found.format(query="@nobody_asked") in person.text
        await person.sends_file(page_of(tmp_path, 1))
        question = person.seen.message_id
        for words in ("куздра", "@ two words"):
            await person.says(words)
            assert RUSSIAN.nothing_found.format(query=words) in person.text
        other = {"message_id": question + 1, "date": 0, "chat": {"id": OWNER, "type": "private"}}
        await person.says("@zapiski", reply_to_message=other)
        assert RUSSIAN.nothing_found.format(query="@zapiski") in person.text
    empty.config = replace(empty.config, owners=frozenset({2}))
    _let_in(empty)
    async with Person(empty.build) as person:
        await person.says("@zapiski")
        assert RUSSIAN.nothing_found.format(query="@zapiski") in person.text


async def test_channels_to_choose_from(empty: World, tmp_path: Path) -> None:
    """Of several that fit one is chosen: known ones first, live ones by their id."""
    store, live = empty.store, empty.bot_store.live
    store.resolve_channel(Channel(title=TITLE, username="one", telegram_id=1500000009), as_of=AS_OF)
    store.resolve_channel(Channel(title=TITLE, telegram_id=1500000002), as_of=AS_OF)
    store.resolve_channel(Channel(title="Другое"), as_of=AS_OF)
    for number in (2, 3):
        chat_id = -1001500000000 - number
        live.ask(chat_id, title=TITLE, language=None, now=AS_OF)
        live.decide(chat_id, ApprovalStatus.APPROVED, by=OWNER, now=AS_OF)
    async with Person(empty.build) as person:
        await person.sends_file(page_of(tmp_path, 1))
        assert person.labels == [
            f"{TITLE} · @one",
            f"{TITLE} · 1500000002",
            f"{TITLE} · 1500000003",
            "Другое",
            CANCEL,
        ]
        pressed = person.buttons[2].data
        await person.presses(f"{TITLE} · 1500000003")
        await person.waits()
        assert UPLOADS.channel_is_new.format(channel=f"{TITLE} (1500000003)") in person.text
        await person.sends_data(pressed)
        assert person.toasts == [UPLOADS.already]

        await person.presses(OTHER)
        assert f"{TITLE} · @one" in person.labels
        await person.sends_data(pressed.replace("|2|", "|1|"))
        assert person.toasts == [UPLOADS.already]
        await person.presses("Другое")
        await person.waits()
        assert UPLOADS.channel.format(channel="Другое") in person.text.splitlines()
        await person.presses(IMPORT)
        await person.waits()

    assert len(store.channels()) == 3
    assert store.newest(limit=1)[0].channel.username is None


async def test_only_channel_that_fits_is_not_asked_about(empty: World, tmp_path: Path) -> None:
    """Where one channel bears the title it is meant; another one can still be chosen."""
    empty.store.resolve_channel(Channel(title=TITLE, telegram_id=1500000002), as_of=AS_OF)
    async with Person(empty.build) as person:
        await person.sends_file(page_of(tmp_path, 1))
        assert UPLOADS.channel.format(channel=f"{TITLE} (1500000002)") in person.text.splitlines()
        assert person.labels == [IMPORT, CANCEL, OTHER]


async def test_account_is_asked_for_its_channel(empty: World, tmp_path: Path) -> None:
    """Of a whole account the channel named in a reply is taken, and asked for again otherwise."""
    chats = ", ".join(
        f'{{"name": "{name}", "type": "public_channel", "id": {number}, "messages": '
        f'[{{"id": 1, "type": "message", "date": "2024-03-05T10:00:00", "text": "{name}"}}]}}'
        for number, name in ((1500000001, "Раз"), (1500000002, "Два"))
    )
    path = tmp_path / "result.json"
    path.write_text(f'{{"about": "", "chats": {{"list": [{chats}]}}}}', encoding="utf-8")
    async with Person(empty.build) as person:
        await person.sends_file(path)
        assert UPLOADS.reasons[Code.ACCOUNT] in person.text
        assert UPLOADS.ask_named in person.text
        reply = {
            "message_id": person.seen.message_id,
            "date": 0,
            "chat": {"id": OWNER, "type": "private"},
        }
        await person.says("Три", reply_to_message=reply)
        await person.waits()
        assert UPLOADS.ask_named in person.text
        await person.says(" Два ", reply_to_message=reply)
        await person.waits()
        assert UPLOADS.channel.format(channel="Два (1500000002)") in person.text


# What is refused


def _bomb(folder: Path) -> Path:
    return zip_of(folder / "b.zip", {"messages.html": page_of(folder, 1).read_text() + " " * 12**7})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Code.EMPTY),
        (b"\x89PNG\r\n\x1a\n", Code.PICTURE),
        (b"Dear all", Code.NO_EXPORT),
        (b"PK\x03\x04" + bytes(50), Code.ZIP_DAMAGED),
    ],
)
async def test_what_is_no_export_is_refused(
    empty: World, tmp_path: Path, content: bytes, reason: Code
) -> None:
    """One sentence says what is wrong, whatever the file is called, and nothing stays behind."""
    path = tmp_path / "messages.html"
    path.write_bytes(content)
    async with Person(empty.build) as person:
        await person.sends_file(path)

    assert person.text.splitlines()[1] == f"{UPLOADS.refused} {UPLOADS.reasons[reason]}"
    assert person.labels == []
    assert left(empty) == []
    assert empty.bot_store.uploads.all() == ()


async def test_bomb_is_refused(empty: World, tmp_path: Path) -> None:
    """A zip that unpacks to far more than an export is given up on."""
    async with Person(empty.build) as person:
        await person.sends_file(_bomb(tmp_path))
    assert UPLOADS.reasons[Code.ZIP_BOMB] in person.text
    assert left(empty) == []


async def test_private_conversation_stays_out(empty: World, tmp_path: Path) -> None:
    """A conversation is no channel, and is refused in English too."""
    path = tmp_path / "result.json"
    path.write_text('{"name": "x", "type": "personal_chat", "id": 1, "messages": [{"id": 1}]}')
    async with Person(empty.build, language_code="en") as person:
        await person.sends_file(path)
    assert upload_texts(ENGLISH).reasons[Code.PRIVATE_CHAT] in person.text


@pytest.mark.parametrize("declared", [(20 << 20) + 1, None], ids=["as declared", "really"])
async def test_big_file_is_refused_with_the_other_ways(
    empty: World, tmp_path: Path, declared: int | None
) -> None:
    """Beyond the limit the three ways are named, whether the size was said or turned out."""
    path = tmp_path / "export.zip"
    path.write_bytes(b"")
    os.truncate(path, (20 << 20) + 1)
    async with Person(empty.build) as person:
        await person.sends_file(path, file_size=declared)

    assert person.text.endswith(UPLOADS.too_big.format(size="20 МБ", limit="20 МБ"))
    assert left(empty) == []


async def test_others_are_told_who_sends_files(empty: World, tmp_path: Path) -> None:
    """A guest's file is declined politely, and not fetched."""
    empty.config = replace(empty.config, owners=frozenset({2}))
    _let_in(empty)
    async with Person(empty.build) as person:
        await person.sends_file(page_of(tmp_path, 1))
        assert person.text.startswith(UPLOADS.owners_only)
        await person.says("/import")
        assert person.text.startswith(RUSSIAN.unknown_command)
        assert not any(name == "getFile" for name, _ in person.server.calls)


async def test_name_is_shown_and_never_used(empty: World, tmp_path: Path) -> None:
    """A name may hold anything: it is shown as text, without what turns the writing round."""
    name = "../../<b>\u202eexe.piz\x07\n"
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1), file_name=name)
        assert person.text.startswith("📦 ../../<b>exe.piz\n")
        (file,) = left(empty)
        assert file.name.isalnum()
        await person.sends_file(result_of(tmp_path, 1, 2), file_name=None)
        assert person.text.startswith("📦 …\n")


async def test_file_that_is_not_given_out_is_told(empty: World, tmp_path: Path) -> None:
    """Where Telegram does not give a file out it is tried once more, then told."""
    gone = (404, b'{"ok":false,"error_code":404,"description":"Not Found"}')
    async with Person(empty.build) as person:
        person.server.prescribe("getFile", gone)
        await person.sends_file(result_of(tmp_path, 1))
        assert IMPORT in person.labels
        person.server.prescribe("getFile", gone, gone)
        await person.sends_file(result_of(tmp_path, 1))
    assert UPLOADS.unfetchable in person.text


# What is ended


async def test_preview_is_declined(empty: World, tmp_path: Path) -> None:
    """The owner says no: nothing is written, the file is gone, and its buttons are dead."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        confirm = person.buttons[0].data
        await person.presses(CANCEL)
        assert person.text == f"📦 result.json\n{UPLOADS.cancelled}"
        channel = confirm.replace("ui", "uc") + "|1|1"
        for data in (confirm, confirm.replace("ui", "un"), confirm.replace("ui", "uo"), channel):
            await person.sends_data(data)
            assert person.toasts == [UPLOADS.already]

    assert (ids(empty.store), left(empty)) == ([], [])


async def test_second_press_is_told(empty: World, tmp_path: Path) -> None:
    """Pressed twice, an import is begun once."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        confirm, other = person.buttons[0].data, person.buttons[0].data.replace("ui", "uo")
        await person.presses(IMPORT)
        for data in (confirm, other):
            await person.sends_data(data)
            assert person.toasts == [UPLOADS.already]
        await person.waits()
    assert len(empty.store.imports()) == 1


async def test_other_owners_buttons_are_not_theirs(empty: World, tmp_path: Path) -> None:
    """Each owner decides on what they sent; a guest on nothing."""
    empty.config = replace(empty.config, owners=frozenset({OWNER, 2}))
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        data = person.buttons[0].data
    async with Person(empty.build, user_id=2) as second:
        await second.sends_data_anywhere(data)
        assert second.toasts == [UPLOADS.already]
    empty.config = replace(empty.config, owners=frozenset({2}))
    _let_in(empty)
    async with Person(empty.build) as person:
        await person.sends_data_anywhere(data)
        assert person.toasts == [RUSSIAN.access.owners_only]


def _let_in(world: World) -> None:
    """Let the first owner be a guest."""
    people = world.bot_store.people
    people.ask(OWNER, name="x", spoken=None, target=0, now=AS_OF, rested_since=AS_OF)
    people.decide(OWNER, AccessStatus.APPROVED, instead_of=(AccessStatus.ASKED,), by=2, now=AS_OF)
