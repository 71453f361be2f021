"""The command line: one thin function per command, with heavy imports inside."""

import atexit
import errno
import gc
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer.main import get_command

from letopis.arguments import TextCommand, offer_home_everywhere
from letopis.completion import offer_channels, offer_posts, offer_query, offer_tags
from letopis.extras import require_extra
from letopis.help import WordedCommand, WordedGroup, put_into_words, show_refusal
from letopis.home import Home, default_home
from letopis.languages import terminal_texts, worded
from letopis.opening import (
    begun_home,
    caught_up_index,
    cores,
    get_post,
    home_archive,
    home_index,
    home_searcher,
)
from letopis.output import complain, print_json, say
from model.errors import ChannelError, LetopisError, SourceError, UsageError
from model.messages import Code

app = typer.Typer(
    name="letopis",
    epilog="letopis ingest ~/ChatExport_2026-11-20 && letopis search repartition",
    cls=WordedGroup,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_IMPORT_PATIENCE = 60.0
"""How long a second import waits for the first, in seconds."""

Json = Annotated[bool, typer.Option("--json")]
PostNumber = Annotated[int, typer.Argument(autocompletion=offer_posts)]
ChannelName = Annotated[str | None, typer.Option(autocompletion=offer_channels)]


def main() -> None:
    """Run the command line; expected failures give one sentence and an exit code."""
    # A third of a short command was the collection of garbage, and there is hardly any.
    gc.set_threshold(50_000, 20, 20)
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or the C locale could not print Russian text.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    command = get_command(app)
    assert isinstance(command, WordedGroup)
    offer_home_everywhere(command, _choose_home)
    put_into_words(command)
    try:
        sys.exit(command.main(prog_name="letopis", standalone_mode=False) or 0)
    except typer.TyperException as exc:
        show_refusal(exc)
        sys.exit(exc.exit_code)
    except LetopisError as exc:
        complain(f"letopis: {worded(exc.message)}")
        sys.exit(exc.exit_code)
    except Exception as exc:  # last resort: a bug gives one sentence, and a traceback on demand
        if os.environ.get("LETOPIS_DEBUG"):
            raise
        complain(f"letopis: {_say_fault(exc)}")
        sys.exit(1)


def _say_fault(exc: Exception) -> str:
    if isinstance(exc, OSError) and exc.errno == errno.ENOSPC:
        return terminal_texts().terminal.disk_full
    return terminal_texts().terminal.fault.format(kind=type(exc).__name__)


def _say_version(*, is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        say(f"letopis {version('letopis')}")
        raise typer.Exit


@app.callback()
def letopis(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(envvar="LETOPIS_HOME")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """Keep a Telegram channel: an archive in SQLite, a full-text search over it, a bot."""
    del version
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(UsageError.exit_code)
    _choose_home(context, home or default_home())
    context.meta["letopis.home_given"] = home is not None


@app.command(cls=WordedCommand, epilog="letopis ingest ~/Downloads/ChatExport_2026-11-20")
def ingest(
    context: typer.Context,
    paths: list[Path],
    channel: ChannelName = None,
    tz: str | None = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    copy_media: Annotated[bool, typer.Option("--copy-media")] = False,
    link_media: Annotated[bool, typer.Option("--link-media")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    json: Json = False,
) -> None:
    """Take exports of a channel into the archive, then bring the search index up to date."""
    from ingest import ImportReport, MediaStore, run_import
    from letopis.naming import import_or_ask
    from letopis.progress import import_progress
    from letopis.reports import print_import
    from model.zones import parse_zone

    zone = parse_zone(tz) if tz else None

    with (
        begun_home(context.obj, dry_run=dry_run) as home,
        home.writing(wait=_IMPORT_PATIENCE, on_wait=_say_waiting),
        home_archive(home, writes=True) as store,
    ):
        copies = MediaStore(home.media, link=link_media) if copy_media or link_media else None
        damaged: list[str] = []
        refused = 0
        for path in paths:

            def run(named: str | None, path: Path = path) -> ImportReport:
                with import_progress(path) as progress:
                    return run_import(
                        store,
                        path,
                        channel=named,
                        zone=zone,
                        as_of=as_of.date() if as_of else None,
                        dry_run=dry_run,
                        jobs=cores(),
                        copies=copies,
                        progress=progress,
                    )

            try:
                report = import_or_ask(run, channel)
            except (ChannelError, SourceError) as exc:
                # One bad export must not silently prevent the others from being imported.
                complain(f"letopis: {worded(exc.message)}")
                refused += 1
                continue
            print_import(report, as_json=json)
            damaged += [problem.file for problem in report.problems if problem.rest_lost]
        if not dry_run and refused < len(paths):
            with caught_up_index(home, store):
                pass
    if damaged:
        raise SourceError(Code.PARTLY_READ, files=", ".join(dict.fromkeys(damaged)))
    if refused:
        raise typer.Exit(SourceError.exit_code)


@app.command(cls=WordedCommand, epilog="letopis fetch @my_channel")
def fetch(
    context: typer.Context,
    name: str,
    json: Json = False,
    base_url: Annotated[str | None, typer.Option("--base-url", hidden=True)] = None,
) -> None:
    """Read a public channel's web preview, t.me/s/name, into the archive."""
    from db.channels import read_channel_name
    from ingest import ImportReport, run_fetch
    from letopis.progress import import_progress
    from letopis.reports import print_import
    from letopis.web_preview import open_preview

    username, _ = read_channel_name(name)
    if username is None:
        raise ChannelError(Code.NO_CHANNEL_NAME, name=name)
    with (
        begun_home(context.obj) as home,
        home.fetching(),
        home_archive(home, writes=True) as store,
        open_preview(username, base_url=base_url) as get_page,
    ):
        reports: list[ImportReport] = []
        try:
            with import_progress(Path(f"@{username}")) as progress:
                for report in run_fetch(
                    store,
                    username,
                    get_page,
                    folder=home.fetched,
                    importing=lambda: home.writing(wait=_IMPORT_PATIENCE, on_wait=_say_waiting),
                    progress=progress,
                ):
                    reports.append(report)
                    if not json:
                        print_import(report, as_json=False)
        finally:
            if reports:
                with caught_up_index(home, store):
                    pass
                if json:
                    print_json(reports)


@app.command(cls=WordedCommand, epilog="letopis watch ~/Sync/exports")
def watch(
    context: typer.Context,
    folder: Path,
    every: Annotated[float, typer.Option(min=0.01)] = 30,
    once: Annotated[bool, typer.Option("--once")] = False,
    json: Json = False,
) -> None:
    """Import exports that appear in a folder, once they are complete."""
    import time

    from ingest import ImportReport
    from letopis.reports import print_import
    from letopis.watching import FolderWatch, take_in

    with begun_home(context.obj) as home, home_archive(home, writes=True) as store:
        looker = FolderWatch(folder.expanduser().absolute(), notes=home.watched)
        is_first = True
        while is_first or not (once and looker.is_settled()):
            if not is_first:
                time.sleep(every)
            is_first, is_read = False, False
            for outcome in take_in(
                looker,
                store,
                importing=lambda: home.writing(wait=_IMPORT_PATIENCE, on_wait=_say_waiting),
                jobs=cores(),
            ):
                if isinstance(outcome, ImportReport):
                    print_import(outcome, as_json=json)
                    is_read = True
                else:
                    complain(f"{outcome.path}: {worded(outcome.message)}")
            if is_read:
                with caught_up_index(home, store):
                    pass


def _say_waiting() -> None:
    complain(terminal_texts().terminal.waits)


@app.command(cls=TextCommand, epilog="letopis search '\"broadcast join\"' -sql '#spark'")
def search(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(autocompletion=offer_query)],
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 5,
    offset: Annotated[int, typer.Option(min=0)] = 0,
    sort: Literal["relevance", "new", "old"] | None = None,
    json: Json = False,
) -> None:
    """Find posts and their code. Knows "a phrase", -word, #tag and the forms of words."""
    from letopis.answers import VALUES_SHOWN, answer_as_json, print_answer, print_emptiness
    from search import Facet

    show = answer_as_json if json else print_answer
    facets = list(Facet if json else VALUES_SHOWN)
    with home_searcher(context.obj) as searcher:
        for text in _read_queries() if query == ["-"] else [" ".join(query)]:
            answer = searcher.search(text, limit=limit, offset=offset, sort=sort, facets=facets)
            show(answer, offset=offset)
        if not json and searcher.store.last_seq() == 0:
            print_emptiness()


@app.command(cls=WordedCommand)
def similar(
    context: typer.Context,
    message_id: PostNumber,
    channel: ChannelName = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 5,
    json: Json = False,
) -> None:
    """Find posts that are like one, by the words that tell it from others."""
    from letopis.answers import print_similar, similar_as_json

    with home_searcher(context.obj) as searcher:
        archived = get_post(searcher.store, message_id, channel)
        hits = searcher.similar(archived.post_id, limit=limit)
    similar_as_json(hits) if json else print_similar(archived, hits)


@app.command(cls=WordedCommand)
def bot(context: typer.Context) -> None:
    """Answer in Telegram until stopped; only to the owners, unless set otherwise.

    Needs LETOPIS_BOT_TOKEN and LETOPIS_OWNERS, from the environment, a .env file or letopis.toml.
    """
    from letopis.serve import read_bot_config, serve
    from letopis.settings import load_settings

    home: Home = context.obj
    settings = load_settings(home.folder)
    config = read_bot_config(home, settings)
    with begun_home(home):
        serve(home, settings, config)


@app.command(cls=WordedCommand)
def demo(context: typer.Context) -> None:
    """Talk to the bot in this terminal, over the sample channel; needs no token and no network.

    With --home, talks over the archive in that folder instead, if it holds any post.
    """
    from letopis.demo import run_demo

    home: Home = context.obj
    run_demo(home if context.meta["letopis.home_given"] else None)


@app.command(cls=WordedCommand)
def tags(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(autocompletion=offer_tags)] = "",
    limit: Annotated[int, typer.Option(min=1)] = 30,
    json: Json = False,
) -> None:
    """List the hashtags of the archive with their counts."""
    from letopis.reports import print_tags

    with home_archive(context.obj) as store:
        print_tags(store.tag_counts(prefix=prefix.removeprefix("#"), limit=limit), as_json=json)


@app.command(cls=WordedCommand, epilog="letopis stats --picture stats.png")
def stats(context: typer.Context, picture: Path | None = None, json: Json = False) -> None:
    """Show what the archive holds, or draw it."""
    from letopis.stats_command import print_stats, save_picture

    if picture:
        return save_picture(context.obj, picture, as_json=json)
    return print_stats(context.obj, as_json=json)


@app.command(cls=WordedCommand, epilog='letopis channels "My channel" @my_channel')
def channels(
    context: typer.Context,
    channel: Annotated[str, typer.Argument(autocompletion=offer_channels)] = "",
    mark: Annotated[str, typer.Argument()] = "",
    json: Json = False,
) -> None:
    """List the channels of the archive, or give one its @name or number."""
    from letopis.naming import find_channels, name_channel
    from letopis.reports import print_channels

    with home_archive(context.obj, writes=bool(mark)) as store:
        if mark:
            named = name_channel(store, channel, mark, is_quiet=json)
            if not json:
                return
            keys = {named.channel_id}
        elif channel:
            keys = {each.channel_id for each in find_channels(store, channel)}
        else:
            keys = {each.channel_id for each in store.channels()}
        shown = [each for each in store.channel_overviews() if each.channel_id in keys]
        print_channels(shown, as_json=json)


@app.command(cls=WordedCommand)
def imports(
    context: typer.Context,
    problems: Annotated[bool, typer.Option("--problems")] = False,
    json: Json = False,
) -> None:
    """List the imports so far, the newest first."""
    from letopis.reports import print_imports

    with home_archive(context.obj) as store:
        rows = store.imports()
        unread = {row.import_id: store.problems(row.import_id) for row in rows if problems}
        print_imports(rows, unread, as_json=json)


@app.command(cls=WordedCommand)
def show(
    context: typer.Context,
    message_id: PostNumber,
    channel: ChannelName = None,
    json: Json = False,
) -> None:
    """Show one post in full."""
    from letopis.records import print_post

    with home_archive(context.obj) as store:
        archived = get_post(store, message_id, channel)
        print_post(archived, store.versions(archived.post_id), as_json=json)


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


def _choose_home(context: typer.Context, folder: Path) -> None:
    chosen = folder.expanduser().absolute()
    if not _is_utf8(chosen):
        raise UsageError(Code.HOME_NOT_UTF_8, home=chosen)
    context.obj = Home(chosen)
    context.meta["letopis.home_given"] = True


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_queries() -> Iterator[str]:
    """Yield the lines of standard input, even with invalid UTF-8."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")
