"""The pages over an archive with files, albums, edits and hostile texts."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from datasette.app import Datasette

from db import open_archive
from ingest import MediaStore
from letopis.browse.serving import open_pages
from letopis.home import Home
from letopis.opening import home_searcher
from model.posts import Media, MediaKind, Poll, PollAnswer, Post, Reaction, Snippet, SnippetOrigin
from model.rich_text import RichText, Span, SpanKind
from search import open_index

# For all tests of this process: Datasette turns it on when it is imported.
sqlite3.enable_callback_tracebacks(False)

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da63fcff1f0003030200efa2a75b0000000049454e44ae426082"
)
MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> & «ёж»"
CODE = 'print("<b>&</b>")'


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages speak English."""
    monkeypatch.setenv("LETOPIS_LANG", "en")


def _posts(copies: MediaStore) -> Iterator[Post]:
    def number(at: int, **fields: object) -> Post:
        moment = MORNING + timedelta(minutes=at)
        return Post(message_id=1000 + at, posted_at=moment, **fields)  # type: ignore[arg-type]

    yield number(
        0,
        content=RichText("Фото с митапа #митап"),
        hashtags=("митап",),
        album_id="album",
        media=(
            Media(kind=MediaKind.PHOTO, path="photos/1.jpg", copy=copies.keep_bytes(PNG, ".png")),
            Media(kind=MediaKind.PHOTO, path="photos/2.jpg", note="not exported"),
            Media(kind=MediaKind.VIDEO, copy=copies.keep_bytes(b"video", ".mp4")),
            Media(kind=MediaKind.VOICE, copy=copies.keep_bytes(b"voice", ".ogg")),
            Media(kind=MediaKind.FILE, title="a", copy=copies.keep_bytes(b"<script>", ".html")),
            Media(kind=MediaKind.FILE, title="b", copy="../archive.db"),
        ),
    )
    yield number(1, content=RichText(), album_id="album")
    text = f"{HOSTILE} нажми https://example.org/a?b=1&c=2 @data_notes\n{CODE}"
    yield number(
        2,
        content=RichText(
            text,
            (
                Span(kind=SpanKind.BOLD, start=0, end=8),
                _span(text, "нажми", SpanKind.TEXT_LINK, "javascript:alert(1)"),
                _span(text, "https://example.org/a?b=1&c=2", SpanKind.URL),
                _span(text, "@data_notes", SpanKind.MENTION),
                _span(text, CODE, SpanKind.PRE, "python"),
            ),
        ),
        reply_to=1000,
        snippets=(
            Snippet(
                origin=SnippetOrigin.PRE,
                code=CODE,
                start=text.index(CODE),
                end=len(text),
                language="python",
            ),
        ),
        poll=Poll(question="Кто?", answers=(PollAnswer(text="<i>я</i>", voters=3),)),
        reactions=(Reaction(emoji="🔥", count=12),),
        views=3456,
    )


def _span(text: str, part: str, kind: SpanKind, value: str = "") -> Span:
    start = text.index(part)
    return Span(kind=kind, start=start, end=start + len(part), value=value)


@pytest.fixture(scope="session")
def browsed(named_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home, in a folder with an awkward name, that holds more than the sample channel."""
    home = Home(tmp_path_factory.mktemp("browsed") / "a #1?% b")
    shutil.copytree(named_home, home.folder)
    with open_archive(home.archive) as store:
        [channel] = store.channels()
        store.save(channel.channel_id, _posts(MediaStore(home.media)), as_of=MORNING)
        with closing(open_index(home.index, store)) as index:
            index.catch_up()
    return home


@pytest.fixture(scope="module")
def pages(browsed: Home) -> Iterator[Datasette]:
    """Return the pages; `client` asks them in this process."""
    with home_searcher(browsed) as searcher, open_pages(browsed, searcher) as opened:
        yield opened


@pytest.fixture(scope="session")
def keys(browsed: Home) -> dict[int, int]:
    """Return the keys of posts by message number."""
    with open_archive(browsed.archive) as store:
        return {each.post.message_id: each.post_id for each in store.newest(limit=1000)}
