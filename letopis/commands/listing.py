"""Commands that show what the archive holds."""

from pathlib import Path
from typing import Annotated

import typer

from letopis.commands.arguments import ChannelName, Json, PostNumber
from letopis.completion import offer_channels, offer_tags
from letopis.help import WordedCommand
from letopis.opening import (
    get_post,
    home_archive,
)

app = typer.Typer()


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
