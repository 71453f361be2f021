"""The tag rule, against cases and against Telegram's own parser."""

from __future__ import annotations

import json

import pytest
import tdjson
from hypothesis import example, given
from hypothesis import strategies as st

from model.tags import find_tags, fold_tag


def found(text: str) -> list[str]:
    """Return the hashtags that the rule finds."""
    return [text[start:end] for start, end in find_tags(text)]


def telegram_finds(text: str) -> list[str]:
    """Return the hashtags that TDLib finds; its offsets are UTF-16 code units."""
    request = json.dumps({"@type": "getTextEntities", "text": text})
    answer = json.loads(tdjson.td_execute(request.encode()) or b"{}")
    units = text.encode("utf-16-le")
    return [
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le").split("@")[0]
        for e in answer["entities"]
        if e["type"]["@type"] == "textEntityTypeHashtag"
    ]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        pytest.param("#ozon #llm_system_design", ["#ozon", "#llm_system_design"], id="two tags"),
        pytest.param("Разбор (#собес), #SQL!", ["#собес", "#SQL"], id="punctuation around"),
        pytest.param("#а·б #2024год", ["#а·б", "#2024год"], id="middle dot and digits"),
        pytest.param("#2024 #1", [], id="digits alone"),
        pytest.param("почта#x C# &#39; 5#y", [], id="inside a word, an escape"),
        pytest.param("##x #a#b", ["#x"], id="two marks"),
        pytest.param("https://e.org/#x www.e.org/#y", [], id="the fragment of an address"),
        pytest.param("#C++ и #C#", ["#C"], id="a tag ends at a sign"),
    ],
)
def test_a_tag_is_what_telegram_links(text: str, tags: list[str]) -> None:
    """A tag is letters, digits and `_` after a free-standing `#`."""
    assert found(text) == tags == telegram_finds(text)


@given(st.text(alphabet="#aЯё1½²_·\u200c\u200d@/& \n-٣", max_size=12))
@example("#" + "a" * 256)
@example("#" + "a" * 257)
@example("1##Я")
def test_every_text_has_the_tags_that_telegram_finds(text: str) -> None:
    """The rule agrees with Telegram's own on any text."""
    assert found(text) == telegram_finds(text)


@pytest.mark.parametrize(
    ("tag", "folded"),
    [
        ("#LLM_System_Design", "llm_system_design"),
        ("#Ёлка", "елка"),
        ("йод", "йод"),
        ("ＯＺＯＮ", "ozon"),
    ],
)
def test_a_tag_is_stored_under_one_form(tag: str, folded: str) -> None:
    """Case, width and ё do not make another tag; й does."""
    assert fold_tag(tag) == folded
