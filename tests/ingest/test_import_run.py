"""An import run: what it writes, what it reports, what it recognises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import ingest
from db import PostStore
from ingest import ImportReport, TextChange, open_source, run_import
from model.errors import ChannelError, SourceError
from model.messages import Code, Message
from model.posts import Channel, Post
from model.rich_text import RichText
from tests.ingest.exports import (
    TITLE,
    broken,
    link_to,
    message,
    page,
    separator,
    service,
    write_pages,
)
from tests.mirror.messages import MirrorMessage
from tests.mirror.telegram_json import JsonChat, write_chat
from tests.new_databases import new_archive


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """Open an empty archive."""
    with new_archive(tmp_path / "home" / "archive.db") as opened:
        yield opened


def write(folder: Path, *messages: str, name: str = "messages.html", title: str = TITLE) -> Path:
    """Write an export of one page."""
    return write_pages(folder, {name: page("".join(messages), title=title)})


def write_json(folder: Path, *, telegram_id: int) -> Path:
    """Write a JSON export of one post."""
    post = Post(message_id=1, posted_at=datetime(2024, 3, 5, tzinfo=UTC), content=RichText("a"))
    chat = JsonChat(title=TITLE, messages=[MirrorMessage(post=post)], telegram_id=telegram_id)
    return write_chat(folder / "result.json", chat)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Return what a report counts: added, changed, unchanged, missing."""
    return report.added, report.changed, report.unchanged, report.missing


def texts(store: PostStore) -> list[str]:
    """Return the texts in the archive, oldest first."""
    return [archived.post.text for archived in reversed(store.newest(limit=100))]


def test_export_goes_into_the_archive(store: PostStore, tmp_path: Path) -> None:
    """An import stores the posts and reports what became of them."""
    folder = write(tmp_path / "export", message(1, "один"), message(2, "два"))
    report = run_import(store, folder)
    assert counts(report) == (2, 0, 0, 0)
    assert report.channel == Channel(title=TITLE)
    assert (report.source, report.format) == (str(folder), "desktop-html")
    assert (report.files_read, report.files_skipped) == (1, 0)
    assert (report.problems, report.notices, report.dry_run) == ((), (), False)
    assert report.seconds >= 0
    assert texts(store) == ["один", "два"]
    [row] = store.imports()
    assert (row.added, row.files_read, row.finished_at is None) == (2, 1, False)


def test_import_goes_by_the_name_given(store: PostStore, tmp_path: Path) -> None:
    """What came under another name is remembered by it, and the report tells its period."""
    day = "%02d.03.2024 10:00:00 UTC+03:00"
    folder = write(
        tmp_path / "export",
        message(1, "один", at=day % 7),
        message(2, "два", at=day % 5),
        message(3, "три", at=day % 6),
    )
    report = run_import(store, folder, name="Мой канал.zip")
    assert report.source == store.imports()[0].source == "Мой канал.zip"
    assert (report.first_at, report.last_at) == (
        datetime(2024, 3, 5, 7, tzinfo=UTC),
        datetime(2024, 3, 7, 7, tzinfo=UTC),
    )


def test_progress_can_end_an_import(store: PostStore, tmp_path: Path) -> None:
    """An import that is given up between two batches keeps the first, and is told as cut short."""

    class EnoughError(Exception):
        pass

    def give_up(read: int, _total: int | None) -> None:
        if read:
            raise EnoughError

    folder = write(tmp_path / "export", *(message(number, "x") for number in range(1, 1003)))
    with pytest.raises(EnoughError):
        run_import(store, folder, progress=give_up)
    [row] = store.imports()
    assert (row.added, row.finished_at) == (1000, None)
    assert counts(run_import(store, folder)) == (2, 0, 1000, 0)


def test_same_export_again_is_recognised_by_its_files(store: PostStore, tmp_path: Path) -> None:
    """The second import of the same files reads none of them, and records nothing."""
    folder = write(tmp_path / "export", message(1, "один"))
    run_import(store, folder)
    report = run_import(store, folder)
    assert counts(report) == (0, 0, 1, 0)
    assert (report.files_read, report.files_skipped) == (0, 1)
    assert len(store.imports()) == 1


def test_later_export_reads_only_the_pages_that_differ(store: PostStore, tmp_path: Path) -> None:
    """Pages that have not changed are skipped, and count as they were read."""
    first = page(separator("5 March 2024") + message(1, "a"))
    write_pages(tmp_path, {"messages.html": first, "messages2.html": page(message(2, "b"))})
    run_import(store, tmp_path)
    again = page(separator("5 March 2024") + service(2, "Channel photo changed") + message(3, "c"))
    write_pages(tmp_path, {"messages2.html": again})
    report = run_import(store, tmp_path)
    assert (report.files_read, report.files_skipped) == (1, 1)
    assert (report.added, report.unchanged) == (1, 1)
    service_line = store.find(report.channel_id or 0, 2)
    assert service_line is not None
    assert service_line.post.posted_at == datetime(2024, 3, 5, 7, tzinfo=UTC)


def test_skipped_page_without_dates_changes_nothing(store: PostStore, tmp_path: Path) -> None:
    """A skipped page that shows no date at all leaves the service lines after it to their day."""
    pages = {
        "messages.html": page(message(1, "a")),
        "messages2.html": page(separator("not a day")),
        "messages3.html": page(separator("6 March 2024") + service(3, "Channel photo changed")),
    }
    run_import(store, write_pages(tmp_path, pages))
    more = pages["messages3.html"].replace("changed", "removed")
    report = run_import(store, write_pages(tmp_path, {"messages3.html": more}))
    assert (report.files_skipped, report.changed) == (2, 1)


def test_same_files_in_another_zone_are_read_again(store: PostStore, tmp_path: Path) -> None:
    """A zone given later corrects the times that were read without it."""
    folder = write(tmp_path, message(1, "a", at="05.07.2024 10:00:00 UTC+01:00"))
    report = run_import(store, folder)
    found = store.find(report.channel_id or 0, 1)
    assert found is not None
    assert found.post.posted_at == datetime(2024, 7, 5, 9, tzinfo=UTC)
    again = run_import(store, folder, zone=ZoneInfo("Europe/Berlin"))
    found = store.find(report.channel_id or 0, 1)
    assert found is not None
    assert (again.changed, found.post.posted_at.hour) == (1, 8)


def test_zone_that_is_not_known_is_said(store: PostStore, tmp_path: Path) -> None:
    """Dates without a zone are taken as UTC, which the report says, unless a zone is given.

    An import that changes nothing does not say it again.
    """
    folder = write(tmp_path, message(1, "a", at="05.03.2024 10:00:00"))
    report = run_import(store, folder)
    [notice] = report.notices
    assert notice.code is Code.UTC_ASSUMED
    found = store.find(report.channel_id or 0, 1)
    assert found is not None
    assert found.post.posted_at.hour == 10
    assert run_import(store, folder, zone=UTC).notices == ()
    assert run_import(store, folder).notices == ()


def test_zone_once_given_is_kept_to(store: PostStore, tmp_path: Path) -> None:
    """An export that tells none is read like the one before, so that no date moves back."""
    folder = write(tmp_path / "a", message(1, "a", at="05.03.2024 10:00:00"))
    later = write(tmp_path / "b", message(2, "b", at="06.03.2024 10:00:00"))
    given = run_import(store, folder, zone=ZoneInfo("Europe/Moscow"))
    assert given.assumed_zone is None

    again, after = run_import(store, folder), run_import(store, later)

    assert counts(again) == (0, 0, 1, 0)
    assert again.assumed_zone == after.assumed_zone == "Europe/Moscow"
    assert after.notices == (Message(Code.ZONE_ASSUMED, {"zone": "Europe/Moscow"}),)
    found = store.find(after.channel_id or 0, 2)
    assert found is not None
    assert found.post.posted_at == datetime(2024, 3, 6, 7, tzinfo=UTC)


def test_export_that_tells_its_zone_is_believed(store: PostStore, tmp_path: Path) -> None:
    """A zone that another export needed is not forced on it."""
    folder = write(tmp_path / "a", message(1, "a", at="05.03.2024 10:00:00"))
    run_import(store, folder, zone=timezone(timedelta(hours=9)))
    zoned = write(tmp_path / "b", message(2, "b", at="06.03.2024 10:00:00 UTC+01:00"))
    report = run_import(store, zoned)
    found = store.find(report.channel_id or 0, 2)
    assert found is not None
    assert found.post.posted_at == datetime(2024, 3, 6, 9, tzinfo=UTC)
    assert (report.assumed_zone, report.notices) == (None, ())
    assert run_import(store, folder).assumed_zone == "UTC+09:00"


def test_export_of_unknown_date_is_no_newer_than_its_posts(
    store: PostStore, tmp_path: Path
) -> None:
    """What was known later is kept, which is said with what to do; with its date it is news."""
    dated = write(tmp_path / "ChatExport_2024-04-01", message(1, "как было"))
    undated = write(tmp_path / "export", message(1, "как стало"))
    assert run_import(store, dated).notices == ()

    report = run_import(store, undated)
    [notice] = report.notices
    assert str(notice).startswith("newer_known (newest=2024-03-05, known=2024-04-01, ")
    assert report.newer_known == datetime(2024, 4, 1, tzinfo=UTC)
    assert texts(store) == ["как было"]

    again = run_import(store, undated, as_of=date(2024, 5, 1))
    assert (again.text_changed, again.notices) == (1, ())
    assert texts(store) == ["как стало"]
    assert run_import(store, undated, as_of=date(2024, 5, 1)).files_read == 0


def test_zip_may_be_dated_by_the_name_it_was_sent_with(store: PostStore, tmp_path: Path) -> None:
    """What lies under a name of ours is known by the sender's, where its folder has no date."""
    run_import(store, write(tmp_path / "ChatExport_2024-04-01", message(1, "как было")))
    sent = write(tmp_path / "a1", message(1, "как стало"))
    assert run_import(store, sent, name="export.zip").newer_known is not None
    assert run_import(store, sent, name="ChatExport_2024-05-01.zip").newer_known is None
    assert texts(store) == ["как стало"]


def test_every_format_is_dated_by_its_folder(tmp_path: Path) -> None:
    """A JSON export is as recent as the page beside it would be."""
    folder = tmp_path / "ChatExport_2024-04-01"
    folder.mkdir()
    source = open_source(write_json(folder, telegram_id=77))
    assert (source.as_of, source.dated) == (datetime(2024, 4, 1, tzinfo=UTC), True)


@pytest.mark.parametrize("given", ["77", "-10077", "@other_name", "Другое имя"])
def test_channel_may_be_said_as_the_export_has_it(
    store: PostStore, tmp_path: Path, given: str
) -> None:
    """Nothing contradicts an export that says less, or the same."""
    path = write_json(tmp_path, telegram_id=77)
    assert run_import(store, path, channel=given).notices == ()


def test_channel_that_contradicts_the_export_is_said(store: PostStore, tmp_path: Path) -> None:
    """Who names another channel than the export does is obeyed, and told."""
    path = write_json(tmp_path, telegram_id=77)
    report = run_import(store, path, channel="78")
    assert report.notices == (Message(Code.OTHER_CHANNEL, {"own": "77", "taken": "78"}),)


def test_dry_run_writes_nothing(store: PostStore, tmp_path: Path) -> None:
    """A dry run reports what an import would do, before and after a real one."""
    folder = write(tmp_path / "a", message(1, "один"), message(2, "два"))
    report = run_import(store, folder, dry_run=True)
    assert (counts(report), report.dry_run, report.channel_id) == ((2, 0, 0, 0), True, None)
    assert (store.channels(), store.imports()) == ((), ())

    channel_id = run_import(store, folder).channel_id
    later = write(tmp_path / "b", message(1, "один!"), message(2, "два"), message(3, "три"))
    report = run_import(store, later, dry_run=True)
    assert (counts(report), report.channel_id) == ((1, 1, 1, 0), channel_id)
    assert texts(store) == ["один", "два"]


def test_a_misspelt_name_makes_no_channel(store: PostStore, tmp_path: Path) -> None:
    """What is meant for a name and cannot be one is not taken for a new channel's title."""
    folder = write(tmp_path, message(1, "a"))
    with pytest.raises(ChannelError, match=r"no_channel_name \(name=@data notes\)"):
        run_import(store, folder, channel="@data notes")
    assert store.channels() == ()


def test_missing_posts_are_marked(store: PostStore, tmp_path: Path) -> None:
    """A later whole export that lacks a post between others marks it, once."""
    run_import(store, write(tmp_path / "a", *(message(number, "x") for number in (1, 2, 3, 9))))
    later = "06.03.2024 10:00:00 UTC+03:00"
    folder = write(tmp_path / "b", message(2, "x"), message(5, "y", at=later))
    report = run_import(store, folder)
    assert report.missing == 1
    deleted = store.find(report.channel_id or 0, 3)
    assert deleted is not None
    assert deleted.missing_since is not None
    outside = [store.find(report.channel_id or 0, number) for number in (1, 9)]
    assert [post.missing_since for post in outside if post] == [None, None]


def test_missing_posts_of_a_quiet_channel_are_marked(store: PostStore, tmp_path: Path) -> None:
    """An export is no older than its newest post: one without news may still lack a post.

    A dry run says so beforehand, and a later import that has the post takes the mark away.
    """
    whole = write(tmp_path / "a", *(message(number, "x") for number in (1, 2, 3)))
    lacking = write(tmp_path / "b", message(1, "x"), message(3, "x"))
    run_import(store, whole)
    assert run_import(store, lacking, dry_run=True).missing == 1
    assert store.stats().missing == 0
    assert run_import(store, lacking).missing == 1
    assert store.stats().missing == 1
    again = write(tmp_path / "c", message(1, "y"), message(2, "x"), message(3, "x"))
    assert run_import(store, again).missing == 0
    assert store.stats().missing == 0


def test_dry_run_over_an_empty_archive_misses_nothing(store: PostStore, tmp_path: Path) -> None:
    """Of a channel that is not there yet, nothing can be lacking."""
    run_import(store, write(tmp_path / "a", message(2, "x")), channel="@other")
    whole = write(tmp_path / "b", message(1, "x"), message(3, "x"))
    assert run_import(store, whole, channel="@brand_new", dry_run=True).missing == 0


@pytest.mark.parametrize(
    "rest",
    [
        link_to("messages2.html", words="Next"),
        '<div class="message default" id="messageX"></div>',
    ],
    ids=["a page is not there", "an unreadable message has no number"],
)
def test_partial_export_marks_nothing(store: PostStore, tmp_path: Path, rest: str) -> None:
    """What an export may hold elsewhere, or could not be read, is not taken for deleted."""
    run_import(store, write(tmp_path / "a", *(message(number, "x") for number in (1, 2, 3))))
    later = "06.03.2024 10:00:00 UTC+03:00"
    folder = write(
        tmp_path / "b", message(1, "x"), message(3, "x"), message(4, "x", at=later), rest
    )
    assert run_import(store, folder).missing == 0


def test_unreadable_message_is_not_missing(store: PostStore, tmp_path: Path) -> None:
    """A message that is there but cannot be read is a problem, and is not marked as deleted."""
    run_import(store, write(tmp_path / "a", *(message(number, "x") for number in (1, 2, 3))))
    later = "06.03.2024 10:00:00 UTC+03:00"
    unread = broken(2)
    folder = write(
        tmp_path / "b", message(1, "x"), unread, message(3, "x"), message(4, "x", at=later)
    )
    report = run_import(store, folder)
    assert (report.missing, [problem.anchor for problem in report.problems]) == (0, ["message2"])
    [row, _] = store.imports()
    assert store.problems(row.import_id) == report.problems


def test_files_with_problems_are_read_again(store: PostStore, tmp_path: Path) -> None:
    """A page with problems is not taken for known, so that it is complained of every time."""
    folder = write(tmp_path, message(1, "x"), broken(2))
    assert len(run_import(store, folder).problems) == 1
    report = run_import(store, folder)
    assert (len(report.problems), report.files_skipped, report.unchanged) == (1, 0, 1)


def test_last_of_two_pages_that_repeat_a_post_wins(store: PostStore, tmp_path: Path) -> None:
    """Pages of two exports in one folder give every post once, as the later page has it."""
    pages = {
        "messages.html": page(message(1, "a") + message(2, "b")),
        "messages_upd.html": page(message(2, "b, исправлено") + message(3, "c")),
    }
    run_import(store, write_pages(tmp_path, pages))
    assert texts(store) == ["a", "b, исправлено", "c"]


def test_changed_texts_are_told(store: PostStore, tmp_path: Path) -> None:
    """Of the posts with other words the first are shown; blanks are no other words."""
    run_import(store, write(tmp_path / "a", *(message(n, f"было {n}") for n in range(1, 1102))))
    later = [message(1, "было  1"), *(message(n, f"стало {n}") for n in range(2, 1102))]
    folder = write(tmp_path / "b", *later)
    for is_dry in (True, False):
        report = run_import(store, folder, dry_run=is_dry)
        assert (report.changed, report.text_changed, len(report.text_changes)) == (1101, 1100, 1000)
        assert report.text_changes[0] == TextChange(message_id=2, difference="[-было-] {+стало+} 2")


def test_text_that_is_too_long_to_be_looked_through_is_said(
    store: PostStore, tmp_path: Path
) -> None:
    """Such a post is stored whole; what is left out is told."""
    long = "слово " * 4000
    one = run_import(store, write(tmp_path / "a", message(1, "x"), message(2, long)))
    [said] = [notice for notice in one.notices if notice.code is Code.TOO_LONG]
    assert str(said).startswith("too_long (number=1, message_id=2, ")
    assert texts(store) == ["x", long]
    more = [message(2, f"{long}!"), message(3, long)]
    two = run_import(store, write(tmp_path / "b", *more), dry_run=True)
    [said] = [notice for notice in two.notices if notice.code is Code.TOO_LONG]
    assert str(said).startswith("too_long (number=2, message_id=2, ")


def test_progress_is_told(store: PostStore, tmp_path: Path) -> None:
    """Progress goes from nothing to everything, batch by batch."""
    seen: list[tuple[int, int | None]] = []
    folder = write(tmp_path, *(message(number, "x") for number in range(1, 1102)))
    run_import(store, folder, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 1101), (1000, 1101), (1101, 1101)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("@zametki", Channel(title=TITLE, username="zametki")),
        ("https://t.me/zametki", Channel(title=TITLE, username="zametki")),
        ("-1001234567890", Channel(title=TITLE, telegram_id=1234567890)),
        (" Мои заметки ", Channel(title="Мои заметки")),
        (None, Channel(title=TITLE)),
    ],
)
def test_channel_may_be_named(
    store: PostStore, tmp_path: Path, given: str | None, expected: Channel
) -> None:
    """What the caller says of the channel completes what the page says."""
    report = run_import(store, write(tmp_path, message(1, "x")), channel=given)
    assert report.channel == expected
    assert [stored.channel for stored in store.channels()] == [expected]


def test_known_channel_may_be_named_by_its_title(store: PostStore, tmp_path: Path) -> None:
    """An export made after the channel was renamed goes where its old title says."""
    first = run_import(store, write(tmp_path / "a", message(1, "x")), channel="@zametki")
    renamed = write(tmp_path / "b", message(2, "y"), title="Данные")
    second = run_import(store, renamed, channel=TITLE)
    assert second.channel_id == first.channel_id
    assert second.channel == Channel(title="Данные", username="zametki")

    nameless = write(tmp_path / "c", message(1, "x"), title="Без имени")
    third = run_import(store, nameless)
    renamed = write(tmp_path / "d", message(2, "y"), title="Новое имя")
    fourth = run_import(store, renamed, channel="Без имени")
    assert fourth.channel_id == third.channel_id


def test_ambiguous_title_is_refused(store: PostStore, tmp_path: Path) -> None:
    """A title that two channels bear does not say which one is meant."""
    folder = write(tmp_path, message(1, "x"))
    for name in ("@zametki", "@drugie"):
        run_import(store, folder, channel=name)
    with pytest.raises(ChannelError, match="ambiguous_channel"):
        run_import(store, folder, channel=TITLE)
    with pytest.raises(ChannelError):
        run_import(store, folder)


def test_same_export_into_another_channel_is_not_known(store: PostStore, tmp_path: Path) -> None:
    """Files known from one channel are read for another one."""
    folder = write(tmp_path, message(1, "x"))
    run_import(store, folder, channel="@zametki")
    assert run_import(store, folder, channel="@drugie").added == 1


def test_refused_source_leaves_no_trace(store: PostStore, tmp_path: Path) -> None:
    """What is no export creates neither a channel nor an import."""
    with pytest.raises(SourceError):
        run_import(store, tmp_path / "nowhere")
    assert (store.channels(), store.imports()) == ((), ())


@pytest.mark.measured
def test_pages_may_be_read_ahead_by_other_processes(tmp_path: Path) -> None:
    """Reading with several processes gives the same messages in the same order."""
    pages = {
        f"messages{number}.html": page(separator("5 March 2024") + message(number, f"№ {number}"))
        for number in range(2, 12)
    }
    source = open_source(write_pages(tmp_path, pages))
    (tmp_path / "messages4.html").unlink()
    skip = {tmp_path / "messages5.html"}
    expected = list(source.messages(skip=skip))
    assert len(expected) == 9
    assert list(source.messages(skip=skip, jobs=2)) == expected


def test_the_package_has_only_what_it_names() -> None:
    """A name that the package does not offer is an error, though others come when asked for."""
    with pytest.raises(AttributeError, match="nothing"):
        ingest.nothing  # noqa: B018  # to look it up is the test
