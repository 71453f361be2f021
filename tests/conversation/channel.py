"""A channel for the conversations: every post made so that a test can tell it from the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db import open_archive
from ingest import MediaStore
from model.posts import Channel, LanguageSource, Media, MediaKind, Post, Snippet, SnippetOrigin
from model.rich_text import RichText, Span, SpanKind
from model.tags import find_tags, fold_tag

CHANNEL = Channel(title="Бумажный дракон", username="paper_dragon", telegram_id=1500000001)
WRITTEN = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)

SHORT_CODE = "import pandas as pd\n\nframe = pd.DataFrame({'a': [1, 2]})\nprint(frame < 2)"
LONG_CODE = "\n".join(f"total_{n} = total_{n - 1} + {n}  # строка {n}" for n in range(1, 201))
HOSTILE = (
    "Квазилайн <b>не жирный</b> & <script>alert(1)</script>\n\n"
    '<a href="http://a.ru">не ссылка</a> &lt; &nbsp; </pre></code>\n'
    "*звезда* _низ_ `код` {query} %s\n"
    "emoji 👩‍👩‍👧 \u202eнаоборот\u202c [b](http://b.ru)"
)  # fmt: skip

PHOTOS = (b"\xff\xd8\xff one photo", b"\xff\xd8\xff another photo")

SERIES = 12
"""Posts with the invented word «зелюка», in different forms: three pages of a search."""


def fill(archive: Path, media: Path) -> None:
    """Put the channel into an archive and its photos into a folder, beside what is there."""
    album = _album(MediaStore(media))
    posts = [*_series(), _short(), _long(), plain_post(40, HOSTILE), *_crowd(), album]
    with open_archive(archive) as store:
        channel_id = store.resolve_channel(CHANNEL)
        store.save(channel_id, posts, as_of=WRITTEN)


def _series() -> list[Post]:
    forms = ("зелюка", "зелюки", "зелюку", "зелюкой")
    return [
        plain_post(
            number,
            f"Заметка номер {number}\n\nСегодня про то, как {forms[number % 4]} помогает в деле, "
            f"и почему без неё никак. Пункт {number}.\n\n#зелюка",
        )
        for number in range(1, SERIES + 1)
    ]


def _short() -> Post:
    return _with_code(
        20, "Куздра и рамки данных\n\nКуздра считает так:\n\n", SHORT_CODE, "\n\nКонец заметки."
    )


def _long() -> Post:
    before = "Штекобокра целиком\n\nШтекобокра не помещается в одно сообщение:\n\n"
    return _with_code(21, before, LONG_CODE, "\n\nЭто всё.")


def _crowd() -> list[Post]:
    """Posts whose every word is marked: more than a message can carry."""
    words = "бокрёнок " * 400
    return [plain_post(50 + number, f"Толпа {number}\n\n{words}") for number in range(6)]


def _album(media: MediaStore) -> Post:
    """A post with photos, of which one file has gone and one is said to lie elsewhere."""
    kept = [media.keep_bytes(photo, ".jpg") for photo in (*PHOTOS, b"gone")]
    (media.folder / kept[-1]).unlink()
    photos = (Media(kind=MediaKind.PHOTO, copy=name) for name in (*kept, "../archive.db"))
    return replace(plain_post(60, "Фотоотчёт трямзика"), media=tuple(photos))


def plain_post(number: int, text: str) -> Post:
    """Return a post with its tags and nothing else."""
    spans = tuple(
        Span(kind=SpanKind.HASHTAG, start=start, end=end) for start, end in find_tags(text)
    )
    tags = dict.fromkeys(fold_tag(text[span.start : span.end]) for span in spans)
    return Post(
        message_id=number,
        posted_at=WRITTEN + timedelta(days=number),
        content=RichText(text, spans),
        hashtags=tuple(tags),
    )


def _with_code(number: int, before: str, code: str, after: str) -> Post:
    start, end = len(before), len(before) + len(code)
    return Post(
        message_id=number,
        posted_at=WRITTEN + timedelta(days=number),
        content=RichText(
            before + code + after,
            (Span(kind=SpanKind.PRE, start=start, end=end, value="python"),),
        ),
        snippets=(
            Snippet(
                origin=SnippetOrigin.PRE,
                code=code,
                start=start,
                end=end,
                language="python",
                language_source=LanguageSource.LABEL,
            ),
        ),
    )
