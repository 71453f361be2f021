"""The README's pictures of live archiving show what the bot says.

`LETOPIS_WRITE_PICTURES=1 pytest tests/bot/live/test_picture.py` draws them anew.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.indexing.updater import IndexUpdater
from i18n import ENGLISH, RUSSIAN, Catalogue
from i18n.live import live_texts
from model.rich_text import RichText, Span, SpanKind
from tests.bot.conftest import World
from tests.bot.live.chat_picture import Bubble, draw
from tests.bot.live.live_messages import CHAT, post_update, standing_update
from tests.bot.person import Person

_DOCS = Path(__file__).parents[3] / "docs"
_SQL = "SELECT cohort, COUNT(*) FILTER (WHERE came_back)\nFROM visits GROUP BY cohort"

pytestmark = pytest.mark.skipif(not _DOCS.exists(), reason="a built wheel has no pages beside it")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """What people write and do in one language."""

    texts: Catalogue
    path: str
    owner: str
    channel: str
    made: str
    post: str
    query: str


_STORIES = [
    _Story(
        texts=ENGLISH,
        path="live.svg",
        owner="Vera",
        channel="Diary",
        made="You make the bot an administrator of “Diary”",
        post="Weekly retention in one query #sql",
        query="retention",
    ),
    _Story(
        texts=RUSSIAN,
        path="live.ru.svg",
        owner="Вера",
        channel="Дневник",
        made="Вы делаете бота администратором «Дневника»",
        post="Retention по неделям одним запросом #sql",
        query="retention",
    ),
]


@pytest.mark.parametrize("story", _STORIES, ids=["en", "ru"])
async def test_pictures_show_what_the_bot_says(live: World, story: _Story) -> None:
    """The owner approves the channel, a post appears in it, and is found."""
    chat = CHAT | {"title": story.channel}
    words = live_texts(story.texts)
    text = f"{story.post}\n\n{_SQL}"
    code = {"type": "pre", "offset": len(story.post) + 2, "length": len(_SQL), "language": "sql"}
    bubbles = [Bubble(side="event", body=RichText(story.made))]
    async with Person(live.build, language_code=story.texts.code) as person:
        person_json = {"id": 1, "is_bot": False, "first_name": story.owner} | {
            "language_code": story.texts.code
        }
        await person.receives(standing_update("administrator", chat=chat, by=person_json))
        bubbles.append(_said(person))
        await person.presses(words.button_approve)
        bubbles += [Bubble(side="event", body=RichText(words.button_approve)), _said(person)]
        await person.receives(_in_channel(post_update(7, text, entities=[code]), chat))
        await person.application.bot_data[IndexUpdater].run_once(person.application)
        bubbles.append(_posted(story, text))
        bubbles.append(Bubble(side="me", body=RichText(story.query)))
        await person.says(story.query)
        bubbles.append(_said(person))

    picture = draw(bubbles, title=story.made)
    path = _DOCS / story.path
    if os.environ.get("LETOPIS_WRITE_PICTURES"):
        path.write_text(picture, "utf-8")
    assert path.read_text("utf-8") == picture


def _in_channel(update: dict[str, object], chat: dict[str, object]) -> dict[str, object]:
    post = update["channel_post"]
    assert isinstance(post, dict)
    return update | {"channel_post": post | {"chat": chat, "sender_chat": chat}}


def _posted(story: _Story, text: str) -> Bubble:
    start = len(story.post) + 2
    code = Span(kind=SpanKind.PRE, start=start, end=len(text), value="sql")
    return Bubble(side="channel", name=story.channel, body=RichText(text, (code,)))


def _said(person: Person) -> Bubble:
    """Return the message that the bot shows now."""
    rows: Sequence[Sequence[str]] = [
        [button.label for button in row] for row in person.seen.shown.rows
    ]
    return Bubble(side="bot", body=person.seen.body, rows=rows)
