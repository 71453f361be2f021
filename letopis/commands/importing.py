"""Commands that bring posts into the archive."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from letopis.commands.arguments import ChannelName, Json
from letopis.help import WordedCommand
from letopis.languages import terminal_texts, worded
from letopis.opening import (
    begun_home,
    caught_up_index,
    cores,
    home_archive,
)
from letopis.output import complain, print_json
from model.errors import ChannelError, SourceError
from model.messages import Code

app = typer.Typer()

_IMPORT_PATIENCE = 60.0
"""How long a second import waits for the first, in seconds."""


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
