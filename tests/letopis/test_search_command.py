"""`letopis search`, as a person and as a program use it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from letopis.sample import sample_export
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


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the terminal speak English, whatever the machine does."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


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


@pytest.mark.parametrize(
    ("args", "query"),
    [
        (["--limit", "1", "-hello", "спарк", "-html"], "-hello спарк -html"),
        (["spark", "--json", "-", "-x", "--sort=new", "—"], "spark - -x —"),
        (["--limt 2", "--", "--jsno", "--limit"], "--limt 2 --jsno --limit"),
        (["---", "-5", "--limit", "2", '"--x"'], '--- -5 "--x"'),
    ],
    ids=["one dash", "options between", "two dashes", "odd dashes"],
)
def test_words_may_begin_with_a_dash(
    run: Run, sample_home: Path, args: list[str], query: str
) -> None:
    """What is no option is text: one dash, anything with a blank, anything after two dashes."""
    outcome = run("search", "--json", *args, home=sample_home)
    assert json.loads(outcome.out)["query"] == query


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
    assert outcome.out == "Nothing was found for “абракадабра”.\n"


def test_an_empty_archive_answers_too(run: Run, empty_home: Path) -> None:
    """Searching before the first import is no error; what to do first is said to a person."""
    said, what_to_do = run("search", "слово", home=empty_home).out.splitlines()
    assert said == "Nothing was found for “слово”."
    assert what_to_do.startswith("The archive is still empty.")
    assert "empty" not in run("search", "слово", "--json", home=empty_home).out


def test_a_missing_index_comes_back_by_itself(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """The index is a cache: the archive alone is enough."""
    home = tmp_path / "copy"
    home.mkdir()
    (home / "archive.db").write_bytes((sample_home / "archive.db").read_bytes())
    assert "часть 3: repartition" in run("search", "repartition", home=home).out


def test_long_code_is_cut_and_says_by_how_much() -> None:
    """A terminal shows the first forty lines."""
    from i18n import ENGLISH, RUSSIAN
    from letopis.hits import render_snippets
    from model.posts import Snippet, SnippetOrigin

    code = "\n".join(f"x = {n}" for n in range(50))
    snippet = Snippet(origin=SnippetOrigin.PRE, code=code, start=0, end=9)
    for texts, said in ((ENGLISH, "… 10 lines more"), (RUSSIAN, "… ещё 10 строк")):
        [block] = render_snippets([snippet], [()], texts, colours=True)
        assert block.renderable.plain.endswith(f"x = 39\n{said}")  # type: ignore[union-attr]


def test_code_is_shown_once(run: Run, sample_home: Path) -> None:
    """Code below the excerpt is not in the excerpt too."""
    out = run("search", "столбцы в pandas", home=sample_home).out
    assert out.count("import polars as pl") == 1
    assert out.count("def drop_test_users") == 1
    assert "#polars #pandas\n      import polars" in out
    assert "agg сворачивает группу" in out


@pytest.mark.parametrize(
    ("parts", "query", "shown"),
    [
        (
            ["До кода\n", "x = 1\ny = 2", "\nи слова"],
            "слова",
            ["До кода", "   и слова", "      x = 1", "      y = 2"],
        ),
        (
            ["Имя\nДо кода\n", "x = 1\ny = 2", "\nи слова"],
            "слова",
            ["Имя", "   До кода", "   …", "   и слова", "      x = 1", "      y = 2"],
        ),
        (
            ["Имя\n", "\n".join(f"x = {n}" for n in range(50)), "\nслово"],
            "слово",
            ["Имя", "   x = 40", "   x = 41"],
        ),
        (
            ["слово " * 80 + "\n", "x = 1\ny = 2", "\n" + "то же " * 80 + "\nиное"],
            "иное",
            [("слово " * 80).strip()],
        ),
    ],
    ids=["title", "between", "long", "outside"],
)
def test_an_excerpt_leaves_out_the_code_below(
    run: Run, tmp_path: Path, parts: list[str], query: str, shown: list[str]
) -> None:
    """A mark stands for code between words; what is not shown below stays in the excerpt."""
    before, code, after = parts
    text = [before, {"type": "pre", "text": code, "language": "python"}, after]
    post = {"id": 1, "type": "message", "date": "2024-01-01T12:00:00", "text": text}
    channel = {"name": "Код", "type": "public_channel", "id": 1234567890, "messages": [post]}
    (tmp_path / "result.json").write_text(json.dumps(channel), "utf-8")
    assert run("ingest", str(tmp_path / "result.json")).code == 0

    title, *rest = run("search", query).out.split("1. ", 1)[1].splitlines()
    found = [title, *(line for line in rest[1:] if line.strip())]
    assert found[: len(shown)] == shown


def test_a_narrow_terminal_shows_all(
    run: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Titles and code wrap, and not a letter is lost; nothing is wider than the terminal."""
    wide = run("search", "столбцы в pandas", home=sample_home).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    narrow = run("search", "столбцы в pandas", home=sample_home).out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", narrow)
    assert max(map(len, plain.splitlines())) <= 40
    shown = [re.sub(r"\s", "", out[out.index("\n1. ") :]) for out in (wide, plain)]
    assert shown[0] == shown[1]


def test_progress_is_shown_of_something(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search in an index that is up to date shows no bar; an import does, and clears it."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "Indexing" in run("ingest", str(sample_export())).err
    assert run("search", "спарк").err == ""


def test_progress_says_its_speed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As soon as two steps are done."""
    from letopis.progress import index_progress

    monkeypatch.setenv("FORCE_COLOR", "1")
    with index_progress() as advance:
        advance(1, 10)
        advance(5, 10)
    assert "posts/s" in capsys.readouterr().err


def test_a_search_loads_only_what_it_needs(sample_home: Path) -> None:
    """Into a pipe, without settings: no colours, progress bars, migrations or state of the bot."""
    idle = {"alembic", "db.bot_store", "pydantic", "pygments", "rich.progress", "workers.ahead"}
    script = (
        "import atexit, sys; from letopis.cli import main\n"
        f"atexit.register(lambda: print('loaded:', *({idle} & sys.modules.keys())))\n"
        "sys.argv = ['letopis', 'search', 'repartition', '--limit', '3', '--sort', 'new',\n"
        f"            '--home', {str(sample_home)!r}]; main()"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "repartition(400" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "loaded:"


def test_what_was_sought_is_marked_in_a_terminal(
    run: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Title, passage and code show it, each in its way; a pipe gets no colours."""
    assert "\x1b[" not in run("search", "repartition", home=sample_home).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    out = run("search", "repartition", home=sample_home).out
    assert "\x1b[1;33mrepartition\x1b[0m" in out
    assert re.search(r"\x1b\[[0-9;]*7[0-9;]*mrepartition", out)
    assert max(map(len, re.sub(r"\x1b\[[0-9;]*m", "", out).splitlines())) <= 80


def test_pages_follow_one_another(run: Run, sample_home: Path) -> None:
    """An offset goes on where the page before ended, and counts on."""
    both = run("search", "#spark", "--limit", "4", home=sample_home).out
    page = run("search", "#spark", "--limit", "2", "--offset", "2", home=sample_home).out
    assert "5 posts · 3–4 · " in page
    assert "5 posts · 5 · " in run("search", "#spark", "--offset", "4", home=sample_home).out
    assert page.split("\n3. ")[1] == both.split("\n3. ")[1]
    assert (
        "5 posts · none after 50" in run("search", "#spark", "--offset", "50", home=sample_home).out
    )


def test_the_order_can_be_chosen(run: Run, sample_home: Path) -> None:
    """By time, either way; another order is refused."""
    days = {}
    for sort in ("new", "old"):
        out = run(
            "search", "spark", "--sort", sort, "--json", "--limit", "50", home=sample_home
        ).out
        days[sort] = [hit["posted_at"] for hit in json.loads(out)["hits"]]
    assert days["old"] == sorted(days["old"]) == days["new"][::-1]
    assert run("search", "spark", "--sort", "best", home=sample_home).code == 2


def test_an_answer_says_how_to_go_on(run: Run, sample_home: Path) -> None:
    """It names conditions that would leave fewer posts; what is said to a program can be typed."""
    out = run("search", "спарк квонтование", home=sample_home).out
    assert "Narrow it down: #spark (5) · " in out
    assert "spark" in out.split("\n")[1]
    answer = json.loads(run("search", "спарк", "--json", home=sample_home).out)
    assert answer["notes"][0] == {"code": "other_script", "values": ["спарк", "spark"]}
    [count] = [each for each in answer["facets"]["tag"] if each["value"] == "spark"]
    assert count["condition"] == "#spark"
    narrowed = run("search", "спарк", count["condition"], "--json", home=sample_home).out
    assert json.loads(narrowed)["posts"] == count["posts"]
    assert "Narrow" not in run("search", "repartition", home=sample_home).out


def test_an_answer_names_the_other_reading(run: Run, sample_home: Path) -> None:
    """A query that can be read in two ways comes with a query for the other one."""
    out = run("search", "spark in 1999", home=sample_home).out
    assert "“in 1999” is searched as words" in out
    assert "Read it differently: spark on:1999" in out
    answer = json.loads(run("search", "spark in 1999", "--json", home=sample_home).out)
    note = {"code": "date_words", "values": ["in 1999"], "instead": "spark on:1999"}
    assert note in answer["notes"]


def test_similar_posts_are_shown(run: Run, sample_home: Path) -> None:
    """A post leads to those like it; a program gets hits as from a search."""
    out = run("similar", "45", home=sample_home).out
    assert out.startswith("Like “Spark без боли, часть 3")
    assert "1. Spark без боли, часть " in out
    hits = json.loads(run("similar", "45", "--json", "--limit", "2", home=sample_home).out)["hits"]
    assert len(hits) == 2
    assert 45 not in [hit["message_id"] for hit in hits]
    assert run("similar", "999999", home=sample_home).code == 2


def test_repeated_posts_are_one_hit_with_their_dates(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The posts with the same text stand under the newest of them, the last ones by day."""
    advert = "Открыт набор на курс по рекомендательным системам, начало осенью"
    lines = [
        {"id": n, "type": "message", "date": f"2024-01-{n:02}T12:00:00", "text": text}
        for n, text in enumerate([advert] * 8 + ["Курс валют", ""], start=1)
    ]
    export = tmp_path / "result.json"
    channel = {"name": "Курсы", "type": "public_channel", "id": 1234567890, "messages": lines}
    export.write_text(json.dumps(channel), "utf-8")
    assert run("ingest", str(export)).code == 0

    out = run("search", "курс").out
    assert "2 posts, 9 with those of the same text" in out
    assert "also 2024-01-03 #3, 2024-01-04 #4" in out
    assert "#7 and 2 more" in out
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    out = run("search", "курс").out
    assert "2 поста, с повторами 9" in out
    assert "также 2024-01-03 #3, 2024-01-04 #4" in out
    assert "#7 и ещё 2" in out
    assert run("similar", "10").out == "Похожих постов нет.\n"
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    [hit] = json.loads(run("search", "набор", "--json").out)["hits"]
    assert [repeat["message_id"] for repeat in hit["repeats"]] == list(range(1, 8))
    assert run("similar", "10").out == "There are no posts like this one.\n"


def test_an_answer_speaks_one_language(
    run: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What surrounds the posts is in the terminal's language, all of it; JSON has no language."""
    english = json.loads(run("search", "спарк", "--json", home=sample_home).out)
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    russian = json.loads(run("search", "спарк", "--json", home=sample_home).out)
    assert english | {"took_ms": 0} == russian | {"took_ms": 0}

    lines = run("search", "спарк", "--limit", "2", home=sample_home).out.splitlines()
    assert re.fullmatch(r"\d+ постов · 1–2 · \d+ мс", lines[0])
    assert lines[1].startswith("ℹ️ Искали также: «spark»; близкое по смыслу: «")
    assert lines[2].startswith("Уточнить: #spark (5) · ")
    page = run("search", "спарк", "--offset", "50", home=sample_home).out
    assert "после 50 ничего нет" in page
    out = run("search", "абракадабра", home=sample_home).out
    assert out == "По запросу «абракадабра» ничего не нашлось.\n"
    assert run("similar", "45", home=sample_home).out.startswith("Похожие на «Spark без боли")
