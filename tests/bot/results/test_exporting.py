"""The posts of a search as a file, in the form that the person chooses."""

from __future__ import annotations

import csv
import functools
import io
from datetime import UTC

import pytest

from bot.results.exporting import caption_of, write_file
from export import Format
from tests.bot.conftest import World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, posts

pytestmark = pytest.mark.asyncio

TEXTS = RUSSIAN.exporting


async def file_of(person: Person, form: str) -> tuple[str, str, str]:
    """Press for a file; return its name, its content and its caption."""
    await person.presses(TEXTS.formats[form])
    (sent,) = person.files
    assert sent.file
    return sent.file.name, sent.file.data.decode(), sent.body.text


async def test_a_search_is_sent_as_a_file(world: World) -> None:
    """In its order and with its filters; the list comes back by a button."""
    async with Person(world.build) as person:
        await person.says("карусель")
        listed = person.seen.body
        await person.presses(TEXTS.button)
        assert person.seen.is_edit
        assert person.text == f"💾 карусель\n{TEXTS.choose}"
        assert person.labels == [*TEXTS.formats.values(), RUSSIAN.button_back]
        name, content, caption = await file_of(person, "csv")
        assert person.toasts == [TEXTS.writing]
        assert (name, caption) == ("карусель.csv", f"🔎 карусель\n{posts(2)}")
        await person.presses(RUSSIAN.button_back)
        assert person.seen.body == listed

    rows = [*csv.DictReader(io.StringIO(content, newline=""))]
    hits = world.searcher.search("карусель").hits
    assert [row["text"] for row in rows] == [hit.archived.post.text for hit in hits]


@pytest.mark.parametrize(
    ("form", "begins"),
    [("md", "# очередь\n\n## "), ("jsonl", '{"post_id": '), ("ipynb", '{"cells": [')],
)
async def test_each_form_is_sent(world: World, form: str, begins: str) -> None:
    """Whatever is found; a notebook holds the posts with Python."""
    query = "группировка OR карусель" if form == "ipynb" else "очередь"
    async with Person(world.build) as person:
        await person.says(query)
        await person.presses(TEXTS.button)
        name, content, _ = await file_of(person, form)
    assert name == f"{query}.{form}"
    assert content.startswith(begins)


async def test_a_file_holds_the_first_posts_of_many(world: World) -> None:
    """As many as there is time and room for; the caption says so."""
    keys = world.searcher.find_all("очередь")
    write = functools.partial(
        write_file, keys, Format.JSON_LINES, world.store, title="очередь", zone=UTC
    )
    few = write(most_posts=7)
    assert (few.posts, few.found, few.content.count(b"\n")) == (7, 13, 7)
    caption = caption_of("очередь", few, Format.JSON_LINES, RUSSIAN)
    assert caption.text == f"🔎 очередь\n{TEXTS.first_of.format(posts=7, total=13)}"
    small = write_file(
        [*keys] * 10,
        Format.JSON_LINES,
        world.store,
        title="очередь",
        zone=UTC,
        most_bytes=1000,
    )
    assert 0 < small.posts < small.found
    assert caption_of("очередь", few, Format.NOTEBOOK, RUSSIAN).text.endswith(posts(7))


async def test_without_python_there_is_no_notebook(world: World) -> None:
    """A sentence says so."""
    async with Person(world.build) as person:
        await person.says("очередь")
        await person.presses(TEXTS.button)
        await person.presses(TEXTS.formats["ipynb"])
    assert person.text == TEXTS.no_python


async def test_a_form_of_a_later_version_is_outdated(world: World) -> None:
    """A button that offers more than there is changes nothing."""
    async with Person(world.build) as person:
        await person.says("очередь")
        await person.presses(TEXTS.button)
        [data] = {
            button.data.rpartition("|")[0]
            for button in person.buttons
            if button.label in TEXTS.formats.values()
        }
        await person.sends_data(f"{data}|9")
    assert person.toasts == [RUSSIAN.outdated]
