"""The console: the same bot in a terminal, line by line."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from rich.console import Console

from bot.terminal.console import read_lines, run_console
from model.posts import Channel
from model.rich_text import RichText, Span, SpanKind
from tests.bot.channel import AS_OF, CHANNEL, OTHER_NAME, coded, written
from tests.bot.conftest import Filled, World
from tests.bot.exports import result_of
from tests.bot.sentences import RUSSIAN, UPLOADS, opening, posts
from tests.new_databases import new_archive
from tests.searchers import patient_searcher


def talk(
    world: World,
    lines: Sequence[str] | Iterator[str],
    *,
    terminal: bool = False,
    width: int = 80,
    **options: object,
) -> str:
    """Say lines to the bot and return what the terminal shows."""
    out = io.StringIO()
    colours: Literal["standard"] | None = "standard" if terminal else None
    console = Console(file=out, force_terminal=terminal, width=width, color_system=colours)
    run_console(world.build, lines=lines, console=console, **options)  # type: ignore[arg-type]
    return out.getvalue()


def test_console_greets_with_examples(world: World) -> None:
    """The first lines name the archive and give three queries to try."""
    shown = talk(world, [], title="Заметки", examples=("раз", "два", "три", "четыре"))

    assert shown.splitlines()[0] == "Заметки"
    assert "/quit" in shown
    assert "  три\n" in shown
    assert "четыре" not in shown


def test_buttons_stay_within_reach(world: World) -> None:
    """After an answer without buttons a number still presses those above it."""
    shown = talk(world, ["группировка", "/nothing", "1"])

    assert "Группировка в pandas" in shown.split("/help")[-1]
    assert opening(RUSSIAN.nothing_found) not in shown


def test_line_is_answered_as_in_telegram(world: World) -> None:
    """A line finds posts; in a pipe the answer is plain text with numbered buttons."""
    shown = talk(world, ["группировка"], echo=True)

    assert f"> группировка\n\n🔎 группировка — {posts(1)}\n" in shown
    assert "\n\n1. Группировка в pandas" in shown
    assert '    df.groupby("city")' in shown
    assert (
        f"  [1]\n  [2] {RUSSIAN.button_code_only}  [3] {RUSSIAN.following.button_follow}\n" in shown
    )
    assert "\x1b" not in shown


def test_picture_is_told_with_its_text(world: World) -> None:
    """In place of a picture its text is shown."""
    shown = talk(world, ["/stats"])
    title = RUSSIAN.welcome_title.format(title="«Заметки»")

    assert f"🖼\n📊 {title}\n{posts(19)}" in shown


def test_number_presses_the_button_shown_last(world: World) -> None:
    """A number opens the post; a number without a button is a search."""
    shown = talk(world, ["группировка", "1", "6", "777"])

    assert '    df.groupby("city").agg("sum")\n' in shown
    assert shown.count("🔎 группировка") == 2
    assert RUSSIAN.nothing_found.format(query="777") in shown


def test_buttons_that_copy_or_lead_out_show_what_they_hold(world: World) -> None:
    """A button to copy shows the code, one to a page its address."""
    shown = talk(world, ["группировка", "1", "1", "2"])

    assert shown.count('\ndf.groupby("city").agg("sum")\n') == 1
    assert "https://t.me/zametki/1\n" in shown


def test_word_over_the_chat_is_shown(world: World) -> None:
    """What Telegram shows for a moment stands on a line of its own."""

    def lines() -> Iterator[str]:
        yield "очередь"
        world.bot_store.drop_sessions(before=AS_OF.replace(year=2030))
        yield "7"

    assert f"✱ {RUSSIAN.expired}" in talk(world, lines())


def test_file_is_shown_by_its_beginning(world: World) -> None:
    """A file shows its name and its first lines."""
    shown = talk(world, ["замеры", "1", "3"])

    assert "📎 post_2_1.py\n    total_0 = " in shown
    assert "total_39 = " in shown.split("📎 post_2_1.py")[1]
    assert "total_40 = " not in shown.split("📎 post_2_1.py")[1]


def test_short_file_is_shown_whole(world: World, filled: Filled) -> None:
    """A file of few lines shows all of them."""
    code = "\n".join(f"value_{number} = compute_something({number})" for number in range(12))
    store, searcher = filled([coded(1, "Короткий файл", [(code, "")])])
    shown = talk(replace(world, store=store, searcher=searcher), ["файл", "1", "1"])

    assert "📎 post_1_1.txt\n" in shown
    assert "value_11" in shown.split("📎 post_1_1.txt")[1]
    assert "…" not in shown.split("📎 post_1_1.txt")[1]


def test_folded_quotation_shows_its_first_lines(world: World) -> None:
    """What Telegram folds is folded here as well."""
    shown = talk(world, ["замеры", "1"], terminal=True)

    card = shown.rpartition("Замеры карусели")[2]
    assert card.count("▎") == 7
    assert "▎ …" in card


def test_blocks_of_code_follow_one_another(world: World, filled: Filled) -> None:
    """Between two blocks no blank line is shown, as Telegram shows none."""
    store, searcher = filled([coded(1, "Два блока", [("a = 1", "python"), ("b = 2", "")])])
    shown = talk(replace(world, store=store, searcher=searcher), ["блока", "1"])

    assert "\n    a = 1\n    b = 2\n" in shown


def test_terminal_gets_colours_and_wrapped_lines(world: World) -> None:
    """At a terminal words are bold, code is highlighted, and quotations wrap at the margin."""
    shown = talk(world, ["карусель целиком", "группировка", "1"], terminal=True, width=40)

    assert "\x1b[1m" in shown
    assert "\x1b]8;" in shown
    assert "\x1b[33;49m" in shown.rpartition("Группировка")[2]
    assert all(len(line) < 400 for line in shown.splitlines())


def test_buttons_are_not_torn_in_a_narrow_terminal(several: World) -> None:
    """A row of buttons that does not fit goes on below, and a picture has its buttons as well."""
    shown = talk(several, ["/stats"], terminal=True, width=30)

    lines = [line for line in re.sub(r"\x1b[^m]*m", "", shown).splitlines() if "📢" in line]
    assert lines == [f"  [1] 📢 {CHANNEL.title}", f"  [2] 📢 {OTHER_NAME}"]


def test_every_style_has_its_looks(world: World, filled: Filled) -> None:
    """All kinds of spans are shown, those without looks of their own as they stand."""
    text = "Стили: жирно, курсив, подчёркнуто, зачёркнуто, тайна, код, ссылка\n\nцитата"
    places = {
        SpanKind.BOLD: "жирно",
        SpanKind.ITALIC: "курсив",
        SpanKind.UNDERLINE: "подчёркнуто",
        SpanKind.STRIKE: "зачёркнуто",
        SpanKind.SPOILER: "тайна",
        SpanKind.CODE: "код",
        SpanKind.TEXT_LINK: "ссылка",
        SpanKind.QUOTE: "цитата",
    }
    spans = tuple(
        Span(
            kind=kind,
            start=text.index(word),
            end=text.index(word) + len(word),
            value="https://example.org/" if kind is SpanKind.TEXT_LINK else "",
        )
        for kind, word in places.items()
    )
    post = replace(written(1, text), content=RichText(text, spans))
    store, searcher = filled([post])
    shown = talk(
        replace(world, store=store, searcher=searcher), ["стили", "1"], terminal=True, width=200
    )

    card = shown.rpartition("Стили")[2]
    for code in ("\x1b[1;3m", "\x1b[1;4m", "\x1b[1;9m", "\x1b[1;7m", "\x1b[2m▎ \x1b[0mцитата"):
        assert code in card


@pytest.mark.parametrize("word", ["/quit", "/EXIT", " /q "])
def test_quit_ends(world: World, word: str) -> None:
    """`/quit` ends the conversation; what stands behind it is not read."""
    assert "🔎" not in talk(world, [word, "очередь"])


def test_empty_lines_are_passed_over(world: World) -> None:
    """An empty line asks for nothing."""
    assert talk(world, ["", "  "]) == talk(world, [])


def test_interruption_ends_in_peace(world: World) -> None:
    """Ctrl-C at the prompt ends the conversation without a traceback."""

    def lines() -> Iterator[str]:
        yield "телескоп"
        raise KeyboardInterrupt

    assert "🔎 телескоп" in talk(world, lines())


def test_lines_of_a_pipe_are_read_to_the_end() -> None:
    """Piped input gives its lines without their ends."""
    assert list(read_lines(io.StringIO("раз\nдва\r\nтри"))) == ["раз", "два", "три"]


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_of_a_terminal_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal every line is asked for behind a prompt, until the input ends."""
    keyboard = _Keyboard("раз\nдва\n")
    monkeypatch.setattr(sys, "stdin", keyboard)

    assert list(read_lines(keyboard)) == ["раз", "два"]
    assert capsys.readouterr().out == "\n> \n> \n> "


def test_archive_without_addresses_has_no_links(world: World, tmp_path: Path) -> None:
    """Where the channel's name is unknown, titles are bold and no button leads out."""
    from search import open_index

    with new_archive(tmp_path / "archive.db") as store:
        channel_id = store.resolve_channel(Channel(title="Без имени"))
        store.save(channel_id, [written(1, "Безымянная заметка")], as_of=AS_OF)
        index = open_index(tmp_path / "index", store)
        index.catch_up()
        shown = talk(
            replace(world, store=store, searcher=patient_searcher(store, index)), ["заметка", "1"]
        )
        index.close()

    assert "1. Безымянная заметка" in shown
    assert RUSSIAN.button_original not in shown


def test_path_is_a_file_that_is_sent(empty: World, tmp_path: Path) -> None:
    """The path of an export, typed or dragged in, is sent; confirmed, its posts are found."""
    path = result_of(tmp_path, 1, 2)

    shown = talk(empty, [f"'{path}'", "1", "бокр"])

    assert "📦 result.json" in shown
    assert UPLOADS.counts[0].format(number=2) in shown
    assert UPLOADS.done in shown
    assert f"🔎 бокр — {posts(2)}" in shown


@pytest.mark.parametrize("line", ["/" + "x" * 300, "~nobody-of-this-name/x", "/", "conftest.py"])
def test_other_lines_are_no_files(empty: World, line: str) -> None:
    """What names no file is said as ever."""
    assert "📦" not in talk(empty, [line])


@pytest.mark.parametrize(
    "line", ["/no/such/ChatExport.zip", "~/no-such-file", "'exports/result.json'", "/Export.ZIP"]
)
def test_mistyped_path_is_told(empty: World, line: str) -> None:
    """A line that can only be a path is no command and no query: there is no such file."""
    shown = talk(empty, [line])
    path = Path(line.strip("'")).expanduser()
    assert shown.endswith(f"\n\n{RUSSIAN.console_no_file.format(path=f'«{path}»')}\n")


def test_name_that_may_be_words_is_searched_for_too(world: World) -> None:
    """Without a folder the name of no file may stand in a post: both is said."""
    shown = talk(world, ["index.html"], language_code="en")
    assert "There is no file “index.html”; check its path.\n" in shown
    assert "Nothing was found for index.html." in shown
    assert "There is no file" not in talk(world, ["https://a.ru/b.html"], language_code="en")


def test_folder_is_told_to_be_packed(empty: World, tmp_path: Path) -> None:
    """A folder cannot be sent to a bot, here no more than in Telegram."""
    assert RUSSIAN.console_folder.format(path=f"«{tmp_path}»") in talk(empty, [str(tmp_path)])


def test_inline_mode_answers_in_the_terminal(world: World) -> None:
    """The bot's name before a query shows what another chat would; a number, its message."""
    shown = talk(world, ["@letopis_demo_bot карусель", "2", "@letopis_demo_bot щщщ"])

    assert "  [1] Карусель целиком\n      8 марта 2024 · " in shown
    assert "\nЗамеры карусели #pandas #sql\n7 марта 2024, 10:00\n" in shown
    assert shown.endswith("  —\n")


def test_sharing_shows_what_the_other_chat_would_get(world: World) -> None:
    """The button to share puts the post before the person; the card's buttons stay in reach."""
    shown = talk(world, ["группировка", "1", "4", "1", "6"])

    assert "@letopis_demo_bot p_1\n\n  [1] Группировка в pandas #pandas\n" in shown
    assert shown.count("🔎 группировка") == 2
