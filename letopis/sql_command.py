"""The work of `letopis sql`: a statement or a canned query, and full text on or off."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Literal

from rich.table import Table
from rich.text import Text

from i18n.questions import RUSSIAN_QUESTIONS
from letopis.languages import terminal_texts
from letopis.opening import home_archive
from letopis.output import complain, print_json, say, write
from letopis.records import print_rows
from letopis.sql_functions import SQL_FUNCTIONS
from letopis.terminal import open_console, print_unfilled
from model.errors import UsageError
from model.messages import Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db import PostStore
    from db.values import QueryResult
    from letopis.home import Home

Form = Literal["table", "json", "csv", "markdown"]
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_VALUE = re.compile(r"[:@$]?(\w+)=(.*)", re.DOTALL)
_MARKDOWN_ESCAPED = re.compile(r"[\\|`*_<>\[\]]")


def run_statement(
    home: Home,
    asked: str,
    values: Sequence[str],
    *,
    form: Form,
    limit: int,
    seconds: float,
) -> None:
    """Run a statement, or a canned query by its name, and print the rows.

    Args:
        home: The home folder.
        asked: The statement or the name.
        values: Values of its parameters, as `name=value`.
        form: How to print them.
        limit: The most rows to print.
        seconds: How long it may take.
    """
    given = dict(map(read_value, values))
    with home_archive(home) as store:
        found = ask(store, asked, given, limit=limit, seconds=seconds)
    print_result(found, form=form)


def ask(
    store: PostStore,
    asked: str,
    given: Mapping[str, str | int],
    *,
    limit: int,
    seconds: float,
) -> QueryResult:
    """Return the first rows of a statement, or of a canned query with some other values.

    Raises:
        UsageError: There is no such canned query, it has no such parameter, or the statement is
            wrong.
    """
    from db import canned_queries

    statement, parameters = asked, given
    if _NAME.fullmatch(asked.strip()):
        query = canned_queries().get(asked.strip())
        if query is None:
            raise UsageError(Code.SQL_NO_QUERY, name=asked.strip())
        for name in given.keys() - query.parameters.keys():
            names = ", ".join(query.parameters) or "—"
            raise UsageError(Code.SQL_NO_PARAMETER, name=name, query=query.name, names=names)
        statement = query.statement_for(store.full_text_table())
        parameters = {**query.parameters, **given}
    return store.query(
        statement, parameters=parameters, functions=SQL_FUNCTIONS, limit=limit, seconds=seconds
    )


def read_value(given: str) -> tuple[str, str | int]:
    """Return the name and value of a parameter.

    Raises:
        UsageError: It is not `name=value`.
    """
    from db.canned import parameter_value

    read = _VALUE.fullmatch(given)
    if read is None:
        raise UsageError(Code.SQL_PARAMETER, given=given)
    return read[1], parameter_value(read[2])


def print_queries(*, as_json: bool) -> None:
    """List the canned queries with their questions and parameters."""
    from db import canned_queries

    queries = canned_queries().values()
    texts = terminal_texts()
    english = {each.name: each.question for each in queries}
    questions = RUSSIAN_QUESTIONS if texts.code == "ru" else english
    if as_json:
        return print_json(
            [
                {
                    "name": each.name,
                    "question": questions[each.name],
                    "parameters": each.parameters,
                    "statement": each.statement,
                }
                for each in queries
            ]
        )
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for each in queries:
        values = "".join(f" {name}={value}" for name, value in each.parameters.items())
        told = f"{questions[each.name]}{values and f'  [{values.strip()}]'}"
        table.add_row(Text(each.name), Text(told))
    return print_unfilled(open_console(), table)


def print_result(found: QueryResult, *, form: Form) -> None:
    """Print rows in a form; for programs, what is left out is said on standard error."""
    if form in {"csv", "markdown"}:
        write(_as_csv(found) if form == "csv" else _as_markdown(found))
        if found.more:
            complain(terminal_texts().terminal.more_rows)
    else:
        print_rows(found, as_json=form == "json")


def enable_full_text(home: Home) -> None:
    """Make the full-text table, or make it anew, and say what it is called."""
    from letopis.progress import index_progress
    from search import STEMS_VERSION, stems_of

    with home_archive(home, writes=True) as store, index_progress() as progress:
        table = store.enable_full_text(stems_of, version=STEMS_VERSION, progress=progress)
        foreign = table != "posts_fts"
    words = terminal_texts().terminal
    say((words.full_text_beside if foreign else words.full_text_made).format(table=table))


def disable_full_text(home: Home) -> None:
    """Remove the full-text table."""
    with home_archive(home, writes=True) as store:
        store.disable_full_text()
    say(terminal_texts().terminal.full_text_removed)


def _as_csv(found: QueryResult) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(found.columns)
    writer.writerows(found.rows)
    return written.getvalue()


def _as_markdown(found: QueryResult) -> str:
    rows = [found.columns, ["---"] * len(found.columns)]
    rows += [[_markdown_cell(value) for value in row] for row in found.rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _markdown_cell(value: str | float | bytes | None) -> str:
    text = "" if value is None else str(value)
    return "<br>".join(_MARKDOWN_ESCAPED.sub(r"\\\g<0>", text).strip().splitlines())
