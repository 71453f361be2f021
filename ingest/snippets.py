"""Extracts the code of a text: marked by its author, or detected."""

from __future__ import annotations

from ingest.code_detection import find_code
from ingest.languages import guess_language
from model.code_languages import name_language
from model.posts import LanguageSource, Snippet, SnippetOrigin
from model.rich_text import RichText, SpanKind

# Shorter ones, such as `x` or `fit()`, are too ambiguous.
_TELLING = 8
_ORIGINS = {SpanKind.PRE: SnippetOrigin.PRE, SpanKind.CODE: SnippetOrigin.INLINE}
# Links and custom emoji are not unmarked code.
_MARKED = (SpanKind.PRE, SpanKind.CODE)
_NO_BARE_CODE = (*_MARKED, SpanKind.TEXT_LINK, SpanKind.CUSTOM_EMOJI)


def read_snippets(content: RichText) -> tuple[Snippet, ...]:
    """Return the code blocks, inline code and detected code of a text, in order."""
    marked = [
        _snippet(content.text_of(span), _ORIGINS[span.kind], start=span.start, label=span.value)
        for span in content.spans
        if span.kind in _MARKED
    ]
    taken = [(span.start, span.end) for span in content.spans if span.kind in _NO_BARE_CODE]
    bare = [
        _snippet(content.text[block.start : block.end], SnippetOrigin.DETECTED, start=block.start)
        for block in find_code(content.text, taken=taken)
    ]
    found = sorted(marked + bare, key=lambda snippet: snippet.start) if bare else marked
    return tuple(snippet for snippet in found if snippet.code.strip())


def _snippet(text: str, origin: SnippetOrigin, *, start: int, label: str = "") -> Snippet:
    """Return a snippet; trailing line breaks are not part of the code."""
    code = text.rstrip("\n")
    language, source = _detect_language(code, label=label)
    return Snippet(
        origin=origin,
        code=code,
        start=start,
        end=start + len(code),
        language=language,
        language_source=source,
    )


def _detect_language(code: str, *, label: str) -> tuple[str | None, LanguageSource]:
    named = name_language(label)
    if named:
        return named, LanguageSource.LABEL
    guessed = guess_language(code) if len(code) >= _TELLING else None
    return guessed, LanguageSource.RULES if guessed else LanguageSource.UNKNOWN
