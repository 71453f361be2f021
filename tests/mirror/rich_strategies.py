"""Hypothesis strategies of rich posts (7.x), as the objects of a JSON export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.mirror.text_strategies import EMOJI, LATIN

Blocks = st.SearchStrategy[Mapping[str, Any]]

_words = st.text(LATIN + "АБЯабвгдеё<&'\" ", min_size=1, max_size=8).filter(str.strip)
_names = st.text(LATIN + "абвёЯ", min_size=1, max_size=8)
_addresses = st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http://"]),
    st.sampled_from(["example.org", "www.Example.org", "пример.рф"]),
    st.sampled_from(["", "/", "/путь", "/%D0%BF?a=1&b=2#part", "/a_(b)"]),
)
_moments = st.integers(1_500_000_000, 2_000_000_000).map(str)
_EMPTY = {"type": "empty"}


def _plain(text: str) -> Mapping[str, Any]:
    return {"type": "plain", "text": text}


_plains = st.one_of(_words, st.sampled_from(["две\nстроки", " с краю "])).map(_plain)


def _around(kind: str, inner: Blocks, **fields: st.SearchStrategy[Any]) -> Blocks:
    return st.fixed_dictionaries({"type": st.just(kind), "text": inner, **fields})


def _token(kind: str, words: st.SearchStrategy[str]) -> Blocks:
    return _around(kind, words.map(_plain))


_buttons = st.one_of(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["url", "auth", "web_view"]), "url": _addresses}
    ),
    st.just({"type": "url", "url": "javascript:alert(1)"}),
    st.just({"type": "copy_text", "copy_text": "код"}),
    st.just({"type": "callback", "requires_password": False, "dataBase64": "eA", "data": ""}),
)
_tokens = st.one_of(
    _token("hashtag", _names.map("#a{}".format)),
    _token("mention", st.text(LATIN, min_size=5, max_size=9).map("@{}".format)),
    _token("cashtag", st.just("$TON")),
    _token("bot_command", st.just("/start")),
    _token("link", _addresses | st.just("example.org/x")),
    _token("email", st.just("team@lab.example")),
    _around("email", _plains, email=st.just("team@lab.example")),
    _token("phone", st.just("+7 900 000-00-00")),
    _around("phone", _plains, phone=st.just("+7 900 000-00-00")),
    _token("bank_card", st.just("4000 0000 0000 0000")),
    _token("mention_name", _words),
    st.fixed_dictionaries({"type": st.just("math"), "source": _words}),
    st.fixed_dictionaries({"type": st.just("custom_emoji"), "text": st.sampled_from(EMOJI)}),
    st.just({"type": "inline_image", "document_id": "5", "width": 10, "height": 10}),
    _around("text_link", _plains, href=_addresses | st.just("#part")),
    _around("formatted_date", _plains, date_unixtime=_moments),
    _around("button", _words.map(_plain), button=_buttons),
)


def _apart(texts: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Set texts next to each other with a blank after each but the last."""
    spaced = [part for text in texts for part in (text, _plain(" "))]
    return {"type": "concat", "text": spaced[:-1]}


def _nested(inner: Blocks) -> Blocks:
    styles = ["bold", "italic", "underline", "strikethrough", "spoiler", "subscript", "marked"]
    return st.one_of(
        *(_around(style, inner) for style in [*styles, "superscript", "anchor"]),
        st.lists(inner, min_size=1, max_size=4).map(_apart),
        st.fixed_dictionaries({"type": st.just("diff"), "text": inner, "old_text": inner}),
    )


texts = st.recursive(st.one_of(_plains, _tokens, _around("code", _plains)), _nested, max_leaves=6)
_captions = st.fixed_dictionaries(
    {"text": st.just(_EMPTY) | texts, "credit": st.just(_EMPTY) | texts}
)


def _photos(key: str, **fields: st.SearchStrategy[Any]) -> Blocks:
    saved = st.fixed_dictionaries({key: st.integers(1, 9).map("photos/photo_{}.jpg".format)})
    reasons = st.sampled_from(["unavailable", "file_type", "file_size", "date_limits"])
    absent = st.fixed_dictionaries({f"{key}_skip_reason": reasons})
    return st.builds(
        lambda one, other: {**one, **other}, st.fixed_dictionaries(fields), saved | absent
    )


_pictures = _photos(
    "photo", type=st.just("photo"), photo_id=st.just("1"), caption=_captions
) | _photos(
    "photo", type=st.just("photo"), photo_id=st.just("1"), caption=_captions, url=_addresses
)
_films = _photos("file", type=st.just("video"), document_id=st.just("1"), caption=_captions)
_files = _photos(
    "file",
    type=st.sampled_from(["audio", "file"]),
    document_id=st.just("1"),
    file_name=_names.map("{}.mp3".format),
    caption=_captions,
)
_articles = st.one_of(
    st.fixed_dictionaries(
        {"url": _addresses, "webpage_id": st.just("8")},
        optional={
            "title": _names,
            "description": _names,
            "author": _names,
            "published_date_unixtime": _moments,
        },
    ),
    _photos("photo", url=_addresses, photo_id=st.just("1"), title=_names, description=_names),
)
_cells = st.fixed_dictionaries({"header": st.booleans()}, optional={"text": texts})
_flat = st.one_of(
    *(_around(kind, texts) for kind in ("paragraph", "footer", "thinking")),
    _around("heading", texts, level=st.integers(1, 6)),
    _around("code", _plains, language=st.sampled_from(["", "python"])),
    st.just({"type": "divider"}),
    st.just({"type": "anchor", "name": "part"}),
    st.just({"type": "unsupported", "source_type": "unknown", "unsupported": True}),
    st.fixed_dictionaries({"type": st.just("math"), "formula": _words}),
    st.fixed_dictionaries(
        {"type": st.just("author_date"), "author": texts, "date_unixtime": _moments}
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("table"),
            "title": st.just(_EMPTY) | texts,
            "rows": st.lists(
                st.fixed_dictionaries({"cells": st.lists(_cells, max_size=3)}), max_size=3
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("button_row"),
            "buttons": st.lists(
                st.fixed_dictionaries({"text": _words.map(_plain), "button": _buttons}),
                min_size=1,
                max_size=3,
            ),
        }
    ),
    _pictures,
    _films,
    _files,
    st.fixed_dictionaries(
        {"type": st.just("embed"), "caption": _captions}, optional={"url": _addresses}
    ),
    _photos(
        "poster_photo",
        type=st.just("embed"),
        poster_photo_id=st.just("1"),
        url=_addresses,
        caption=_captions,
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("channel"),
            "channel": st.fixed_dictionaries(
                {}, optional={"title": _names, "username": st.sampled_from(["neighbour", "abcd"])}
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["map", "input_map"]),
            "geo": st.sampled_from([{}, {"latitude": 55.75, "longitude": -37.615}]),
            "caption": _captions,
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("related_articles"),
            "title": st.just(_EMPTY) | texts,
            "articles": st.lists(_articles, max_size=2),
        }
    ),
)


def _holders(inner: Blocks) -> Blocks:
    several = st.lists(inner, max_size=3)
    items = st.builds(
        lambda content, others: {**content, **others},
        st.fixed_dictionaries({"content": st.just("text"), "text": texts})
        | st.fixed_dictionaries({"content": st.just("blocks"), "blocks": several}),
        st.fixed_dictionaries(
            {"task_state": st.sampled_from(["none", "none", "checked", "unchecked"])},
            optional={"num": st.sampled_from(["iv", "2)", ""]), "value": st.integers(-2, 40)},
        ),
    )
    return st.one_of(
        st.fixed_dictionaries(
            {
                "type": st.just("list"),
                "kind": st.just("bullet"),
                "items": st.lists(items, max_size=3),
            }
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("list"),
                "kind": st.just("ordered"),
                "reversed": st.booleans(),
                "items": st.lists(items, max_size=3),
            },
            optional={
                "start": st.integers(-1, 4000),
                "list_type": st.sampled_from(["1", "a", "A", "i", "I", "x"]),
            },
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("quote"),
                "content": st.just("blocks"),
                "pullquote": st.booleans(),
                "blocks": several,
                "caption": st.just(_EMPTY) | texts,
            }
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("quote"),
                "content": st.just("text"),
                "pullquote": st.booleans(),
                "text": texts,
                "caption": st.just(_EMPTY) | texts,
            }
        ),
        st.fixed_dictionaries({"type": st.just("details"), "title": texts, "blocks": several}),
        st.fixed_dictionaries({"type": st.just("cover"), "block": inner}),
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["collage", "slideshow"]),
                "items": several,
                "caption": _captions,
            }
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("embed_post"),
                "url": st.just("") | _addresses,
                "author": st.just("") | _names,
                "author_photo": st.just("photos/photo_9.jpg"),
                "date_unixtime": _moments,
                "blocks": several,
                "caption": _captions,
            }
        ),
    )


blocks = st.lists(st.recursive(_flat, _holders, max_leaves=4), min_size=1, max_size=4)
