"""The greeting, the help, the tags, and what no command knows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from model.rich_text import SpanKind
from tests.bot.channel import written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, count, opening, posts

pytestmark = pytest.mark.asyncio

_STICKER = {
    "file_id": "1",
    "file_unique_id": "1",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}
_FOREIGN = [
    "x",
    "1|p|short|1",
    "2|p|abcdefghij|1",
    "1|z|abcdefghij|1",
    "1|p|abcdefghij",
    "1|p|abcdefghij|1|2",
    "1|p||1",
    "1|m|abcdefghij|1",
    "1|m||99|1",
    "1|p|abcdefghij|-1",
    "1|p|abcdefghij|٣",
    "💥" * 16,
]


async def test_start_says_what_the_archive_holds(world: World) -> None:
    """The greeting names the channel, counts its posts and shows what to write."""
    async with Person(world.build) as person:
        await person.says("/start")

    assert person.text.startswith(
        f"🗂 {RUSSIAN.welcome_title.format(title='«Заметки»')}\n"
        f"{posts(19)} · {count(2, RUSSIAN.posts_with_code)} · 6 марта 2024 — 24 марта 2024"
    )
    assert person.styled(SpanKind.CODE) == [
        "заметка",
        "#очередь",
        "есть:код язык:python",
    ]
    assert person.labels == [RUSSIAN.button_tags, RUSSIAN.button_recent, RUSSIAN.button_random]


async def test_buttons_under_the_greeting_lead_on(world: World) -> None:
    """Tags, latest posts and a random one are a press away."""
    async with Person(world.build) as person:
        for label, shows in (
            (RUSSIAN.button_tags, RUSSIAN.tags_title),
            (RUSSIAN.button_recent, RUSSIAN.recent_title),
            (RUSSIAN.button_random, ""),
        ):
            await person.says("/start")
            await person.presses(label)
            assert shows in person.text
            assert not person.seen.is_edit

    assert RUSSIAN.button_another in person.labels


async def test_start_of_an_empty_archive_says_what_to_do(world: World, filled: Filled) -> None:
    """An archive without posts asks for an export."""
    store, searcher = filled([])
    async with Person(
        replace(world, store=store, searcher=searcher).build, language_code="de"
    ) as person:
        await person.says("/start")

    assert "letopis ingest" in person.text


async def test_start_of_an_archive_without_code(world: World, filled: Filled) -> None:
    """Counts of nothing are left out."""
    store, searcher = filled([written(1, "Одна")])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/start")

    assert f"{posts(1)} · 6 марта 2024 — 6 марта 2024" in person.text


@pytest.mark.parametrize(
    ("code", "word", "operator"),
    [("ru", RUSSIAN.help_commands, "есть:код"), ("en", "Commands", "has:code")],
)
async def test_help_lists_operators_and_commands(
    world: World, code: str, word: str, operator: str
) -> None:
    """The help shows the query language and every command."""
    async with Person(world.build, language_code=code) as person:
        await person.says("/help")

    assert word in person.text
    assert operator in person.styled(SpanKind.CODE)
    assert "/recent — " in person.text


async def test_menu_is_set_in_both_languages_once(world: World) -> None:
    """The menu is Russian for those who read it, else English, and set only where it differs."""
    async with Person(world.build) as person:
        sets = [parameters for name, parameters in person.server.calls if name == "setMyCommands"]
        codes = [parameters.get("language_code", "") for parameters in sets]
        assert codes == ["", "ru", "be", "kk", "uk"]
        assert ENGLISH.commands["search"] in json.loads(sets[0]["commands"])[0].values()
        assert RUSSIAN.commands["search"] in json.loads(sets[1]["commands"])[0].values()
        person.server.calls.clear()
        async with world.build(person.server) as again:
            assert again.post_init
            await again.post_init(again)

    assert "setMyCommands" not in [name for name, _ in person.server.calls]


async def test_menu_that_fails_does_not_keep_the_bot_from_starting(world: World) -> None:
    """Where Telegram refuses the menu, the bot answers all the same."""
    person = Person(world.build)
    person.server.prescribe("getMyCommands", *[OSError("down")] * 5)
    async with person:
        await person.says("телескоп")

    assert posts(1) in person.text


async def test_tags_are_buttons_and_a_tag_is_a_search(world: World) -> None:
    """`/tags` lists tags by their number of posts; one pressed finds its posts."""
    async with Person(world.build) as person:
        await person.says("/tags")
        assert person.labels == ["#очередь 13", "#pandas 2", "#sql 1"]
        await person.presses("#pandas 2")

    assert person.text.startswith(f"🔎 #pandas — {posts(2)}")
    assert not person.seen.is_edit


async def test_tags_can_be_narrowed_down(world: World) -> None:
    """A beginning behind `/tags` leaves the tags that start so; none is said to be none."""
    async with Person(world.build) as person:
        await person.says("/tags #PAN")
        assert person.labels == ["#pandas 2"]
        await person.says("/tags нету")

        assert person.text == RUSSIAN.filters.no_such_tags.format(prefix="#нету")
        await person.presses(RUSSIAN.filters.button_all_tags)

    assert "#очередь 13" in person.labels


async def test_archive_without_tags_says_so(world: World, filled: Filled) -> None:
    """Where there is no tag at all, none is offered."""
    store, searcher = filled([written(1, "Без тегов")])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/tags")

    assert person.text == RUSSIAN.no_tags
    assert person.labels == []


async def test_many_tags_come_in_pages(world: World, filled: Filled) -> None:
    """More tags than fit are turned over like posts; the indicator does nothing."""
    tagged = [written(number, f"Пост #тег{number}") for number in range(1, 41)]
    store, searcher = filled(tagged)
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/tags")
        assert "— 40" in person.text
        first = set(person.labels)
        await person.presses("›")
        second = set(person.labels)
        await person.presses("›")
        assert person.labels == [*person.labels[:4], "‹", "3/3"]
        await person.presses("3/3")
        assert person.events == []
        tag = person.labels[0]
        await person.presses(tag)

    assert len((first | second) - {"1/3", "2/3", "‹", "›"}) == 36
    assert tag.split()[0] in person.text


async def test_tag_that_is_not_in_the_list_is_refused(world: World) -> None:
    """A made-up place in the list of tags is answered as an old button."""
    async with Person(world.build) as person:
        await person.says("/tags")
        await person.sends_data(person.buttons[0].data.rpartition("|")[0] + "|777")

    assert RUSSIAN.outdated in person.toasts[0]


@pytest.mark.parametrize(
    ("message", "answer"),
    [({"text": "/nosuch"}, RUSSIAN.unknown_command), ({"sticker": _STICKER}, RUSSIAN.ask_text)],
    ids=["unknown command", "sticker"],
)
async def test_other_messages_are_answered_with_help(
    world: World, message: dict[str, Any], answer: str
) -> None:
    """Unknown commands and messages without text are answered with what the bot can do."""
    async with Person(world.build) as person:
        data = person.server.message_update(message.get("text", ""))
        data["message"].update(message)
        await person.receives(data)

    assert person.text.startswith(answer)


async def test_service_messages_and_edits_are_no_questions(world: World) -> None:
    """A pinned message or an edited one is not answered."""
    async with Person(world.build) as person:
        data = person.server.message_update("")
        data["message"]["delete_chat_photo"] = True
        await person.receives(data)
        assert person.events == []
        data = person.server.message_update("очередь")
        data["edited_message"] = {**data.pop("message"), "edit_date": 5}
        await person.receives(data)

    assert person.events == []


@pytest.mark.parametrize("data", _FOREIGN, ids=ascii)
async def test_foreign_buttons_are_refused(world: World, data: str) -> None:
    """Data that is not of this bot's making is answered with a word and nothing else."""
    async with Person(world.build) as person:
        await person.says("/help")
        await person.sends_data(data)

    assert person.toasts == [RUSSIAN.outdated]


@pytest.mark.parametrize("data", ["1|p|abcdefghij|1", "1|m||1"], ids=["of a session", "free"])
async def test_button_in_another_chat_is_refused(world: World, data: str) -> None:
    """A button that is under no message of the bot's own is answered as an old one."""
    async with Person(world.build) as person:
        await person.says("/help")
        pressed = person.server.press_update(person.seen.message_id, data)
        del pressed["callback_query"]["message"]
        pressed["callback_query"]["inline_message_id"] = "abc"
        await person.receives(pressed)

    assert RUSSIAN.outdated in person.toasts[0]


async def test_message_out_of_reach_is_answered_anew(world: World) -> None:
    """Where Telegram no longer lets a message be changed, the answer is a new one."""
    async with Person(world.build) as person:
        await person.says("очередь")
        old = person.server.press_update(person.seen.message_id, person.buttons[6].data)
        old["callback_query"]["message"] = {**old["callback_query"]["message"], "message_id": 777}
        await person.receives(old)
        assert "2/3" in person.labels
        assert not person.seen.is_edit
        old["update_id"] += 1
        old["callback_query"]["data"] = "1|p|abcdefghij|1"
        await person.receives(old)

    assert RUSSIAN.expired in person.toasts[0]
    assert len(person.events) == 1


@pytest.mark.parametrize(
    ("word", "shows"),
    [
        ("Теги", f"🏷 {RUSSIAN.tags_title}"),
        ("help", RUSSIAN.help_title),
        ("Помощь!", RUSSIAN.help_title),
        ("привет", f"🗂 {RUSSIAN.welcome_title.format(title='«Заметки»')}"),
        ("последние посты", f"🆕 {RUSSIAN.recent_title}"),
        ("latest", f"🆕 {RUSSIAN.recent_title}"),
        ("язык", RUSSIAN.access.language_title),
    ],
)
async def test_plain_word_does_what_the_command_does(world: World, word: str, shows: str) -> None:
    """A message that is nothing but such a word is a command where no post has it."""
    async with Person(world.build) as person:
        await person.says(word)

    assert person.text.startswith(shows)


async def test_plain_word_that_finds_posts_is_a_search(world: World, filled: Filled) -> None:
    """Where posts have the word, they are shown, and the command is named."""
    store, searcher = filled([written(1, "Как выбрать random state"), written(2, "Дремучий лес")])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("random")
        assert person.text.startswith(
            f"🔎 random — {posts(1)}\nℹ️ {RUSSIAN.filters.command_hint.format(command='random')}\n"
        )
        await person.says("дремучий лес")

    assert opening(RUSSIAN.filters.command_hint) not in person.text


async def test_plain_words_in_a_group_are_other_peoples_talk(world: World) -> None:
    """In a group nobody asks the bot with a single word."""
    group = {"id": -100, "type": "supergroup", "title": "Группа"}
    async with Person(world.build) as person:
        await person.says("помощь", chat=group)

    assert person.events == []


async def test_owner_finds_new_commands_in_the_menu_after_a_restart(world: World) -> None:
    """The menu of an owner who has written before is renewed when the bot starts."""
    async with Person(world.build) as person:
        await person.says("очередь")
    async with Person(world.build) as again:
        sets = [given for name, given in again.server.calls if name == "setMyCommands"]

    own = [given for given in sets if json.loads(given["scope"])["type"] == "chat"]
    assert len(own) == 5
    assert all('"people"' in given["commands"] for given in own)
