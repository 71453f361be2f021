"""A hit by something beside the text shows what matched: a poll, a file's name, an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from model.posts import Forward, Link, LinkKind, Media, MediaKind, Poll, PollAnswer, Post
from model.rich_text import SpanKind
from tests.bot.channel import written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person

_DIRIGIBLE = "Дирижабль летит"


def _about(**more: Any) -> Post:
    return written(1, _DIRIGIBLE, **more)


def _poll(question: str, *answers: str) -> Poll:
    return Poll(question=question, answers=tuple(PollAnswer(text=answer) for answer in answers))


_FILE = (Media(kind=MediaKind.FILE, title="отчёт_о_ветре.pdf"),)
_LINK = (
    Link(url="https://t.me/wind", host="t.me", text="@wind", kind=LinkKind.MENTION),
    Link(url="https://wind.example.org/rose/7", host="wind.example.org", text="тут"),
)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("post", "said", "shown"),
    [
        (_about(poll=_poll("Куда?", "На север\nили запад")), "север", "📊 На *север* или запад"),
        (_about(poll=_poll("Куда плывём?", "Да")), "плывём", "📊 Куда *плывём*?"),
        (_about(media=_FILE), "отчёт", "📎 *отчёт*_о_ветре.pdf"),
        (_about(links=_LINK), "example", "🔗 https://wind.*example*.org/rose/7"),
        (_about(links=_LINK), "site:example.org", "🔗 https://wind.*example.org*/rose/7"),
        (_about(forward=Forward(name="Новости неба")), "небо", "🔁 Новости *неба*"),
    ],
    ids=["answer", "question", "file", "address", "site", "source"],
)
async def test_match_beside_the_text_is_shown(
    world: World, filled: Filled, language: str, *, post: Post, said: str, shown: str
) -> None:
    """Its line has a sign for what it is, and the matched word in bold."""
    store, searcher = filled([post])
    flying = replace(world, store=store, searcher=searcher)
    async with Person(flying.build, language_code=language) as person:
        await person.says(said)

    assert shown.replace("*", "") in person.text.splitlines()
    assert shown.split("*")[1] in person.styled(SpanKind.BOLD)


async def test_match_in_the_text_needs_no_such_line(world: World, filled: Filled) -> None:
    """A word that the text has is marked there alone."""
    store, searcher = filled([_about(media=(Media(kind=MediaKind.FILE, title="дирижабль.pdf"),))])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("дирижабль")

    assert "📎" not in person.text


async def test_question_of_a_poll_without_text_is_marked_in_the_title(
    world: World, filled: Filled
) -> None:
    """The question is the title; only an answer that matched has a line."""
    store, searcher = filled(
        [written(1, "", poll=_poll("Куда плывём?\nИ как?", "На юг", "На север"))]
    )
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("плывём юг")

    shown = ["1. Куда плывём?", "6 марта 2024", "📊 На юг", "И как?"]
    assert person.text.splitlines()[-4:] == shown
    assert person.styled(SpanKind.BOLD)[-2:] == ["плывём", "юг"]
