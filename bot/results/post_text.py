"""A post's text for a chat: title, rest, and code in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.message.compose import cut, join
from model.code_languages import file_extension
from model.posts import Post, Snippet, SnippetOrigin, says_something, title_of
from model.rich_text import RichText, Span, SpanKind
from model.text import utf16_length

_TITLE_LENGTH = 200
"""A longer first line is a paragraph, not a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitText:
    """A post's text in two parts, above and below its details; either may be empty."""

    title: RichText
    rest: RichText


def code_of(post: Post) -> Sequence[Snippet]:
    """Return a post's snippets, without inline words that only look like code."""
    return tuple(snippet for snippet in post.snippets if snippet.is_code)


def snippet_file_name(post: Post, number: int) -> str:
    """Name the file of a post's snippet, counted from 1: `post_37_1.py`."""
    extension = file_extension(code_of(post)[number - 1].language or "")
    return f"post_{post.message_id}_{number}.{extension}"


def text_of(post: Post) -> RichText:
    """Return a post's text with its code as blocks, labelled with their languages."""
    languages = {(s.start, s.end): s.language for s in post.snippets if s.language}
    spans = [_label(span, languages) for span in post.content.spans]
    spans += (
        Span(kind=SpanKind.PRE, start=s.start, end=s.end, value=s.language or "")
        for s in post.snippets
        if s.origin is SnippetOrigin.DETECTED
    )
    return RichText(post.text, tuple(spans))


def split_post(post: Post) -> SplitText:
    """Split a post's text after its title, unless that is a paragraph or part of its code."""
    rich = text_of(post)
    title = post.title
    end = rich.text.find(title) + len(title) if post.text else 0
    is_in_code = any(span.start < end for span in _blocks(rich))
    if is_in_code or utf16_length(rich.text[:end]) > _TITLE_LENGTH:
        end = 0
    below = len(rich.text) - len(rich.text[end:].lstrip("\n "))
    starts = [span.start for span in _blocks(rich)]
    below = min([below, *(start for start in starts if start >= end)])
    return SplitText(title=cut(rich, 0, end), rest=cut(rich, below if end else 0, len(rich.text)))


def prose_of(content: RichText) -> RichText:
    """Return a text without its blocks of code."""
    edges = [0]
    for span in sorted(_blocks(content), key=lambda span: span.start):
        edges += [max(span.start, edges[-1]), max(span.end, edges[-1])]
    pieces = zip(edges[::2], [*edges[1::2], len(content.text)], strict=True)
    kept = (_without_breaks(cut(content, start, end)) for start, end in pieces)
    return join([piece for piece in kept if piece.text.strip()], by="\n\n")


def prose_title(post: Post) -> str:
    """Return a post's title or, if that is code, the first line outside it, `""` if none."""
    title = post.title
    place = post.text.find(title)
    if not any(span.start <= place < span.end for span in _blocks(text_of(post))):
        return title
    found = title_of(prose_of(text_of(post)).text, "")
    return found if says_something(found) else ""


def marked_code(post: Post, shown: str, *, offset: int) -> Iterator[Span]:
    """Yield the code in a passage of a post, whose character `n` is `offset + n` of its text."""
    first = len(shown) - len(shown.lstrip("…"))
    for span in text_of(post).spans:
        start, end = max(span.start - offset, first), min(span.end - offset, len(shown))
        if span.kind in {SpanKind.PRE, SpanKind.CODE} and start < end:
            yield replace(span, start=start, end=end)


def _blocks(content: RichText) -> Sequence[Span]:
    return [span for span in content.spans if span.kind is SpanKind.PRE]


def _without_breaks(content: RichText) -> RichText:
    start = len(content.text) - len(content.text.lstrip("\n "))
    return cut(content, start, max(len(content.text.rstrip()), start))


def _label(span: Span, languages: dict[tuple[int, int], str]) -> Span:
    if span.kind is not SpanKind.PRE:
        return span
    # A snippet ends before the line break that ends its block.
    known = next(
        (name for (start, end), name in languages.items() if span.start <= start < end <= span.end),
        span.value,
    )
    return replace(span, value=known)
