"""A folder of posts: names that lead nowhere else, and front matter that programs read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from export.folder import write_folder
from model.posts import ArchivedPost, Channel, Forward, Reaction
from tests.export.making import a_post
from tests.export.markdown_reading import PARSER


def files(folder: Path, *posts: ArchivedPost) -> list[str]:
    """Write posts and return the paths of their files."""
    folder.mkdir(exist_ok=True)
    write_folder(posts, folder, title="Всё", zone=UTC)
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.name != "index.md"
        if path.is_file()
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Spark: repartition #spark #de", "2024-02-02 1 Spark repartition.md"),
        ("../../etc/passwd", "2024-02-02 1 etc passwd.md"),
        ('a\\b:c*d?e"f<g>h|i#j k^l[m]n%o', "2024-02-02 1 a b c d e f g h i j k l m n o.md"),
        ("конец. . .", "2024-02-02 1 конец.md"),
        ("\u202eevil\x00\ud83d", "2024-02-02 1 evil.md"),
        ("\u202e", "2024-02-02 1.md"),
        ("я" * 300, f"2024-02-02 1 {'я' * 59}….md"),
        ("#тег", "2024-02-02 1 тег.md"),
    ],
)
def test_a_file_is_named_by_date_number_and_title(tmp_path: Path, title: str, name: str) -> None:
    """Nothing in a title makes a path of it, or a name that some file system refuses."""
    [path] = files(tmp_path, a_post(1, title))
    assert path == f"Заметки/{name}"
    assert len(name.encode()) < 256


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("..", "channel"),
        ("...a/..", "a"),
        ("index.md", "index.md [1]"),
        ("CON", "(CON)"),
        ("aux.txt", "(aux.txt)"),
        ("\u200b", "channel"),
    ],
)
def test_a_channel_is_a_folder_within(tmp_path: Path, title: str, name: str) -> None:
    """Whatever its title."""
    [path] = files(tmp_path, a_post(1, "a", channel=Channel(title=title)))
    assert path == f"{name}/2024-02-02 1 a.md"


def test_posts_and_channels_do_not_clash(tmp_path: Path) -> None:
    """Posts of one title have numbers, channels of one title too, also where case is not told."""
    posts = [
        a_post(1, "Итоги", channel=Channel(title="Канал"), channel_id=1),
        a_post(1, "Итоги", channel=Channel(title="КАНАЛ"), channel_id=2),
        a_post(2, "ИТОГИ", channel=Channel(title="КАНАЛ"), channel_id=2),
    ]
    assert files(tmp_path, *posts) == [
        "КАНАЛ [2]/2024-02-02 1 Итоги.md",
        "КАНАЛ [2]/2024-02-03 2 ИТОГИ.md",
        "Канал/2024-02-02 1 Итоги.md",
    ]


def test_front_matter_holds_the_facts(tmp_path: Path) -> None:
    """What is known, in a form that YAML and JSON share; the text follows."""
    archived = a_post(
        1,
        "Слова: #тег",
        channel=Channel(title='Канал "№ 1"\u2028', username="notes"),
        hashtags=("тег", "no"),
        author="null",
        forward=Forward(name="Костя"),
        reply_to=7,
        views=10,
        reactions=(Reaction(emoji="👍", count=3),),
        missing_since=datetime(2024, 3, 1, tzinfo=UTC),
    )
    [path] = files(tmp_path, archived)
    text = (tmp_path / path).read_text("utf-8")
    _, front, body = text.split("---\n")
    first, *lines = front.splitlines()
    assert first == "date: 2024-02-02T07:45:00"
    assert {name: json.loads(value) for name, _, value in (x.partition(": ") for x in lines)} == {
        "channel": 'Канал "№ 1"\u2028',
        "message_id": 1,
        "url": "https://t.me/notes/1",
        "tags": ["тег", "no"],
        "author": "null",
        "forwarded_from": "Костя",
        "reply_to": 7,
        "views": 10,
        "reactions": 3,
        "missing_since": "2024-03-01T00:00:00Z",
    }
    assert body == "\nСлова: #тег\n"


def test_the_index_leads_to_the_posts_in_their_order(tmp_path: Path) -> None:
    """Such as that of a search."""
    paths = files(tmp_path, a_post(2, "Б (б)"), a_post(1, "А #a"))
    index = (tmp_path / "index.md").read_text("utf-8")
    assert index.startswith(
        "# Всё\n\n1. [2024-02-03 2 Б (б)](Заметки/2024-02-03%202%20Б%20%28б%29.md)\n"
    )
    assert len(PARSER.parse(index)) > len(paths) == index.count("\n1. ")
