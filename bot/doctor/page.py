"""Puts a health check into words."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor.checkup import ArchiveHealth, Checkup, MissingPosts
from bot.live.gaps import write_range
from bot.message.compose import Piece, bold, clean, join
from bot.message.message import OutgoingMessage
from i18n import Locale
from i18n.doctor import DoctorTexts, doctor_texts
from i18n.imports import write_counts
from i18n.messages import say
from ingest import CopiesHealth
from model.messages import Message
from model.text import shorten

_RANGES_SHOWN = 3
_REASON_LENGTH = 300
_TITLE_LENGTH = 60


def doctor_page(checkup: Checkup, locale: Locale) -> OutgoingMessage:
    """Compose what is well and what is not."""
    words = doctor_texts(locale.texts)
    lines: list[Piece] = [
        join(["🩺 ", bold(words.title)]),
        *_archive(checkup, locale),
        _index(checkup, locale),
        *_copies(checkup.copies, locale),
        _last_import(checkup.archive, locale),
        *_gaps(checkup.archive.missing, locale),
        *_kept(checkup, locale),
        _queue(checkup, locale),
        _sizes(checkup, locale),
        words.version.format(version=checkup.version, python=checkup.python),
    ]
    return OutgoingMessage(body=clean(join(lines, by="\n")))


def _archive(checkup: Checkup, locale: Locale) -> Iterator[str]:
    words, archive = doctor_texts(locale.texts), checkup.archive
    if archive.unreadable:
        yield words.archive_unreadable.format(reason=_reason(archive.unreadable, locale))
    elif archive.faults:
        yield words.archive_ill
        yield from (f"• {_reason(fault, locale)}" for fault in archive.faults)
    else:
        yield words.archive_well.format(
            posts=locale.texts.count(archive.posts, locale.texts.posts),
            size=locale.texts.size(checkup.sizes.archive),
        )
    if archive.schema_faults:
        yield words.archive_schema_ill
        yield from (f"• {_reason(each, locale)}" for each in archive.schema_faults)
    yield from (f"⚠ {_reason(each, locale)}" for each in archive.mixed)
    if archive.added:
        added = locale.texts.list_joint.join(archive.added)
        yield words.archive_added.format(added=shorten(added, _REASON_LENGTH))


def _index(checkup: Checkup, locale: Locale) -> str:
    words, index = doctor_texts(locale.texts), checkup.index
    if index.is_busy:
        return words.index_busy
    if index.fault:
        return words.index_ill.format(reason=_reason(index.fault, locale))
    size = locale.texts.size(checkup.sizes.index)
    return words.index_well.format(engine=index.engine, size=size)


def _reason(message: Message, locale: Locale) -> str:
    return shorten(say(message, locale.texts), _REASON_LENGTH)


def _copies(copies: CopiesHealth, locale: Locale) -> Iterator[str]:
    words = doctor_texts(locale.texts)
    if copies.gone or copies.damaged:
        yield words.copies_ill.format(gone=len(copies.gone), damaged=len(copies.damaged))
    elif copies.named:
        yield words.copies_well.format(copies=locale.texts.count(copies.named, words.copies))


def _last_import(archive: ArchiveHealth, locale: Locale) -> str:
    words, row = doctor_texts(locale.texts), archive.last_import
    if row is None:
        return words.never_imported
    form = words.last_import if row.finished_at else words.last_import_cut
    return form.format(when=locale.minute(row.started_at), counts=write_counts(row, locale.texts))


def _gaps(missing: tuple[MissingPosts, ...], locale: Locale) -> Iterator[str]:
    words = doctor_texts(locale.texts)
    if not missing:
        yield words.gaps_none
    for each in missing:
        yield words.gaps.format(
            posts=_ranges(each, words, joint=locale.texts.list_joint),
            channel=shorten(each.channel, _TITLE_LENGTH),
        )


def _kept(checkup: Checkup, locale: Locale) -> Iterator[str]:
    if checkup.posts_waiting:
        posts = locale.texts.count(checkup.posts_waiting, locale.texts.posts)
        yield doctor_texts(locale.texts).posts_waiting.format(posts=posts)


def _ranges(missing: MissingPosts, words: DoctorTexts, *, joint: str) -> str:
    shown = joint.join(map(write_range, missing.ranges[:_RANGES_SHOWN]))
    return f"{shown} {words.and_more}" if len(missing.ranges) > _RANGES_SHOWN else shown


def _queue(checkup: Checkup, locale: Locale) -> str:
    words, texts = doctor_texts(locale.texts), locale.texts
    if not checkup.files_waiting and not checkup.alerts_waiting:
        return words.queue_none
    return words.queue.format(
        files=texts.count(checkup.files_waiting, words.files),
        alerts=texts.count(checkup.alerts_waiting, words.alerts),
    )


def _sizes(checkup: Checkup, locale: Locale) -> str:
    sizes = checkup.sizes
    return doctor_texts(locale.texts).sizes.format(
        state=locale.texts.size(sizes.state),
        media=locale.texts.size(sizes.media),
        free=locale.texts.size(sizes.free),
    )
