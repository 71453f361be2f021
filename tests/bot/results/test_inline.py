"""Inline mode: posts from within any chat, for those who may read them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.config import Access
from model.errors import IndexUnavailable
from model.messages import Code
from model.posts import Channel
from model.rich_text import Span, SpanKind
from search import Answer, Searcher
from tests.bot.channel import AS_OF, coded, written
from tests.bot.conftest import OWNER, Filled, World
from tests.bot.oracle import parse_html
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN

_TAKEN = (200, b'{"ok":true,"result":true}')


async def types(person: Person, text: str, *, offset: str = "", user_id: int = OWNER) -> Any:
    """Type an inline query and return how the bot answered it."""
    person.server.prescribe("answerInlineQuery", _TAKEN)
    sender = {"id": user_id, "is_bot": False, "first_name": "O", "language_code": "ru"}
    query = {"id": str(len(person.server.calls)), "query": text, "offset": offset, "from": sender}
    await person.receives({"update_id": len(person.server.calls), "inline_query": query})
    (answer,) = [call for name, call in person.server.calls[-1:] if name == "answerInlineQuery"]
    return {**answer, "results": json.loads(answer["results"])}


async def test_search_gives_finished_messages(world: World) -> None:
    """A result has a title, an excerpt, and the post as it will stand in the chat."""
    async with Person(world.build) as person:
        answer = await types(person, "группировка")

    (result,) = answer["results"]
    assert result["title"] == "Группировка в pandas #pandas"
    assert result["description"].startswith("6 марта 2024 · df.groupby")
    text = result["input_message_content"]["message_text"]
    assert text.startswith("<b>Группировка в pandas")
    assert '<pre><code class="language-python">' in text
    assert result["input_message_content"]["parse_mode"] == "HTML"
    (button,) = result["reply_markup"]["inline_keyboard"][0]
    assert button == {"text": RUSSIAN.button_original, "url": "https://t.me/zametki/1"}


async def test_post_that_is_shared_is_found_by_its_key(world: World) -> None:
    """What the button to share asks for is the one post; a post that is gone is nothing."""
    async with Person(world.build) as person:
        answer = await types(person, "p_1")
        gone = await types(person, "p_9999")

    assert [result["title"] for result in answer["results"]] == ["Группировка в pandas #pandas"]
    assert "next_offset" not in answer
    assert gone["results"] == []


async def test_answer_is_for_the_person_alone(world: World) -> None:
    """Telegram keeps what a private archive answers for seconds, and for nobody else."""
    async with Person(world.build) as person:
        answer = await types(person, "очередь")

    assert (answer["is_personal"], answer["cache_time"]) == ("true", "10")


async def test_public_archive_answers_everybody_alike(world: World) -> None:
    """Declared public, the archive answers strangers, and Telegram may repeat it to others."""
    world.config = replace(world.config, access=Access.PUBLIC)
    async with Person(world.build) as person:
        answer = await types(person, "телескоп", user_id=99)

    assert len(answer["results"]) == 1
    assert (answer.get("is_personal", "false"), answer["cache_time"]) == ("false", "120")


async def test_stranger_gets_the_way_to_ask(world: World) -> None:
    """A stranger gets no result, and the button that asks for access."""
    async with Person(world.build) as person:
        answer = await types(person, "телескоп", user_id=99)

    assert answer["results"] == []
    assert json.loads(answer["button"]) == {
        "text": RUSSIAN.access.button_ask,
        "start_parameter": "access",
    }
    assert (answer["is_personal"], answer["cache_time"]) == ("true", "0")


async def test_empty_query_shows_the_newest(world: World) -> None:
    """Without words the latest posts come, wordless ones under what they hold."""
    async with Person(world.build) as person:
        answer = await types(person, "  ")

    titles = [result["title"] for result in answer["results"]]
    assert titles[0] == "Чужая мысль про телескоп"
    assert titles[2] == f"{RUSSIAN.media['photo'].capitalize()} ×2"
    assert len(titles) == 19
    assert not answer.get("next_offset")


async def test_results_come_in_pages(world: World, filled: Filled) -> None:
    """Twenty come at a time, and no post twice; an offset of nobody's making begins anew."""
    posts = [written(number, f"Пост {number} про карусель") for number in range(1, 46)]
    store, searcher = filled(posts)
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        for words in ("карусель", ""):
            seen: list[str] = []
            offset = ""
            for count in (20, 20, 5):
                answer = await types(person, words, offset=offset)
                assert len(answer["results"]) == count
                seen += (result["id"] for result in answer["results"])
                offset = answer.get("next_offset", "")
            assert offset == ""
            assert len(set(seen)) == 45
        strange = await types(person, "карусель", offset="-1; DROP")
        assert len(strange["results"]) == 20
        beyond = await types(person, "карусель", offset="999")

    assert beyond["results"] == []
    assert not beyond.get("next_offset")


async def test_nothing_found_is_an_empty_answer(world: World) -> None:
    """Words that no post has bring no result."""
    async with Person(world.build) as person:
        answer = await types(person, "абракадабрикус")

    assert answer["results"] == []


async def test_search_that_fails_is_an_empty_answer_for_nobody_else(world: World) -> None:
    """Where the index cannot be read, the answer is empty and not kept."""

    class Broken(Searcher):
        def search(self, *_words: Any, **_how: Any) -> Answer:
            raise IndexUnavailable(Code.INDEX_UNREADABLE, folder="/index")

    world.searcher = Broken(world.store, world.searcher.index)
    async with Person(world.build) as person:
        answer = await types(person, "очередь")

    assert (answer["results"], answer["cache_time"]) == ([], "0")


async def test_any_post_makes_a_message_that_telegram_takes(world: World, filled: Filled) -> None:
    """Long, invisible, hostile and crowded posts are results that the server accepts."""
    crowd = "слово " * 300
    bold = tuple(
        Span(kind=SpanKind.BOLD, start=6 * number, end=6 * number + 5) for number in range(300)
    )
    posts = [
        written(1, "\u200b\u2060"),
        written(2, "<b>не жирный</b> & </pre>\n\n" + "😀" * 5000),
        written(3, crowd, spans=bold),
        written(4, "Т" * 199 + "\n\n" + "П" * 100_000),
        coded(5, "Длинный код", [("x = 1\n" * 2000, "python")]),
        written(6, "до \ud800 после\x00"),
    ]
    store, searcher = filled(posts)
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        answer = await types(person, "")

    assert len(answer["results"]) == 6
    for result in answer["results"]:
        assert result["title"].strip()
        text, _ = parse_html(result["input_message_content"]["message_text"])
        assert 1 <= len(text) <= 2500
    assert answer["results"][-1]["title"] == RUSSIAN.untitled


async def test_post_without_an_address_has_no_button(world: World, filled: Filled) -> None:
    """Where the channel's name is unknown, there is nowhere to lead."""
    store, searcher = filled([])
    channel_id = store.resolve_channel(Channel(title="Безымянный"))
    store.save(channel_id, [written(1, "Одинокий пост")], as_of=AS_OF)
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        answer = await types(person, "")

    assert "reply_markup" not in answer["results"][0]
