"""A second, independent reading of an export's page: BeautifulSoup, no span, no speed.

It shares no code with the reader that it judges and follows the written rules of the format alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainMessage:
    """What a person would copy from a message on the page."""

    message_id: int
    service: bool
    date: str
    text: str
    reply_to: int | None
    origin: str
    hrefs: tuple[str, ...]


def read_plainly(page: str) -> Iterator[PlainMessage]:
    """Yield the messages of a page in order, separators of days left out."""
    soup = BeautifulSoup(page, "html.parser", preserve_whitespace_tags={"div", "pre", "span", "a"})
    for element in soup.find_all(id=re.compile("^message-?[0-9]+$")):
        message_id = int(str(element["id"]).removeprefix("message"))
        service = "service" in element["class"]
        if service and -900_000_000 < message_id < 0:
            continue
        body = next((child for child in _tags(element) if "body" in _classes(child)), None)
        if body is not None:
            yield _read(body, message_id, service=service)


def _read(body: Tag, message_id: int, *, service: bool) -> PlainMessage:
    own = [tag for tag in body.find_all(True) if not _in_nested_message(tag, body)]
    date = next((tag for tag in own if {"date", "pull_right"} <= _classes(tag)), None)
    block = body if service else next((tag for tag in own if "text" in _classes(tag)), None)
    reply = next((tag for tag in own if "reply_to" in _classes(tag)), None)
    links = reply or (body if service else None)
    target = re.search(r"go_to_message(-?\d+)", str(links)) if links else None
    inner = next((tag for tag in own if {"forwarded", "body"} <= _classes(tag)), None)
    origin = ""
    if inner is not None:
        name = next((tag for tag in _tags(inner) if "from_name" in _classes(tag)), None)
        origin = "".join(name.find_all(string=True, recursive=False)).strip() if name else ""
    return PlainMessage(
        message_id=message_id,
        service=service,
        date=str(date["title"]) if date else "",
        text=_copy_text(block) if block is not None else "",
        reply_to=int(target[1]) if target else None,
        origin=origin,
        hrefs=tuple(str(a["href"]) for a in block.find_all("a", href=True)) if block else (),
    )


def _copy_text(block: Tag) -> str:
    pieces = []
    for node in block.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                pieces.append("\n")
        elif not any(
            "message" in _classes(p) for p in node.parents if p in list(block.descendants)
        ):
            pieces.append(str(node))
    return re.sub(r"\n *\Z", "", re.sub(r"\A\n", "", "".join(pieces)))


def _in_nested_message(tag: Tag, body: Tag) -> bool:
    for parent in [tag, *tag.parents]:
        if parent is body:
            return False
        if "message" in _classes(parent):
            return True
    return False


def _classes(tag: Tag) -> set[str]:
    return set(" ".join(tag.get("class") or []).split())


def _tags(tag: Tag) -> Iterator[Tag]:
    return (child for child in tag.children if isinstance(child, Tag))
