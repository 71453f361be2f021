"""A channel of few posts: short and long, with code and without, tags, a poll, a photo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from model.posts import (
    Channel,
    Forward,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    PostKind,
    Reaction,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText, Span, SpanKind

CHANNEL = Channel(title="Заметки", username="zametki")
OTHER_CHANNEL = Channel(title="Огород и сад — всё, что растёт")
OTHER_NAME = "Огород и сад"
"""What lists and cards call it."""
AS_OF = datetime(2025, 1, 1, 12, tzinfo=UTC)
_FIRST = datetime(2024, 3, 5, 10, tzinfo=UTC)

SHORT_CODE = 'df.groupby("city").agg("sum")'
LONG_CODE = "\n".join(f"total_{number} = measure(frame, column={number})" for number in range(150))
SECOND_CODE = "SELECT city, count(*)\nFROM visits\nORDER BY city"
LONG_PROSE = " ".join(f"Слово{number} о карусели." for number in range(600))


def written(message_id: int, text: str, **more: Any) -> Post:
    """Return a post with its tags, a day after the one before it."""
    tags = tuple(word[1:] for word in text.split() if word.startswith("#"))
    spans = more.pop("spans", ())
    more.setdefault("posted_at", _FIRST + timedelta(days=message_id))
    return Post(
        message_id=message_id,
        content=RichText(text, spans),
        hashtags=tags,
        **more,
    )


def coded(message_id: int, prose: str, codes: list[tuple[str, str]], **more: Any) -> Post:
    """Return a post that ends with blocks of code in their languages."""
    text, spans, snippets = prose, [], []
    for code, language in codes:
        start = len(text) + 2
        text = f"{text}\n\n{code}"
        spans.append(Span(kind=SpanKind.PRE, start=start, end=len(text), value=language))
        snippets.append(
            Snippet(
                origin=SnippetOrigin.PRE,
                code=code,
                start=start,
                end=len(text),
                language=language or None,
            )
        )
    return written(message_id, text, spans=tuple(spans), snippets=tuple(snippets), **more)


POSTS = (
    coded(1, "Группировка в pandas #pandas", [(SHORT_CODE, "python")], views=4100),
    coded(
        2,
        "Замеры карусели #pandas #sql\n\n" + "Длинный рассказ о замерах. " * 60,
        [(LONG_CODE, "python"), (SECOND_CODE, "sql")],
    ),
    written(3, "Карусель целиком\n\n" + LONG_PROSE),
    *(written(number, f"Заметка {number} про очередь #очередь") for number in range(4, 17)),
    written(
        17,
        "",
        media=(Media(kind=MediaKind.PHOTO), Media(kind=MediaKind.PHOTO)),
        reactions=(Reaction(emoji="❤", count=87),),
    ),
    written(
        18,
        "",
        poll=Poll(
            question="Какая база лучше?",
            details="Anonymous poll",
            answers=(PollAnswer(text="Та, что есть", voters=12), PollAnswer(text="Другая")),
        ),
    ),
    written(19, "Чужая мысль про микроскоп"),
    written(
        19,
        "Чужая мысль про телескоп",
        forward=Forward(name="Соседний канал"),
        author="Вера",
        edited_at=datetime(2024, 6, 1, tzinfo=UTC),
    ),
    written(20, "Канал назван «Заметки»", kind=PostKind.SERVICE),
)

OTHER_POSTS = (
    written(1, "Очередь за рассадой #рассада #очередь"),
    coded(2, "Полив по расписанию #рассада", [("SELECT bed FROM garden", "sql")]),
    written(3, "Карусель на площадке рядом с грядками"),
)
