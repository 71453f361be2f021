"""Threads are walked: from a task to its solution, to answers, through an album, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from i18n import Catalogue
from model.posts import Channel, Media, MediaKind
from tests.bot.channel import AS_OF, SHORT_CODE, coded, written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN

_POSTED = datetime(2024, 3, 6, tzinfo=UTC)
_FILE = (Media(kind=MediaKind.FILE, title="план.pdf"),)
_POSTS = [
    written(1, "Задача: посчитать жирафов", posted_at=_POSTED),
    coded(2, "", [(SHORT_CODE, "python")], posted_at=_POSTED),
    written(3, "Верно ли это для окапи?", reply_to=1),
    coded(4, "Да, и так тоже", [(SHORT_CODE, "python")], reply_to=3),
    written(5, "Другое решение", reply_to=1),
    written(6, "Планы вольеров", album_id="а", media=_FILE),
    written(7, "", album_id="а", media=_FILE),
]
_LANGUAGES = pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])


@pytest.fixture
def zoo(world: World, filled: Filled) -> World:
    """A channel that gives a task in one post and its solution in the next."""
    store, searcher = filled(_POSTS)
    return replace(world, store=store, searcher=searcher)


@_LANGUAGES
async def test_a_task_leads_to_the_code_in_the_next_post(zoo: World, texts: Catalogue) -> None:
    """The button says that there is code; the way back is to the list."""
    async with Person(zoo.build, language_code=texts.code) as person:
        await person.says("посчитать жирафов")
        found = person.text
        await person.presses("1")
        await person.presses(f"{texts.cards.button_next} 💻")
        assert SHORT_CODE in person.text
        assert person.languages() == ["python"]
        await person.presses(texts.cards.button_previous)
        assert person.text.startswith("Задача")
        await person.presses(texts.button_back)

    assert person.text == found


@_LANGUAGES
async def test_answers_are_listed_and_lead_back(zoo: World, texts: Catalogue) -> None:
    """Two answers are a list, one opens at once, and every answer leads to what it answers."""
    words = texts.cards
    async with Person(zoo.build, language_code=texts.code) as person:
        await person.says("посчитать жирафов")
        await person.presses("1")
        await person.presses(words.button_answers.format(number=2))
        heading, *_ = person.text.split("\n\n")
        assert heading == (
            f"↓ {words.answers_title} Задача: посчитать жирафов — {texts.count(2, texts.posts)}"
        )
        assert "Верно ли это для окапи?" in person.text
        assert "Другое решение" in person.text
        await person.presses("1")
        await person.presses(f"{words.button_answer} 💻")
        assert SHORT_CODE in person.text
        for _ in range(2):
            await person.presses(words.button_answered)
        await person.presses(words.button_answers.format(number=2))
        await person.presses(texts.button_back)

    assert person.text.startswith("Задача")


@_LANGUAGES
async def test_rest_of_an_album_is_listed(zoo: World, texts: Catalogue) -> None:
    """An album is one neighbour, and its posts are a list."""
    words = texts.cards
    async with Person(zoo.build, language_code=texts.code) as person:
        await person.says("другое решение")
        await person.presses("1")
        await person.presses(words.button_next)
        assert person.text.startswith("Планы вольеров")
        assert words.button_next not in person.labels
        await person.presses(words.button_album.format(number=2))
        assert person.text.startswith(f"🖼 {words.album_title} Планы вольеров — ")
        await person.presses("2")

    assert words.button_album.format(number=2) in person.labels


async def test_buttons_work_after_a_restart_and_for_their_owner_alone(zoo: World) -> None:
    """The state is in the bot's file; another person's press is refused."""
    async with Person(zoo.build) as person:
        await person.says("посчитать жирафов")
        await person.presses("1")
        data = next(each.data for each in person.buttons if "Ответы" in each.label)
    assert len(data.encode()) <= 64

    again = Person(zoo.build)
    async with again:
        await again.sends_data_anywhere(data)
        assert again.text.startswith("↓ ")

    public = replace(zoo, config=replace(zoo.config, owners=frozenset({1, 5})))
    async with Person(public.build, user_id=5) as other:
        await other.sends_data_anywhere(data)

    assert other.toasts == [RUSSIAN.not_yours]


async def test_a_thread_of_a_post_that_is_gone_says_so(world: World, filled: Filled) -> None:
    """The archive may have been replaced since the list was made."""
    small = written(1, "Один пост")
    store, searcher = filled([small])
    alone = replace(world, store=store, searcher=searcher)
    async with Person(alone.build) as person:
        await person.says("пост")
        await person.presses("1")
        session = person.buttons[0].data or person.buttons[1].data
        session = session.split("|")[2]
        assert not {RUSSIAN.cards.button_next, RUSSIAN.cards.button_previous} & {*person.labels}
        await person.sends_data(f"1|ra|{session}|1|99")
        assert person.toasts == [RUSSIAN.gone]
        await person.sends_data(f"1|rl|{session}|1|1")

    assert RUSSIAN.nothing_here in person.text


async def test_neighbours_are_of_the_same_channel(world: World, filled: Filled) -> None:
    """A post of another channel is no neighbour, whatever its number."""
    store, searcher = filled([written(5, "Средний пост")])
    other = store.resolve_channel(Channel(title="Соседи", username="sosedi"))
    store.save(other, [written(4, "Ранний"), written(6, "Поздний")], as_of=AS_OF)
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("средний")
        await person.presses("1")

    assert not {RUSSIAN.cards.button_next, RUSSIAN.cards.button_previous} & {*person.labels}


@_LANGUAGES
@pytest.mark.parametrize("query", ["/code посчитать жирафов", "посчитать жирафов есть:код"])
async def test_code_in_the_next_post_counts_for_a_task(
    zoo: World, texts: Catalogue, query: str
) -> None:
    """A search for code finds the solution by the words of the task, and says what it is to."""
    async with Person(zoo.build, language_code=texts.code) as person:
        await person.says(query)
        assert f"↳ {texts.code_for} Задача: посчитать жирафов" in person.text
        assert person.languages() == ["python"]
        await person.presses("1")

    assert SHORT_CODE in person.text


async def test_code_in_an_answer_counts_for_a_question(zoo: World) -> None:
    """Pressing "code only" offers the code of the answer; taking it back lists the question."""
    async with Person(zoo.build) as person:
        await person.says("окапи")
        await person.presses(RUSSIAN.button_code_only)
        assert f"↳ {RUSSIAN.code_for} Верно ли это для окапи?" in person.text
        assert "Да, и так тоже" in person.text
        await person.presses(RUSSIAN.button_all_posts)

    assert RUSSIAN.code_for not in person.text


async def test_answer_that_was_found_itself_is_listed_once(zoo: World) -> None:
    """It says what it answers; a search for nothing, or by date, offers nothing more."""
    async with Person(zoo.build) as person:
        await person.says("/code окапи ИЛИ тоже")
        assert person.text.count("Да, и так тоже") == 1
        assert RUSSIAN.code_for in person.text
        await person.says("/code окапи ИЛИ тоже sort:new")
        assert RUSSIAN.code_for not in person.text
        await person.says("есть:код")

    assert RUSSIAN.code_for not in person.text


async def test_next_post_on_another_subject_is_no_solution(world: World, filled: Filled) -> None:
    """A post with tags of its own, or of another day, does not go on with the one before."""
    late = _POSTED + timedelta(hours=2)
    posts = [
        written(1, "Про тапиров", posted_at=_POSTED),
        coded(2, "Иное #иное", [(SHORT_CODE, "python")], posted_at=_POSTED),
        written(3, "Про тапиров ещё", posted_at=_POSTED),
        coded(4, "", [(SHORT_CODE, "python")], posted_at=late),
    ]
    store, searcher = filled(posts)
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/code тапиры")

    assert RUSSIAN.code_for not in person.text
