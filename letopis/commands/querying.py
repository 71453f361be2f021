"""Commands that open the archive to SQL, browsers and assistants."""

import sys
from typing import Annotated, Literal

import typer

from letopis.arguments import TextCommand
from letopis.commands.arguments import Json
from letopis.extras import require_extra
from letopis.help import WordedCommand
from letopis.opening import (
    home_searcher,
)

app = typer.Typer()


@app.command(cls=TextCommand, epilog='letopis sql "SELECT * FROM hashtag_counts LIMIT 5"')
def sql(
    context: typer.Context,
    statement: Annotated[str | None, typer.Argument(show_default=False)] = None,
    values: Annotated[list[str] | None, typer.Argument(show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1)] = 100,
    timeout: Annotated[float, typer.Option(min=0.1)] = 60,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv")] = False,
    markdown: Annotated[bool, typer.Option("--markdown")] = False,
    queries: Annotated[bool, typer.Option("--queries")] = False,
    enable_fts: Annotated[bool, typer.Option("--enable-fts")] = False,
    disable_fts: Annotated[bool, typer.Option("--disable-fts")] = False,
) -> None:
    """Ask the archive in SQL; nothing can be changed this way.

    In JSON an infinite number is null.
    """
    from letopis import sql_command

    if queries:
        return sql_command.print_queries(as_json=json)
    if enable_fts:
        return sql_command.enable_full_text(context.obj)
    if disable_fts:
        return sql_command.disable_full_text(context.obj)
    form: Literal["table", "json", "csv", "markdown"]
    form = "csv" if csv else "markdown" if markdown else "json" if json else "table"
    if statement is None and sys.stdin.isatty():
        require_extra("sql", package="prompt_toolkit")
        from letopis.sql_shell import run_shell

        return run_shell(context.obj, form=form, limit=limit, seconds=timeout)
    asked, given = sys.stdin.read() if statement is None else statement, values or ()
    return sql_command.run_statement(
        context.obj, asked, given, form=form, limit=limit, seconds=timeout
    )


@app.command(cls=WordedCommand, epilog="letopis browse --port 8001")
def browse(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8001,
) -> None:
    """Open the archive in a browser on this machine, until stopped.

    Needs the packages of letopis[browse].
    """
    require_extra("browse", package="datasette")
    from letopis.browse.serving import serve_pages

    with home_searcher(context.obj) as searcher:
        serve_pages(context.obj, searcher, port=port)


@app.command(cls=WordedCommand, epilog="letopis mcp --home ~/letopis")
def mcp(context: typer.Context) -> None:
    """Let an assistant ask the archive, by the Model Context Protocol on standard input and output.

    Needs the packages of letopis[mcp].
    """
    require_extra("mcp", package="mcp")
    from letopis.mcp.server import make_server

    with home_searcher(context.obj) as searcher:
        make_server(searcher).run()
