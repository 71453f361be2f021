"""Photos: those that are kept come with the card of their post, and go with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from i18n import Catalogue
from ingest import MediaStore
from model.posts import Media, MediaKind
from model.rich_text import SpanKind
from tests.bot.channel import written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, posts
from tests.bot.terminal.test_console import talk
from tests.standin.world import as_read

_JPEG = b"\xff\xd8\xff\xe0 a photo "
_REFUSED = json.dumps(
    {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: wrong file identifier/HTTP URL specified",
    }
).encode()
_DELETED = b'{"ok":true,"result":true}'

Pictured = Callable[..., World]


@pytest.fixture
def pictured(world: World, filled: Filled, tmp_path: Path) -> Pictured:
    """Return a function that makes the world of an archive with photos: one, three, none."""
    media = MediaStore(tmp_path / "media")

    def photos(count: int, first: int) -> tuple[Media, ...]:
        names = (
            media.keep_bytes(_JPEG + bytes([number]), ".jpg")
            for number in range(first, first + count)
        )
        return tuple(Media(kind=MediaKind.PHOTO, copy=name) for name in names)

    store, searcher = filled(
        [
            written(1, "Пингвин синий", media=photos(1, 0)),
            written(2, "Пингвины втроём", media=photos(3, 1)),
            written(3, "Пингвин ушёл"),
        ]
    )
    return lambda **more: replace(world, store=store, searcher=searcher, media=media, **more)


def sent(person: Person) -> list[int]:
    """Return how many photos came in each message of the last answer."""
    albums = Counter(photo.album or photo.message_id for photo in person.files)
    return list(albums.values())


def called(person: Person, *names: str) -> list[str]:
    """Return the calls of these methods so far, in order."""
    return [name for name, _ in person.server.calls if name in names]


async def test_photo_comes_with_the_card(pictured: Pictured) -> None:
    """A post opened is followed by its photo, once however often its card is turned."""
    async with Person(pictured().build) as person:
        await person.says("синий")
        await person.presses("1")
        assert sent(person) == [1]
        assert person.text.startswith("Пингвин синий")
        session = person.buttons[-1].data.split("|")[2]
        await person.sends_data(f"1|o|{session}|1|1")
        assert sent(person) == []
        await person.presses(RUSSIAN.cards.button_similar)
        await person.presses(RUSSIAN.button_back)
        assert sent(person) == []
        await person.presses(RUSSIAN.button_back)

    assert called(person, "sendPhoto", "deleteMessages") == ["sendPhoto", "deleteMessages"]


async def test_album_comes_as_one(pictured: Pictured) -> None:
    """Several photos are an album; those of another post take their place."""
    async with Person(pictured().build) as person:
        await person.says("/recent")
        await person.presses("2")
        assert sent(person) == [3]
        session = person.buttons[-1].data.split("|")[2]
        await person.sends_data(f"1|o|{session}|1|1")
        assert sent(person) == [1]
        await person.sends_data(f"1|o|{session}|1|3")
        assert sent(person) == []

    deleted = [
        json.loads(p["message_ids"]) for n, p in person.server.calls if n == "deleteMessages"
    ]
    assert [len(numbers) for numbers in deleted] == [3, 1]


async def test_photo_is_uploaded_once(pictured: Pictured) -> None:
    """The second time a photo is sent by its id, in a new process too."""
    world = pictured()
    async with Person(world.build) as before:
        await before.says("синий")
        await before.presses("1")
    (photo,) = before.server.world.files
    async with Person(world.build) as person:
        person.server.world.files.update(before.server.world.files)
        await person.says("синий")
        await person.presses("1")

    assert sent(person) == [1]
    (given,) = [given for name, given in person.server.calls if name == "sendPhoto"]
    assert given["photo"] == photo


async def test_id_that_telegram_has_forgotten_is_replaced(pictured: Pictured) -> None:
    """Where an id is refused, the file itself is sent."""
    world = pictured()
    async with Person(world.build) as person:
        await person.says("синий")
        await person.presses("1")
    async with Person(world.build) as person:
        person.server.prescribe("sendPhoto", (400, _REFUSED))
        await person.says("синий")
        await person.presses("1")

    assert sent(person) == [1]
    assert called(person, "sendPhoto") == ["sendPhoto"] * 2


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_photo_that_telegram_refuses_is_said_to_be(
    pictured: Pictured, texts: Catalogue
) -> None:
    """A file that is no photo to Telegram is told of, until the page is turned."""
    async with Person(pictured().build, language_code=texts.code) as person:
        person.server.prescribe("sendPhoto", (400, _REFUSED))
        await person.says("синий")
        await person.presses("1")
        card, notice = [as_read(event.message) for event in person.events if event.message]
        assert card.body.text.startswith("Пингвин синий")
        assert notice.body.text == texts.cards.photo_refused
        (back,) = [button.data for button in card.buttons if button.label == texts.button_back]
        await person.sends_data(back)

    assert called(person, "deleteMessages") == ["deleteMessages"]


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
@pytest.mark.parametrize("reason", ["absent", "too_large"])
async def test_card_says_why_a_photo_is_not_shown(
    world: World, filled: Filled, tmp_path: Path, texts: Catalogue, reason: str
) -> None:
    """A photo whose file was not kept, or is too large for Telegram, is a link to the post."""
    media = MediaStore(tmp_path / "media")
    kept = media.keep_bytes(_JPEG + bytes(10 << 20), ".jpg") if reason == "too_large" else None
    photo = Media(kind=MediaKind.PHOTO, copy=kept)
    store, searcher = filled([written(1, "Пингвин", media=(photo,))])
    pictured = replace(world, store=store, searcher=searcher, media=media)
    async with Person(pictured.build, language_code=texts.code) as person:
        await person.says("пингвин")
        await person.presses("1")

    named = texts.attached.format(items=texts.media["photo"])
    assert f"{named} — {texts.cards.photo_troubles[reason]}" in person.text.splitlines()
    links = [s.value for s in person.seen.body.spans if s.kind is SpanKind.TEXT_LINK]
    assert links == ["https://t.me/zametki/1"]
    assert sent(person) == []


async def test_photos_that_cannot_be_deleted_stay(pictured: Pictured) -> None:
    """After two days Telegram keeps them, and the page is turned all the same."""
    async with Person(pictured().build) as person:
        await person.says("синий")
        await person.presses("1")
        person.server.prescribe("deleteMessages", (400, _REFUSED))
        await person.presses(RUSSIAN.button_back)

    assert person.text.startswith(f"🔎 синий — {posts(1)}")


async def test_random_posts_bring_their_photos(pictured: Pictured) -> None:
    """A random post comes with its photos, and the next one takes them away."""
    async with Person(pictured().build) as person:
        for _ in range(20):
            await person.says("/random")
            if sent(person) == [1]:
                break
        assert sent(person) == [1]
        for _ in range(20):
            await person.presses(RUSSIAN.button_another)
            if "Пингвин синий" not in person.text:
                break

    assert "deleteMessages" in called(person, "deleteMessages")


async def test_missing_and_foreign_files_are_no_photos(
    world: World, filled: Filled, tmp_path: Path
) -> None:
    """What is not kept, too large, empty, no photo, or leads elsewhere is left out."""
    media = MediaStore(tmp_path / "media")
    (tmp_path / "secret.jpg").write_bytes(_JPEG)
    large = media.keep_bytes(b"x" * ((10 << 20) + 1), ".jpg")
    empty = media.keep_bytes(b"", ".jpg")
    right = [media.keep_bytes(_JPEG + bytes([number]), ".jpg") for number in range(12)]
    names = ("../secret.jpg", "ab/" + "ab" * 32 + ".jpg", large, empty, None, right[0])
    photos = tuple(Media(kind=MediaKind.PHOTO, copy=name) for name in names)
    video = Media(kind=MediaKind.VIDEO, copy=right[1])
    many = tuple(Media(kind=MediaKind.PHOTO, copy=name) for name in right)
    store, searcher = filled(
        [
            written(1, "Разное", media=(*photos, video)),
            written(2, "Много", media=many),
        ]
    )
    person = Person(replace(world, store=store, searcher=searcher, media=media).build)
    async with person:
        await person.says("разное")
        await person.presses("1")
        assert sent(person) == [1]
        await person.says("много")
        await person.presses("1")

    assert sent(person) == [10]


async def test_photos_of_an_album_come_together(
    world: World, filled: Filled, tmp_path: Path
) -> None:
    """An album that was archived post by post comes whole with the post that is opened."""
    media = MediaStore(tmp_path / "media")
    album = [
        written(
            number,
            "Альбом" if number == 1 else "",
            album_id="a",
            media=(Media(kind=MediaKind.PHOTO, copy=media.keep_bytes(bytes([number]), ".jpg")),),
        )
        for number in range(1, 4)
    ]
    store, searcher = filled(album)
    person = Person(replace(world, store=store, searcher=searcher, media=media).build)
    async with person:
        await person.says("альбом")
        await person.presses("1")

    assert sent(person) == [3]


async def test_expired_card_keeps_its_photos(pictured: Pictured) -> None:
    """Nobody knows any more which photos went with a card whose session is gone."""
    world = pictured()
    async with Person(world.build) as person:
        await person.says("синий")
        await person.presses("1")
        world.bot_store.drop_sessions(before=world.clock() + timedelta(days=1))
        await person.presses(RUSSIAN.button_back)

    assert RUSSIAN.expired in person.toasts[0]
    assert called(person, "deleteMessages") == []


def test_terminal_tells_of_photos(pictured: Pictured) -> None:
    """In the terminal a photo is a sign, an album the sign and its number."""
    shown = talk(pictured(), ["/recent", "2", "/recent", "3"])

    assert "\n🖼 ×3\n" in shown
    assert "\n🖼\n" in shown
