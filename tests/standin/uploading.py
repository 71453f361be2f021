"""Methods that send files, and the one that says where a file can be fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.terminal import methods as console_methods
from bot.terminal.server import Call
from tests.standin.errors import ApiError
from tests.standin.things import StoredFile
from tests.standin.wire import read_json

if TYPE_CHECKING:
    from tests.standin.world import World

DOWNLOAD_LIMIT = 20 << 20
PHOTO_LIMIT = 10 << 20
LINK_LIFETIME = 3600


def send_media_group(world: World, call: Call) -> Any:
    """Send an album of two to ten files."""
    given = read_json(call, "media", "Can't parse media JSON object")
    if not isinstance(given, list):
        raise ApiError("Expected an Array of InputMedia")
    if not 2 <= len(given) <= 10:
        raise ApiError("media group must include 2-10 items")
    kinds = {item.get("type") for item in given}
    if "document" in kinds and len(kinds) > 1:
        raise ApiError("Can't use the media of the specified type in the album")
    return console_methods.METHODS[call.method](world, call)


def check_file(call: Call, source: str) -> None:
    """Refuse what is no file to be sent."""
    media = call.text("type") or call.method.removeprefix("send")
    if not source.startswith("attach://"):
        raise ApiError("wrong file identifier/HTTP URL specified")
    _, data = call.files.get(source.removeprefix("attach://"), ("", None))
    if data is None:
        raise ApiError(f"there is no {media} in the request")
    if not data:
        raise ApiError("file must be non-empty")
    if media == "photo" and len(data) > PHOTO_LIMIT:
        raise ApiError(f"file of size {len(data)} bytes is too big for a photo")


def get_file(world: World, call: Call) -> Any:
    """Say under which path a file can be fetched."""
    file_id = call.text("file_id")
    if not file_id:
        raise ApiError("Bad Request: file_id not specified")
    file = world.files.get(file_id)
    if file is None:
        raise ApiError("Bad Request: wrong file_id or the file is temporarily unavailable")
    assert isinstance(file, StoredFile)
    if max(len(file.data), file.declared_size or 0) > DOWNLOAD_LIMIT:
        raise ApiError("Bad Request: file is too big")
    path = f"documents/file_{file.file_id}{_extension(file.name)}"
    with world.change():
        world.links[path] = (file, world.clock.now() + LINK_LIFETIME)
    return {**file.as_json(), "file_path": path}


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f".{extension}" if stem and dot else ""


METHODS = {
    "sendmediagroup": send_media_group,
    "getfile": get_file,
}
