"""The JSON of tdl: `cases_tdl/<quirk>.export.json` is read as `<quirk>.posts.json` says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from db import PostStore
from ingest import open_source, run_import
from model.errors import SourceError
from model.posts import Channel, Post
from tests.ingest.exports import message, page, write_pages
from tests.ingest.plain_posts import as_plain
from tests.new_databases import new_archive

CASES = sorted((Path(__file__).parent / "cases_tdl").glob("*.export.json"))
_NUMBER = 1555000111


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """Open an empty archive."""
    with new_archive(tmp_path / "home" / "archive.db") as opened:
        yield opened


def write(path: Path, *messages: Mapping[str, object]) -> Path:
    """Write an export of messages."""
    written = [{"type": "message", "file": "", **each} for each in messages]
    path.write_text(json.dumps({"id": _NUMBER, "messages": written}), encoding="utf-8")
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.partition(".")[0])
def test_quirk_is_read_as_written_down(case: Path) -> None:
    """An export gives the posts and problems of the file beside it."""
    expected = case.with_name(case.name.replace(".export.", ".posts."))
    source = open_source(case)
    assert source.format == "tdl-json"
    read = [as_plain(item) for item in source.messages()]
    assert read == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("named", "channel"),
    [
        ("@my_lab", Channel(title="@my_lab", username="my_lab", telegram_id=_NUMBER)),
        ("t.me/my_lab", Channel(title="@my_lab", username="my_lab", telegram_id=_NUMBER)),
        (" Лаборатория ", Channel(title="Лаборатория", telegram_id=_NUMBER)),
        (str(_NUMBER), Channel(title=str(_NUMBER), telegram_id=_NUMBER)),
    ],
)
def test_channel_is_given(store: PostStore, tmp_path: Path, named: str, channel: Channel) -> None:
    """The export has its number; the name is asked for, once."""
    path = write(tmp_path / "tdl-export.json", {"id": 5, "date": 1709276400, "text": "раз"})
    with pytest.raises(SourceError, match=f"unnamed_channel .*telegram_id={_NUMBER}"):
        run_import(store, path)
    report = run_import(store, path, channel=named)
    assert (report.added, report.channel, report.problems) == (1, channel, ())
    assert [each.channel for each in store.channels()] == [channel]
    later = write(tmp_path / "later.json", {"id": 6, "date": 1709276500, "text": "два"})
    assert run_import(store, later).channel == replace(channel, username=None)


def test_known_channel_is_told_by_its_number(store: PostStore, tmp_path: Path) -> None:
    """Plain text takes no formatting away, and a file's name no attachment."""
    photo = '<div class="media_wrap"><a class="photo_wrap" href="photos/1.jpg"></a></div>'
    html = message(5, "<strong>первый</strong>", at="01.03.2024 10:00:00 UTC+03:00")
    html = html.replace('       <div class="text">', f'{photo}<div class="text">')
    folder = write_pages(tmp_path / "ChatExport_2024-03-01", {"messages.html": page(html)})
    run_import(store, folder, channel=str(_NUMBER))
    known = store.newest(limit=1)[0].post
    assert known.content.spans
    assert known.media[0].path == "photos/1.jpg"

    told = {"id": 5, "file": "5.jpg", "date": 1709276400, "text": "первый"}
    more = {"id": 6, "date": 1709276400 + 86400, "text": "второй"}
    report = run_import(store, write(tmp_path / "tdl.json", more, told))

    assert (report.added, report.changed, report.unchanged) == (1, 0, 1)
    [_, first] = store.newest(limit=2)
    assert (first.post.content, first.post.media) == (known.content, known.media)


def test_export_without_content_says_how_to_make_one(tmp_path: Path) -> None:
    """Without dates and texts it is of no use; without messages it is empty."""
    path = write(tmp_path / "a.json", {"id": 5, "file": "5.jpg"}, {"id": 4})
    with pytest.raises(SourceError, match="tdl_without_content"):
        open_source(path)
    with pytest.raises(SourceError, match="no_messages"):
        open_source(write(tmp_path / "b.json"))


def test_export_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """What is lost is told."""
    path = write(tmp_path / "a.json", *({"id": n, "date": 1709276400 + n} for n in (3, 2, 1)))
    path.write_bytes(path.read_bytes()[:-30])
    *posts, problem = open_source(path).messages()
    assert [item.message_id for item in posts if isinstance(item, Post)] == [3, 2]
    assert not isinstance(problem, Post)
    assert problem.rest_lost
    assert list(open_source(path).messages(skip={path})) == []


@pytest.mark.parametrize(
    "content",
    [
        '{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": [{"id": "3"}]}',
        '[{"_": "Message", "id": 1, "message": "x"}]',
        '{"ok": true, "result": [{"update_id": 1}]}',
        '{"hello": "world"}',
    ],
    ids=["Discord", "Telethon", "Bot API", "anything"],
)
def test_json_of_another_program_is_named(tmp_path: Path, content: str) -> None:
    """It is told from what is no JSON at all."""
    path = tmp_path / "chat.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="other_json"):
        open_source(path)
