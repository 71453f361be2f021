"""What the command line says of itself, and of calls that it does not understand."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

import letopis.cli
from i18n import ENGLISH, RUSSIAN, Catalogue
from letopis.help import WordedGroup
from tests.letopis.conftest import Run

_PACKAGE = Path(letopis.cli.__file__).parent
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
# fmt: off
_COMMANDS = [
    "ingest", "fetch", "watch", "search", "similar", "bot", "demo", "tags", "stats", "channels",
    "imports", "show", "sql", "browse", "mcp", "export", "copy", "doctor", "reindex", "where",
]
# fmt: on


@pytest.fixture
def russian(monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """Return a function that runs a command in Russian."""
    monkeypatch.setenv("LETOPIS_LANG", "ru")
    return run


@pytest.mark.parametrize("command", _COMMANDS)
def test_help_is_whole_in_russian(russian: Run, command: str) -> None:
    """Nothing of a command's help is left in English."""
    said = russian(command, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Вызов: letopis {command} [ПАРАМЕТРЫ]")
    assert RUSSIAN.help.params["help"] in said.out
    for line in said.out.splitlines()[1:]:
        assert _CYRILLIC.search(line) or not _SENTENCE.search(line), line


def test_help_names_the_commands(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its first sentence there; without a command, help is what is shown."""
    for code, texts in (("en", ENGLISH), ("ru", RUSSIAN)):
        monkeypatch.setenv("LETOPIS_LANG", code)
        shown = run("--help").out
        joined = " ".join(shown.split())
        assert all(texts.help.about[name].partition("\n")[0] in joined for name in _COMMANDS)
        assert texts.help.default_home in joined
        bare = run()
        assert (bare.code, bare.out, bare.err) == (2, "", shown)


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
def test_every_parameter_has_its_help(texts: Catalogue) -> None:
    """Both languages say what each argument and option is for, and of no other."""
    root = get_command(letopis.cli.app)
    assert isinstance(root, WordedGroup)
    own = {(name, each.name) for name, below in root.commands.items() for each in below.params}
    own |= {("letopis", each.name) for each in root.params} | {("letopis", "help")}
    texts_of = texts.help.params
    assert all(f"{name}.{param}" in texts_of or param in texts_of for name, param in own)
    used = {param for _, param in own} | {f"{name}.{param}" for name, param in own}
    assert texts_of.keys() <= used
    assert texts.help.metavars.keys() <= used
    assert texts.help.about.keys() == {"letopis", *root.commands}
    assert list(root.commands) == _COMMANDS


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--nope", "нет параметра --nope; похожие: --home."),
        ("-z", "нет параметра -z."),
        ("serch x", "нет команды serch; похожие: 'search', 'fetch'."),
        ("zzz", "нет команды zzz."),
        ("ingest", "не указан аргумент ПУТЬ."),
        ("ingest x --as-of 5", "--as-of: '5' — не дата вида ГГГГ-ММ-ДД."),
        ("ingest x --tz", "параметру --tz нужно значение."),
        ("ingest x --json=3", "у параметра --json нет значения."),
        ("search x --limit 0", "--limit: нужно не меньше 1."),
        ("search x --limit 9999", "--limit: нужно не больше 1000."),
        ("search x --sort up", "--sort: допустимо только 'relevance', 'new', 'old'."),
        ("similar zz", "ID: нужно целое число."),
        ("sql --timeout x y", "--timeout: нужно число."),
        ("bot extra", "лишние аргументы: extra."),
    ],
)
def test_a_refused_call_is_told_in_russian(russian: Run, arguments: str, said: str) -> None:
    """What is wrong comes last."""
    outcome = russian(*arguments.split())
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[-1] == f"Ошибка: {said}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("x --limt 2", "нет параметра --limt; похожие: --limit."),
        ("--jsno x", "нет параметра --jsno; похожие: --json, --sort."),
        ("x --limt=2", "нет параметра --limt; похожие: --limit."),
        ("x --qqq", "нет параметра --qqq."),
        ("x --limit", "параметру --limit нужно значение."),
    ],
)
def test_a_mistyped_option_of_a_search_is_no_word(russian: Run, arguments: str, said: str) -> None:
    """It is refused with what was probably meant; an unknown one also with how to search for it."""
    outcome = russian("search", *arguments.split())
    assert (outcome.code, outcome.out) == (2, "")
    error, *hint = outcome.err.partition("Ошибка: ")[2].splitlines()
    assert error == said
    assert hint == ([RUSSIAN.help.as_text] if said.startswith("нет") else [])


def test_every_command_takes_its_home(run: Run) -> None:
    """Each one's help says so; other options of the program stand before the command."""
    for command in _COMMANDS:
        assert "--home FOLDER" in run(command, "--help").out
    assert run("stats", "--version").code == 2


def test_examples_can_be_pasted(run: Run) -> None:
    """A shell reads them as they are meant: nothing in them is a comment."""
    root = get_command(letopis.cli.app)
    assert isinstance(root, WordedGroup)
    examples = [each.epilog for each in (root, *root.commands.values()) if each.epilog]
    assert examples[0] in run("--help").out
    readme = _PACKAGE.parent / "README.md"
    for page in (readme, readme.with_suffix(".ru.md")) if readme.exists() else ():
        text = page.read_text("utf-8")
        for block in re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL):
            lines = block.splitlines()
            shown = [line for line in lines if line.startswith("$ ")]
            examples += [line.removeprefix("$ ") for line in shown or lines]
    for example in examples:
        assert shlex.split(example, comments=True) == shlex.split(example), example


def test_a_refused_call_is_told_where_to_read_more(russian: Run) -> None:
    """Before what is wrong stand how the command is called and where its help is."""
    assert russian("ingest").err == (
        "Вызов: letopis ingest [ПАРАМЕТРЫ] {ПУТЬ}...\n"
        "Справка: letopis ingest --help\n\n"
        "Ошибка: не указан аргумент ПУТЬ.\n"
    )


def test_a_refused_call_is_told_in_english(run: Run) -> None:
    """In the words of the parser."""
    outcome = run("ingest")
    assert outcome.err == (
        "Usage: letopis ingest [OPTIONS] {PATH}...\n"
        "Try 'letopis ingest --help' for help.\n\n"
        "Error: Missing argument 'PATH'.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("show abc", "ID must be a whole number."),
        ("sql --timeout x y", "--timeout must be a number."),
        ("search x --limit 0", "--limit must be at least 1."),
        ("search x --limit 9999", "--limit must be at most 1000."),
        ("search x --sort up", "--sort must be one of 'relevance', 'new', 'old'."),
        ("ingest x --as-of 5", "--as-of: '5' is not a date like YYYY-MM-DD."),
    ],
)
def test_a_refused_value_is_told_in_a_sentence(run: Run, arguments: str, said: str) -> None:
    """In English too."""
    assert run(*arguments.split()).err.splitlines()[-1] == f"Error: {said}"


def test_an_unknown_refusal_is_left_as_it_is(russian: Run) -> None:
    """What the parser may say beyond what is known is no less true in English."""
    assert (
        russian("search", "x", "--offset", "9" * 5000).err.splitlines()[-1].startswith("Ошибка: ")
    )


@pytest.mark.slow
@pytest.mark.parametrize(("code", "said"), [("ru", "Перечисляет импорты"), ("en", "List the imp")])
def test_completion_speaks_the_language_too(code: str, said: str) -> None:
    """The shell is offered the commands, with what they do."""
    offered = subprocess.run(
        [sys.executable, "-m", "letopis"],
        env={
            "_LETOPIS_COMPLETE": "complete_zsh",
            "_TYPER_COMPLETE_ARGS": "letopis im",
            "LETOPIS_LANG": code,
            "PATH": "",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "imports" in offered.stdout
    assert said in offered.stdout


def test_help_loads_nothing_heavy() -> None:
    """Help and completion answer at once: what a command needs is imported inside it."""
    heavy = {"sqlalchemy", "telegram", "bs4", "babel", "whoosh", "tantivy", "rich", "pydantic"}
    heavy |= {"mcp", "datasette", "prompt_toolkit", "pygments"}
    script = (
        "import atexit, sys; from letopis.cli import main\n"
        f"atexit.register(lambda: print('loaded:', *({heavy} & sys.modules.keys())))\n"
        "sys.argv = ['letopis', '--help']; main()"
    )

    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert shown.stdout.splitlines()[-1] == "loaded:"


def test_no_sentence_stands_outside_of_the_catalogue() -> None:
    """Nothing that is said to a person is written in the modules of the command line."""
    found = [
        f"{path.name}: {text}"
        for path in sorted(_PACKAGE.rglob("*.py"))
        if path.parent.name != "mcp"  # what it says is for assistants
        for text in _texts_in(ast.parse(path.read_text("utf-8")))
        if _SENTENCE.search(text) and not text.startswith(_NOT_SAID)
    ]
    assert found == []


_NOT_SAID = (
    "letopis ",  # examples of commands
    "has:code ",  # a query of the demo
    "bold ",  # styles
    "italic ",
    "env var",  # what is put into other words
    "(env var",
    "Others on this machine can read",  # for the log
    "A page failed",
    "<pre",  # what a browser reads
)


def _texts_in(tree: ast.AST) -> Iterator[str]:
    """Yield the strings of a module, except docstrings and notes below names."""
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in notes and type(node.value) is str:
            yield node.value


def test_help_fits_a_phone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty columns hold every line but the examples, which are to be pasted."""
    monkeypatch.setenv("COLUMNS", "40")
    for command in ([], ["search"], ["ingest"]):
        lines = run(*command, "--help").out.splitlines()
        assert [line for line in lines if len(line) > 40 and "Example: " not in line] == []
