"""Channels of one title are kept apart, listed, and named."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from db import open_archive
from model.posts import Channel
from tests.db.making import a_post, day
from tests.ingest.exports import message, page, write_pages
from tests.letopis.conftest import Run

_TITLE = "Лаборатория"


def export(folder: Path, *numbers: int, year: int) -> str:
    """Write an export of posts, a day apart, in a year."""
    texts = (message(n, f"{year} {n}", at=f"{n:02}.05.{year} 10:00:00 UTC+03:00") for n in numbers)
    write_pages(folder, {"messages.html": page("".join(texts), title=_TITLE)})
    return str(folder)


def listed(run: Run) -> list[dict[str, object]]:
    """Return the channels as `letopis channels` lists them."""
    channels: list[dict[str, object]] = json.loads(run("channels", "--json").out)
    return channels


def test_other_chat_is_refused_and_named_apart(run: Run, tmp_path: Path) -> None:
    """The refusal names the ways out, and one of them keeps the two apart."""
    first = export(tmp_path / "a", 1, 2, 3, year=2021)
    second = export(tmp_path / "b", 1, 2, year=2024)
    run("ingest", first)

    refused = run("ingest", second)

    assert refused.code == 2
    assert f"a different chat than “{_TITLE}”" in refused.err
    assert "--channel with its @name, its number or another title" in refused.err
    assert [each["posts"] for each in listed(run)] == [3]
    assert run("ingest", second, "--channel", "@lab_two").code == 0
    assert [(each["username"], each["posts"]) for each in listed(run)] == [
        (None, 3),
        ("lab_two", 2),
    ]


@pytest.mark.parametrize(
    ("typed", "code", "posts"),
    [
        ("\n", 0, [4]),
        ("@lab_two\n", 0, [2, 2]),
        ("Другая\n", 0, [2, 2]),
        ("-\n", 2, [2]),
        ("", 2, [2]),
        (None, 2, [2]),
    ],
    ids=["the same", "a name", "a title", "skipped", "no answer", "nobody to ask"],
)
def test_doubt_is_settled_at_the_terminal(
    run: Run, tmp_path: Path, typed: str | None, code: int, posts: list[int]
) -> None:
    """Whoever sits there is asked; nobody else is, and nothing is written."""
    run("ingest", export(tmp_path / "a", 2, 4, year=2021))

    ended = run("ingest", export(tmp_path / "b", 1, 3, year=2021), typed=typed)

    assert ended.code == code
    assert "may be from a different chat" in ended.err
    assert ("press Enter" in ended.err) == (typed is not None)
    assert [each["posts"] for each in listed(run)] == posts


@pytest.mark.parametrize(("typed", "code"), [("@lab_lab\n", 0), ("\n", 2), (None, 2)])
def test_name_of_a_channel_is_asked_for(
    run: Run, tmp_path: Path, typed: str | None, code: int
) -> None:
    """An export of tdl has a number alone, and pages of two titles may be of one channel."""
    told = {"id": 5, "type": "message", "file": "", "date": 1709276400, "text": "раз"}
    path = tmp_path / "tdl.json"
    path.write_text(json.dumps({"id": 77, "messages": [told]}), encoding="utf-8")
    pages = {"messages.html": page(message(1, "раз"), title="Раз")}
    later = message(2, "потом", at="06.03.2024 10:00:00 UTC+03:00")
    folder = write_pages(tmp_path / "b", pages | {"messages2.html": page(later, title="Два")})
    for export_of in (path, folder):
        home = tmp_path / f"home-{export_of.stem}"
        ended = run("ingest", str(export_of), home=home, typed=typed)
        assert ended.code == code
        assert ("Which channel is it?" in ended.err) == (typed is not None)


def test_channels_are_listed(run: Run, tmp_path: Path, empty_home: Path) -> None:
    """Names, numbers, periods, posts and sources stand in a row each."""
    assert run("channels").out == "There are no channels in the archive yet.\n"
    source = export(tmp_path / "ChatExport_2021", 1, 2, year=2021)
    run("ingest", source)

    assert listed(run) == [
        {
            "title": _TITLE,
            "username": None,
            "telegram_id": None,
            "channel_id": 1,
            "posts": 2,
            "first_at": "2021-05-01T07:00:00Z",
            "last_at": "2021-05-02T07:00:00Z",
            "sources": [source],
        }
    ]
    run("channels", _TITLE, "@lab_one")
    assert run("channels", _TITLE, "4711").out == f"The channel “{_TITLE}” is 4711.\n"
    *_, row, _ = run("channels", "@lab_one").out.splitlines()
    [named] = json.loads(run("channels", "@lab_one", "@lab_one", "--json").out)
    assert (named["title"], named["username"]) == (_TITLE, "lab_one")
    assert row.split() == [
        *(_TITLE, "@lab_one", "4711", "2", "2021-05-01", "—", "2021-05-02", "ChatExport_2021")
    ]


def test_channel_is_named_afterwards(run: Run, empty_home: Path) -> None:
    """Of two of one title, the one without a name gets it; what is another's is refused."""
    with open_archive(empty_home / "archive.db") as store:
        store.resolve_channel(Channel(title=_TITLE, username="lab_two", telegram_id=2))
        store.resolve_channel(Channel(title="Другая", username="other", telegram_id=3))
        before = store.resolve_channel(Channel(title=_TITLE, username="lab_four"))
        store.resolve_channel(Channel(title="Третья"))
        store.resolve_channel(Channel(title="Третья", username="third"), apart_from=[before, 4])

    assert "Several channels" in run("channels", _TITLE, "@lab_one").err
    assert "is the channel “Другая”" in run("channels", "@lab_two", "@Other").err
    assert "is the channel “Другая”" in run("channels", "@lab_two", "3").err
    assert "has the number 2 and so is not 7" in run("channels", "@lab_two", "7").err
    assert "is not a channel's name" in run("channels", "@lab_two", "@x").err
    assert "holds no channel “Нет”" in run("channels", "Нет", "@lab_one").err
    assert run("channels", "@lab_two", "@lab_three").code == 0
    assert run("channels", "Нет").code == 2
    assert run("channels", "третья", "@lab_five").code == 0
    names = [each["username"] for each in listed(run)]
    assert names == ["lab_three", "other", "lab_four", "lab_five", "third"]


def test_doctor_names_channels_that_look_mixed(run: Run, empty_home: Path) -> None:
    """In a channel, a higher number is a later post, but for a change of zone."""
    with open_archive(empty_home / "archive.db") as store:
        well = store.resolve_channel(Channel(title="Цел"))
        near = [day(1), day(1), day(1) - timedelta(hours=14)]
        store.save(
            well, [a_post(number, posted_at=at) for number, at in enumerate(near)], as_of=day(9)
        )
        mixed = store.resolve_channel(Channel(title="Смесь"))
        at = {1: 1, 2: 8, 3: 2, 4: 9, 5: 3}
        posts = [a_post(number, posted_at=day(days)) for number, days in at.items()]
        store.save(mixed, posts, as_of=day(9))

    said = run("doctor").out

    assert "archive: “Смесь” looks like two chats in one" in said
    assert "before them: 2, the first being 3" in said
    assert "Цел" not in said
