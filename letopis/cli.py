"""The command line: its entry point, and what holds for all commands."""

import atexit
import errno
import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.main import get_command

from letopis.arguments import offer_home_everywhere
from letopis.commands import copying, importing, listing, maintenance, querying, running, searching
from letopis.help import WordedGroup, put_into_words, show_refusal
from letopis.home import Home, default_home
from letopis.languages import terminal_texts, worded
from letopis.output import complain, say
from model.errors import LetopisError, UsageError
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

for commands in (
    importing,
    searching,
    running,
    listing,
    querying,
    copying,
    maintenance,
):
    app.add_typer(commands.app)


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
