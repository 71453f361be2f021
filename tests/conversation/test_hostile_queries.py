"""Whatever is sent, there is an answer, and it is no failure."""

from __future__ import annotations

import pytest

from tests.standin.person import Person

QUERIES = {
    "c++": "C++",
    "tag": "#ozon",
    "quote": '"',
    "quotes": '"""" "a" "',
    "html": "<b>",
    "html whole": '<b>x</b> & <a href="http://a.ru">y</a> </code></pre>',
    "longest": "x" * 4096,
    "longest words": "слово " * 682,
    "longest emoji": "😀" * 4096,
    "emoji": "👩‍👩‍👧🇷🇺🤷🏽‍♀️",
    "nul": "\0",
    "nul inside": "сло\0во",
    "control": "\x01\x02\x1b[31m",
    "spaces": "   ",
    "blank": "\u2800\u200b\u00a0",
    "line breaks": "а\n\n\nб\r\nв",
    "star": "*",
    "stars": "* *a* **",
    "minus": "-",
    "only minus": "-python -sql",
    "or": "OR",
    "operators": "AND OR NOT (a OR b) NEAR/3",
    "brackets": "((([[[{{{",
    "range": "[a TO z} {a TO *]",
    "regex": ".*+?^${}()|[]\\ /a+/",
    "fuzzy": "слово~ слово~9 ^5",
    "empty operators": "after: before: tag: lang: from: has: sort: site:",
    "bad date": "after:2024-99-99 on:вчерась",
    "far date": "after:99999-01-01 before:0000-00-00",
    "unknown operator": "нечто:другое http://a.ru:80/x?y=1#z",
    "sql": "'; DROP TABLE posts; --",
    "like": "%_%",
    "format": "{query} {0.__class__} %s %(token)s ${HOME}",
    "path": "../../etc/passwd",
    "prefixes": " ".join(f"{letter}*" for letter in "абвгдежзиклмнопрст"),
    "right to left": "\u202eотоборп\u202c שלום",
    "accents": "e\u0301" * 200,
    "zalgo": "z" + "\u0335\u0334" * 500,
    "half a character": "до \ud83d после",
    "not a character": "\ufffe\uffff",
    "mention": "@letopis_standin_bot",
    "hashes": "# ## #1 #_ #·",
    "command inside": "текст /start текст",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize(
    "command",
    [
        pytest.param("", id="search"),
        pytest.param("/code ", id="code", marks=pytest.mark.slow),
        pytest.param("/tags ", id="tags", marks=pytest.mark.slow),
    ],
)
def test_anything_is_answered(vera: Person, command: str, query: str) -> None:
    """Every query gets an answer of its own, and the next one is answered as ever."""
    answer = vera.asks(command + query)

    assert "сломалось" not in answer.text
    assert "не уложился" not in answer.text
    assert answer.dropped_entities == 0


@pytest.mark.parametrize("query", ["C++", "<b>жирно</b> & co", '"', "{query} %s"])
def test_query_is_repeated_as_it_was(vera: Person, query: str) -> None:
    """The answer names the query letter by letter."""
    assert query in vera.asks(query).marked("bold")


@pytest.mark.parametrize(
    "command",
    ["/", "/ start", "/START", "/start@letopis_standin_bot", "/nosuch@letopis_standin_bot"],
)
def test_odd_commands_are_answered(vera: Person, command: str) -> None:
    """A command in any shape gets an answer."""
    assert vera.asks(command).text


def test_what_is_no_text_is_answered(vera: Person) -> None:
    """A place on the map says that the bot looks for words."""
    vera.says("", location={"latitude": 55.75, "longitude": 37.62})

    assert "Я ищу по словам" in vera.waits_for().text


@pytest.mark.parametrize(
    "data",
    [
        None, "", "x", "x" * 64, "\0", "1|p|", "1|p||1", "1|z|Ab3dE5gH1k|2", "2|p|Ab3dE5gH1k|2",
        "1|p|Ab3dE5gH1k|-1", "1|p|Ab3dE5gH1k|99999999999999999999", "1|p|Ab3dE5gH1k|2|3|4|5|6",
        "1|p|Ab3dE5gH1k|2", "1|m|9", "1|a|", "1|p|Ab3dE5gH1k|٢", "<b>", "'; DROP TABLE sessions",
    ],
)  # fmt: skip
def test_forged_press_is_answered(vera: Person, data: str | None) -> None:
    """Data that no button of ours carries is answered, and changes nothing."""
    page = vera.asks("зелюка")

    vera.waits_for_answer(vera.presses_data(page, data))

    assert not [event for event in vera.watch.sees() if "сломалось" in _text(event.message)]


def _text(message: object) -> str:
    return str(getattr(message, "text", ""))
