"""Hypothesis strategies of texts with entities, and of the names in a channel."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from model.rich_text import RichText, Span, SpanKind

LATIN = "abcdefghijklmnopqrstuvwxyz"
EMOJI = ("👍", "❤", "❤️", "🔥", "❤\u200d🔥", "🤷🏽\u200d♀️", "🇷🇺", "☝️", "⭐")

# What has broken parsers: markup, blank edges, marks without letters, emoji in several code points,
# right-to-left text, a letter with a combining mark, line separators, a form feed.
_TROUBLE = (
    *"<>&\"'\n\t #@/$_·ёЁйй",
    *EMOJI,
    "\x0c",
    "\u2028",
    "\u200f",
    "\u00a0",
    "  ",
    "\n\n",
    "<br>",
    "&amp;",
    "&#39;",
    "</div>",
    "שלום",
    "مرحبا",
    "Данные",
    "#тег",
    "https://example.org/?a=1&b=2#part",
)
_any_character = st.characters(exclude_categories=("Cs", "Cc"))
_passages = st.lists(st.one_of(st.sampled_from(_TROUBLE), _any_character), min_size=1, max_size=8)
passages = _passages.map("".join)
_words = st.text(LATIN + "АБЯабвгдеёйэюя", min_size=1, max_size=8)
_latin_words = st.text(LATIN, min_size=5, max_size=9)
names = st.lists(
    st.one_of(_words, st.sampled_from(["O'Hara", "«Ромашка»", "R&D", "📚", "<3"])),
    min_size=1,
    max_size=3,
).map(" ".join)

_FREE_KINDS = (
    SpanKind.BOLD,
    SpanKind.ITALIC,
    SpanKind.UNDERLINE,
    SpanKind.STRIKE,
    SpanKind.SPOILER,
    SpanKind.QUOTE,
    SpanKind.CODE,
    SpanKind.PRE,
    SpanKind.MENTION_NAME,
    SpanKind.CUSTOM_EMOJI,
)
addresses = st.builds(
    "{}{}.example{}".format,
    st.sampled_from(["https://", "http://", "tg://", "HTTPS://www."]),
    _latin_words,
    st.sampled_from(["", "/", "/путь?q=a&b='c'", "/#part", "/a_(b)"]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch of text: plain, or an entity that may hold another in its midst."""

    text: str
    kind: SpanKind | None = None
    value: str = ""
    inner: _Piece | None = None


def _entity(kind: SpanKind, texts: st.SearchStrategy[str]) -> st.SearchStrategy[_Piece]:
    return st.builds(_Piece, kind=st.just(kind), text=texts)


_plain = st.builds(_Piece, text=passages)
_links = st.builds(_Piece, kind=st.just(SpanKind.TEXT_LINK), text=passages, value=addresses)
_tokens = st.one_of(
    _entity(
        SpanKind.HASHTAG, st.builds("#{}{}".format, _words, st.sampled_from(["", "_2", "@ch"]))
    ),
    _entity(SpanKind.CASHTAG, st.sampled_from(["$TON", "$ABC"])),
    _entity(SpanKind.COMMAND, _latin_words.map("/{}".format)),
    _entity(SpanKind.MENTION, _latin_words.map("@{}".format)),
    _entity(SpanKind.EMAIL, _latin_words.map("{}@example.org".format)),
    _entity(SpanKind.PHONE, st.sampled_from(["+7 900 000-00-00", "2019-2107"])),
    addresses.map(lambda url: _Piece(kind=SpanKind.URL, text=url, value=url)),
    _latin_words.map(
        lambda word: _Piece(
            kind=SpanKind.URL, text=f"{word}.example/x", value=f"https://{word}.example/x"
        )
    ),
)
_marked = st.builds(
    _Piece,
    kind=st.sampled_from(_FREE_KINDS),
    text=passages,
    inner=st.none() | _tokens | st.builds(_Piece, kind=st.just(SpanKind.CODE), text=passages),
)


@st.composite
def rich_texts(draw: st.DrawFn) -> RichText:
    """Draw a text with entities, some of them inside of others."""
    text, spans = "", list[Span]()

    def add(piece: _Piece) -> None:
        nonlocal text
        start = len(text)
        text += piece.text
        if piece.inner is not None:
            add(piece.inner)
            text += piece.text
        if piece.kind is not None:
            spans.append(Span(kind=piece.kind, start=start, end=len(text), value=piece.value))

    for piece in draw(st.lists(st.one_of(_plain, _tokens, _links, _marked), max_size=6)):
        add(piece)
    return RichText(text, tuple(sorted(spans, key=lambda span: (span.start, -span.end))))
