"""What may stand in a message."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standin.entities import Entity, as_html
from tests.standin.markup import find_entities, fix, read_formatted, utf16_length
from tests.standin.person import Person
from tests.standin.raw import Ask

NOT_BLANK = "text must be non-empty"
PARSE = "can't parse entities: "


@pytest.mark.parametrize(
    ("args", "refusal"),
    [
        pytest.param({}, "message text is empty", id="no text"),
        pytest.param({"text": ""}, "message text is empty", id="empty"),
        pytest.param({"text": " \n "}, NOT_BLANK, id="blank"),
        pytest.param({"text": "<b> </b>", "parse_mode": "HTML"}, NOT_BLANK, id="blank parsed"),
        pytest.param({"text": "x" * 4097}, "message is too long", id="4097"),
        pytest.param({"text": "😀" * 4097}, "message is too long", id="4097 emoji"),
        pytest.param({"text": "x" * 32769}, "text is too long", id="32769 bytes"),
        pytest.param({"text": "x", "parse_mode": "rst"}, "unsupported parse_mode", id="mode"),
        pytest.param(
            {"text": "<b>x", "parse_mode": "HTML"},
            PARSE + 'Can\'t find end tag corresponding to start tag "b"',
            id="unclosed",
        ),
        pytest.param(
            {"text": "<div>x</div>", "parse_mode": "html"},
            PARSE + 'Unsupported start tag "div" at byte offset 0',
            id="unsupported tag",
        ),
        pytest.param(
            {"text": "<b><i>x</b></i>", "parse_mode": "HTML"},
            PARSE + 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
            id="crossed",
        ),
        pytest.param(
            {"text": "</b>", "parse_mode": "HTML"},
            PARSE + "Unexpected end tag at byte offset 0",
            id="end first",
        ),
        pytest.param(
            {"text": "<span>x</span>", "parse_mode": "HTML"},
            PARSE + 'Tag "span" must have class "tg-spoiler" at byte offset 0',
            id="span",
        ),
        pytest.param(
            {"text": "x", "entities": [{"type": "bold", "offset": 5, "length": 1}]},
            "entity begins after the end of the text at UTF-16 offset 5",
            id="entity outside",
        ),
        pytest.param(
            {"text": "😀😀", "entities": [{"type": "bold", "offset": 1, "length": 2}]},
            "entity begins in a middle of a UTF-16 symbol at byte offset 4",
            id="entity in a character",
        ),
        pytest.param(
            {"text": "x", "entities": [{"type": "loud", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: Unsupported type specified",
            id="entity unknown",
        ),
        pytest.param(
            {"text": "x", "entities": [{"type": "text_link", "offset": 0, "length": 1}]},
            'can\'t parse MessageEntity: Can\'t find field "url"',
            id="entity without url",
        ),
        pytest.param(
            {"text": "x", "entities": [{"type": "bold", "length": 1}]},
            'can\'t parse MessageEntity: Can\'t find field "offset"',
            id="entity without offset",
        ),
        pytest.param(
            {"text": "x", "entities": [{"offset": 0, "length": 1}]},
            "can't parse MessageEntity: Type is not specified",
            id="entity without type",
        ),
        pytest.param(
            {"text": "x", "entities": ["bold"]},
            "can't parse MessageEntity: expected an Object",
            id="entity no object",
        ),
        pytest.param(
            {"text": "".join(f'<a href="http://a.ru/{"x" * 90}">{n}</a>\n' for n in range(90)),
             "parse_mode": "HTML"},
            "ENTITIES_TOO_LONG",
            id="heavy entities",
        ),
    ],
)  # fmt: skip
def test_text_is_refused(vera: Person, ask: Ask, args: dict[str, object], refusal: str) -> None:
    """Each rule has its own words."""
    answer = ask("sendMessage", chat_id=501, **args)

    assert (answer.status, answer.refusal) == (400, f"Bad Request: {refusal}")


@pytest.mark.parametrize(
    ("args", "html"),
    [
        pytest.param({"text": "😀" * 4096}, "😀" * 4096, id="4096 emoji"),
        pytest.param({"text": "  a\r\nb\n "}, "a\nb", id="trimmed"),
        pytest.param(
            {"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"},
            "<b>" + "x" * 4096 + "</b>",
            id="limit after parsing",
        ),
        pytest.param(
            {"text": " <b> a</b> ", "parse_mode": "HTML"}, "<b> a</b>", id="trimmed to the entity"
        ),
        pytest.param(
            {"text": '<pre><code class="language-python">a &lt; b</code></pre>',
             "parse_mode": "HTML"},
            '<pre><code class="language-python">a &lt; b</code></pre>',
            id="code",
        ),
        pytest.param(
            {"text": "<b>a<code>b</code></b>", "parse_mode": "HTML"},
            "<b>a</b><code>b</code>",
            id="bold around code is cut",
        ),
        pytest.param(
            {"text": "&nbsp;&amp; a & b", "parse_mode": "HTML"},
            "&amp;nbsp;&amp; a &amp; b",
            id="references",
        ),
        pytest.param(
            {"text": "*a* __b__", "parse_mode": "MarkdownV2"}, "<b>a</b> <u>b</u>", id="markdown 2"
        ),
        pytest.param({"text": "*a* __b__"}, "*a* __b__", id="no mode leaves stars alone"),
        pytest.param(
            {"text": "<b>x</b>", "parse_mode": "HTML",
             "entities": [{"type": "italic", "offset": 0, "length": 1}]},
            "<b>x</b>",
            id="mode wins over entities",
        ),
        pytest.param(
            {"text": "ab", "entities": [{"type": "italic", "offset": 1, "length": 1}]},
            "a<i>b</i>",
            id="entities",
        ),
        pytest.param({"text": "x", "entities": "nonsense"}, "x", id="unreadable entities"),
        pytest.param(
            {"text": '<tg-time unix="1709625600" format="Dt">5</tg-time>', "parse_mode": "HTML"},
            '<tg-time unix="1709625600" format="Dt">5</tg-time>',
            id="date",
        ),
        pytest.param(
            {"text": "<blockquote expandable><tg-spoiler>a</tg-spoiler></blockquote>",
             "parse_mode": "HTML"},
            "<blockquote expandable><tg-spoiler>a</tg-spoiler></blockquote>",
            id="quote",
        ),
        pytest.param(
            {"text": '<a href="javascript:x">a</a> <a href="t.me/x">b</a>', "parse_mode": "HTML"},
            'a <a href="http://t.me/x">b</a>',
            id="links",
        ),
    ],
)  # fmt: skip
def test_text_is_shown(vera: Person, ask: Ask, args: dict[str, object], html: str) -> None:
    """Readers see the text parsed, cleaned and trimmed."""
    ask("sendMessage", chat_id=501, **args)

    assert vera.waits_for().html == html


def test_tags_and_addresses_are_found(vera: Person, ask: Ask) -> None:
    """The server marks tags, addresses and names by itself, but not in code."""
    ask("sendMessage", chat_id=501, text="#ozon t.me <code>#no</code> @user", parse_mode="HTML")

    seen = vera.waits_for()

    assert seen.marked("hashtag") == ("#ozon",)
    assert seen.marked("url") == ("t.me",)
    assert seen.marked("mention") == ("@user",)


def test_entities_past_the_hundredth_are_dropped(vera: Person, ask: Ask) -> None:
    """A hundred entities are shown; the others go without a word, and the test can see it."""
    ask("sendMessage", chat_id=501, text="<b>x</b> " * 101, parse_mode="HTML")

    seen = vera.waits_for()

    assert (len(seen.entities), seen.dropped_entities) == (100, 1)


def test_caption_has_its_own_limit(vera: Person, ask: Ask) -> None:
    """A caption has 1024 characters."""
    answer = ask("sendDocument", chat_id=501, caption="x" * 1025)

    assert answer.refusal == "Bad Request: message caption is too long"


def test_lone_surrogate_is_refused() -> None:
    """A lone surrogate is not valid text."""
    with pytest.raises(Exception, match="must be encoded in UTF-8"):
        read_formatted("\ud83d", "HTML", ())


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=60))
def test_escaped_text_comes_back(text: str) -> None:
    """What is escaped is read back as it was, but for white space at the ends."""
    read = read_formatted("." + escape(text) + ".", "HTML", ())

    cleaned, _ = fix("." + text + ".", ())
    assert read.text == cleaned


@given(st.lists(st.tuples(st.sampled_from(["bold", "italic", "pre", "text_link"]),
                          st.integers(0, 9), st.integers(1, 9)), max_size=6))  # fmt: skip
def test_html_of_a_message_says_what_it_shows(marks: list[tuple[str, int, int]]) -> None:
    """The HTML that tests read gives the same text and entities again."""
    text = "ab 😀 cd <ef"
    given = [
        Entity(type=kind, offset=start, length=length, value=_value(kind))
        for kind, start, length in marks
        if start + length <= utf16_length(text) and 4 not in {start, start + length}
    ]
    shown, entities = fix(text, given)

    again = read_formatted(as_html(shown, entities), "HTML", ())

    own = [e for e in again.entities if e.type not in {"url", "hashtag"}]
    assert (again.text, own) == (shown, list(entities))


def _value(kind: str) -> str:
    return {"pre": "python", "text_link": "http://a.ru/"}.get(kind, "")


def test_nothing_is_found_in_broken_text() -> None:
    """Half a character hides the entities, not the message."""
    assert find_entities("#a \ud83d") == ()
