"""Filters: what narrows a search down is a press away, is shown, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.results.refinements import search_text, toggled
from bot.sessions import Listing, Session, read_session, write_state
from model.posts import Channel
from tests.bot.channel import AS_OF, coded, written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, posts
from tests.searchers import patient_searcher

pytestmark = pytest.mark.asyncio

_SORTED_BY = {name: f"↕ {said.capitalize()}" for name, said in RUSSIAN.filters.sorts.items()}


async def opened(person: Person, query: str, group: str) -> None:
    """Search, and open a group of the filters."""
    await person.says(query)
    await person.presses(RUSSIAN.filters.button)
    await person.presses(group)


async def test_filters_open_in_the_same_message(world: World) -> None:
    """The button turns the list into its filters; there is a way back to the posts."""
    async with Person(world.build) as person:
        await person.says("карусель")
        page = person.text
        await person.presses(RUSSIAN.filters.button)
        assert person.seen.is_edit
        assert person.text.startswith(f"🔎 карусель — {posts(2)}\n\n{RUSSIAN.filters.title}\n")
        assert person.labels == [
            RUSSIAN.filters.groups["TAG"],
            RUSSIAN.filters.groups["LANGUAGE"],
            RUSSIAN.filters.groups["PERIOD"],
            RUSSIAN.filters.groups["HAS"],
            RUSSIAN.filters.groups["SOURCE"],
            RUSSIAN.filters.groups["SORT"],
            RUSSIAN.filters.button_posts.format(count=2),
        ]
        await person.presses(RUSSIAN.filters.button_posts.format(count=2))

    assert person.text == page


async def test_filter_narrows_and_is_taken_back(world: World) -> None:
    """A tag chosen leaves its posts, is told above them, and goes with a press."""
    async with Person(world.build) as person:
        await opened(person, "карусель", RUSSIAN.filters.groups["TAG"])
        assert person.labels == [
            "#pandas · 1",
            "#sql · 1",
            RUSSIAN.filters.button_back,
            RUSSIAN.filters.button_posts.format(count=2),
        ]
        await person.presses("#sql · 1")
        assert person.labels == [
            "✅ #sql",
            "#pandas · 1",
            RUSSIAN.filters.button_back,
            RUSSIAN.filters.button_posts.format(count=1),
        ]
        await person.presses(RUSSIAN.filters.button_posts.format(count=1))
        assert person.text.startswith(f"🔎 карусель — {posts(1)}\n⚙ #sql\n\n1. Замеры карусели")
        assert person.labels == [
            "1",
            f"{RUSSIAN.filters.button} · 1",
            RUSSIAN.button_code_only,
            RUSSIAN.following.button_follow,
        ]
        await person.presses(f"{RUSSIAN.filters.button} · 1")
        await person.presses("✖ #sql")
        await person.presses(RUSSIAN.filters.button_posts.format(count=2))

    assert "⚙" not in person.text
    assert posts(2) in person.text


async def test_filters_add_up_and_are_cleared_at_once(world: World) -> None:
    """Each filter narrows what the others left; one press takes them all away."""
    async with Person(world.build) as person:
        await opened(person, "карусель", RUSSIAN.filters.groups["LANGUAGE"])
        await person.presses("python · 1")
        await person.presses(RUSSIAN.filters.button_back)
        await person.presses(RUSSIAN.filters.groups["HAS"])
        assert person.labels[0] == f"{RUSSIAN.filters.things['code']} · 1"
        await person.presses(f"{RUSSIAN.filters.things['code']} · 1")
        assert f"⚙ python · {RUSSIAN.filters.things['code']}" in person.text
        await person.presses(RUSSIAN.filters.button_back)
        assert person.labels[:2] == ["✖ python", f"✖ {RUSSIAN.filters.things['code']}"]
        await person.presses(RUSSIAN.filters.button_clear)

    assert person.text.startswith(f"🔎 карусель — {posts(2)}\n\n")


async def test_only_one_period_applies(world: World, filled: Filled) -> None:
    """Periods are offered with counts; choosing one replaces another."""
    notes = [
        replace(written(number, f"Заметка {number}"), posted_at=at)
        for number, at in enumerate(
            (AS_OF - timedelta(days=days) for days in (1, 3, 20, 100, 500)), 1
        )
    ]
    store, searcher = filled(notes)
    world = replace(
        world, store=store, searcher=patient_searcher(store, searcher.index, clock=world.clock)
    )
    async with Person(world.build) as person:
        await opened(person, "заметка", RUSSIAN.filters.groups["PERIOD"])
        assert person.labels == [
            f"{RUSSIAN.filters.periods['last 1 week']} · 2",
            f"{RUSSIAN.filters.periods['last 1 month']} · 3",
            f"{RUSSIAN.filters.periods['last 1 year']} · 4",
            "2024 · 4",
            "2023 · 1",
            RUSSIAN.filters.button_back,
            RUSSIAN.filters.button_posts.format(count=5),
        ]
        await person.presses("2023 · 1")
        await person.presses(f"{RUSSIAN.filters.periods['last 1 week']} · 2")
        assert person.labels[0] == f"✅ {RUSSIAN.filters.periods['last 1 week']}"
        assert "✅ 2023" not in person.labels
        await person.presses(RUSSIAN.filters.button_posts.format(count=2))

    assert f"⚙ {RUSSIAN.filters.periods['last 1 week']}\n\n1." in person.text


async def test_order_can_be_chosen(world: World) -> None:
    """A press puts the newest first, another the oldest, a third the best again."""
    async with Person(world.build) as person:
        await person.says("очередь")
        best = person.text
        await person.presses(_SORTED_BY["new"])
        assert f"⚙ {RUSSIAN.filters.sorts['new']}\n\n1. Заметка 16 " in person.text
        await person.presses(_SORTED_BY["old"])
        assert f"⚙ {RUSSIAN.filters.sorts['old']}\n\n1. Заметка 4 " in person.text
        await person.presses(_SORTED_BY["relevance"])
        assert person.text == best
        await opened(person, "очередь", RUSSIAN.filters.groups["SORT"])
        await person.presses(RUSSIAN.filters.sorts["old"])

    assert f"✅ {RUSSIAN.filters.sorts['old']}" in person.labels


async def test_chosen_order_goes_before_the_typed_one(world: World) -> None:
    """What a button says counts, whatever order the query asks for; without words two are left."""
    async with Person(world.build) as person:
        await person.says("очередь sort:old")
        assert "1. Заметка 4 " in person.text
        await person.presses(_SORTED_BY["relevance"])
        assert _SORTED_BY["new"] in person.labels
        await person.says("#очередь")
        await person.presses(_SORTED_BY["old"])

    assert _SORTED_BY["new"] in person.labels


async def test_latest_posts_can_be_narrowed(world: World) -> None:
    """The latest posts and a search for code have filters too."""
    async with Person(world.build) as person:
        await person.says("/recent")
        await person.presses(RUSSIAN.filters.button)
        await person.presses(RUSSIAN.filters.groups["HAS"])
        await person.presses(f"{RUSSIAN.filters.things['photo']} · 1")
        await person.presses(RUSSIAN.filters.button_posts.format(count=1))
        assert person.text.startswith(
            f"🆕 {RUSSIAN.recent_title} — всего {posts(1)}\n⚙ {RUSSIAN.filters.things['photo']}\n\n"
            f"1. {RUSSIAN.media['photo'].capitalize()} ×2"
        )
        await person.presses(f"{RUSSIAN.filters.button} · 1")
        await person.presses(RUSSIAN.filters.groups["LANGUAGE"])
        assert RUSSIAN.filters.nothing_to_choose in person.text
        await person.says("/code pandas OR visits")
        await person.presses(RUSSIAN.filters.button)
        await person.presses(RUSSIAN.filters.groups["LANGUAGE"])

    assert person.labels[:2] == ["python · 2", "sql · 1"]


async def test_filters_that_leave_nothing_are_a_press_from_gone(world: World) -> None:
    """Where filters leave nothing, they can be changed or taken off under the sentence."""
    async with Person(world.build) as person:
        await opened(person, "карусель", RUSSIAN.filters.groups["LANGUAGE"])
        await person.presses("python · 1")
        await person.says("телескоп")
        session = person.buttons[0].data.split("|")[2]
        row = world.bot_store.find_session(session)
        assert row
        narrowed = toggled(read_session(row), "lang:python", is_on=True)
        world.bot_store.save_session(
            session_id=session,
            user_id=1,
            chat_id=1,
            query=row.query,
            state=write_state(narrowed),
            now=world.clock(),
        )
        await person.sends_data(f"1|p|{session}|1")
        assert f"{RUSSIAN.nothing_found.format(query='телескоп')}\n⚙ python" in person.text
        assert person.labels[:2] == [RUSSIAN.filters.button_unfiltered, RUSSIAN.filters.button]
        await person.presses(RUSSIAN.filters.button_unfiltered)

    assert posts(1) in person.text


async def test_channels_are_a_filter_where_there_are_several(world: World, filled: Filled) -> None:
    """In an archive of two channels, each is a filter under its title."""
    store, searcher = filled([written(1, "Заметка одна"), written(2, "Заметка другая")])
    other = store.resolve_channel(Channel(title="Второй канал"))
    store.save(other, [written(3, "Заметка третья")], as_of=AS_OF)
    searcher.index.catch_up()
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await opened(person, "заметка", RUSSIAN.filters.groups["CHANNEL"])
        assert person.labels[:2] == ["Заметки · 2", "Второй канал · 1"]
        await person.presses("Второй канал · 1")
        assert person.labels[:2] == ["✅ Второй канал", "Заметки · 2"]
        await person.presses(RUSSIAN.filters.button_posts.format(count=1))

    assert "⚙ Второй канал\n\n1. Заметка третья" in person.text


async def test_reposts_can_be_told_by_their_source(world: World) -> None:
    """The channels that posts were reposted from are filters, by their names."""
    async with Person(world.build) as person:
        await person.says("/recent")
        await person.presses(RUSSIAN.filters.button)
        await person.presses(RUSSIAN.filters.groups["SOURCE"])
        await person.presses("Соседний канал · 1")
        await person.presses(RUSSIAN.filters.button_posts.format(count=1))

    assert "⚙ Соседний канал\n\n1. Чужая мысль" in person.text


async def test_filter_pressed_twice_is_on(world: World) -> None:
    """The same press again changes nothing, even after the message has changed its order."""
    async with Person(world.build) as person:
        await opened(person, "карусель", RUSSIAN.filters.groups["TAG"])
        data = person.buttons[1].data
        await person.sends_data(data)
        once = person.text, person.labels
        await person.sends_data(data)
        assert person.events == []
        assert (person.text, person.labels) == once
        await person.sends_data(data.rsplit("|", 2)[0] + "|77|1")

    assert RUSSIAN.outdated in person.toasts[0]


async def test_filters_survive_a_restart(world: World) -> None:
    """A new process knows the filters of a message of the old one."""
    async with Person(world.build) as person:
        await opened(person, "карусель", RUSSIAN.filters.groups["TAG"])
        await person.presses("#sql · 1")
        person.application = world.build(person.server)
        async with person.application:
            await person.presses(RUSSIAN.filters.button_posts.format(count=1))

    assert "⚙ #sql" in person.text


async def test_filters_belong_to_the_one_who_asked(world: World) -> None:
    """Another owner cannot change someone's filters; expired ones are said to be."""
    world.config = replace(world.config, owners=frozenset({1, 2}))
    async with Person(world.build) as person, Person(world.build, user_id=2) as other:
        await opened(person, "карусель", RUSSIAN.filters.groups["TAG"])
        await other.says("карусель")
        await other.sends_data(person.buttons[0].data)
        assert other.toasts == [RUSSIAN.not_yours]
        world.bot_store.drop_sessions(before=world.clock() + timedelta(days=1))
        await person.presses("#sql · 1")

    assert RUSSIAN.expired in person.toasts[0]


async def test_made_up_orders_and_groups_are_refused(world: World) -> None:
    """A made-up order is an old button; a made-up group shows all of them."""
    async with Person(world.build) as person:
        await person.says("очередь")
        session = person.buttons[0].data.split("|")[2]
        await person.sends_data(f"1|y|{session}|9")
        assert RUSSIAN.outdated in person.toasts[0]
        await person.sends_data(f"1|g|{session}|99")

    assert RUSSIAN.filters.groups["TAG"] in person.labels


async def test_english_filters(world: World) -> None:
    """The filters speak the person's language."""
    async with Person(world.build, language_code="en") as person:
        await person.says("карусель")
        await person.presses(ENGLISH.filters.button)
        await person.presses(ENGLISH.filters.groups["HAS"])
        await person.presses("with code · 1")

    assert "⚙ with code" in person.text


async def test_filters_are_what_could_be_typed() -> None:
    """Filters and words make a query as a person would type it; a leading OR joins nothing."""
    session = Session(
        session_id="s", user_id=1, chat_id=1, listing=Listing.SEARCH, query="OR кафка"
    )

    assert search_text(session) == "OR кафка"
    for operator in ("lang:python", "on:2023", "on:2024", "#sql"):
        session = toggled(session, operator, is_on=True)
    assert search_text(session) == "lang:python on:2024 #sql кафка"
    assert search_text(toggled(session, "#sql", is_on=False)) == "lang:python on:2024 кафка"


async def test_languages_of_two_words_are_filters(world: World, filled: Filled) -> None:
    """A language that a person would have to put in quotation marks is a filter like others."""
    store, searcher = filled(
        [coded(1, "Код один", [("a = 1", "common lisp")]), coded(2, "Код два", [("b", "lua")])]
    )
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await opened(person, "код", RUSSIAN.filters.groups["LANGUAGE"])
        await person.presses("common lisp · 1")
        await person.presses(RUSSIAN.filters.button_posts.format(count=1))

    assert "⚙ common lisp\n\n1. Код один" in person.text
