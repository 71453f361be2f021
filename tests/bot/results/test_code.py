"""Code in lists and on cards: as code, and once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.posts import Media, MediaKind, Post, Snippet, SnippetOrigin
from model.rich_text import Span, SpanKind
from tests.bot.channel import SECOND_CODE, coded, written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN

_LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])
_PROSE = "Рассказ о дирижабле и его моторах. "


def _inline(message_id: int, before: str, code: str, after: str) -> Post:
    """Return a post with a piece of code within a sentence."""
    start, end = len(before), len(before) + len(code)
    snippet = Snippet(
        origin=SnippetOrigin.INLINE, code=code, start=start, end=end, language="python"
    )
    return written(
        message_id,
        before + code + after,
        spans=(Span(kind=SpanKind.CODE, start=start, end=end),),
        snippets=(snippet,),
    )


@_LANGUAGES
async def test_lists_show_prose_as_prose_and_code_as_code(
    world: World, filled: Filled, language: str
) -> None:
    """A sentence is a quotation, the code below it a block in its language."""
    post = coded(1, f"Дирижабль\n\n{_PROSE}", [("SELECT speed\n\nFROM ships", "sql")])
    store, searcher = filled([post])
    coding = replace(world, store=store, searcher=searcher)
    async with Person(coding.build, language_code=language) as person:
        for said in ("дирижабль", "/recent", "speed"):
            await person.says(said)
            assert person.styled(SpanKind.QUOTE) == [_PROSE]
            assert person.styled(SpanKind.PRE) == ["SELECT speed\nFROM ships"]
            assert person.languages() == ["sql"]


async def test_code_cut_off_above_begins_on_a_line_of_its_own(world: World, filled: Filled) -> None:
    """Where a list shows code from its middle, the sign for what is left out is a line."""
    code = "\n".join(f"SELECT step{number} FROM {'s' * 90}" for number in range(60))
    store, searcher = filled([coded(1, "Дирижабль", [(code, "sql")])])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("step40")

    assert person.styled(SpanKind.PRE)[0].startswith("…\nSELECT step40")


async def test_lists_show_no_more_code_than_there_is_room(world: World, filled: Filled) -> None:
    """What was matched beside the text and the prose come first; the rest is for code."""
    names = [f"Цеппелин {number} {'над морем ' * 11}.pdf" for number in range(2)]
    media = [Media(kind=MediaKind.PHOTO)]
    media += [Media(kind=MediaKind.FILE, title=name) for name in names]
    post = coded(1, f"Полёт\n{_PROSE * 6}", [("x = 1", ""), ("SELECT 1", "sql")])
    store, searcher = filled([replace(post, media=tuple(media))])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("цеппелин")
        assert person.text.count("📎") == 2
        assert person.styled(SpanKind.PRE) == []
        await person.says("полёт")

    assert person.languages() == ["", "sql"]


@_LANGUAGES
async def test_card_shows_each_piece_of_code_once(
    world: World, filled: Filled, language: str
) -> None:
    """A post that fits is shown as it stands; above one snippet of a long one there is no code."""
    posts = [
        coded(1, f"Дирижабль\n\n{_PROSE}", [("y = 1\n" * 200 + "end()", "python")]),
        coded(2, f"Монгольфьер\n\n{_PROSE * 40}", [(SECOND_CODE, "sql"), ("z = 2", "python")]),
    ]
    store, searcher = filled(posts)
    coding = replace(world, store=store, searcher=searcher)
    async with Person(coding.build, language_code=language) as person:
        await person.says("дирижабль sort:old")
        await person.presses("1")
        assert person.text.count("end()") == 1
        assert person.languages() == ["python"]
        await person.says("монгольфьер")
        await person.presses("1")

    assert person.text.count("SELECT city") == 1
    assert "z = 2" not in person.text
    assert person.styled(SpanKind.PRE) == [SECOND_CODE]
    assert len(person.text) < len(posts[1].text) + 120


async def test_code_in_a_sentence_stays_there(world: World, filled: Filled) -> None:
    """A long post with inline code opens as its text; the code alone stands without it."""
    store, searcher = filled([_inline(1, f"Дирижабль\n\n{_PROSE * 40}", "fly(7)", " летит.")])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("дирижабль")
        await person.presses("1")
        assert person.styled(SpanKind.CODE) == ["fly(7)"]
        assert person.styled(SpanKind.PRE) == []
        await person.says("/code fly")
        await person.presses("1")

    assert person.text.count("fly(7)") == 1
    assert person.styled(SpanKind.PRE) == ["fly(7)"]
    assert RUSSIAN.button_read in person.labels


@pytest.mark.parametrize(("length", "copied"), [(256, True), (257, False)])
async def test_code_is_copied_or_sent_as_a_file(
    world: World, filled: Filled, length: int, *, copied: bool
) -> None:
    """Up to what Telegram's button takes code is copied; longer code is a file."""
    code = "x" * length
    store, searcher = filled([coded(1, "Дирижабль", [(code, "")])])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("дирижабль")
        await person.presses("1")
        copying = [button.copy for button in person.buttons if button.copy]
        assert copying == ([code] if copied else [])
        assert (RUSSIAN.button_file in person.labels) is not copied
