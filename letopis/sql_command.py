"""The work of `letopis sql`: a statement or a canned query, and full text on or off."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Literal

from letopis.languages import terminal_texts
from letopis.opening import home_archive
from letopis.output import complain, say, write
from letopis.records import print_rows
from letopis.sql_functions import SQL_FUNCTIONS
from model.errors import UsageError
from model.messages import Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db import PostStore
    from db.values import QueryResult
    from letopis.home import Home

Form = Literal["table", "json", "csv", "markdown"]
_PARAMETER = re.compile(r"[:@$]?(\w+)=(.*)", re.DOTALL)
_WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")
_MARKDOWN_ESCAPED = re.compile(r"[\\|`*_<>\[\]]")


def run_statement(
    home: Home,
    statement: str,
    values: Sequence[str],
    *,
    form: Form,
    limit: int,
    seconds: float,
) -> None:
    """Run one statement with `name=value` parameters, and print its rows."""
    parameters = dict(map(_read_parameter, values))
    with home_archive(home) as store:
        found = ask(store, statement, parameters, limit=limit, seconds=seconds)
    print_result(found, form=form)


def ask(
    store: PostStore,
    statement: str,
    parameters: Mapping[str, str | int],
    *,
    limit: int,
    seconds: float,
) -> QueryResult:
    """Return the first rows of a statement that may call the functions of Letopis."""
    return store.query(
        statement, parameters=parameters, functions=SQL_FUNCTIONS, limit=limit, seconds=seconds
    )


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


def _read_parameter(given: str) -> tuple[str, str | int]:
    read = _PARAMETER.fullmatch(given)
    if read is None:
        raise UsageError(Code.SQL_PARAMETER, given=given)
    name, value = read.groups()
    return name, int(value) if _WHOLE.fullmatch(value) else value


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
