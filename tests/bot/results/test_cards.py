"""Cards: a post opened, its text and code in parts, its files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from model.posts import Channel, Media, MediaKind, Poll, PollAnswer
from model.rich_text import SpanKind
from tests.bot.channel import (
    AS_OF,
    CHANNEL,
    LONG_CODE,
    POSTS,
    SECOND_CODE,
    SHORT_CODE,
    coded,
    written,
)
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, count, opening, posts
from tests.new_databases import new_archive

pytestmark = pytest.mark.asyncio


def _snippet(number: int) -> str:
    return RUSSIAN.snippet_of.format(number=number, count=2)


async def test_short_post_is_shown_as_it_stands(world: World) -> None:
    """A number opens the post in the same message: title, facts, code in place."""
    async with Person(world.build) as person:
        await person.says("группировка")
        await person.presses("1")

    assert person.seen.is_edit
    assert person.text == (
        "Группировка в pandas #pandas\n6 марта 2024, 10:00 · 👁 4\u00a0100\n\n" + SHORT_CODE
    )
    assert person.styled(SpanKind.BOLD) == ["Группировка в pandas #pandas"]
    assert person.languages() == ["python"]
    assert person.labels == [
        RUSSIAN.button_copy,
        RUSSIAN.button_original,
        RUSSIAN.cards.button_similar,
        RUSSIAN.cards.button_share,
        f"{RUSSIAN.cards.button_next} 💻",
        RUSSIAN.button_back,
    ]
    assert person.buttons[0].copy == SHORT_CODE
    assert person.buttons[1].url == "https://t.me/zametki/1"


async def test_back_leads_to_the_page_it_came_from(world: World) -> None:
    """After reading a post of the second page, the second page is shown again."""
    async with Person(world.build) as person:
        await person.says("очередь")
        await person.presses("›")
        page = person.text
        await person.presses("2")
        assert person.text != page
        await person.presses(RUSSIAN.button_back)

    assert person.text == page
    assert "2/3" in person.labels


async def test_long_post_is_folded_above_its_code(world: World) -> None:
    """A long post with code shows the code at once, under the folded text."""
    async with Person(world.build) as person:
        await person.says("замеры")
        await person.presses("1")
        assert f"🧩 python · {count(150, RUSSIAN.lines)} · {_snippet(1)}" in person.text
        (folded,) = [span for span in person.seen.body.spans if span.kind is SpanKind.QUOTE]
        assert folded.value == "collapsed"
        assert person.labels == [
            "1/2",
            "›",
            RUSSIAN.button_file,
            RUSSIAN.button_read,
            RUSSIAN.button_original,
            RUSSIAN.cards.button_similar,
            RUSSIAN.cards.button_share,
            RUSSIAN.cards.button_previous,
            RUSSIAN.cards.button_next,
            RUSSIAN.button_back,
        ]
        await person.presses("›")

    assert f"🧩 sql · {count(3, RUSSIAN.lines)} · {_snippet(2)}" in person.text
    assert person.styled(SpanKind.PRE)[-1] == SECOND_CODE


async def test_long_code_goes_as_a_file(world: World) -> None:
    """Code too long for a message is cut there, and the whole of it is sent as a file."""
    async with Person(world.build) as person:
        await person.says("замеры")
        await person.presses("1")
        assert RUSSIAN.cut_code.partition("{lines}")[2] in person.text
        await person.presses(RUSSIAN.button_file)

    (sent,) = person.files
    assert sent.file
    assert sent.file.name == "post_2_1.py"
    assert sent.file.data.decode() == LONG_CODE
    assert sent.text == "Замеры карусели #pandas #sql"


async def test_long_text_is_read_in_parts(world: World) -> None:
    """A text beyond one message is turned over like pages, and nothing of it is lost."""
    async with Person(world.build) as person:
        await person.says("карусель целиком")
        await person.presses("1")
        parts = [person.text.split("\n\n", 1)[1]]
        while "›" in person.labels:
            await person.presses("›")
            assert opening(RUSSIAN.part_of) in person.text
            parts.append(person.text.split("\n\n", 1)[1])

    assert len(parts) > 1
    post = next(post for post in POSTS if post.message_id == 3)
    assert "".join("".join(parts).split()) == "".join(post.text.split("\n\n", 1)[1].split())


async def test_text_and_code_lead_to_each_other(world: World) -> None:
    """From the code of a long post the whole text can be read, and back."""
    async with Person(world.build) as person:
        await person.says("замеры")
        await person.presses("1")
        await person.presses(RUSSIAN.button_read)
        assert "Длинный рассказ" in person.text
        assert "1/3" in person.labels
        await person.presses(f"{RUSSIAN.button_code} 2")

    assert _snippet(1) in person.text


async def test_poll_is_shown_with_its_votes(world: World) -> None:
    """A poll shows its question and answers."""
    async with Person(world.build) as person:
        await person.says("/recent")
        await person.presses("2")

    assert "📊 Какая база лучше?\n• Та, что есть — 12\n• Другая" in person.text


async def test_photo_says_what_is_attached(world: World) -> None:
    """A post without words says what it holds."""
    async with Person(world.build) as person:
        await person.says("/recent")
        await person.presses("3")

    attached = RUSSIAN.attached.format(items=f"{RUSSIAN.media['photo']} ×2")
    reason = RUSSIAN.cards.photo_troubles["absent"]
    assert person.text == f"22 марта 2024, 10:00 · ❤ 87\n{attached} — {reason}"


async def test_facts_of_a_repost_are_told(world: World) -> None:
    """Source, author, edit and disappearance are told."""
    channel_id = world.store.channels()[0].channel_id
    async with Person(world.build) as person:
        await person.says("телескоп")
        await person.presses("1")

    forwarded = RUSSIAN.forwarded.format(name="Соседний канал")
    edited = RUSSIAN.edited.format(date="1 июня 2024")
    assert f"{forwarded} · ✍ Вера · {edited}" in person.text
    assert world.store.find(channel_id, 19)


async def test_vanished_post_is_marked(world: World, filled: Filled) -> None:
    """A post that is no longer in the channel is marked in lists and on its card."""
    store, searcher = filled([written(1, "Исчезнувшая заметка"), written(2, "Другая")])
    channel_id = store.channels()[0].channel_id
    store.mark_missing(channel_id, {2}, first_id=1, last_id=2, at=AS_OF + timedelta(days=1))
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("исчезнувшая")
        assert "🗑" in person.text
        await person.presses("1")

    assert f"🗑 {RUSSIAN.missing}" in person.text


async def test_post_that_is_gone_is_said_to_be(world: World) -> None:
    """A button to a post that the archive does not hold is answered so."""
    async with Person(world.build) as person:
        await person.says("группировка")
        session = person.buttons[0].data.split("|")[2]
        for data in (f"1|o|{session}|1|9999", f"1|f|{session}|9999|1", f"1|f|{session}|1|7"):
            await person.sends_data(data)
            assert person.toasts == [RUSSIAN.gone]


async def test_code_that_is_gone_gives_way_to_the_text(world: World, filled: Filled) -> None:
    """A button to a snippet of a post without code shows its text; one too far, the last."""
    store, searcher = filled([written(1, "Без кода"), coded(2, "С кодом", [("a = 1", "")])])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("кода")
        session = person.buttons[0].data.split("|")[2]
        await person.sends_data(f"1|s|{session}|1|1|1")
        assert "Без кода" in person.text
        assert "🧩" not in person.text
        await person.sends_data(f"1|s|{session}|1|2|9")

    assert f"🧩 {count(1, RUSSIAN.lines)}" in person.text


async def test_random_post_is_followed_by_another(world: World) -> None:
    """`/random` opens any post; its button opens another one in place."""
    async with Person(world.build) as person:
        await person.says("/random")
        assert RUSSIAN.button_another in person.labels
        before = person.text
        for _ in range(20):
            await person.presses(RUSSIAN.button_another)
            if person.text != before:
                break

    assert person.text != before


async def test_random_post_of_an_empty_archive(world: World, filled: Filled) -> None:
    """An empty archive has none to offer."""
    store, searcher = filled([])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/random")
        assert RUSSIAN.welcome_empty in person.text
    async with Person(world.build) as person:
        await person.says("/random")
        person.application = replace(world, store=store, searcher=searcher).build(person.server)
        async with person.application:
            await person.presses(RUSSIAN.button_another)

    assert person.events == []


async def test_similar_posts_are_a_list_with_a_way_back(world: World) -> None:
    """Posts like a card's own are listed in its place, turned over, opened, and left again."""
    async with Person(world.build) as person:
        await person.says("заметка 7")
        listed = person.text
        await person.presses("1")
        card = person.text
        await person.presses(RUSSIAN.cards.button_similar)
        assert person.seen.is_edit
        assert person.text.startswith(
            f"≈ {RUSSIAN.cards.similar_title} Заметка 7 про очередь #очередь — {posts(12)}"
        )
        assert person.labels == ["1", "2", "3", "4", "5", "1/3", "›", RUSSIAN.button_back]
        await person.presses("›")
        second = person.text
        await person.presses("1")
        await person.presses(RUSSIAN.cards.button_similar)
        await person.presses(RUSSIAN.button_back)
        await person.presses(RUSSIAN.button_back)
        assert person.text == second
        await person.presses(RUSSIAN.button_back)
        assert person.text == card
        await person.presses(RUSSIAN.button_back)

    assert person.text == listed


async def test_post_without_similar_ones_says_so(world: World) -> None:
    """A post that shares nothing with others stays open; a deleted post is reported."""
    async with Person(world.build) as person:
        await person.says("/recent")
        await person.presses("3")
        await person.presses(RUSSIAN.cards.button_similar)
        assert person.toasts == [RUSSIAN.cards.nothing_similar]
        session = person.buttons[-1].data.split("|")[2]
        for data in (
            f"1|n|{session}|1|9999",
            f"1|v|{session}|1|9999|1|1",
            f"1|v|{session}|1|1|1|1",
        ):
            await person.sends_data(data)
            assert person.toasts == [RUSSIAN.gone]


async def test_similar_to_a_post_without_words_of_its_own(world: World, filled: Filled) -> None:
    """A poll's post has no title of its own in the list of those like it."""
    polls = [
        written(number, "", poll=Poll(question="  ", answers=(PollAnswer(text="пингвин"),)))
        for number in (1, 2)
    ]
    store, searcher = filled(polls)
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/recent")
        await person.presses("1")
        await person.presses(RUSSIAN.cards.button_similar)

    assert person.text.startswith(
        f"≈ {RUSSIAN.cards.similar_title} {RUSSIAN.untitled} — {posts(1)}"
    )


async def test_sharing_asks_for_a_chat(world: World) -> None:
    """The button names the post to the bot's inline mode, which answers with it alone."""
    async with Person(world.build) as person:
        await person.says("группировка")
        await person.presses("1")

    (share,) = [button for button in person.buttons if button.label == RUSSIAN.cards.button_share]
    assert share.inline == "p_1"


@pytest.mark.parametrize(
    ("username", "shared"),
    [
        ("zametki", "https%3A%2F%2Ft.me%2Fzametki%2F1"),
        (None, "https%3A%2F%2Ft.me%2Fletopis_standin_bot%3Fstart%3Dp_1"),
    ],
    ids=["public", "private"],
)
async def test_without_inline_mode_an_address_is_shared(
    world: World, tmp_path: Path, username: str | None, shared: str
) -> None:
    """Where BotFather has not switched inline mode on, Telegram is asked to share an address."""
    with new_archive(tmp_path / "archive.db") as store:
        channel = Channel(title="Заметки", username=username, telegram_id=777)
        store.save(store.resolve_channel(channel), [written(1, "Одна")], as_of=AS_OF)
        person = Person(replace(world, store=store).build)
        person.server.world.bot["supports_inline_queries"] = False
        async with person:
            await person.says("/recent")
            await person.presses("1")

    (share,) = [button for button in person.buttons if button.label == RUSSIAN.cards.button_share]
    assert share.url == f"https://t.me/share/url?url={shared}"
    original = RUSSIAN.button_original if username else RUSSIAN.cards.button_members
    (opening,) = [button for button in person.buttons if button.label == original]
    assert opening.url == f"https://t.me/{username or 'c/777'}/1"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ru", f"♻ {RUSSIAN.cards.repeated} 7 марта 2024, 8 марта 2024"),
        ("en", "♻ also March 7, 2024, March 8, 2024"),
    ],
)
async def test_days_of_the_same_text_stand_on_its_card(
    world: World, filled: Filled, language: str, line: str
) -> None:
    """A card names the days on which its text was posted too, and leads there."""
    text = "Один и тот же анонс курса, который повторяется слово в слово"
    store, searcher = filled([written(number, text) for number in (1, 2, 3)])
    repeating = replace(world, store=store, searcher=searcher)
    async with Person(repeating.build, language_code=language) as person:
        await person.says("курс sort:old")
        await person.presses("1")

    assert line in person.text.splitlines()
    links = [s.value for s in person.seen.body.spans if s.kind is SpanKind.TEXT_LINK]
    assert links == ["https://t.me/zametki/2", "https://t.me/zametki/3"]


async def test_earlier_texts_of_an_edited_post(world: World, tmp_path: Path) -> None:
    """What a post said before its edits is a press away, in parts, the latest first."""
    texts = ("Первый текст. " * 400, "Второй текст", "Третий текст")
    with new_archive(tmp_path / "archive.db") as store:
        for days, text in enumerate(texts):
            post = replace(written(1, text), edited_at=AS_OF + timedelta(days=days))
            as_of = AS_OF + timedelta(days=days)
            store.save(store.resolve_channel(CHANNEL), [post], as_of=as_of)
        async with Person(replace(world, store=store).build) as person:
            await person.says("/recent")
            await person.presses("1")
            await person.presses(f"{RUSSIAN.cards.button_versions} 2")
            earlier = RUSSIAN.cards.earlier_text.format(number=1, count=2)
            known = RUSSIAN.cards.known_on.format(date="2 января 2025")
            assert person.text == f"🕘 {earlier} · {known}\n\nВторой текст"
            assert person.labels == ["1/2", "›", RUSSIAN.cards.button_to_post]
            await person.presses("›")
            assert RUSSIAN.cards.earlier_text.format(number=2, count=2) in person.text
            assert RUSSIAN.part_of.format(part=1, parts=2) in person.text
            first = person.text
            assert person.labels == ["1/2", "›", "‹", "2/2", RUSSIAN.cards.button_to_post]
            await person.sends_data(person.buttons[1].data)
            assert RUSSIAN.part_of.format(part=2, parts=2) in person.text
            assert first.count("Первый") + person.text.count("Первый") == 400
            await person.presses(RUSSIAN.cards.button_to_post)

    assert "Третий текст" in person.text


async def test_earlier_text_may_be_empty(world: World, tmp_path: Path) -> None:
    """A post that once had no words shows that it had none."""
    with new_archive(tmp_path / "archive.db") as store:
        for days, text in enumerate(("", "Подпись")):
            photo = (Media(kind=MediaKind.PHOTO),)
            post = replace(written(1, text, media=photo), edited_at=AS_OF + timedelta(days=days))
            store.save(store.resolve_channel(CHANNEL), [post], as_of=AS_OF + timedelta(days=days))
        async with Person(replace(world, store=store).build) as person:
            await person.says("/recent")
            await person.presses("1")
            if f"{RUSSIAN.cards.button_versions} 1" in person.labels:
                await person.presses(f"{RUSSIAN.cards.button_versions} 1")

    earlier = RUSSIAN.cards.earlier_text.format(number=1, count=1)
    known = RUSSIAN.cards.known_on.format(date="1 января 2025")
    assert person.text == f"🕘 {earlier} · {known}"
