"""Makes posts storable: digests them, and replaces the rare values no column can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from hashlib import blake2b
from json import JSONEncoder
from typing import Any, TypeVar

from db.rows import POST_COLUMNS, Written, post_values
from model.posts import Post

MIN_INT, MAX_INT = -(2**63), 2**63 - 1

_to_json = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_TEXT = POST_COLUMNS.index("text")
_SURROGATE = re.compile("[\ud800-\udfff]")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Storable:
    """A storable post, its row values, and a digest of all of it."""

    post: Post
    values: Written
    digest: str


def storable(post: Post) -> Storable:
    """Return the post with storable values, nearly always unchanged.

    A lone surrogate, which UTF-8 cannot encode, becomes U+FFFD, one character for one so that
    offsets stay right. A number beyond 64 bits is clamped.
    """
    if not all(map(fits_column, _numbers(post))):
        post = storable_value(post)
    try:
        return _digested(post)
    except UnicodeEncodeError:
        return _digested(storable_value(post))


def _digested(post: Post) -> Storable:
    values = post_values(post)
    # The text is most of it and hashed as it is: quoting it as JSON would take longer than hashing.
    digest = blake2b(post.content.text.encode(), digest_size=16)
    told = [*values[:_TEXT], *values[_TEXT + 1 :], *_parts(post)]
    digest.update(_to_json(told).encode())
    return Storable(post=post, values=values, digest=digest.hexdigest())


def _parts(post: Post) -> Iterator[Any]:
    """Yield each part in a form JSON can encode; stored digests depend on the order."""
    poll = post.poll
    yield post.hashtags
    yield [(s.origin, s.code, s.start, s.end, s.language, s.language_source) for s in post.snippets]
    yield [(each.url, each.host, each.text, each.kind) for each in post.links]
    yield [
        (m.kind, m.path, m.title, m.size, m.duration, m.width, m.height, m.note, m.copy)
        for m in post.media
    ]
    yield [(each.emoji, each.count) for each in post.reactions or ()]
    if poll:
        yield [(each.text, each.voters) for each in poll.answers]
        yield (poll.question, poll.details, poll.total_voters)


def storable_text(text: str) -> str:
    """Return a text without lone surrogates, which file names may contain."""
    return _SURROGATE.sub("\ufffd", text) if _SURROGATE.search(text) else text


def fits_column(number: int | None) -> bool:
    """Return whether a column can hold a number."""
    return number is None or MIN_INT <= number <= MAX_INT


def _numbers(post: Post) -> list[int | None]:
    """List the numbers a source gives; offsets are bounded by their text."""
    numbers = [post.views, post.reply_to]
    if post.forward:
        numbers.append(post.forward.message_id)
    for media in post.media:
        numbers += media.size, media.duration, media.width, media.height
    if post.reactions:
        numbers += [reaction.count for reaction in post.reactions]
    if post.poll:
        numbers.append(post.poll.total_voters)
        numbers += [answer.voters for answer in post.poll.answers]
    return numbers


def storable_value(value: _Value) -> _Value:
    """Return a value of `model` as columns can hold it, unchanged if possible."""
    converted: _Value = _convert(value)
    return converted


def _convert(value: Any) -> Any:
    match value:
        case str():
            return storable_text(value)
        case int():
            return max(MIN_INT, min(MAX_INT, value))
        case tuple():
            return tuple(map(_convert, value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            old = {each.name: getattr(value, each.name) for each in fields(value)}
            new = {name: _convert(part) for name, part in old.items()}
            return replace(value, **new)
        case _:
            return value
