"""Output of `letopis search` and `letopis similar`, for people or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from i18n.query_notes import say_completeness, say_found, say_notes
from letopis.hits import render_hit
from letopis.languages import terminal_texts
from letopis.output import print_json, say
from letopis.terminal import open_console, print_unfilled
from model.clock import to_stamp
from search import Facet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from i18n import Catalogue
    from model.posts import ArchivedPost
    from search import Answer, FacetCount, Hit, Note

VALUES_SHOWN = {Facet.TAG: 3, Facet.LANGUAGE: 2, Facet.SOURCE: 1, Facet.YEAR: 2}
"""How many values of which facets an answer shows; others need not be counted."""


def answer_as_json(answer: Answer, *, offset: int = 0) -> None:
    """Print one object on one line; times are UTC, `took_ms` is in milliseconds."""
    del offset
    value = {
        "query": answer.text,
        "total": answer.total,
        "took_ms": round(answer.took_ms, 3),
        "hits": [_hit_value(hit) for hit in answer.hits],
        "complete": answer.complete,
        "posts": answer.posts,
        "facets": {by: _facet_value(counts) for by, counts in answer.facets.items()},
        "notes": [_note_value(note) for note in answer.notes],
    }
    print_json(value)


def print_answer(answer: Answer, *, offset: int = 0) -> None:
    """Print an answer in the terminal's language: summary and notes, then the hits."""
    texts = terminal_texts()
    remarks = [
        *say_notes(answer.notes, texts=texts),
        *_say_other_readings(answer, texts),
        *say_completeness(answer.total, answer.complete, texts=texts),
        *_say_facets(answer, texts),
    ]
    lines = [
        Text(headline(answer, offset, texts), style="bold"),
        *(Text(line, style="dim") for line in remarks),
    ]
    _print(lines, answer.hits, first=offset + 1, texts=texts)


def print_emptiness() -> None:
    """Say that the archive is empty, and what to do."""
    say(terminal_texts().welcome_empty)


def similar_as_json(hits: Sequence[Hit]) -> None:
    """Print one object on one line, with hits like those of an answer."""
    print_json({"hits": [_hit_value(hit) for hit in hits]})


def print_similar(archived: ArchivedPost, hits: Sequence[Hit]) -> None:
    """Print similar posts."""
    texts = terminal_texts()
    title = archived.post.title or f"#{archived.post.message_id}"
    said = f"{texts.cards.similar_title} {texts.quoted(title)}"
    _print(
        [Text(said if hits else texts.cards.nothing_similar, "bold")], hits, first=1, texts=texts
    )


def _print(head: Sequence[Text], hits: Sequence[Hit], *, first: int, texts: Catalogue) -> None:
    console = open_console()
    shown = [
        block
        for number, hit in enumerate(hits, first)
        for block in (Text(), render_hit(number, hit, texts, colours=console.is_terminal))
    ]
    print_unfilled(console, *head, *shown)


def _say_other_readings(answer: Answer, texts: Catalogue) -> Sequence[str]:
    queries = dict.fromkeys(note.instead for note in answer.notes if note.instead)
    return [texts.terminal.other_reading.format(query=query) for query in queries]


def _note_value(note: Note) -> dict[str, Any]:
    value = {"code": note.code, "values": list(note.values)}
    return value | ({"instead": note.instead} if note.instead else {})


def _hit_value(hit: Hit) -> dict[str, Any]:
    archived, post = hit.archived, hit.archived.post
    return {
        "message_id": post.message_id,
        "channel": archived.channel.title,
        "posted_at": to_stamp(post.posted_at),
        "url": archived.url,
        "score": round(hit.score, 6),
        "excerpt": hit.excerpt.text,
        "highlights": [list(pair) for pair in hit.excerpt.highlights],
        "text": post.text,
        "hashtags": list(post.hashtags),
        "snippets": [{"language": s.language, "code": s.code} for s in hit.snippets],
        "snippet_highlights": [[list(pair) for pair in marks] for marks in hit.snippet_marks],
        "repeats": [_place_value(repeat) for repeat in hit.repeats],
    }


def _place_value(archived: ArchivedPost) -> dict[str, Any]:
    return {
        "message_id": archived.post.message_id,
        "channel": archived.channel.title,
        "posted_at": to_stamp(archived.post.posted_at),
        "url": archived.url,
    }


def _facet_value(counts: Sequence[FacetCount]) -> list[dict[str, Any]]:
    return [
        {"value": c.value, "label": c.label, "posts": c.posts, "condition": c.condition}
        for c in counts
    ]


def headline(answer: Answer, offset: int, texts: Catalogue) -> str:
    """Return how much was found, which hits these are, and how long it took."""
    words = texts.terminal
    if not answer.total:
        return texts.nothing_found.format(query=texts.quoted(answer.text))
    parts = [say_found(answer.total, answer.complete, texts=texts)]
    if answer.posts > answer.total:
        posts = texts.number(answer.posts)
        parts[0] += f", {words.with_same_text.format(number=posts)}"
    if not answer.hits:
        parts.append(words.none_after.format(offset=texts.number(offset)))
    elif len(answer.hits) < answer.total:
        last = offset + len(answer.hits)
        parts.append("–".join(map(texts.number, dict.fromkeys([offset + 1, last]))))
    return " · ".join([*parts, words.took.format(number=texts.number(round(answer.took_ms)))])


def narrowing(answer: Answer) -> Sequence[FacetCount]:
    """Return the counts whose conditions would narrow a search."""
    if answer.total <= 1:
        return []
    return [
        count
        for by, shown in VALUES_SHOWN.items()
        for count in [c for c in answer.facets.get(by, ()) if c.posts < answer.posts][:shown]
    ]


def _say_facets(answer: Answer, texts: Catalogue) -> Iterator[str]:
    """Yield a line of conditions that would narrow the search, each with its number of posts."""
    counts = [f"{each.condition} ({texts.number(each.posts)})" for each in narrowing(answer)]
    if counts:
        yield texts.terminal.narrow.format(conditions=" · ".join(counts))
