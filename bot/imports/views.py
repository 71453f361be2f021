"""Composes the messages on an import: question, preview, progress, report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.imports.channel_choice import Candidate, CandidateKind
from bot.message.compose import Piece, bold, code, join
from bot.message.message import Button, OutgoingMessage
from bot.transport.callback_data import Action, press
from i18n import Catalogue, Locale
from i18n.import_problems import say_problem
from i18n.imports import UploadTexts, upload_texts, write_counts
from i18n.messages import say
from ingest.import_messages import Done, Progress, Refused, Stopped
from model.clock import from_stamp
from model.messages import Code
from model.text import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db import ImportRow
    from db.bot_uploads import Upload
    from search.index_messages import IndexProgress

_NAME_LENGTH = 80
_BUTTON_LENGTH = 40
_DETAIL_LENGTH = 300
_DIFFERENCE_LENGTH = 200
_BAR = 20
_ALIKE = {Code.BROKEN_PAGE: Code.BROKEN_TEXT, Code.NO_WEB_POSTS: Code.NO_MESSAGES}


def status(
    words: str, upload: Upload, texts: Catalogue, *, can_end: bool = False
) -> OutgoingMessage:
    """Compose a message on the state of an upload."""
    rows = ((_cancel(upload, texts),),) if can_end else ()
    return OutgoingMessage(body=join([_head(upload), words], by="\n"), rows=rows)


def refusal(refused: Refused, upload: Upload, texts: Catalogue) -> OutgoingMessage:
    """Compose why a file is not imported."""
    return status(_why(refused, texts), upload, texts)


def question(
    title: str, candidates: Sequence[Candidate], upload: Upload, texts: Catalogue
) -> OutgoingMessage:
    """Compose the question which channel a title means."""
    words = upload_texts(texts)
    asks = words.ask.format(title=shorten(title, _NAME_LENGTH))
    return OutgoingMessage(
        body=join([_head(upload), asks, words.ask_how], by="\n"),
        rows=(*_choices(candidates, upload, words), (_cancel(upload, texts),)),
    )


def _choices(
    candidates: Sequence[Candidate], upload: Upload, words: UploadTexts
) -> Iterator[tuple[Button, ...]]:
    for candidate in candidates:
        yield (
            Button(
                label=_label(candidate, words),
                data=press(
                    Action.IMPORT_CHANNEL,
                    upload=upload.upload_id,
                    origin=candidate.kind,
                    key=candidate.key,
                ),
            ),
        )


def named_question(
    refused: Refused, upload: Upload, texts: Catalogue, *, candidates: Sequence[Candidate] = ()
) -> OutgoingMessage:
    """Compose the question which of a file's channels, or which channel of one title, is meant."""
    words = upload_texts(texts)
    lines = [_why(refused, texts, is_refusal=False), f"{words.ask_named} {words.ask_how}"]
    asked = status("\n".join(lines), upload, texts, can_end=True)
    return replace(asked, rows=(*_choices(candidates, upload, words), *asked.rows))


def preview(done: Done, size: int, upload: Upload, locale: Locale) -> OutgoingMessage:
    """Compose a preview of the changes; nothing is written yet."""
    texts = locale.texts
    words = upload_texts(texts)
    facts = [
        " + ".join(words.formats.get(each, each) for each in done.format.split(", ")),
        texts.count(done.files_read + done.files_skipped, words.files),
        texts.size(size),
    ]
    lines: list[Piece] = [_head(upload), " · ".join(facts), _channel(done, words)]
    if done.first_at and done.last_at:
        ends = [locale.day(from_stamp(at)) for at in (done.first_at, done.last_at)]
        lines.append(words.period.format(days=" — ".join(dict.fromkeys(ends))))
    lines += [write_counts(done, texts), *_troubles(done, texts), words.nothing_written]
    confirm = Button(label=words.button_import, data=press(Action.IMPORT, upload=upload.upload_id))
    rows: list[tuple[Button, ...]] = [(confirm, _cancel(upload, texts))]
    if upload.title is not None:
        other = press(Action.IMPORT_OTHER, upload=upload.upload_id)
        rows.append((Button(label=words.button_other, data=other),))
    return OutgoingMessage(body=join(lines, by="\n"), rows=tuple(rows))


def progress(
    now: Progress, upload: Upload, texts: Catalogue, *, is_import: bool, is_again: bool = False
) -> OutgoingMessage:
    """Compose the progress of a preview or an import."""
    words = upload_texts(texts)
    begins = words.running if is_import else words.examining
    lines: list[Piece] = [_head(upload), *([words.again] if is_again else [])]
    if now.total:
        part = min(now.read / now.total, 1.0)
        full = int(part * _BAR)
        counted = _of_total(now.read, now.total, texts)
        bar = "▓" * full + "░" * (_BAR - full)
        lines += [f"{begins}: {counted}", code(f"{bar} {texts.percent(part)}")]
    else:
        lines.append(f"{begins}: {texts.number(now.read)}")
    if is_import:
        lines.append(write_counts(now, texts))
    return OutgoingMessage(body=join(lines, by="\n"), rows=((_cancel(upload, texts),),))


def report(
    done: Done,
    upload: Upload,
    texts: Catalogue,
    *,
    is_searchable: bool = True,
    indexing: IndexProgress | None = None,
) -> OutgoingMessage:
    """Compose the report of an import, and whether its posts can be found, or how soon."""
    words = upload_texts(texts)
    lines: list[Piece] = [
        _head(upload),
        bold(words.done),
        _channel(done, words),
        write_counts(done, texts),
        *_troubles(done, texts),
    ]
    if is_news(done):
        so_far = words.searchable if is_searchable else words.indexing
        lines.append(" ".join([so_far, *_indexed(indexing, texts)]))
    return OutgoingMessage(body=join(lines, by="\n"))


def is_news(done: Done) -> bool:
    """Return whether an import changed anything that can be found."""
    return bool(done.added or done.changed)


def nothing_new(done: Done, upload: Upload, texts: Catalogue) -> OutgoingMessage:
    """Compose that a file was imported before."""
    words = upload_texts(texts)
    posts = texts.count(done.unchanged, texts.posts)
    return status(words.nothing_new.format(posts=posts), upload, texts)


def stopped(kept: Stopped, upload: Upload, texts: Catalogue) -> OutgoingMessage:
    """Compose what remains of a cancelled import."""
    words = upload_texts(texts)
    lines = [words.stopped, words.kept.format(counts=write_counts(kept, texts))]
    return status("\n".join(lines), upload, texts)


def import_help(
    rows: Sequence[ImportRow], titles: Mapping[int, str], *, limit: int, locale: Locale
) -> OutgoingMessage:
    """Compose instructions for filling the archive, and the latest imports."""
    texts = locale.texts
    words = upload_texts(texts)
    says = words.help.format(limit=texts.size(limit))
    lines = [_row(row, titles, locale) for row in rows] or [words.latest_none]
    how = join([bold(words.help_title), says], by="\n")
    latest = join([bold(words.latest_title), *lines], by="\n")
    return OutgoingMessage(body=join([how, latest], by="\n\n"))


def too_big(size: int | None, limit: int, texts: Catalogue) -> str:
    """Say that a file is too large for bots, and what to do."""
    words = upload_texts(texts)
    shown = texts.size(size) if size else f"> {texts.size(limit)}"
    return words.too_big.format(size=shown, limit=texts.size(limit))


def shown_name(name: str) -> str:
    """Return a file's name for display; senders may use any name."""
    return shorten("".join(filter(str.isprintable, name)), _NAME_LENGTH) or "…"


def _head(upload: Upload) -> Piece:
    return join(["📦 ", bold(upload.name)])


def _why(refused: Refused, texts: Catalogue, *, is_refusal: bool = True) -> str:
    """Return the reason in the person's language."""
    words = upload_texts(texts)
    begins = f"{words.refused} " if is_refusal else ""
    reason = _ALIKE.get(refused.reason, refused.reason)
    if reason in words.reasons:
        return begins + words.reasons[reason]
    detail = say(refused.message, texts)
    return begins + words.detail.format(sentence=shorten(detail, _DETAIL_LENGTH))


def _label(candidate: Candidate, words: UploadTexts) -> str:
    title = shorten(candidate.title, _BUTTON_LENGTH)
    if candidate.kind is CandidateKind.NEW:
        return words.button_new.format(title=title)
    return f"{title} · {candidate.mark}" if candidate.mark else title


def _cancel(upload: Upload, texts: Catalogue) -> Button:
    return Button(
        label=upload_texts(texts).button_cancel,
        data=press(Action.IMPORT_CANCEL, upload=upload.upload_id),
    )


def _of_total(done: int, total: int, texts: Catalogue) -> str:
    return upload_texts(texts).of_total.format(
        read=texts.number(done), total=texts.number(max(done, total))
    )


def _indexed(indexing: IndexProgress | None, texts: Catalogue) -> Iterator[str]:
    if indexing:
        yield _of_total(indexing.done, indexing.expected, texts)


def _channel(done: Done, words: UploadTexts) -> str:
    title = shorten(done.title, _NAME_LENGTH)
    mark = f"@{done.username}" if done.username else str(done.telegram_id or "")
    named = f"{title} ({mark})" if mark else title
    form = words.channel_is_new if done.is_new_channel else words.channel
    return form.format(channel=named)


def _troubles(done: Done, texts: Catalogue) -> Iterator[Piece]:
    """Yield what deserves attention: changed words, unreadable records, assumptions."""
    words = upload_texts(texts)
    if done.differences:
        yield words.differs.format(posts=texts.count(done.text_changed, texts.posts))
    for each in done.differences:
        yield join([f"• {each.message_id}: ", code(shorten(each.words, _DIFFERENCE_LENGTH))])
    if done.problem_count:
        yield f"⚠ {texts.count(done.problem_count, words.problems)}:"
    for problem in done.problems:
        place = ", ".join(filter(None, (problem.file, problem.anchor)))
        why = say_problem(problem.reason, texts)
        yield join(["• ", code(shorten(place, _NAME_LENGTH)), f": {why}"])
    if done.problem_count > len(done.problems):
        yield words.more_problems
    if done.assumed_zone is not None and is_news(done):
        yield f"ℹ️ {words.unzoned.format(zone=done.assumed_zone)}"
    if done.newer_known is not None:
        yield f"ℹ️ {words.undated.format(day=texts.day(from_stamp(done.newer_known)))}"


def _row(row: ImportRow, titles: Mapping[int, str], locale: Locale) -> str:
    words = upload_texts(locale.texts)
    title = shorten(titles.get(row.channel_id, ""), _BUTTON_LENGTH)
    line = words.imported.format(
        day=locale.minute(row.started_at), name=title, counts=write_counts(row, locale.texts)
    )
    return line if row.finished_at else f"{line} — {words.cut_short}"
