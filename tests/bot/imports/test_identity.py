"""An export of another chat of the same title is kept, and its owner asked what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db import PostStore
from ingest import run_import
from model.messages import Code
from tests.bot.conftest import OWNER, World
from tests.bot.exports import TITLE, page_of, result_of
from tests.bot.imports.uploading import CANCEL, IMPORT, left
from tests.bot.person import Person
from tests.bot.sentences import UPLOADS
from tests.ingest.exports import message, page

pytestmark = pytest.mark.asyncio


def held(store: PostStore) -> dict[str, list[int]]:
    """Return the numbers of the posts in the archive, by channel: its name, number or title."""
    return {
        str(each.channel.username or each.channel.telegram_id or each.channel.title): [
            *store.message_ids(each.channel_id, first_id=0, last_id=99)
        ]
        for each in store.channels()
    }


def begun_anew(folder: Path, *numbers: int) -> Path:
    """Write a page of another chat: the same title and numbers, another year."""
    path = folder / "messages.html"
    texts = (message(n, f"{n}", at="05.03.2025 10:20:00 UTC+03:00") for n in numbers)
    path.write_text(page("".join(texts), title=TITLE), encoding="utf-8")
    return path


@pytest.mark.parametrize("answer", ["@other", "4711", "Ещё"])
async def test_other_chat_is_kept_and_told(empty: World, tmp_path: Path, answer: str) -> None:
    """Nothing is written on proof; a name, a number or a title makes a channel of its own."""
    run_import(empty.store, page_of(tmp_path, 1, 2))
    async with Person(empty.build) as person:
        await person.sends_file(begun_anew(tmp_path, 1, 2, 3))
        assert UPLOADS.reasons[Code.OTHER_CHAT] in person.text
        assert person.labels == [CANCEL]
        assert len(left(empty)) == 1
        assert held(empty.store) == {TITLE: [1, 2]}

        question = person.seen.message_id
        reply = {"message_id": question, "date": 0, "chat": {"id": OWNER, "type": "private"}}
        await person.says(answer, reply_to_message=reply)
        await person.waits()
        await person.presses(IMPORT)
        await person.waits()

    assert held(empty.store) == {TITLE: [1, 2], answer.removeprefix("@"): [1, 2, 3]}
    assert left(empty) == []


@pytest.mark.parametrize("export", [page_of, result_of])
async def test_owner_settles_a_doubt(
    empty: World, tmp_path: Path, export: Callable[..., Path]
) -> None:
    """An export of none of the known posts may be of the same channel all the same."""
    run_import(empty.store, page_of(tmp_path, 2, 4))
    async with Person(empty.build) as person:
        await person.sends_file(export(tmp_path, 1, 3))
        assert UPLOADS.reasons[Code.DOUBTFUL_CHAT] in person.text
        assert person.labels == [TITLE, CANCEL]
        await person.presses(TITLE)
        await person.waits()
        await person.presses(IMPORT)
        await person.waits()

    assert list(held(empty.store).values()) == [[1, 2, 3, 4]]


async def test_archive_that_changed_meanwhile_is_asked_about(empty: World, tmp_path: Path) -> None:
    """What was agreed to is compared again before it is written."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1, 2))
        run_import(empty.store, begun_anew(tmp_path, 1, 2), channel="1500000001")
        await person.presses(IMPORT)
        await person.waits()
        assert UPLOADS.reasons[Code.OTHER_CHAT] in person.text
        assert len(left(empty)) == 1
