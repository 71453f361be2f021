"""Filters: what narrows a search down is a press away, is shown, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.narrowing import search_text, switched
from bot.sessions import Listing, Session, read_session, write_state
from model.posts import Channel
from tests.bot.channel import AS_OF, coded, written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.searchers import patient_searcher

pytestmark = pytest.mark.asyncio


async def opened(person: Person, query: str, group: str) -> None:
    """Search, and open a group of the filters."""
    await person.says(query)
    await person.presses("⚙ Фильтры")
    await person.presses(group)


async def test_filters_open_in_the_same_bubble(world: World) -> None:
    """The button turns the list into its filters; there is a way back to the posts."""
    async with Person(world.build) as person:
        await person.says("карусель")
        page = person.text
        await person.presses("⚙ Фильтры")
        assert person.seen.is_edit
        assert person.text.startswith("🔎 карусель — 2 поста\n\nФильтры\n")
        assert person.labels == [
            "🏷 Теги",
            "💻 Языки",
            "📅 Период",
            "📎 Что внутри",
            "🔁 Откуда репост",
            "↕ Порядок",
            "📄 Посты · 2",
        ]
        await person.presses("📄 Посты · 2")

    assert person.text == page


async def test_filter_narrows_and_is_taken_back(world: World) -> None:
    """A tag chosen leaves its posts, is told above them, and goes with a press."""
    async with Person(world.build) as person:
        await opened(person, "карусель", "🏷 Теги")
        assert person.labels == ["#pandas · 1", "#sql · 1", "‹ Фильтры", "📄 Посты · 2"]
        await person.presses("#sql · 1")
        assert person.labels == ["✅ #sql", "#pandas · 1", "‹ Фильтры", "📄 Посты · 1"]
        await person.presses("📄 Посты · 1")
        assert person.text.startswith("🔎 карусель — 1 пост\n⚙ #sql\n\n1. Замеры карусели")
        assert person.labels == ["1", "⚙ Фильтры · 1", "🐍 Только код", "🔔 Следить"]
        await person.presses("⚙ Фильтры · 1")
        await person.presses("✖ #sql")
        await person.presses("📄 Посты · 2")

    assert "⚙" not in person.text
    assert "2 поста" in person.text


async def test_filters_add_up_and_are_cleared_at_once(world: World) -> None:
    """Each filter narrows what the others left; one press takes them all away."""
    async with Person(world.build) as person:
        await opened(person, "карусель", "💻 Языки")
        await person.presses("python · 1")
        await person.presses("‹ Фильтры")
        await person.presses("📎 Что внутри")
        assert person.labels[0] == "с кодом · 1"
        await person.presses("с кодом · 1")
        assert "⚙ python · с кодом" in person.text
        await person.presses("‹ Фильтры")
        assert person.labels[:2] == ["✖ python", "✖ с кодом"]
        await person.presses("🧹 Снять все")

    assert person.text.startswith("🔎 карусель — 2 поста\n\n")


async def test_period_is_one_at_a_time(world: World, filled: Filled) -> None:
    """Spells of time are offered with counts; one takes another's place."""
    posts = [
        replace(written(number, f"Заметка {number}"), posted_at=at)
        for number, at in enumerate(
            (AS_OF - timedelta(days=days) for days in (1, 3, 20, 100, 500)), 1
        )
    ]
    store, searcher = filled(posts)
    world = replace(
        world, store=store, searcher=patient_searcher(store, searcher.index, clock=world.clock)
    )
    async with Person(world.build) as person:
        await opened(person, "заметка", "📅 Период")
        assert person.labels == [
            "за неделю · 2",
            "за месяц · 3",
            "за год · 4",
            "2024 · 4",
            "2023 · 1",
            "‹ Фильтры",
            "📄 Посты · 5",
        ]
        await person.presses("2023 · 1")
        await person.presses("за неделю · 2")
        assert person.labels[0] == "✅ за неделю"
        assert "✅ 2023" not in person.labels
        await person.presses("📄 Посты · 2")

    assert "⚙ за неделю\n\n1." in person.text


async def test_order_can_be_chosen(world: World) -> None:
    """A press puts the newest first, another the oldest, a third the best again."""
    async with Person(world.build) as person:
        await person.says("очередь")
        best = person.text
        await person.presses("↕ Сначала новые")
        assert "⚙ сначала новые\n\n1. Заметка 16 " in person.text
        await person.presses("↕ Сначала старые")
        assert "⚙ сначала старые\n\n1. Заметка 4 " in person.text
        await person.presses("↕ Сначала точные")
        assert person.text == best
        await opened(person, "очередь", "↕ Порядок")
        await person.presses("сначала старые")

    assert "✅ сначала старые" in person.labels


async def test_chosen_order_goes_before_the_typed_one(world: World) -> None:
    """What a button says counts, whatever order the query asks for; without words two are left."""
    async with Person(world.build) as person:
        await person.says("очередь sort:old")
        assert "1. Заметка 4 " in person.text
        await person.presses("↕ Сначала точные")
        assert "↕ Сначала новые" in person.labels
        await person.says("#очередь")
        await person.presses("↕ Сначала старые")

    assert "↕ Сначала новые" in person.labels


async def test_latest_posts_can_be_narrowed(world: World) -> None:
    """The latest posts and a search for code have filters too."""
    async with Person(world.build) as person:
        await person.says("/recent")
        await person.presses("⚙ Фильтры")
        await person.presses("📎 Что внутри")
        await person.presses("с фото · 1")
        await person.presses("📄 Посты · 1")
        assert person.text.startswith("🆕 Последние посты — 1 пост\n⚙ с фото\n\n1. фото ×2")
        await person.presses("⚙ Фильтры · 1")
        await person.presses("💻 Языки")
        assert "Здесь выбирать не из чего." in person.text
        await person.says("/code pandas OR visits")
        await person.presses("⚙ Фильтры")
        await person.presses("💻 Языки")

    assert person.labels[:2] == ["python · 2", "sql · 1"]


async def test_filters_that_leave_nothing_are_a_press_from_gone(world: World) -> None:
    """Where filters leave nothing, they can be changed or taken off under the sentence."""
    async with Person(world.build) as person:
        await opened(person, "карусель", "💻 Языки")
        await person.presses("python · 1")
        await person.says("телескоп")
        session = person.buttons[0].data.split("|")[2]
        row = world.bot_store.find_session(session)
        assert row
        narrowed = switched(read_session(row), "lang:python", is_on=True)
        world.bot_store.save_session(
            session_id=session,
            user_id=1,
            chat_id=1,
            query=row.query,
            state=write_state(narrowed),
            now=world.clock(),
        )
        await person.sends_data(f"1|p|{session}|1")
        assert "По запросу телескоп ничего не нашлось.\n⚙ python" in person.text
        assert person.labels[:2] == ["🧹 Без фильтров", "⚙ Фильтры"]
        await person.presses("🧹 Без фильтров")

    assert "1 пост" in person.text


async def test_channels_are_a_filter_where_there_are_several(world: World, filled: Filled) -> None:
    """In an archive of two channels, each is a filter under its title."""
    store, searcher = filled([written(1, "Заметка одна"), written(2, "Заметка другая")])
    other = store.resolve_channel(Channel(title="Второй канал"))
    store.save(other, [written(3, "Заметка третья")], as_of=AS_OF)
    searcher.index.catch_up()
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await opened(person, "заметка", "📢 Каналы")
        assert person.labels[:2] == ["Заметки · 2", "Второй канал · 1"]
        await person.presses("Второй канал · 1")
        assert person.labels[:2] == ["✅ Второй канал", "Заметки · 2"]
        await person.presses("📄 Посты · 1")

    assert "⚙ Второй канал\n\n1. Заметка третья" in person.text


async def test_reposts_can_be_told_by_their_source(world: World) -> None:
    """The channels that posts were reposted from are filters, by their names."""
    async with Person(world.build) as person:
        await person.says("/recent")
        await person.presses("⚙ Фильтры")
        await person.presses("🔁 Откуда репост")
        await person.presses("Соседний канал · 1")
        await person.presses("📄 Посты · 1")

    assert "⚙ Соседний канал\n\n1. Чужая мысль" in person.text


async def test_filter_pressed_twice_is_on(world: World) -> None:
    """The same press again changes nothing, even after the bubble has changed its order."""
    async with Person(world.build) as person:
        await opened(person, "карусель", "🏷 Теги")
        data = person.buttons[1].data
        await person.sends_data(data)
        once = person.text, person.labels
        await person.sends_data(data)
        assert person.events == []
        assert (person.text, person.labels) == once
        await person.sends_data(data.rsplit("|", 2)[0] + "|77|1")

    assert "больше не работает" in person.toasts[0]


async def test_filters_survive_a_restart(world: World) -> None:
    """A new process knows the filters of a bubble of the old one."""
    async with Person(world.build) as person:
        await opened(person, "карусель", "🏷 Теги")
        await person.presses("#sql · 1")
        person.application = world.build(person.server)
        async with person.application:
            await person.presses("📄 Посты · 1")

    assert "⚙ #sql" in person.text


async def test_filters_belong_to_the_one_who_asked(world: World) -> None:
    """Another owner cannot change someone's filters; expired ones are said to be."""
    world.config = replace(world.config, owners=frozenset({1, 2}))
    async with Person(world.build) as person, Person(world.build, user_id=2) as other:
        await opened(person, "карусель", "🏷 Теги")
        await other.says("карусель")
        await other.sends_data(person.buttons[0].data)
        assert other.toasts == ["Это чужая выдача. Отправьте свой запрос."]
        world.bot_store.drop_sessions(before=world.clock() + timedelta(days=1))
        await person.presses("#sql · 1")

    assert "устарела" in person.toasts[0]


async def test_made_up_orders_and_groups_are_refused(world: World) -> None:
    """A made-up order is an old button; a made-up group shows all of them."""
    async with Person(world.build) as person:
        await person.says("очередь")
        session = person.buttons[0].data.split("|")[2]
        await person.sends_data(f"1|y|{session}|9")
        assert "больше не работает" in person.toasts[0]
        await person.sends_data(f"1|g|{session}|99")

    assert "🏷 Теги" in person.labels


async def test_english_filters(world: World) -> None:
    """The filters speak the person's language."""
    async with Person(world.build, language_code="en") as person:
        await person.says("карусель")
        await person.presses("⚙ Filters")
        await person.presses("📎 What is inside")
        await person.presses("with code · 1")

    assert "⚙ with code" in person.text


async def test_filters_are_what_could_be_typed() -> None:
    """Filters and words make a query as a person would type it; a leading OR joins nothing."""
    session = Session(
        session_id="s", user_id=1, chat_id=1, listing=Listing.SEARCH, query="OR кафка"
    )

    assert search_text(session) == "OR кафка"
    for operator in ("lang:python", "on:2023", "on:2024", "#sql"):
        session = switched(session, operator, is_on=True)
    assert search_text(session) == "lang:python on:2024 #sql кафка"
    assert search_text(switched(session, "#sql", is_on=False)) == "lang:python on:2024 кафка"


async def test_languages_of_two_words_are_filters(world: World, filled: Filled) -> None:
    """A language that a person would have to put in quotation marks is a filter like others."""
    store, searcher = filled(
        [coded(1, "Код один", [("a = 1", "common lisp")]), coded(2, "Код два", [("b", "lua")])]
    )
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await opened(person, "код", "💻 Языки")
        await person.presses("common lisp · 1")
        await person.presses("📄 Посты · 1")

    assert "⚙ common lisp\n\n1. Код один" in person.text
