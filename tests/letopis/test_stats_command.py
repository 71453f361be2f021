"""`letopis stats`: bars in the terminal, and pictures in files."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from i18n import ENGLISH, RUSSIAN
from letopis.home import Home
from model.posts import Channel, Forward, Post
from model.rich_text import RichText
from tests.letopis.conftest import Run
from tests.new_databases import new_archive

_AT = datetime(2024, 3, 9, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def two_channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with channels of many years, one of them with a name that few fonts have."""
    home = tmp_path_factory.mktemp("two")
    with new_archive(Home(home).archive) as store:
        for title, number in (("Заметки", 3), ("\ue000", 1)):
            key = store.resolve_channel(Channel(title=title), as_of=_AT)
            posts = [
                Post(
                    message_id=each,
                    content=RichText("Слово"),
                    posted_at=_AT.replace(year=2024 - 5 * each),
                    hashtags=("очень_длинный_тег_которому_мало_места", "b"),
                    forward=Forward(name="Источник " * 20),
                )
                for each in range(1, number + 1)
            ]
            store.save(key, posts, as_of=_AT)
    return home


def _on_a_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("NO_COLOR", "1")


def test_numbers_have_bars(run: Run, two_channels: Path) -> None:
    """In a pipe nothing is coloured or cut, and channels, years and tags have bars."""
    out = run("stats", home=two_channels).out

    assert "\x1b" not in out
    for heading in (ENGLISH.stats.channels, ENGLISH.stats.years, ENGLISH.stats.top_tags):
        assert f"\n{heading}\n" in out
    assert "\nЗаметки 3 █" in out
    assert "#очень_длинный_тег_которому_мало_места 4 " in out
    assert ("Источник " * 20).strip() in out
    assert "Mon" in out


@pytest.mark.parametrize("width", [100, 80, 40, 30])
def test_bars_fit_a_terminal(
    run: Run, two_channels: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """No line is wider than the terminal, and every weekday has one."""
    _on_a_terminal(monkeypatch, width)

    out = run("stats", home=two_channels).out

    tables = out[out.index(ENGLISH.stats.by_month) :]
    tables = re.sub(r"\x1b\[\d+m", "", tables)
    assert max(map(len, tables.splitlines())) <= width
    assert "…" in tables
    assert len([line for line in tables.splitlines() if line[:3] in {"Mon", "Sun"}]) == 2


def test_longest_bar_is_of_the_most(run: Run, sample_home: Path) -> None:
    """Half as many posts have half a bar."""
    languages = {
        label: bar
        for line in run("stats", home=sample_home).out.splitlines()
        if line.startswith(("python ", "sql "))
        for label, _, bar in [line.split()]
    }

    assert len(languages["sql"]) / len(languages["python"]) == pytest.approx(11 / 25, abs=0.02)


def test_png_is_drawn(run: Run, two_channels: Path, tmp_path: Path) -> None:
    """The picture is a file of its own, and what no font has is told."""
    target = tmp_path / "new" / "stats.PNG"

    done = run("stats", "--picture", str(target), home=two_channels)

    assert done.out == f"{ENGLISH.terminal.drawn.format(path=target)}\n"
    assert done.err == f"{ENGLISH.terminal.no_font.format(characters=chr(0xE000))}\n"
    with Image.open(target) as image:
        assert image.format == "PNG"


def test_svg_is_drawn(run: Run, two_channels: Path, tmp_path: Path) -> None:
    """For a program the answer is JSON; the picture speaks the person's language."""
    target = tmp_path / "stats.svg"

    done = run("stats", "--picture", str(target), "--json", home=two_channels)

    assert json.loads(done.out) == {"path": str(target), "format": "svg"}
    assert done.err == ""
    texts = {text.text for text in ET.parse(target).iter("{http://www.w3.org/2000/svg}text")}
    assert ENGLISH.stats.by_month in texts


@pytest.mark.parametrize("name", ["stats", "stats.jpg", "stats.svgz"])
def test_picture_of_another_kind_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    """One sentence says which names there may be."""
    done = run("stats", "--picture", str(tmp_path / name))

    assert done.code == 2
    assert ".png or .svg" in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / name).exists()


def test_picture_replaces_no_file(run: Run, two_channels: Path, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    target = tmp_path / "stats.svg"
    target.write_text("mine", "utf-8")

    done = run("stats", "--picture", str(target), home=two_channels)

    assert done.code == 2
    assert "exists already" in done.err
    assert target.read_text("utf-8") == "mine"


def test_nothing_is_drawn_of_nothing(run: Run, empty_home: Path, tmp_path: Path) -> None:
    """An empty archive has no picture, and the sentence says what to do."""
    done = run("stats", "--picture", str(tmp_path / "stats.png"), home=empty_home)

    assert done.code == 2
    assert "letopis ingest" in done.err
    assert not (tmp_path / "stats.png").exists()


def test_bars_speak_russian(run: Run, two_channels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headings and weekdays are those of the person's language."""
    monkeypatch.setenv("LETOPIS_LANG", "ru")

    out = run("stats", home=two_channels).out

    assert f"\n{RUSSIAN.stats.years}\n" in out
    assert "\nпн " in out
