"""Owners send exports over the wire; the bot reads them in processes of its own."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock

from db import import_lock, open_archive
from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.ingest.exports import message, page
from tests.standin.person import Person
from tests.standin.server import StandIn
from tests.standin.things import Message

pytestmark = pytest.mark.slow

LONG = 60.0
IMPORT, CANCEL = "Импортировать", "Отмена"
_numbers = count(1)


@pytest.fixture(scope="module")
def desk(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """Run a bot whose archive these tests fill."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path_factory.mktemp("desk") / "home")
        standin.world.poll.hold_repeated = False
        shutil.copytree(archive_home, bot.home)
        bot.start()
        yield bot
        assert bot.stop() == 0
        assert bot.leaks() == []
        assert left(bot) == []
        assert " ERROR " not in bot.output


@pytest.fixture
def keeper(desk: RunningBot) -> Person:
    """Return an owner whom no other test has met."""
    return owner(desk)


def left(bot: RunningBot) -> list[str]:
    """Return the names of the files that were sent and are still there."""
    folder = bot.home / "uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def export(word: str, posts: int = 3, *, first: int = 1, title: str | None = None) -> str:
    """Return a page of posts with a word that is nowhere else."""
    numbers = range(first, first + posts)
    messages = (message(number, f"{word} номер {number}") for number in numbers)
    return page("".join(messages), title=title or f"Канал {next(_numbers)}")


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def sees(person: Person, *words: str) -> Message:
    """Wait until the bot says all of these words in one message."""
    return person.waits_for(lambda shown: all(word in shown.text for word in words), timeout=LONG)


def sends(person: Person, name: str, data: str | bytes) -> None:
    """Send a file."""
    person.watch.looks_away()
    person.uploads(name, data.encode() if isinstance(data, str) else data)


def offered(person: Person, name: str, data: str | bytes) -> Message:
    """Send a page or a zip of a new channel, and return the preview."""
    sends(person, name, data)
    question = sees(person, "Какой это канал?")
    person.presses(question, "Новый канал")
    return sees(person, "Пока ничего не записано.")


@contextmanager
def other_import(bot: RunningBot) -> Iterator[None]:
    """Let another program import into the bot's archive."""
    with import_lock(bot.home, wait=LONG, on_wait=lambda: None):
        yield


def test_zip_is_imported_and_found(desk: RunningBot, keeper: Person) -> None:
    """Sent, looked at, confirmed, written, and found at once; nothing is left behind."""
    pages = {"ChatExport/messages.html": export("гузлорез"), "ChatExport/photos/1.jpg": "x"}
    preview = offered(keeper, "Экспорт.zip", packed(pages))
    assert "📦 Экспорт.zip\nэкспорт Telegram Desktop, HTML · 1 файл" in preview.text
    assert "➕ новых 3" in preview.text
    (file,) = (desk.home / "uploads").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    keeper.waits_for_answer(keeper.presses(preview, IMPORT))
    report = sees(keeper, "✅ Импорт завершён", "➕ новых 3", "уже ищутся")
    assert report.labels == ()
    assert left(desk) == []
    assert "3 поста" in keeper.asks("гузлорез").text

    sends(keeper, "Копия.zip", packed(pages))
    assert sees(keeper, "Ничего нового").labels == ()


def test_channel_is_named_once(desk: RunningBot, keeper: Person) -> None:
    """A page is asked about, the reply holds for the title, in English too."""
    john = owner(desk, first_name="John", language_code="en")
    sends(keeper, "messages.html", export("мурпл", title="Мурплики"))
    question = sees(keeper, "Какой это канал?")
    keeper.says("@murpl_channel", reply_to=question)
    offer = sees(keeper, "Пока ничего не записано.")
    assert "Канал: Мурплики (@murpl_channel) — новый в архиве" in offer.text

    sends(john, "messages2.html", export("мурпл", 5, title="Мурплики"))
    preview = sees(john, "Nothing is written yet.")
    assert "Channel: Мурплики (@murpl_channel), new in the archive" in preview.text
    john.presses(preview, "Import")
    sees(john, "The import is done", "➕ new 5", "New posts can be found at once.")
    found = john.asks("мурпл")
    assert "https://t.me/murpl_channel/" in found.html
    keeper.presses(offer, CANCEL)
    sees(keeper, "Отменено, ничего не записано.")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("bomb.zip", {"messages.html": export("а") + " " * (30 << 20)}, "распаковывается"),
        ("away.zip", {"../../messages.html": export("б")}, "Это не экспорт Telegram."),
        ("nested.zip", {"export.zip": b"PK\x03\x04"}, "лежит другой архив"),
        ("letter.docx", {"[Content_Types].xml": "", "word/document.xml": ""}, "документ Word"),
        ("cut.zip", packed({"messages.html": export("в")})[:-40], "повреждён"),
        ("photo.html", b"\x89PNG\r\n\x1a\n", "Это картинка"),
        ("result.json", b'{"messages": [', "Файл JSON испорчен"),
        ("empty.zip", b"", "Файл пуст."),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_bad_file_is_refused(
    desk: RunningBot,
    keeper: Person,
    name: str,
    data: bytes | Mapping[str, str | bytes],
    says: str,
) -> None:
    """Whatever is sent, one sentence says what is wrong with it, and the bot goes on."""
    sends(keeper, name, data if isinstance(data, bytes) else packed(data))
    assert sees(keeper, "Импортировать нечего.", says).labels == ()


@pytest.mark.parametrize("declared", [(20 << 20) + 1, None], ids=["as declared", "really"])
def test_big_file_is_refused_with_the_other_ways(
    desk: RunningBot, keeper: Person, declared: int | None
) -> None:
    """Telegram gives bots no more than 20 MB: three other ways are named."""
    keeper.watch.looks_away()
    keeper.uploads("export.zip", bytes((20 << 20) + 1), declared_size=declared)
    refusal = sees(keeper, "Telegram отдаёт ботам не больше 20 МБ")
    for way in ("без фото, видео", "по датам", "letopis ingest ПУТЬ", "Свой сервер Bot API"):
        assert way in refusal.text


def test_stranger_sends_nothing(desk: RunningBot) -> None:
    """A stranger's file is met at the door like their words; nobody fetches it."""
    guest = Person(desk.standin, 900_900, first_name="Гость")
    sent = guest.uploads("export.zip", packed({"messages.html": export("г")}))
    assert "закрытый архив" in guest.waits_for().text
    assert sent.file
    asked = [call.text("file_id") for call in desk.standin.world.calls if call.method == "getfile"]
    assert sent.file.file_id not in asked


def test_two_owners_send_at_once(desk: RunningBot, keeper: Person) -> None:
    """One import at a time: the other waits, is told so, and comes; searches go on meanwhile."""
    anna = owner(desk)
    first = offered(keeper, "a.html", export("дзюба"))
    second = offered(anna, "b.html", export("ежуба"))
    with other_import(desk):
        keeper.presses(first, IMPORT)
        sees(keeper, "Архив занят другим импортом")
        anna.presses(second, IMPORT)
        sees(anna, "В очереди")
        assert "зелюка" in anna.asks("зелюка").text
    sees(keeper, "✅ Импорт завершён", "уже ищутся")
    sees(anna, "✅ Импорт завершён", "уже ищутся")


def test_import_is_cancelled(desk: RunningBot, keeper: Person) -> None:
    """Ended, an import says what it kept; its button is dead from then on."""
    preview = offered(keeper, "a.html", export("жмяка"))
    with other_import(desk):
        keeper.presses(preview, IMPORT)
        waiting = sees(keeper, "Архив занят другим импортом")
        answer = keeper.waits_for_answer(keeper.presses(waiting, CANCEL))
        assert answer["text"] == "Останавливаю…"
        sees(keeper, "Импорт остановлен.", "Сохранено: ➕ новых 0")
    late = keeper.waits_for_answer(keeper.presses(preview, IMPORT))
    assert "уже всё решено" in late["text"]


@pytest.mark.parametrize("ends", ["asked to end", "killed"])
def test_restart_completes_an_import(desk: RunningBot, keeper: Person, ends: str) -> None:
    """Ended amid an import, however it be, the bot completes it at its next start."""
    word = f"зюк{len(ends)}"
    preview = offered(keeper, "a.html", export(word))
    with other_import(desk):
        keeper.presses(preview, IMPORT)
        sees(keeper, "Архив занят другим импортом")
        if ends == "killed":
            desk.kill()
        else:
            assert desk.stop() == 0
        assert len(left(desk)) == 1
    desk.start()

    sees(keeper, "✅ Импорт завершён", "➕ новых 3", "уже ищутся")
    with open_archive(desk.home / "archive.db", read_only=True) as store:
        assert store.imports(limit=1)[0].finished_at is not None


@pytest.mark.parametrize("ends", ["asked to end", "killed"])
def test_restart_brings_a_report_up_to_date(desk: RunningBot, keeper: Person, ends: str) -> None:
    """Ended before new posts can be found, the bot says at its next start when they can."""
    preview = offered(keeper, "b.html", export(f"пуськ{len(ends)}"))
    with FileLock(desk.home / "index" / "write.lock"):
        keeper.presses(preview, IMPORT)
        report = sees(keeper, "➕ новых 3", "⏳ Добавляю в поиск…")
        if ends == "killed":
            desk.kill()
        else:
            assert desk.stop() == 0
    desk.start()

    up_to_date = sees(keeper, "➕ новых 3", "Новые посты уже ищутся.")
    assert up_to_date.message_id == report.message_id


def test_long_import_shows_its_progress(desk: RunningBot, keeper: Person) -> None:
    """A long import shows its bar and can be ended; whole batches are kept, and no more."""
    pages = {
        f"messages{number + 1}.html": export("ибумба", 5_000, first=number * 5_000 + 1, title="Ы")
        for number in range(6)
    }
    preview = offered(keeper, "long.zip", packed(pages))
    keeper.presses(preview, IMPORT)
    writing = sees(keeper, "⏳ Записываю", "░")
    keeper.presses(writing, CANCEL)
    sees(keeper, "Импорт остановлен.")
    with open_archive(desk.home / "archive.db", read_only=True) as store:
        (channel,) = store.find_channels("Ы")
        kept = store.message_ids(channel.channel_id, first_id=1, last_id=30_000)
    assert len(kept) < 30_000
    assert len(kept) % 1000 == 0
