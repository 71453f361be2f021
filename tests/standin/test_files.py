"""Files in both directions."""

from __future__ import annotations

import pytest

from tests.standin.person import Person
from tests.standin.raw import Answer, Ask, request
from tests.standin.server import StandIn

MEGABYTE = 1 << 20


def send(standin: StandIn, method: str, fields: dict[str, str], **files: bytes) -> Answer:
    """Call a method with files in a multipart body."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts += [
        f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="../{name}.py"\r\n'
        "Content-Type: text/plain\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, data in files.items()
    ]
    return request(
        standin,
        f"/bot{standin.token}/{method}",
        body=b"".join(parts) + b"--b--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )


def test_document_is_received(standin: StandIn, vera: Person) -> None:
    """A file arrives byte for byte, under a name without folders."""
    data = bytes(range(256)) + b"\r\n--c\r\n"

    send(standin, "sendDocument", {"chat_id": "501", "caption": "#tag"}, document=data)

    seen = vera.waits_for()
    assert seen.file is not None
    assert (seen.file.name, seen.file.data) == ("document.py", data)
    assert seen.marked("hashtag") == ("#tag",)


def test_album_is_received(standin: StandIn, vera: Person) -> None:
    """An album is several messages with one id."""
    media = (
        '[{"type": "document", "media": "attach://a"}, {"type": "document", "media": "attach://b"}]'
    )

    answer = send(standin, "sendMediaGroup", {"chat_id": "501", "media": media}, a=b"1", b=b"2")

    assert len({message["media_group_id"] for message in answer.result}) == 1
    assert [vera.waits_for().file.data for _ in range(2)] == [b"1", b"2"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("method", "given", "refusal"),
    [
        ("sendDocument", {}, "there is no document in the request"),
        ("sendDocument", {"document": "7"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"document": b""}, "file must be non-empty"),
        (
            "sendPhoto",
            {"photo": bytes(10 * MEGABYTE + 1)},
            "file of size 10485761 bytes is too big for a photo",
        ),
        ("sendMediaGroup", {"media": "{}"}, "expected an Array of InputMedia"),
        ("sendMediaGroup", {"media": "[]"}, "media group must include 2-10 items"),
        (
            "sendMediaGroup",
            {"media": '[{"type": "document"}, {"type": "photo"}]'},
            "can't use the media of the specified type in the album",
        ),
    ],
)
def test_upload_is_refused(
    standin: StandIn, vera: Person, method: str, given: dict[str, str | bytes], refusal: str
) -> None:
    """Each fault of an upload has its own words."""
    fields = {name: value for name, value in given.items() if isinstance(value, str)}
    files = {name: value for name, value in given.items() if isinstance(value, bytes)}

    answer = send(standin, method, {"chat_id": "501", **fields}, **files)

    assert answer.refusal == f"Bad Request: {refusal}"


def test_upload_has_a_limit(standin: StandIn, vera: Person) -> None:
    """More than fifty megabytes are not taken."""
    answer = send(standin, "sendDocument", {"chat_id": "501"}, document=bytes(50 * MEGABYTE + 1))

    assert (answer.status, answer.refusal) == (413, "Request Entity Too Large")


@pytest.mark.parametrize(
    ("size", "declared"),
    [(20 * MEGABYTE + 1, None), (10, 20 * MEGABYTE + 1)],
    ids=["really", "as declared"],
)
def test_big_file_cannot_be_fetched(
    vera: Person, ask: Ask, size: int, declared: int | None
) -> None:
    """More than twenty megabytes, expected or real, are not given out."""
    sent = vera.uploads("a.zip", bytes(size), declared_size=declared)
    assert sent.file is not None

    answer = ask("getFile", file_id=sent.file.file_id)

    assert answer.refusal == "Bad Request: file is too big"


def test_file_is_looked_up(vera: Person, ask: Ask) -> None:
    """A file has a path with its extension; an unknown one is not there."""
    sent = vera.uploads("папка/архив.tar.gz", b"x", caption="вот")
    assert sent.file is not None

    path = ask("getFile", file_id=sent.file.file_id).result["file_path"]

    assert path.startswith("documents/")
    assert path.endswith(".gz")
    assert ask("getFile").refusal == "Bad Request: file_id not specified"
    assert ask("getFile", file_id="7").refusal == (
        "Bad Request: wrong file_id or the file is temporarily unavailable"
    )
    assert ask("getUpdates").result[0]["message"]["document"]["file_name"] == "архив.tar.gz"
