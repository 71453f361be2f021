"""What a person types is read as a query, whatever it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Note, Query, Remark, parse_query
from search.dates import days_of
from search.expression import Sort
from search.query import (
    Atom,
    Bound,
    Clause,
    Filter,
    Filtered,
    Group,
    Period,
    Prefix,
    Quoted,
    Span,
    Tag,
    When,
    Word,
)

TODAY = date(2024, 6, 20)  # a Thursday
YEAR = Period(first=date(2024, 1, 1), last=date(2024, 12, 31))


def spoken(query: Query) -> list[object]:
    """Return a query's clauses in short: what each option says, excluded ones after a minus."""
    return _spoken(query.clauses)


def _spoken(clauses: Sequence[Clause]) -> list[object]:
    return [
        (
            "-" if clause.excluded else "",
            *(_spoken(o.clauses) if isinstance(o, Group) else _said(o) for o in clause.options),
        )
        for clause in clauses
    ]


def _said(option: Atom) -> object:
    match option:
        case Word(text=text):
            return text
        case Quoted(text=text):
            return f'"{text}"'
        case Prefix(chunk=chunk):
            return f"{chunk.text}*"
        case Tag(tag=tag, prefix=prefix):
            return f"#{tag}*" if prefix else f"#{tag}"
        case Filtered(filter=name, values=values):
            return f"{name}:{','.join(values)}"
        case When(time=time, bound=bound):
            return (bound.value, time)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("pandas groupby", [("", "pandas"), ("", "groupby")], id="words"),
        pytest.param("a,b", [("", "a"), ("", "b")], id="words joined by a comma"),
        pytest.param("C++ C# .NET", [("", "C++"), ("", "C#"), ("", ".NET")], id="punctuated"),
        pytest.param('"машинное обучение"', [("", '"машинное обучение"')], id="phrase"),
        pytest.param("«машинное обучение»", [("", '"машинное обучение"')], id="Russian quotes"),
        pytest.param("„дрифт“ “bias”", [("", '"дрифт"'), ("", '"bias"')], id="curly quotes"),
        pytest.param('""', [], id="empty phrase"),
        pytest.param('"…"', [], id="phrase without words"),
        pytest.param("-spark −hadoop", [("-", "spark"), ("-", "hadoop")], id="minus"),
        pytest.param('-"a b" -#x', [("-", '"a b"'), ("-", "#x")], id="minus phrase and tag"),
        pytest.param("- a", [("", "a")], id="a minus alone is a dash"),
        pytest.param("jq -r -5", [("", "jq"), ("", "r"), ("", "5")], id="an option of a command"),
        pytest.param("-я -C++", [("-", "я"), ("-", "C++")], id="no option of a command"),
        pytest.param("--no-cache", [("", "no-cache")], id="two minuses are a flag"),
        pytest.param("a OR b", [("", "a", "b")], id="or"),
        pytest.param("a или b | c || d", [("", "a", "b", "c", "d")], id="or in every spelling"),
        pytest.param("OR a OR", [("", "a")], id="or without sides"),
        pytest.param("a OR -bb", [("", "a", [("-", "bb")])], id="or joins a minus"),
        pytest.param("-aa OR -bb", [("", [("-", "aa")], [("-", "bb")])], id="two minuses joined"),
        pytest.param("-tag:a,b OR c", [("", [("-", "#a", "#b")], "c")], id="a minus joined"),
        pytest.param("обуч*", [("", "обуч*")], id="prefix"),
        pytest.param("read_c*", [("", "read_c*")], id="prefix of a compound"),
        pytest.param("#Ozon", [("", "#ozon")], id="tag"),
        pytest.param("#llm*", [("", "#llm*")], id="tag prefix"),
        pytest.param("tag:ml,dl*", [("", "#ml", "#dl*")], id="tag operator"),
        pytest.param("тег:Обучение", [("", "#обучение")], id="tag in Russian"),
        pytest.param("has:code,ссылка", [("", "has:code,link")], id="has"),
        pytest.param("есть:код", [("", "has:code")], id="has in Russian"),
        pytest.param("-has:photo", [("-", "has:photo")], id="has not"),
        pytest.param("lang:py", [("", "lang:python")], id="language by its short name"),
        pytest.param("язык:Питон", [("", "lang:python")], id="language in Russian"),
        pytest.param("code:read_csv", [("", "code:read_csv")], id="code"),
        pytest.param('from:"Data Secrets"', [("", "from:Data Secrets")], id="from, quoted"),
        pytest.param("site:arxiv.org", [("", "site:arxiv.org")], id="site"),
        pytest.param("channel:@data", [("", "channel:@data")], id="channel"),
        pytest.param("is:репост", [("", "is:repost")], id="is"),
        pytest.param("foo:bar", [("", "foo"), ("", "bar")], id="unknown operator"),
        pytest.param("std::vector", [("", "std::vector")], id="two colons are a scope"),
        pytest.param("https://a.io/b", [("", "a.io/b")], id="an address is no operator"),
        pytest.param("has:", [("", "has")], id="operator without a value"),
        pytest.param("has: x", [("", "has"), ("", "x")], id="operator and a space"),
        pytest.param('has:""', [], id="operator with an empty value"),
        pytest.param("has:,", [], id="operator with a comma"),
        pytest.param("has:мечта", [], id="operator with a strange value"),
        pytest.param("code:???", [], id="operator without words"),
        pytest.param("sort:новые", [], id="sort"),
        pytest.param("sort:мечта", [], id="strange sort"),
        pytest.param("after:мечта", [], id="strange date"),
        pytest.param("a|", [("", "a")], id="a bar at the end"),
        pytest.param("a |-|b", [("", "a", "b")], id="a dash between bars"),
        pytest.param("has:|", [], id="a bar for a value"),
        pytest.param("(a b)", [("", "a"), ("", "b")], id="a group by itself"),
        pytest.param("(a)", [("", "a")], id="a group of one"),
        pytest.param("(a OR b) c", [("", "a", "b"), ("", "c")], id="a group joined inside"),
        pytest.param("x OR (a OR b)", [("", "x", "a", "b")], id="groups of one kind are one"),
        pytest.param(
            "(a b) OR c", [("", [("", "a"), ("", "b")], "c")], id="a group joined with a word"
        ),
        pytest.param(
            "(a #b) или ( -cc d | e )",
            [("", [("", "a"), ("", "#b")], [("-", "cc"), ("", "d", "e")])],
            id="two groups joined",
        ),
        pytest.param("-(a OR b)", [("-", "a", "b")], id="a group left out, any of it"),
        pytest.param("-(a b)", [("-", [("", "a"), ("", "b")])], id="a group left out, all of it"),
        pytest.param("-(-a)", [("-", [("-", "a")])], id="two minuses and a group"),
        pytest.param("(-a)", [("-", "a")], id="a minus in a group by itself"),
        pytest.param("(a (b (c)) d)", [("", c) for c in "abcd"], id="groups in groups"),
        pytest.param(
            "((a b) OR c) OR (d (e OR f))",
            [("", [("", "a"), ("", "b")], "c", [("", "d"), ("", "e", "f")])],
            id="groups in groups, joined",
        ),
        pytest.param("a OR(b c)", [("", "a", [("", "b"), ("", "c")])], id="or beside a group"),
        pytest.param("() a OR () b", [("", "a"), ("", "b")], id="empty groups"),
        pytest.param(
            "-2024..2024 (2024..)",
            [("-", ("on", Span(first=YEAR, last=YEAR))), ("", ("on", Span(first=YEAR)))],
            id="ranges",
        ),
        pytest.param("(lang:python)", [("", "lang:python")], id="a value ends with its group"),
        pytest.param("(has:) a", [("", "a")], id="a value missing in a group"),
        pytest.param('("a b")', [("", '"a b"')], id="a phrase in a group"),
        pytest.param("(f(x) OR g(y))", [("", "f"), ("", "x", "g"), ("", "y")], id="calls"),
        pytest.param("no_grad() x", [("", "no_grad"), ("", "x")], id="a call is no group"),
        pytest.param(":) a)", [("", "a")], id="a smile closes nothing"),
        pytest.param("(a b", [("", "a"), ("", "b")], id="never closed"),
        pytest.param("a) b", [("", "a"), ("", "b")], id="never opened"),
        pytest.param("(" * 20 + "a) b" + ")" * 9, [("", "a"), ("", "b")], id="too deep"),
        pytest.param("(sort:new)", [], id="order in a group"),
        pytest.param("word\x00word", [("", "word"), ("", "word")], id="a zero byte"),
    ],
)
def test_a_text_is_read_as_clauses(text: str, expected: list[object]) -> None:
    """Each way of saying something has one reading."""
    assert spoken(parse_query(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("foo:bar", Note(code=Remark.UNKNOWN_OPERATOR, values=("foo",))),
        ("has:мечта", Note(code=Remark.BAD_VALUE, values=("has", "мечта"))),
        ("sort:мечта", Note(code=Remark.BAD_VALUE, values=("sort", "мечта"))),
        ("до:мечта", Note(code=Remark.BAD_VALUE, values=("до", "мечта"))),
        ("after:2023..2024", Note(code=Remark.BAD_VALUE, values=("after", "2023..2024"))),
        ("2024-13..2025", Note(code=Remark.BAD_RANGE, values=("2024-13..2025",))),
        ("-2024-02-30.. a", Note(code=Remark.BAD_RANGE, values=("2024-02-30..",))),
        ("from:?!", Note(code=Remark.BAD_VALUE, values=("from", "?!"))),
        ("has:", Note(code=Remark.MISSING_VALUE, values=("has",))),
        ("has:,", Note(code=Remark.MISSING_VALUE, values=("has",))),
        ('"a b', Note(code=Remark.UNCLOSED_QUOTE)),
        ("(a b", Note(code=Remark.UNCLOSED_GROUP)),
        ("(" * 9 + "a" + ")" * 9, Note(code=Remark.TOO_DEEP, values=("8",))),
        ("x*", Note(code=Remark.SHORT_PREFIX, values=("x",))),
        ("*нг", Note(code=Remark.LEADING_WILDCARD, values=("*нг",))),
        ("?!", Note(code=Remark.NOTHING_TO_SEARCH)),
        ("a " * 2200, Note(code=Remark.TRUNCATED, values=("4096",))),
        ("-ab " * 13, Note(code=Remark.TOO_MANY_TERMS, values=("12",))),
        ("a OR " * 14, Note(code=Remark.TOO_MANY_TERMS, values=("12",))),
        ("tag:" + "a," * 13, Note(code=Remark.TOO_MANY_TERMS, values=("12",))),
    ],
)
def test_oddities_are_noted(text: str, expected: Note) -> None:
    """A note says what was not understood, or left out."""
    assert expected in parse_query(text).notes


@pytest.mark.parametrize("text", ["", "  ", "sort:new", "a -b #c has:code", "за прошлый месяц"])
def test_plain_queries_have_no_notes(text: str) -> None:
    """A query that is fully understood has no notes."""
    assert parse_query(text).notes == ()


@pytest.mark.parametrize(
    ("value", "expected"), [("new", Sort.NEW), ("старые", Sort.OLD), ("лучшие", Sort.RELEVANCE)]
)
def test_the_order_is_asked_for(value: str, expected: Sort) -> None:
    """The sort operator knows its values in both languages."""
    assert parse_query(f"порядок:{value}").sort is expected
    assert parse_query(f"сначала:{value}").sort is expected


def test_a_query_of_conditions_alone_is_blank_without_them() -> None:
    """Only a query without any clause is blank."""
    assert parse_query("sort:new").blank
    assert not parse_query("has:code").blank


def days(first: str | None, last: str | None) -> Period:
    """Return a period by its ISO dates."""
    return Period(
        first=date.fromisoformat(first) if first else None,
        last=date.fromisoformat(last) if last else None,
    )


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on:2024", "2024-01-01", "2024-12-31"),
        ("on:2024-02", "2024-02-01", "2024-02-29"),
        ("on:2024-02-03", "2024-02-03", "2024-02-03"),
        ("on:03.02.2024", "2024-02-03", "2024-02-03"),
        ("on:02.2024", "2024-02-01", "2024-02-29"),
        ("дата:сегодня", "2024-06-20", "2024-06-20"),
        ("on:yesterday", "2024-06-19", "2024-06-19"),
        ('on:"5 марта 2024"', "2024-03-05", "2024-03-05"),
        ('on:"5 March 2024"', "2024-03-05", "2024-03-05"),
        ('дата:"March 5 2024"', "2024-03-05", "2024-03-05"),
        ('on:"March 2024"', "2024-03-01", "2024-03-31"),
        ("on:март", "2024-03-01", "2024-03-31"),
        ("on:декабрь", "2023-12-01", "2023-12-31"),
        ("за сегодня", "2024-06-20", "2024-06-20"),
        ("за вчера", "2024-06-19", "2024-06-19"),
        ("за прошлый день", "2024-06-19", "2024-06-19"),
        ("на этой неделе", "2024-06-17", "2024-06-23"),
        ("на прошлой неделе", "2024-06-10", "2024-06-16"),
        ("last week", "2024-06-10", "2024-06-16"),
        ("за прошлый месяц", "2024-05-01", "2024-05-31"),
        ("в этом месяце", "2024-06-01", "2024-06-30"),
        ("В ПРОШЛОМ ГОДУ", "2023-01-01", "2023-12-31"),
        ("this year", "2024-01-01", "2024-12-31"),
        ("за последнюю неделю", "2024-06-14", "2024-06-20"),
        ("за последние 3 месяца", "2024-03-21", "2024-06-20"),
        ("in the last 10 days", "2024-06-11", "2024-06-20"),
        ("за последние 2 года", "2022-06-21", "2024-06-20"),
        ("за последние 999 лет", "1025-06-21", "2024-06-20"),
        ("в марте 2024", "2024-03-01", "2024-03-31"),
        ("за май 2023 года", "2023-05-01", "2023-05-31"),
        ("в августе", "2023-08-01", "2023-08-31"),
        ("in March", "2024-03-01", "2024-03-31"),
        ("in may 2022", "2022-05-01", "2022-05-31"),
        ("в 2023 году", "2023-01-01", "2023-12-31"),
        ("in 2023", "2023-01-01", "2023-12-31"),
        ("2024-01..2024-03", "2024-01-01", "2024-03-31"),
        ("2024..2025", "2024-01-01", "2025-12-31"),
        ("2024-03-05..2024-03-05", "2024-03-05", "2024-03-05"),
        ("2024-01-15..", "2024-01-15", None),
        ("..2023", None, "2023-12-31"),
        ("05.03.2024..03.2024", "2024-03-01", "2024-03-31"),
        ("2024.02..2024.03", "2024-02-01", "2024-03-31"),
        ("2024-03..2024-01", "2024-01-01", "2024-03-31"),
        ("on:2024-01..2024-03", "2024-01-01", "2024-03-31"),
        ("дата:..2023", None, "2023-12-31"),
        ("за:2024-05..", "2024-05-01", None),
        ("дата:вчера..", "2024-06-19", None),
        ('on:"January 2024 .. March 2024"', "2024-01-01", "2024-03-31"),
        ("дата:декабрь..март", "2023-12-01", "2024-03-31"),
    ],
)
def test_a_time_is_understood(text: str, first: str | None, last: str | None) -> None:
    """Dates are read after an operator, as a range and in words, in both languages."""
    ((option,),) = [list(clause.atoms()) for clause in parse_query(text).clauses]

    assert isinstance(option, When)
    assert option.bound is Bound.ON
    assert days_of(option.time, today=TODAY) == days(first, last)


@pytest.mark.parametrize(
    ("text", "bound", "first"),
    [
        ("с марта 2024", Bound.AFTER, "2024-03-01"),
        ("после мая 2023 года", Bound.AFTER, "2023-05-01"),
        ("с 2023 года", Bound.AFTER, "2023-01-01"),
        ("до мая 2023", Bound.BEFORE, "2023-05-01"),
        ("до 2024 г.", Bound.BEFORE, "2024-01-01"),
        ("since March 2024", Bound.AFTER, "2024-03-01"),
        ("after 2023", Bound.AFTER, "2023-01-01"),
        ("before May 2023", Bound.BEFORE, "2023-05-01"),
        ("until 2024", Bound.BEFORE, "2024-01-01"),
    ],
)
def test_a_side_of_a_time_is_said_in_words(text: str, bound: Bound, first: str) -> None:
    """What is before and what is after can be said without an operator."""
    ((option,),) = [list(clause.atoms()) for clause in parse_query(text).clauses]

    assert isinstance(option, When)
    assert option.bound is bound
    assert days_of(option.time, today=TODAY).first == date.fromisoformat(first)


@pytest.mark.parametrize(
    "text",
    [
        "с кодом",
        "до 2024",
        "before",
        "after 5000",
        "после обеда 2024",
        "март",
        "неделя",
        "в майоре",
        "в марте 9999",
        "2024",
        "may day",
        "в 1500",
        "mart 2024",
        "a..b",
        "1..10",
        "0..=9",
        "1000..5000",
        "2024...",
        "..",
        "2024..N",
        "v2024..2025",
        "2024..2025.txt",
    ],
)
def test_words_that_only_resemble_a_time_stay_words(text: str) -> None:
    """A month or a number by itself is searched as it is."""
    options = [option for clause in parse_query(text).clauses for option in clause.options]

    assert all(isinstance(option, Word) for option in options)


@pytest.mark.parametrize(
    "value",
    [
        "2024-13",
        "31.02.2024",
        "31 февраля 2024",
        "5 слов 2024",
        "1500",
        "9999",
        "завтрак",
        "март 2024 г",
        "..",
        "a..b",
        "2024..b",
        "2024-13..2025",
        "2024..2025..2026",
    ],
)
def test_a_date_that_does_not_exist_is_a_bad_value(value: str) -> None:
    """The note names the operator and the value."""
    assert parse_query(f'on:"{value}"').notes[0] == Note(
        code=Remark.BAD_VALUE, values=("on", value)
    )


def test_a_month_is_counted_back_to_a_shorter_one() -> None:
    """The last month before the 31st of March begins after the 29th of February."""
    ((option,),) = [list(clause.atoms()) for clause in parse_query("за последний месяц").clauses]

    assert isinstance(option, When)
    assert days_of(option.time, today=date(2024, 3, 31)) == days("2024-03-01", "2024-03-31")


HOSTILE = (
    "#·",
    '"',
    "''",
    "«",
    "\\",
    "*",
    "**",
    "a* *b",
    "-",
    "---",
    "OR OR OR",
    "|",
    "()",
    "((((a",
    "a AND NOT b",
    "field:value:other",
    ":::",
    "#",
    "##",
    "#-",
    "-#",
    '-"',
    "tag:",
    "tag:*",
    "tag:,,",
    "site:://",
    "site:.",
    "code:*",
    "from:@",
    "channel:",
    "after:0000-00-00",
    "on:9999-99-99",
    "в 9999",
    "за последние 0 дней",
    "\x00",
    "\ud800",
    "from:\ud800a -tag:\udfff,\ud83d site:\udc00.org #\ud800 code:x\udfff",
    "\u202eabc",
    "a" * 5000,
    "a_" * 200,
    "x." * 200,
    "́́́",
    "👨\u200d👩\u200d👧",
    "SELECT * FROM posts; DROP TABLE posts; --",
    "<script>alert(1)</script>",
    "[a-z]{99999}",
    "ﷺ" * 50,
    "½ ² ⅷ ①",
    "नमस्ते 你好 مرحبا",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_gives_a_query(text: str) -> None:
    """No text raises, and what is taken of it is bounded."""
    query = parse_query(text)

    conditions = [clause for clause in query.clauses if clause.only_word is None or clause.excluded]
    assert len([atom for clause in conditions for atom in clause.atoms()]) <= 13
    assert len(query.text) <= 4096


@given(st.text(max_size=400) | st.text(alphabet='aбё"«»#-*:|, OR\n123.()', max_size=300))
def test_every_text_gives_a_query(text: str) -> None:
    """Reading is total."""
    query = parse_query(text)

    assert isinstance(query, Query)
    assert all(clause.options for clause in query.clauses)


def test_a_condition_is_found_by_its_value() -> None:
    """A query can be asked for an operator and for one of its values."""
    query = parse_query("word is:service,repost")

    assert query.asks_for(Filter.IS)
    assert query.asks_for(Filter.IS, "service")
    assert not query.asks_for(Filter.IS, "edited")
    assert not query.asks_for(Filter.HAS)
