"""A file or folder of posts is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from export import Format, save_posts
from model.errors import UsageError
from model.messages import Code
from model.posts import ArchivedPost
from tests.export.making import a_post


def save(target: Path, form: Format, *texts: str) -> int:
    """Save posts of these texts."""
    posts = (a_post(number, text) for number, text in enumerate(texts, 1))
    return save_posts(posts, target, form, title="Всё", zone=UTC)


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.FOLDER])
def test_posts_are_saved_and_counted(tmp_path: Path, form: Format) -> None:
    """Folders above are created; nothing else is left there."""
    target = tmp_path / "a" / "b" / "notes"
    assert save(target, form, "один", "два") == 2
    assert list(target.parent.iterdir()) == [target]
    assert target.is_dir() is (form is Format.FOLDER)


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.FOLDER])
def test_a_failure_leaves_nothing(tmp_path: Path, form: Format) -> None:
    """Half of a file is no file."""

    def broken() -> Iterator[ArchivedPost]:
        yield a_post(1, "один")
        assert not (tmp_path / "notes").exists()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_posts(broken(), tmp_path / "notes", form, title="", zone=UTC)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", [Format.JSON_LINES, Format.FOLDER])
def test_nothing_is_written_over(tmp_path: Path, form: Format) -> None:
    """A name that is taken is refused before anything is read; an empty folder may be filled."""
    target = tmp_path / "notes"
    target.mkdir()
    assert (save(tmp_path / "notes", Format.FOLDER, "один")) == 1

    def unread() -> Iterator[ArchivedPost]:
        raise ZeroDivisionError
        yield

    with pytest.raises(UsageError) as refused:
        save_posts(unread(), target, form, title="", zone=UTC)
    assert refused.value.reason is Code.EXISTS


@pytest.mark.parametrize("form", [Format.CSV, Format.FOLDER])
def test_a_name_taken_meanwhile_is_kept(tmp_path: Path, form: Format) -> None:
    """Who came first keeps it."""

    def posts() -> Iterator[ArchivedPost]:
        (tmp_path / "notes").write_text("mine")
        yield a_post(1, "один")

    with pytest.raises(UsageError) as refused:
        save_posts(posts(), tmp_path / "notes", form, title="", zone=UTC)
    assert refused.value.reason is Code.EXISTS
    assert (tmp_path / "notes").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With the reason of the system."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError) as refused:
        save(tmp_path / "file" / "notes.md", Format.MARKDOWN, "один")
    assert refused.value.reason is Code.NO_FOLDER
    with pytest.raises(UsageError) as refused:
        save(tmp_path / ("x" * 300), Format.MARKDOWN, "один")
    assert refused.value.reason is Code.NOT_MADE
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
