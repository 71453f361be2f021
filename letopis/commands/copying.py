"""Commands that copy the archive, or parts of it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from letopis.arguments import TextCommand
from letopis.commands.arguments import Json
from letopis.completion import offer_query
from letopis.help import WordedCommand
from letopis.languages import terminal_texts
from letopis.opening import (
    home_archive,
)
from letopis.output import print_json, say
from model.errors import UsageError
from model.messages import Code

app = typer.Typer()


@app.command(cls=TextCommand, epilog="letopis export spark.md '#spark'")
def export(
    context: typer.Context,
    target: str,
    query: Annotated[list[str] | None, typer.Argument(autocompletion=offer_query)] = None,
    form: Annotated[
        Literal["md", "folder", "jsonl", "csv", "ipynb", "db"] | None, typer.Option("--format")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1)] = None,
    json: Json = False,
) -> None:
    """Write posts to a new file or folder; to .db, a complete copy of the archive."""
    from export import Format
    from letopis.exporting import DATABASE, choose_format, export_posts

    path, chosen, words = Path(target), form or choose_format(target), " ".join(query or ())
    texts = terminal_texts()
    posts = None
    if chosen != DATABASE:
        posts = export_posts(context.obj, path, Format(chosen), words, limit)
        said = texts.terminal.exported.format(posts=texts.count(posts, texts.posts), path=target)
    elif words or limit:
        raise UsageError(Code.COPY_IS_WHOLE, path=target)
    else:
        with home_archive(context.obj) as store:
            store.back_up(path)
        said = texts.terminal.copied.format(path=target)
    if json:
        return print_json({"path": path.absolute(), "format": chosen, "posts": posts})
    return say(said)


@app.command(cls=WordedCommand, epilog="letopis copy --to ~/letopis-copy")
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to")],
    json: Json = False,
) -> None:
    """Copy the archive and the bot's state to a folder or PostgreSQL, or back."""
    from letopis.copy_command import run_copy

    run_copy(context.obj, to, as_json=json)
