"""`letopis demo`: the bot in a terminal, over real handlers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from letopis.sample import sample_export
from tests.letopis.conftest import Run
from tests.new_databases import new_archive


@pytest.fixture(autouse=True)
def _in_russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")


def test_a_conversation_runs_to_the_end_of_the_input(run: Run) -> None:
    """Each line is answered in turn: a search, a button, code, tags; then it ends."""
    lines = "оконные функции\n1\n/code repartition\n/tags\nC++\n"
    outcome = run("demo", home=None, stdin=lines.encode())
    assert outcome.code == 0
    assert "Оконные функции за пять минут" in outcome.out
    assert "SUM(amount) OVER (PARTITION BY user_id" in outcome.out
    assert "left.repartition(400" in outcome.out
    assert "#llm_system_design" in outcome.out
    assert "[1]" in outcome.out


def test_an_archive_at_hand_is_talked_over(run: Run, tmp_path: Path) -> None:
    """With --home the demo answers from that archive and adds nothing to it."""
    home = tmp_path / "mine"
    page = sample_export() / "messages.html"
    (tmp_path / "messages.html").write_text(
        page.read_text("utf-8").replace("Данные на заметку", "Моя летопись"), "utf-8"
    )
    run("ingest", str(tmp_path / "messages.html"), home=home)
    outcome = run("demo", home=home, stdin="кафка\n/quit\nне прочтут\n".encode())
    assert "Моя летопись" in outcome.out
    assert "не прочтут" not in outcome.out
    stats = json.loads(run("stats", "--json", home=home).out)
    assert [row["channel"]["title"] for row in stats["channels"]] == ["Моя летопись"]


def test_the_demo_leaves_a_home_without_posts_alone(run: Run, tmp_path: Path) -> None:
    """The sample channel gets into no archive of one's own, be there none yet or an empty one."""
    outcome = run("demo", home=tmp_path / "none", stdin="кафка\n".encode())
    assert "Данные на заметку" in outcome.out
    assert not (tmp_path / "none").exists()

    with new_archive(tmp_path / "empty" / "archive.db") as store:
        run("demo", home=tmp_path / "empty", stdin="кафка\n".encode())
        assert not store.count_messages()


def test_the_demo_needs_no_home(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --home it works in a temporary folder that is gone afterwards."""
    import sys

    from letopis.cli import main

    run("where")  # the environment without settings
    monkeypatch.setattr(sys, "argv", ["letopis", "demo"])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert "Данные на заметку" in capsys.readouterr().out
