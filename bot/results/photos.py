"""Sends a post's photos next to its card, and removes them with it."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import InputMediaPhoto, Message
from telegram.error import BadRequest

from bot.memory_fallback import WRITE_ERRORS
from bot.services import Services
from bot.sessions import Session
from i18n import Catalogue
from model.posts import ArchivedPost, Media, MediaKind

if TYPE_CHECKING:
    from db import PostStore

_log = logging.getLogger(__name__)

_MOST = 10
"""Maximum number of photos in an album."""
_LARGEST = 10 << 20
"""Maximum size in bytes of a photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo: its name in the archive, and the path of its file."""

    name: str
    path: Path


class PhotoTrouble(StrEnum):
    """Why a photo cannot be shown."""

    ABSENT = "absent"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPhotos:
    """The photos of a post that can be shown, and why others cannot."""

    photos: Sequence[Photo] = ()
    trouble: PhotoTrouble | None = None


async def show_photos(
    message: Message,
    session: Session,
    archived: ArchivedPost,
    *,
    services: Services,
    texts: Catalogue,
) -> None:
    """Show the photos of the opened post below it, and remove those of another post.

    Posts without available photos show none; it is said if Telegram refuses them.
    """
    if session.photos_of == archived.post_id:
        return
    session = await remove_photos(message, session, services)
    found = await asyncio.to_thread(find_photos, archived, services)
    if not found.photos:
        return
    sent = await _send(message, found.photos, services)
    if not sent:
        sent = [await message.reply_text(texts.cards.photo_refused)]
    numbers = tuple(each.message_id for each in sent)
    await services.open_session(replace(session, photos=numbers, photos_of=archived.post_id))


async def remove_photos(message: Message, session: Session, services: Services) -> Session:
    """Remove the photos of a post that is no longer shown."""
    if not session.photos_of:
        return session
    with suppress(BadRequest):  # messages older than two days cannot be deleted
        await message.get_bot().delete_messages(message.chat_id, session.photos)
    return await services.open_session(replace(session, photos=(), photos_of=0))


def find_photos(archived: ArchivedPost, services: Services) -> FoundPhotos:
    """Return the stored photos of a post and its album that Telegram accepts."""
    wanted = [
        attached
        for attached in _attached(archived, services.store)
        if attached.kind is MediaKind.PHOTO
    ]
    found = [
        Photo(name=attached.copy, path=path)
        for attached in wanted
        if services.media and attached.copy
        if (path := services.media.find(attached.copy)) and path.stat().st_size
    ]
    shown = [photo for photo in found if photo.path.stat().st_size <= _LARGEST]
    trouble = PhotoTrouble.TOO_LARGE if len(shown) < len(found) else None
    if len(found) < len(wanted):
        trouble = PhotoTrouble.ABSENT
    return FoundPhotos(photos=shown[:_MOST], trouble=trouble)


def _attached(archived: ArchivedPost, store: PostStore) -> Sequence[Media]:
    album_id = archived.post.album_id
    if album_id is None:
        return archived.post.media
    together = store.album(archived.channel_id, album_id)
    return [attached for each in together for attached in each.post.media]


async def _send(message: Message, photos: Sequence[Photo], services: Services) -> Sequence[Message]:
    """Send photos by Telegram's ids, or upload them if those are unknown."""
    names = [photo.name for photo in photos]
    store = services.bot_store.photos
    known = await asyncio.to_thread(store.ids, names)
    sent = await _deliver(message, photos, known) if known else ()
    if not sent:
        with suppress(*WRITE_ERRORS):
            await asyncio.to_thread(store.forget, names)
        sent = await _deliver(message, photos, {})
    ids = {
        name: each.photo[-1].file_id for name, each in zip(names, sent, strict=False) if each.photo
    }
    with suppress(*WRITE_ERRORS):  # the ids only save another upload
        await asyncio.to_thread(functools.partial(store.keep, ids, now=services.clock()))
    return sent


async def _deliver(
    message: Message, photos: Sequence[Photo], known: Mapping[str, str]
) -> Sequence[Message]:
    """Send one photo or an album; return nothing if Telegram refuses them."""
    contents = [await _content(photo, known) for photo in photos]
    try:
        if len(contents) == 1:
            return [await message.reply_photo(contents[0], disable_notification=True)]
        album = [InputMediaPhoto(content) for content in contents]
        return await message.reply_media_group(album, disable_notification=True)
    except BadRequest as exc:
        _log.info("Telegram refused the photos of a post: %s", exc.message)
        return ()


async def _content(photo: Photo, known: Mapping[str, str]) -> str | bytes:
    if photo.name in known:
        return known[photo.name]
    return await asyncio.to_thread(photo.path.read_bytes)
