"""Made-up exports of any size, from a seed, with two kinds of pages that differ in cost.

`everyday` resembles most channels: 1.26 KB of HTML per message, a third with a link, a quarter with
a file, few with code. `code` repeats the sample channel: 2.1 KB, most posts with code, tags and
reactions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from benchmarks.made_archive import Maker
from model.posts import Forward, Media, MediaKind, Poll, PollAnswer, Post, Reaction
from model.rich_text import RichText, Span, SpanKind
from tests.mirror.attachments import NOT_INCLUDED
from tests.mirror.messages import MirrorMessage, OriginKind
from tests.mirror.tdesktop_html import write_export
from tests.sample.channel import read_channel

KINDS = ("everyday", "code")
_START = datetime(2016, 1, 1, tzinfo=UTC)
_STYLES = (SpanKind.BOLD, SpanKind.BOLD, SpanKind.ITALIC)
_MEDIA = (MediaKind.PHOTO, MediaKind.PHOTO, MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.FILE)
_CODE = (
    "df = pd.read_csv('{0}.csv')\ndf.groupby('{1}').agg(total=('{0}', 'sum'))",
    "SELECT {0}, count(*)\nFROM {1}\nGROUP BY {0}\nORDER BY 2 DESC;",
    "def {0}(batch):\n    return model.fit(batch.{1}, epochs=20)",
)


def write_made(folder: Path, kind: str, posts: int) -> None:
    """Write an export of so many messages."""
    made = Everyday().messages() if kind == "everyday" else repeat(read_channel().messages)
    write_export(folder, title="Записки", messages=list(islice(made, posts)))


def repeat(messages: tuple[MirrorMessage, ...]) -> Iterator[MirrorMessage]:
    """Yield the messages repeatedly, renumbered and a day later each time."""
    span = messages[-1].post.posted_at - messages[0].post.posted_at + timedelta(days=1)
    last_id = messages[-1].post.message_id
    turn = 0
    while True:
        for message in messages:
            post = replace(
                message.post,
                message_id=message.post.message_id + turn * last_id,
                posted_at=message.post.posted_at + turn * span,
                reply_to=None,
            )
            yield replace(message, post=post)
        turn += 1


class Everyday:
    """A channel of short synthetic posts, all different."""

    def __init__(self, seed: int = 7) -> None:
        self._rng = random.Random(seed)
        self._words = Maker(seed, forms=20_000).words[-20_000:]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))
        self._names = [word for word in self._words if word.isascii()]

    def messages(self) -> Iterator[MirrorMessage]:
        """Yield messages without end, about two hours apart."""
        message_id, at = 0, _START
        while True:
            message_id += self._rng.choice((1, 1, 1, 2))
            at += timedelta(seconds=int(self._rng.expovariate(1 / 7200)))
            yield MirrorMessage(post=self._post(message_id, at), origin=OriginKind.CHANNEL)

    def _post(self, message_id: int, at: datetime) -> Post:
        media = self._media(message_id) if self._chance(0.25) else None
        return Post(
            message_id=message_id,
            posted_at=at,
            content=RichText() if media and self._chance(0.3) else self._content(),
            author="Нина Белова" if self._chance(0.3) else None,
            reply_to=max(1, message_id - 3) if self._chance(0.05) else None,
            forward=Forward(name=f"Канал {self._name()}", posted_at=at)
            if self._chance(0.06)
            else None,
            media=(media,) if media else (),
            poll=self._poll() if media is None and self._chance(0.02) else None,
            reactions=self._reactions() if self._chance(0.3) else None,
        )

    def _content(self) -> RichText:
        rng, text, spans = self._rng, "", list[Span]()

        def mark(kind: SpanKind, words: str, value: str = "") -> None:
            nonlocal text
            spans.append(Span(kind=kind, start=len(text), end=len(text + words), value=value))
            text += words

        for _ in range(max(1, int(rng.lognormvariate(0.5, 0.7)))):
            text += self._prose().capitalize() + " "
            if self._chance(0.3):
                mark(rng.choice(_STYLES), self._prose())
            text += rng.choice((". ", "!\n", ".\n\n", ": "))
        if self._chance(0.05):
            mark(SpanKind.CODE, f"{self._name()}.{self._name()}")
        if self._chance(0.35):
            address = f"https://{self._name()}.org/{self._name()}"
            named = self._chance(0.5)
            mark(SpanKind.TEXT_LINK if named else SpanKind.URL, self._name() if named else address,
                 address)  # fmt: skip
        if self._chance(0.05):
            text += "\n"
            mark(SpanKind.PRE, rng.choice(_CODE).format(self._name(), self._name()))
        for tag in rng.choices(self._words[:50], k=rng.randint(1, 3)) if self._chance(0.25) else ():
            text += "\n" if text[-1] != "\n" else ""
            mark(SpanKind.HASHTAG, f"#{tag}")
        return RichText(text.strip(), tuple(spans))

    def _prose(self) -> str:
        size = self._rng.randint(3, 20)
        return " ".join(self._rng.choices(self._words, cum_weights=self._weights, k=size))

    def _media(self, number: int) -> Media:
        kind = self._rng.choice(_MEDIA)
        if self._chance(0.5):
            return Media(kind=kind, path=f"photos/photo_{number}@01-01-2020_10-00-00.jpg")
        return Media(kind=kind, note=NOT_INCLUDED, size=self._rng.randint(10_000, 9_000_000))

    def _poll(self) -> Poll:
        answers = tuple(PollAnswer(text=self._prose(), voters=n * 7 + 1) for n in range(3))
        voters = sum(answer.voters or 0 for answer in answers)
        return Poll(question=self._prose(), answers=answers, details="Anonymous poll",
                    total_voters=voters)  # fmt: skip

    def _reactions(self) -> tuple[Reaction, ...]:
        chosen = self._rng.sample("👍🔥🤝😱🎉🤔", k=self._rng.randint(1, 4))
        return tuple(Reaction(emoji=each, count=self._rng.randint(1, 300)) for each in chosen)

    def _name(self) -> str:
        return self._rng.choice(self._names)

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share
