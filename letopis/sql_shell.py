"""The interactive shell of `letopis sql`: history, completion and colours by prompt_toolkit."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, get_args

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.styles import Style
from pygments.lexers import SqlLexer
from rich.text import Text

from db import canned_queries
from letopis.languages import terminal_texts, worded
from letopis.opening import home_archive
from letopis.output import say
from letopis.sql_command import Form, ask, print_queries, print_result, read_value
from letopis.sql_functions import SQL_FUNCTIONS
from letopis.terminal import open_console, print_unfilled
from model.errors import LetopisError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from db import PostStore
    from letopis.home import Home

_PROMPT = "letopis> "
_COMMANDS = (".help", ".mode", ".queries", ".quit", ".schema", ".tables")
# fmt: off
_KEYWORDS = (
    "SELECT", "FROM", "WHERE", "JOIN", "LEFT", "USING", "ON", "AND", "OR", "NOT", "IN",
    "IS", "NULL", "LIKE", "MATCH", "BETWEEN", "EXISTS", "DISTINCT", "AS", "GROUP", "BY",
    "HAVING", "ORDER", "ASC", "DESC", "LIMIT", "OFFSET", "UNION", "ALL", "EXCEPT",
    "INTERSECT", "WITH", "RECURSIVE", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST",
    "VALUES", "count", "sum", "min", "max", "avg", "length", "substr", "lower", "upper",
    "strftime", "date", "coalesce", "group_concat", "snippet",
)
# fmt: on
# Colours of the terminal's own theme: those of Pygments are for a light screen alone.
_STYLE = Style.from_dict(
    {
        "pygments.keyword": "bold ansimagenta",
        "pygments.literal.string": "ansigreen",
        "pygments.comment": "italic ansibrightblack",
    }
)
_MADE = re.compile(r"CREATE (?:VIRTUAL )?\w+ (\w+)")
_WORD = re.compile(r"(?<![\w.-])[\w.-]*\Z")
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*(?=\s|\Z)")


def run_shell(home: Home, *, form: Form, limit: int, seconds: float) -> None:
    """Answer statements, canned queries and commands until the end of the input."""
    with home_archive(home) as store:
        shell = _Shell(store, form=form, limit=limit, seconds=seconds)
        session: PromptSession[str] = PromptSession(
            _PROMPT,
            history=_open_history(home),
            completer=SqlCompleter(store.columns()),
            lexer=PygmentsLexer(SqlLexer),
            style=_STYLE,
            include_default_pygments_style=False,
            multiline=Condition(lambda: not _is_whole(get_app().current_buffer.text)),
            prompt_continuation=" " * len(_PROMPT),
        )
        _say_in_words(terminal_texts().terminal.shell_greeting.format(archive=store.address))
        while not shell.is_over:
            try:
                shell.answer(session.prompt())
            except KeyboardInterrupt:  # forgets the line, or ends the statement
                continue
            except EOFError:
                return


def _open_history(home: Home) -> History:
    if not home.has_writable_folder():
        return InMemoryHistory()
    home.sql_history.touch(mode=0o600)
    return FileHistory(str(home.sql_history))


class _Shell:
    """Answers one line after the other; `is_over` after `.quit`."""

    def __init__(self, store: PostStore, *, form: Form, limit: int, seconds: float) -> None:
        self.is_over = False
        self._store = store
        self._form = form
        self._limit = limit
        self._seconds = seconds

    def answer(self, line: str) -> None:
        """Print the answer to a statement, a canned query or a command."""
        try:
            if line.strip().startswith("."):
                self._obey(*line.split())
            elif line.strip(" \n\t;"):
                self._ask(line.strip().rstrip(";"))
        except LetopisError as exc:
            open_console(stderr=True).print(Text(worded(exc.message)))

    def _ask(self, line: str) -> None:
        asked, values = line, list[str]()
        if _NAME.match(line):
            name, *given = _split(line)
            if name in canned_queries():
                asked, values = name, given
        given_values = dict(map(read_value, values))
        found = ask(self._store, asked, given_values, limit=self._limit, seconds=self._seconds)
        print_result(found, form=self._form)

    def _obey(self, command: str, *names: str) -> None:
        if command == ".quit":
            self.is_over = True
        elif command == ".tables":
            say("\n".join(self._store.columns()))
        elif command == ".queries":
            print_queries(as_json=False)
        elif command == ".schema":
            wanted = [each for each in self._store.schema().split("\n\n") if _makes(each, names)]
            say("\n\n".join(wanted))
        elif command == ".mode" and names and names[0] in get_args(Form):
            self._form = names[0]  # type: ignore[assignment]  # one of them, as was checked
        else:
            _say_in_words(terminal_texts().terminal.shell_help)


def _say_in_words(text: str) -> None:
    """Print a text that breaks between words, not within them."""
    print_unfilled(open_console(), Text(text))


def _split(line: str) -> Sequence[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote that is not closed
        return line.split()


def _makes(statement: str, names: Sequence[str]) -> bool:
    """Return whether a CREATE statement makes one of these, or any if none is named."""
    made = _MADE.match(statement)
    return not names or (made is not None and made[1] in names)


def _is_whole(text: str) -> bool:
    """Return whether Enter ends the input: after `;`, a command, or a canned query's name."""
    stripped = text.strip()
    name = _NAME.match(stripped)
    is_canned = name is not None and name[0] in canned_queries()
    return is_canned or not stripped or stripped[0] == "." or stripped[-1] == ";"


class SqlCompleter(Completer):
    """Completes names of tables and columns, keywords, functions, canned queries and commands."""

    def __init__(self, columns: Mapping[str, Sequence[str]]) -> None:
        self._columns = columns
        names = {name for each in columns.values() for name in each}
        choices = (*columns, *sorted(names), *SQL_FUNCTIONS, *_KEYWORDS)
        self._anywhere = tuple(dict.fromkeys(choices))

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterator[Completion]:
        """Yield what may stand for the word before the cursor."""
        before = document.text_before_cursor
        found = _WORD.search(before)
        word = found[0] if found else ""
        begun, choices = self._choices(word, is_first=word == before)
        for choice in choices if word else ():
            if choice.lower().startswith(begun.lower()):
                yield Completion(choice, start_position=-len(begun))

    def _choices(self, word: str, *, is_first: bool) -> tuple[str, Sequence[str]]:
        """Return what of a word is begun, and what it may become."""
        table, dot, column = word.rpartition(".")
        if dot and (table or not is_first):
            return column, self._columns.get(table, ())
        if dot:
            return word, _COMMANDS
        return word, [*self._anywhere, *(canned_queries() if is_first else ())]
