"""Every import is on record: what was read, what became of it, what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from db import ImportedFile, ImportRow, PostStore, open_archive
from model.posts import BadMessage
from tests.db.making import MORNING, a_channel, a_post, day

_BAD = BadMessage(file="messages.html", anchor="message12", reason="it has no date")


@pytest.fixture
def import_id(store: PostStore, channel_id: int) -> int:
    """An import that has begun."""
    return store.begin_import(channel_id, source="export", format="html", as_of=MORNING)


def test_an_import_is_on_record_from_its_beginning(path: Path) -> None:
    """An import that was cut short is there with what it had saved, and is not finished."""
    moments = iter([day(1), day(2)])
    with open_archive(path, clock=lambda: next(moments)) as store:
        channel_id = store.resolve_channel(a_channel(), as_of=MORNING)
        import_id = store.begin_import(
            channel_id, source="export", format="html", as_of=MORNING, options="zone=UTC"
        )
        store.save(channel_id, [a_post(1), a_post(2)], as_of=MORNING, import_id=import_id)
        store.save(channel_id, [a_post(2), a_post(1, "иначе")], as_of=day(1), import_id=import_id)
        (cut_short,) = store.imports()
        store.finish_import(import_id, missing=1, files_read=2, files_skipped=3)
        (finished,) = store.imports()

    expected = ImportRow(
        import_id=import_id,
        channel_id=channel_id,
        source="export",
        format="html",
        options="zone=UTC",
        as_of=MORNING,
        started_at=day(1),
        finished_at=None,
        added=2,
        changed=1,
        unchanged=1,
        missing=0,
        files_read=0,
        files_skipped=0,
        problems=0,
    )
    assert cut_short == expected
    assert (finished.finished_at, finished.added) == (day(2), 2)
    assert (finished.missing, finished.files_read, finished.files_skipped) == (1, 2, 3)


def test_an_import_may_count_for_itself(store: PostStore, import_id: int) -> None:
    """Numbers that are given at the end are the ones on record."""
    store.finish_import(import_id, added=5, changed=6, unchanged=7)

    (row,) = store.imports()
    assert (row.added, row.changed, row.unchanged) == (5, 6, 7)


def test_imports_are_listed_newest_first(store: PostStore, channel_id: int) -> None:
    """The latest imports come first, no more than asked for."""
    for name in ("раз", "два", "три"):
        store.begin_import(channel_id, source=name, format="html", as_of=MORNING)

    assert [row.source for row in store.imports(limit=2)] == ["три", "два"]


def test_problems_are_kept_with_their_place(store: PostStore, import_id: int) -> None:
    """What could not be read is listed in the order it was met, and counted."""
    store.add_problem(import_id, _BAD)
    store.add_problems(import_id, [BadMessage(file="a\udcff", anchor="\udc80", reason="b")])
    store.add_problems(import_id, [])

    assert store.problems(import_id) == (
        _BAD,
        BadMessage(file="a\ufffd", anchor="\ufffd", reason="b"),
    )
    assert store.imports()[0].problems == 2


def _files(*digests: str) -> Iterator[ImportedFile]:
    for number, digest in enumerate(digests):
        yield ImportedFile(path=f"messages{number}.html", digest=digest, size=10)


def test_files_are_known_once_their_import_is_finished(store: PostStore, import_id: int) -> None:
    """A file is recognised by its bytes, and only after the whole import went well."""
    store.remember_files(import_id, _files("aa", "bb"))
    before = store.known_files(["aa", "bb"])
    store.finish_import(import_id)

    assert before == frozenset()
    assert store.known_files(["aa", "bb", "cc"]) == {"aa", "bb"}
    assert store.known_files(f"{number:x}" for number in range(3000)) == {"aa", "bb"}
    assert store.known_files([]) == frozenset()


def test_files_read_with_other_options_are_not_known(store: PostStore, channel_id: int) -> None:
    """The same bytes read in another way have to be read again."""
    import_id = store.begin_import(
        channel_id, source="export", format="html", as_of=MORNING, options="zone=UTC"
    )
    store.remember_files(import_id, _files("aa"))
    store.finish_import(import_id)

    assert store.known_files(["aa"], options="zone=UTC") == {"aa"}
    assert store.known_files(["aa"], options="zone=Europe/Moscow") == frozenset()


def test_a_file_named_twice_is_kept_once(store: PostStore, import_id: int) -> None:
    """A source that lists a name twice, or one that is no text, is no trouble."""
    twice = ImportedFile(path="a\udcff.html", digest="aa")
    store.remember_files(import_id, [twice, twice])
    store.remember_files(import_id, [])
    store.finish_import(import_id)

    assert store.known_files(["aa"]) == {"aa"}


def test_the_clock_tells_the_times(path: Path) -> None:
    """Without a clock of their own, imports begin at the present moment."""
    with open_archive(path) as store:
        channel_id = store.resolve_channel(a_channel())
        store.begin_import(channel_id, source="export", format="html", as_of=MORNING)
        (row,) = store.imports()

    assert abs((datetime.now(row.started_at.tzinfo) - row.started_at).total_seconds()) < 60


def test_an_earlier_text_names_the_import_that_had_it(store: PostStore, channel_id: int) -> None:
    """A version leads to the import of its source, and to none where the text was seen live."""
    for number, (text, is_live) in enumerate([("раз", False), ("два", True), ("три", False)]):
        if not is_live:
            store.begin_import(
                channel_id, source=f"export {number}", format="html", as_of=day(number)
            )
        store.save(channel_id, [a_post(1, text)], as_of=day(number))

    versions = store.query("SELECT text, import_id FROM post_versions ORDER BY as_of").rows

    assert versions == (("раз", 1), ("два", None))
