"""Damage of the bot's file is reported as such, whichever query encounters it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import Text

from db.bot_live import ApprovalStatus, Gap
from db.bot_store import BotStore, check_bot_state, open_bot_store
from db.schema.bot import bot_metadata
from model.errors import ArchiveError
from tests.damage import KINDS, damaged
from tests.db.making import MORNING

_QUESTIONS: tuple[Callable[[BotStore], object], ...] = (
    lambda bot: bot.find_session("7"),
    lambda bot: bot.seen_update(7),
    lambda bot: bot.drop_sessions(before=MORNING),
    lambda bot: bot.people.find(7),
    lambda bot: bot.people.languages(),
    lambda bot: bot.live.find(-7),
    lambda bot: bot.live.approved(),
    lambda bot: bot.live.gaps(),
    lambda bot: bot.live.take_gaps(found_before=MORNING, now=MORNING),
    lambda bot: bot.saved.all(),
    lambda bot: bot.uploads.all(),
    lambda bot: bot.alerts.waiting(),
    lambda bot: bot.alert_settings.get(7),
)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a file in which much is remembered."""
    path = tmp_path_factory.mktemp("state") / "bot.db"
    with open_bot_store(path) as bot:
        for number in range(1, 100):
            bot.save_session(
                session_id=str(number),
                user_id=number,
                chat_id=number,
                query="слово",
                state="{}",
                now=MORNING,
            )
            bot.seen_update(number)
            bot.people.choose_language(number, "ru")
            bot.live.ask(-number, title="Дневник", language="ru", now=MORNING)
            bot.live.decide(-number, ApprovalStatus.APPROVED, by=1, now=MORNING)
            gap = Gap(chat_id=-number, first_id=2, last_id=3, channel_id=1)
            bot.live.add_gap(gap, now=MORNING)
            bot.alert_settings.choose_digest(number, MORNING)
            bot.saved.save(
                number,
                "слово",
                archive_id="a",
                seq=1,
                known=[],
                now=MORNING,
            )
    return path.read_bytes()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", KINDS)
def test_damage_of_the_bots_file_is_an_error_of_the_archive(
    tmp_path: Path, content: bytes, kind: str, seed: int
) -> None:
    """Forty damages: every question is answered, or refused in a sentence."""
    path = tmp_path / "bot.db"
    path.write_bytes(damaged(content, kind=kind, seed=seed))
    is_met = False
    try:
        with open_bot_store(path) as bot:
            for ask in _QUESTIONS:
                try:
                    ask(bot)
                except ArchiveError:
                    is_met = True
            if is_met:
                assert _is_found(path)
    except ArchiveError:
        assert _is_found(path)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        pytest.param(table.name, column.name, id=f"{table.name}.{column.name}")
        for table in bot_metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text) and not column.primary_key
    ],
)
def test_texts_without_sense_are_refused_in_a_sentence(
    tmp_path: Path, content: bytes, table: str, column: str
) -> None:
    """No time, no word of a list, no JSON: every question is answered or refused."""
    path = tmp_path / "bot.db"
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE {table} SET {column} = 'at_once'")
    with open_bot_store(path) as bot:
        for ask in _QUESTIONS:
            with suppress(ArchiveError):
                ask(bot)


def _is_found(path: Path) -> bool:
    """Tell whether the check of the file finds what a question has met."""
    try:
        return bool(check_bot_state(path))
    except ArchiveError:
        return True
