"""Posts and small archives for the tests of search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from model.posts import (
    Channel,
    Forward,
    Link,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    PostKind,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText
from model.tags import find_tags, fold_tag
from search import Answer, Searcher, open_index
from tests.new_databases import new_archive
from tests.searchers import patient_searcher

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
TODAY = datetime(2024, 6, 20, 12, tzinfo=UTC)
CHANNEL = Channel(title="Заметки о данных", username="data_notes", telegram_id=42)

# Whoosh leaves files open where it finds damage, or that a file has gone; they are collected before
# the next test.
LEAKS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def a_post(
    message_id: int,
    text: str = "",
    *,
    code: str | None = None,
    language: str | None = None,
    origin: SnippetOrigin = SnippetOrigin.PRE,
    posted_at: datetime | None = None,
    kind: PostKind = PostKind.MESSAGE,
    source: str | None = None,
    source_username: str | None = "source_channel",
    author: str | None = None,
    via_bot: str | None = None,
    url: str | None = None,
    media: MediaKind | None = None,
    file_name: str | None = None,
    poll: tuple[str, ...] = (),
    reply_to: int | None = None,
) -> Post:
    """Make a post; each one is a day later than the one before, unless said otherwise."""
    snippets: tuple[Snippet, ...] = ()
    if code is not None:
        start = len(text) + 1 if text else 0
        text = f"{text}\n{code}" if text else code
        snippets = (
            Snippet(
                origin=origin, code=code, start=start, end=start + len(code), language=language
            ),
        )
    at = posted_at or START + timedelta(days=message_id)
    return Post(
        message_id=message_id,
        posted_at=at,
        kind=kind,
        content=RichText(text),
        author=author,
        via_bot=via_bot,
        reply_to=reply_to,
        forward=None if source is None else Forward(name=source, username=source_username),
        media=() if media is None else (Media(kind=media, title=file_name),),
        poll=None
        if not poll
        else Poll(question=poll[0], answers=tuple(PollAnswer(text=line) for line in poll[1:])),
        hashtags=tuple(dict.fromkeys(fold_tag(text[a:b]) for a, b in find_tags(text))),
        snippets=snippets,
        links=()
        if url is None
        else (Link(url=url, host=url.split("/")[2].removeprefix("www."), text="link"),),
    )


def current(folder: Path) -> Path:
    """Return the folder of an index's current generation."""
    return folder / (folder / "CURRENT").read_text("utf-8")


def found(answer: Answer) -> list[int]:
    """Return the message ids of an answer's hits, in order."""
    return [hit.archived.post.message_id for hit in answer.hits]


@contextmanager
def a_library(folder: Path, *posts: Post, engine: str = "auto") -> Iterator[Searcher]:
    """Open a searcher over posts of one channel, whose day is `TODAY`."""
    with new_archive(folder / "archive.db") as store:
        store.save(store.resolve_channel(CHANNEL), posts, as_of=TODAY)
        index = open_index(folder / "index", store, engine=engine)
        index.catch_up()
        yield patient_searcher(store, index, clock=lambda: TODAY)
        index.close()
