"""People follow searches: a button under each, a list of them, and what can be done with one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from search import open_index
from tests.bot.channel import AS_OF, CHANNEL, POSTS, written
from tests.bot.conftest import OWNER, World
from tests.bot.following import Teller, post
from tests.bot.person import Person
from tests.new_databases import new_archive
from tests.searchers import patient_searcher

pytestmark = pytest.mark.asyncio

_GROUP = {"id": -5, "type": "group", "title": "g"}


@pytest.fixture
def own(world: World, tmp_path: Path) -> Iterator[World]:
    """Return a bot over an archive of its own, with the posts that most tests read."""
    with new_archive(tmp_path / "archive.db") as store:
        store.save(store.resolve_channel(CHANNEL), list(POSTS), as_of=AS_OF)
        index = open_index(tmp_path / "index", store)
        index.catch_up()
        yield replace(
            world, store=store, searcher=patient_searcher(store, index, clock=world.clock)
        )
        index.close()


def _queries(world: World, user_id: int = OWNER) -> list[str]:
    return [search.query for search in world.bot_store.saved.of_person(user_id)]


async def _follow(person: Person, query: str) -> str:
    await person.says(query)
    await person.presses("🔔 Следить")
    return person.toasts[0]


async def test_search_is_followed_once(world: World) -> None:
    """One press follows a query; the same query again, however spaced, is followed already."""
    async with Person(world.build) as person:
        assert "Слежу" in await _follow(person, "карусель")
        assert "уже следите" in await _follow(person, "  Карусель ")

    assert _queries(world) == ["карусель"]


async def test_filters_are_followed_too(world: World) -> None:
    """What buttons have added to a query belongs to what is followed, `/code` as well."""
    async with Person(world.build) as person:
        await person.says("карусель")
        await person.presses("🐍 Только код")
        await person.presses("🔔 Следить")
        await person.says("/code groupby")
        await person.presses("🔔 Следить")

    assert _queries(world) == ["has:code карусель", "has:code groupby"]


async def test_what_is_not_there_yet_can_be_followed(world: World) -> None:
    """A search that finds nothing is followed like any other; one for nothing is not."""
    async with Person(world.build) as person:
        assert "Слежу" in await _follow(person, "квазипост")
        assert "следить не за чем" in await _follow(person, "!!! ???")

    assert _queries(world) == ["квазипост"]


async def test_latest_posts_are_followed_by_their_filters(world: World) -> None:
    """A list of everything cannot be followed until it is narrowed down."""
    async with Person(world.build) as person:
        await person.says("/recent")

    assert "🔔 Следить" not in person.labels


async def test_there_is_an_end_to_it(world: World) -> None:
    """The twenty-first search is refused, and another person's do not count."""
    async with Person(world.build) as person:
        for number in range(20):
            world.bot_store.saved.save(
                OWNER, f"q{number}", archive_id="", seq=0, known=(), now=world.clock()
            )
        assert "уже 20 подписок" in await _follow(person, "карусель")
        world.bot_store.saved.delete_of_person(OWNER)
        assert "Слежу" in await _follow(person, "карусель")


async def test_search_that_hangs_is_told(world: World) -> None:
    """Where the archive does not answer in time, the person hears so."""
    async with Person(world.build) as person:
        await person.says("карусель")
        slow = replace(world.config, search_deadline=timedelta(0))
        async with Person(replace(world, config=slow).build) as late:
            await late.says("/help")
            await late.sends_data(person.buttons[-1].data)

    assert "не уложился" in late.text


async def test_group_follows_to_the_private_chat(world: World) -> None:
    """In a group the button works for whom the bot may write to, and says so to others."""
    async with Person(world.build) as person:
        await person.says("/search карусель", chat=_GROUP)
        data = next(button.data for button in person.buttons if button.label == "🔔 Следить")
        message = {"message_id": person.seen.message_id, "chat": _GROUP, "date": 0}
        update = person.server.press_update(person.seen.message_id, data)
        update["callback_query"]["message"] = message
        refusal = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked"}'
        person.server.prescribe(
            "sendChatAction", (403, refusal), (200, b'{"ok":true,"result":true}')
        )
        await person.receives(update)
        assert "сначала напишите мне" in person.toasts[0]
        update["update_id"] += 1
        await person.receives(update)
        assert "Слежу" in person.toasts[0]
        await person.says("/saved", chat=_GROUP)
        assert person.events == []

    assert _queries(world) == ["карусель"]


async def test_list_shows_what_is_followed(own: World) -> None:
    """Each search stands with its mode and how much is new; without any, how to begin."""
    async with Person(own.build) as person:
        await person.says("/saved")
        assert person.text.startswith("🔔 Ваши подписки — 0 из 20\n\nПока ни одной.")
        assert person.labels == ["🌙 Тихие часы", "📰 Дайджест"]
        await _follow(person, "карусель")
        await _follow(person, "квазипост")
        post(own, written(30, "Ещё карусель"), written(31, "И ещё карусель"))
        await Teller(own, person).tells()
        await person.says("/saved")

    assert "2 из 20\n\n1. карусель — сразу · 2 новых поста\n2. квазипост — сразу" in person.text
    assert "🌙 С 22:00 до 8:00 не пишу" in person.text
    assert person.labels[:2] == ["1", "2"]


async def test_list_is_in_english_too(world: World) -> None:
    """Who reads English gets it."""
    async with Person(world.build, language_code="en") as person:
        await person.says("карусель")
        await person.presses("🔔 Follow")
        assert "Following" in person.toasts[0]
        await person.says("/saved")
        assert "1. карусель — at once · nothing new" in person.text
        await person.presses("1")

    assert person.labels[:3] == ["• at once", "once a day", "once a week"]


async def test_mode_is_chosen(world: World) -> None:
    """A search is told at once, daily or weekly, as it is pressed."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        await person.says("/saved")
        await person.presses("1")
        assert person.text.startswith("🔔 карусель\nсразу · нового нет\nПодписка с 1 января 2025")
        await person.presses("раз в неделю")
        assert person.labels[:3] == ["сразу", "раз в день", "• раз в неделю"]
        key = world.bot_store.saved.of_person(OWNER)[0].saved_search_id
        await person.sends_data(f"1|sm||{key}|3")
        assert "больше не работает" in person.toasts[0]
        await person.presses("‹ Все подписки")

    assert "1. карусель — раз в неделю" in person.text


async def test_search_pauses_and_is_silent_for_a_day(world: World) -> None:
    """Pause and silence are seen, and taken back by the same buttons."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        await person.says("/saved")
        await person.presses("1")
        await person.presses("⏸ Пауза")
        assert "на паузе · нового нет" in person.text
        await person.presses("▶ Продолжить")
        await person.presses("🔕 На день")
        assert "сразу · тихо до 2 января 2025, 12:00" in person.text
        await person.presses("🔔 Не молчать")

    assert "сразу · нового нет" in person.text


async def test_search_is_deleted(world: World) -> None:
    """Deleted, a search is gone from the list, and its other buttons say so."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        await person.says("/saved")
        one = person.buttons[0].data
        await person.presses("1")
        await person.presses("🗑 Удалить")
        assert "0 из 20" in person.text
        await person.sends_data(one)

    assert "Этой подписки больше нет" in person.toasts[0]
    assert _queries(world) == []


async def test_nobody_touches_the_searches_of_another(world: World) -> None:
    """The data of a button does nothing in another hand."""
    world.config = replace(world.config, owners=frozenset({OWNER, 2}))
    async with Person(world.build) as person, Person(world.build, user_id=2) as other:
        await _follow(person, "карусель")
        key = world.bot_store.saved.of_person(OWNER)[0].saved_search_id
        await other.sends_data_anywhere(f"1|sd||{key}")

    assert "чужая" in other.toasts[0]
    assert _queries(world) == ["карусель"]


async def test_search_is_opened(own: World) -> None:
    """From the list a search is made anew, or shows only what it found since last time."""
    async with Person(own.build) as person:
        await _follow(person, "карусель")
        post(own, *(written(number, f"Пост {number} про карусель") for number in range(30, 36)))
        await Teller(own, person).tells()
        await person.says("/saved")
        await person.presses("1")
        await person.presses("🔎 Искать")
        assert "🔎 карусель — 8 постов" in person.text
        await person.says("/saved")
        await person.presses("1")
        card = person.seen
        await person.presses("🆕 Показать 6")
        assert person.text.startswith("🔔 карусель — 6 новых постов\n\n1. Пост 35 про карусель")
        assert person.labels == ["1", "2", "3", "4", "5", "1/2", "›"]
        await person.presses("›")
        assert "Пост 30 про карусель" in person.text
        await person.presses("1")
        assert "Пост 30" in person.text
        person._shown = card  # goes back to the card
        await person.presses("🆕 Показать 6")
        assert "6 новых постов" in person.text
        await person.says("/saved")

    assert "1. карусель — сразу · нового нет" in person.text


async def test_finds_of_a_deleted_search_are_empty(own: World) -> None:
    """A page of finds whose search was deleted has nothing more to show."""
    async with Person(own.build) as person:
        await _follow(person, "карусель")
        post(own, *(written(number, f"Пост {number} про карусель") for number in range(30, 36)))
        await Teller(own, person).tells()
        await person.says("/saved")
        await person.presses("1")
        await person.presses("🆕 Показать 6")
        own.bot_store.saved.delete_of_person(OWNER)
        await person.presses("›")

    assert "На этой странице больше ничего нет" in person.text


async def test_quiet_hours_are_chosen(world: World) -> None:
    """Other hours, or none, are a press away, and made-up ones are refused."""
    async with Person(world.build) as person:
        await person.says("/saved")
        await person.presses("🌙 Тихие часы")
        assert "На моих часах сейчас 12:00" in person.text
        assert "• 22–8" in person.labels
        await person.presses("23–9")
        assert "С 23:00 до 9:00 не пишу" in person.text
        await person.presses("Писать всегда")
        assert "Пишу в любое время" in person.text
        assert "• Писать всегда" in person.labels
        await person.sends_data("1|qh||24|1")
        assert "больше не работает" in person.toasts[0]
        await person.presses("‹ Все подписки")

    assert "🌙 Пишу в любое время" in person.text


async def test_digest_is_shown_and_wished_for(world: World) -> None:
    """The week so far is shown at once, and on Mondays to whoever wishes so."""
    async with Person(world.build) as person:
        await person.says("/saved")
        await person.presses("📰 Дайджест")
        assert person.text.startswith("📰 Дайджест недели\n25 декабря 2024 — 1 января 2025")
        assert "За эту неделю постов не было" in person.text
        await person.presses("📰 Присылать по понедельникам")
        assert "Дайджест приходит" in person.text
        assert world.bot_store.followers.get(OWNER).digested_at == world.clock()
        await person.presses("📰 Больше не присылать")

    assert world.bot_store.followers.get(OWNER).digested_at is None


async def test_privacy_tells_and_forgets_what_is_followed(world: World) -> None:
    """Who asks reads how much is kept of what they follow; one press deletes it."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        world.bot_store.followers.choose_quiet(OWNER, 1, 2)
        await person.says("/privacy")
        assert "подписки и то, что по ним найдено: сейчас 1 подписка" in person.text
        await person.presses("🧹 Забыть мои запросы")
        assert person.text == "Стёрто: 1 запрос, 1 подписка и выбранный язык."

    assert _queries(world) == []
    assert world.bot_store.followers.get(OWNER).quiet_from == 22
