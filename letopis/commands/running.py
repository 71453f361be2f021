"""Commands that run the bot."""

import typer

from letopis.help import WordedCommand
from letopis.home import Home
from letopis.opening import (
    begun_home,
)

app = typer.Typer()


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
