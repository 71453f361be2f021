"""One channel in several formats becomes one set of posts in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import PostStore
from ingest import ImportReport, run_import
from model.posts import Forward, Media, MediaKind, Post, PostKind
from model.rich_text import RichText, Span, SpanKind
from tests.ingest.web_pages import USERNAME, web_message, web_text, write_web
from tests.mirror import strategies as drawn
from tests.mirror.messages import MirrorMessage
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import JsonChat, write_chat
from tests.mirror.web_preview import WebChannel, write_web_page
from tests.new_databases import new_archive

TITLE = "Записки о данных"
NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)


def write_all(folder: Path, messages: Sequence[MirrorMessage]) -> dict[str, Path]:
    """Write the same messages in three formats."""
    for name in ("html", "json", "web"):
        (folder / name).mkdir()
    return {
        "html": write_export(folder / "html", title=TITLE, messages=messages) / "messages.html",
        "json": write_chat(
            folder / "json" / "result.json", JsonChat(title=TITLE, messages=messages)
        ),
        "web": write_web_page(folder / "web" / "page.html", WebChannel(title=TITLE), messages),
    }


def touch(path: Path) -> Path:
    """Change a file so that it is read again, though it says the same."""
    path.write_bytes(path.read_bytes() + b"\n")
    return path


def posts_in(store: PostStore) -> dict[int, Post]:
    """Return all posts of the archive by their numbers."""
    return {each.post.message_id: each.post for each in store.changed_since(0, limit=1000)}


@given(
    order=st.sampled_from([("html", "json"), ("json", "html"), ("web",)]),
    messages=drawn.channels(),
)
def test_formats_merge_and_a_second_time_changes_nothing(
    order: tuple[str, ...], messages: Sequence[MirrorMessage]
) -> None:
    """Formats taken in one after the other leave one post each; again, all is unchanged."""
    with TemporaryDirectory() as name, new_archive(Path(name) / "archive.db") as store:
        paths = write_all(Path(name), messages)
        for kind in order:
            run_import(store, paths[kind], channel=f"@{USERNAME}")
        assert set(posts_in(store)) == {message.post.message_id for message in messages}
        assert len(store.channels()) == 1
        before = posts_in(store)
        for kind in order:
            report = run_import(store, touch(paths[kind]), channel=f"@{USERNAME}")
            assert _told(report) == (0, 0, len(messages), 0)
        assert posts_in(store) == before


@given(messages=drawn.channels())
def test_any_order_of_formats_leaves_one_post_each(messages: Sequence[MirrorMessage]) -> None:
    """In whatever order the formats are taken in, and again, every message is one post."""
    numbers = {message.post.message_id for message in messages}
    with TemporaryDirectory() as name, new_archive(Path(name) / "archive.db") as store:
        paths = write_all(Path(name), messages)
        for kind in ("web", "html", "json", "web", "json"):
            run_import(store, touch(paths[kind]), channel=f"@{USERNAME}")
            assert set(posts_in(store)) == numbers
        assert len(store.channels()) == 1


def _told(report: ImportReport) -> tuple[int, int, int, int]:
    assert report.problems == ()
    return report.added, report.changed, report.unchanged, report.missing


def test_every_format_adds_what_it_alone_knows(tmp_path: Path) -> None:
    """The date of a forward's original is HTML's, code's language JSON's, the views the web's."""
    code = RichText("x = 1", (Span(kind=SpanKind.PRE, start=0, end=5, value="python"),))
    post = Post(
        message_id=7,
        posted_at=NOON,
        content=code,
        forward=Forward(name="Ночной канал", posted_at=NOON),
        edited_at=NOON,
    )
    channel = WebChannel(title=TITLE, username=USERNAME, views=1500)
    paths = write_all(tmp_path, [MirrorMessage(post=post)])
    write_web_page(paths["web"], channel, [MirrorMessage(post=post)])
    with new_archive(tmp_path / "archive.db") as store:
        for path in paths.values():
            run_import(store, path)
        [known] = posts_in(store).values()
        [stored] = store.channels()
    assert known.forward == Forward(
        name="Ночной канал", posted_at=NOON, username="night_channel", message_id=55
    )
    assert known.snippets[0].language == "python"
    assert known.edited_at == NOON
    assert known.views == 1500
    assert stored.channel.username == USERNAME
    assert stored.channel.telegram_id == channel.telegram_id


@pytest.mark.parametrize("web_first", [True, False])
def test_withheld_post_erases_nothing(tmp_path: Path, web_first: bool) -> None:
    """A web page that does not show a post keeps what another source knows of it."""
    photo = Media(kind=MediaKind.PHOTO, path="photos/photo_1.jpg")
    whole = Post(message_id=7, posted_at=NOON, content=RichText("слова #тег"), media=(photo,))
    later = web_message(8, web_text("позже"), at="2024-03-06T00:00:00+00:00")
    hidden = '<div class="message_media_not_supported_wrap">VIEW IN TELEGRAM</div>'
    page = write_web(
        tmp_path / "page.html",
        web_message(7, hidden, at="2024-03-05T12:00:00+00:00") + later,
        title=TITLE,
    )
    (tmp_path / "json").mkdir()
    export = write_chat(
        tmp_path / "json" / "result.json",
        JsonChat(title=TITLE, messages=[MirrorMessage(post=whole)]),
    )
    with new_archive(tmp_path / "archive.db") as store:
        for path in (page, export) if web_first else (export, page):
            run_import(store, path)
        known = posts_in(store)[7]
        [archived] = [each for each in store.changed_since(0) if each.post.message_id == 7]
        versions = store.stats()
    assert known.text == "слова #тег"
    assert known.media == (photo,)
    assert known.hashtags == ("тег",)
    assert archived.post.edited_at is None
    assert versions.posts == 2


def test_withheld_post_alone_says_so(tmp_path: Path) -> None:
    """A post that only a page without it knows is there, with a note."""
    hidden = '<div class="message_media_not_supported_wrap">VIEW IN TELEGRAM</div>'
    page = write_web(tmp_path / "page.html", web_message(7, hidden))
    with new_archive(tmp_path / "archive.db") as store:
        run_import(store, page)
        run_import(store, touch(page))
        [known] = posts_in(store).values()
    assert known.is_withheld
    assert known.text == ""


def test_service_keeps_the_exact_time(tmp_path: Path) -> None:
    """The instant of a service message, which JSON alone knows, survives a later HTML import."""
    service = Post(
        message_id=1,
        posted_at=NOON,
        kind=PostKind.SERVICE,
        content=RichText("Channel photo changed"),
    )
    words = Post(message_id=2, posted_at=NOON.replace(hour=15), content=RichText("слова"))
    paths = write_all(tmp_path, [MirrorMessage(post=each) for each in (service, words)])
    with new_archive(tmp_path / "archive.db") as store:
        run_import(store, paths["json"])
        run_import(store, paths["html"])
        known = posts_in(store)
    assert known[1] == replace(service, reactions=None)
