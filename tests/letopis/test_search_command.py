"""`letopis search`, as a person and as a program use it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.letopis.conftest import Run

ODD = [
    "C++",
    "#ozon",
    '"',
    "-",
    "--",
    "((",
    "a OR",
    "*",
    "\\",
    "%",
    "'; DROP TABLE posts",
    "ё" * 5000,
]


def test_a_person_sees_title_date_excerpt_and_code(run: Run, sample_home: Path) -> None:
    """A hit shows where it stands and the code that matched."""
    outcome = run("search", "repartition", home=sample_home)
    assert outcome.code == 0
    assert "1. Spark без боли, часть 3: repartition и coalesce" in outcome.out
    assert "2024-02-01 · #45 · Данные на заметку · #spark" in outcome.out
    assert 'left = left.repartition(400, "user_id")' in outcome.out
    assert not re.search(r" $", outcome.out, re.MULTILINE)


def test_a_program_gets_one_object(run: Run, sample_home: Path) -> None:
    """The object holds the query, the total, and the posts with their snippets."""
    outcome = run("search", "repartition", "--json", "--limit", "3", home=sample_home)
    answer = json.loads(outcome.out)
    assert set(answer) >= {"query", "total", "took_ms", "hits"}
    assert answer["query"] == "repartition"
    assert answer["total"] >= len(answer["hits"]) >= 1
    hit = answer["hits"][0]
    assert hit["message_id"] == 45
    assert hit["channel"] == "Данные на заметку"
    assert hit["posted_at"] == "2024-02-01T07:45:50Z"
    assert hit["url"] is None
    assert hit["hashtags"] == ["spark"]
    assert "repartition" in hit["text"]
    assert any("left.repartition(400" in snippet["code"] for snippet in hit["snippets"])
    marked = {hit["excerpt"][start:end].lower() for start, end in hit["highlights"]}
    assert marked == {"repartition"}


def test_words_are_found_in_any_form_and_letter(run: Run, sample_home: Path) -> None:
    """Forms of a word, ё and е, and case make no difference."""
    queries = ["оконная функция", "ОКОННЫЕ ФУНКЦИИ", "оконных функций"]
    stdin = "\n".join(queries).encode()
    lines = run("search", "-", "--json", home=sample_home, stdin=stdin).out.splitlines()
    best = {tuple(hit["message_id"] for hit in json.loads(line)["hits"][:2]) for line in lines}
    assert len(best) == 1
    assert set(best.pop()) == {6, 84}
    both = run("search", "-", "--json", home=sample_home, stdin="полёт\nполет\n".encode())
    one, two = (json.loads(line) for line in both.out.splitlines())
    assert [hit["message_id"] for hit in one["hits"]] == [hit["message_id"] for hit in two["hits"]]


def test_phrases_exclusions_and_tags_narrow_the_answer(run: Run, sample_home: Path) -> None:
    """A phrase is words in a row, `-word` leaves posts out, `#tag` is exact."""

    def found(*query: str) -> list[int]:
        outcome = run("search", *query, "--json", "--limit", "1000", home=sample_home)
        return [hit["message_id"] for hit in json.loads(outcome.out)["hits"]]

    assert found('"broadcast join"') == [43]
    assert set(found("#sql")) - set(found("#sql", "-retention")) == set(found("#sql", "retention"))
    assert 22 in found("#ozon")
    assert found("-sql") != []


def test_queries_are_answered_line_by_line(run: Run, sample_home: Path) -> None:
    """Every line of standard input gives one line of output, blank and undecodable ones too."""
    stdin = "\n".join(ODD).encode() + b"\n\n\xff\xfe\r\n"
    outcome = run("search", "-", "--json", home=sample_home, stdin=stdin)
    answers = [json.loads(line) for line in outcome.out.splitlines()]
    assert outcome.code == 0
    assert [answer["query"] for answer in answers[: len(ODD)]] == ODD
    assert len(answers) == len(ODD) + 2


@pytest.mark.parametrize("query", ODD[:-1])
def test_every_string_gives_an_answer(run: Run, sample_home: Path, query: str) -> None:
    """No query is an error, however odd."""
    args = ["--", query] if query == "--" else [query]
    assert run("search", *args, home=sample_home).code == 0


def test_nothing_found_says_so(run: Run, sample_home: Path) -> None:
    """An empty answer names the query."""
    outcome = run("search", "абракадабра", home=sample_home)
    assert outcome.out == "Nothing found for: абракадабра\n"


def test_an_empty_archive_answers_too(run: Run) -> None:
    """Searching before the first import is no error."""
    assert run("search", "слово").out == "Nothing found for: слово\n"


def test_a_missing_index_comes_back_by_itself(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """The index is a cache: the archive alone is enough."""
    home = tmp_path / "copy"
    home.mkdir()
    (home / "archive.db").write_bytes((sample_home / "archive.db").read_bytes())
    assert "часть 3: repartition" in run("search", "repartition", home=home).out


def test_long_code_is_cut_and_says_by_how_much() -> None:
    """A terminal shows the first forty lines."""
    from letopis.answers import _render_snippets
    from model.posts import Snippet, SnippetOrigin

    code = "\n".join(f"x = {n}" for n in range(50))
    [block] = _render_snippets([Snippet(origin=SnippetOrigin.PRE, code=code, start=0, end=9)])
    assert "… 10 more lines" in block.renderable.plain  # type: ignore[union-attr]
