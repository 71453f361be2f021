"""What is shown of an import, from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from bot.imports import views
from bot.message.html import to_html
from bot.message.message import OutgoingMessage
from db.bot_uploads import Upload, UploadStatus
from i18n import ENGLISH, RUSSIAN, Catalogue, Locale
from i18n.imports import upload_texts
from i18n.messages import say
from ingest.import_messages import Difference, Done, Problem, Progress, Refused
from model.messages import Code, Message
from tests.bot.channel import AS_OF
from tests.bot.sentences import UPLOADS, count, imported, posts

UPLOAD = Upload(
    upload_id=7,
    user_id=1,
    chat_id=1,
    bubble_id=1,
    file_id="x",
    name="Экспорт.zip",
    file="x",
    status=UploadStatus.NEW,
    title=None,
    channel=None,
    attempts=0,
    created_at=AS_OF,
)
DONE = Done(
    format="desktop-html",
    title="Записки",
    username=None,
    telegram_id=None,
    is_new_channel=False,
    added=1212,
    changed=37,
    unchanged=6151,
    missing=3,
    text_changed=0,
    differences=(),
    problem_count=0,
    problems=(),
    first_at="2019-03-05T12:00:00Z",
    last_at="2026-11-20T12:00:00Z",
    files_read=14,
    files_skipped=0,
    assumed_zone=None,
)
RU, EN = (Locale(texts=texts, zone=UTC) for texts in (RUSSIAN, ENGLISH))


def text(outgoing: OutgoingMessage) -> str:
    """Return a message's text."""
    return outgoing.body.text


def test_preview_in_russian() -> None:
    """A preview tells what it is, whose, from when, and what would change."""
    assert text(views.preview(DONE, 19_293_798, UPLOAD, RU)).splitlines() == [
        "📦 Экспорт.zip",
        f"{UPLOADS.formats['desktop-html']} · {count(14, UPLOADS.files)} · 18,4 МБ",
        UPLOADS.channel.format(channel="Записки"),
        UPLOADS.period.format(days="5 марта 2019 — 20 ноября 2026"),
        imported(1212, 37, 6151, missing=3),
        UPLOADS.nothing_written,
    ]


def test_preview_in_english() -> None:
    """Numbers, dates and plurals are those of the language."""
    done = replace(DONE, files_read=1, missing=0, first_at=DONE.last_at)
    assert text(views.preview(done, 1536, UPLOAD, EN)).splitlines()[1:5] == [
        "export of Telegram Desktop, HTML · 1 file · 1.5 kB",
        "Channel: Записки",
        "Posts: November 20, 2026",
        "➕ new 1,212 · ✏️ changed 37 · ♻️ unchanged 6,151",
    ]


def test_report_names_troubles() -> None:
    """What was not read is told by file and place, the first of it; so are doubts about times."""
    problem = Problem(file="messages4.html", anchor="message81", reason="It breaks <off>.")
    whole = replace(problem, anchor="")
    done = replace(
        DONE,
        problem_count=22,
        problems=(problem, whole),
        assumed_zone="UTC",
        newer_known="2026-11-20T00:00:00Z",
    )
    report = views.report(done, UPLOAD, RUSSIAN)
    assert text(report).splitlines()[4:] == [
        f"⚠ {count(22, UPLOADS.problems)}:",
        "• messages4.html, message81: It breaks <off>.",
        "• messages4.html: It breaks <off>.",
        UPLOADS.more_problems,
        "ℹ️ " + UPLOADS.unzoned.format(zone="UTC"),
        "ℹ️ " + UPLOADS.undated.format(day="20 ноября 2026"),
        UPLOADS.searchable,
    ]
    assert "<code>messages4.html, message81</code>: It breaks &lt;off&gt;." in to_html(report.body)


def test_report_shows_other_words() -> None:
    """The first texts that differ are shown, in how they differ."""
    differs = (Difference(message_id=81, words="a [-b-] {+<c>+}"),)
    done = replace(DONE, text_changed=2, differences=differs)
    assert text(views.report(done, UPLOAD, RUSSIAN)).splitlines()[4:6] == [
        UPLOADS.differs.format(posts=posts(2)),
        "• 81: a [-b-] {+<c>+}",
    ]


def test_report_without_news_promises_none() -> None:
    """Where nothing was added or changed there is nothing new to find; nor a period."""
    done = replace(
        DONE, added=0, changed=0, first_at=None, last_at=None, assumed_zone="Europe/Moscow"
    )
    assert text(views.report(done, UPLOAD, ENGLISH)).endswith("gone from the channel 3")
    assert "Posts:" not in text(views.preview(done, 1, UPLOAD, EN))


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (Progress(read=0, total=None), "⏳ Writing: 0"),
        (Progress(read=5, total=4, added=5), "⏳ Writing: 5 of 5"),
        (Progress(read=1, total=3), "⏳ Writing: 1 of 3"),
    ],
)
def test_progress_counts_what_is_known(now: Progress, line: str) -> None:
    """An estimate that was too low is exceeded calmly; without one there is no bar."""
    outgoing = views.progress(now, UPLOAD, ENGLISH, is_import=True)
    assert text(outgoing).splitlines()[1] == line
    assert ("▓" in text(outgoing) or "░" in text(outgoing)) is bool(now.total)


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=lambda texts: texts.code)
@pytest.mark.parametrize("reason", UPLOADS.reasons)
def test_every_reason_is_said_in_both_languages(texts: Catalogue, reason: Code) -> None:
    """No refusal is told in English where the person reads Russian."""
    shown = text(views.refusal(Refused(reason=reason, message=Message(reason)), UPLOAD, texts))
    assert upload_texts(texts).reasons[reason] in shown


def test_other_reason_is_told_as_a_detail() -> None:
    """Where an upload has no sentence of its own for it, that of the command line is shown."""
    message = Message(Code.NO_ZONE, {"name": "Mars"})
    refused = Refused(reason=Code.NO_ZONE, message=message)
    shown = text(views.refusal(refused, UPLOAD, RUSSIAN))
    sentence = say(message, RUSSIAN)
    assert shown.endswith(UPLOADS.detail.format(sentence=sentence))


@pytest.mark.parametrize(
    ("code", "reason"),
    [(Code.BROKEN_PAGE, Code.BROKEN_TEXT), (Code.NO_WEB_POSTS, Code.NO_MESSAGES)],
)
def test_what_a_web_page_lacks_is_said_as_of_others(code: Code, reason: Code) -> None:
    """To whom sends it, it is the same."""
    shown = text(views.refusal(Refused(reason=code, message=Message(code)), UPLOAD, RUSSIAN))
    assert shown.endswith(UPLOADS.reasons[reason])
