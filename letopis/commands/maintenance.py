"""Commands that check, mend and locate what is stored."""

from typing import Annotated, Literal

import typer

from letopis.commands.arguments import Json
from letopis.help import WordedCommand
from letopis.home import Home
from letopis.languages import terminal_texts
from letopis.opening import (
    cores,
    home_archive,
    home_index,
)
from letopis.output import print_json, say
from model.errors import UsageError
from model.messages import Code

app = typer.Typer()


@app.command(cls=WordedCommand)
def doctor(
    context: typer.Context,
    thorough: Annotated[bool, typer.Option("--thorough")] = False,
    json: Json = False,
) -> None:
    """Check the archive, the copies of files and the index, and mend the index."""
    from letopis.health import examine

    is_well = examine(context.obj, thorough=thorough, as_json=json)
    raise typer.Exit(0 if is_well else 1)


@app.command(cls=WordedCommand, epilog="letopis reindex --engine tantivy")
def reindex(
    context: typer.Context,
    engine: Literal["auto", "whoosh", "tantivy"] | None = None,
    json: Json = False,
) -> None:
    """Build the search index anew; the archive is only read."""
    from letopis.progress import index_progress
    from letopis.search_settings import load_search_settings

    home: Home = context.obj
    fixed = load_search_settings(home).engine
    if engine is not None and fixed not in {"auto", engine}:
        raise UsageError(Code.ENGINE_FIXED, engine=fixed, settings=home.settings)
    with (
        home_archive(home) as store,
        home_index(home, store, jobs=cores()) as index,
        index_progress() as progress,
    ):
        done = index.rebuild(engine=engine, progress=progress)
    if json:
        return print_json(done)
    texts = terminal_texts()
    posts = texts.count(done.documents, texts.posts)
    return say(texts.terminal.rebuilt.format(engine=done.engine, posts=posts))


@app.command(cls=WordedCommand)
def where(context: typer.Context, json: Json = False) -> None:
    """Say where the archive, the index and the settings lie."""
    from letopis.reports import print_places

    print_places(context.obj, as_json=json)
