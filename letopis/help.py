"""The help of the command line and errors of its parser, in the terminal's language.

Typer has these texts in English only, and not all of them can be translated by its own means.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from i18n.import_problems import reword
from letopis.conversion import convert_plainly
from letopis.languages import terminal_texts
from letopis.output import complain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer import Context, TyperException

    from i18n.command_help import HelpTexts


_WIDEST = 80
_MARGIN = 2
_EXTRAS = re.compile(r"(env var|default|required)(?=[:;\]])")


class WordedCommand(TyperCommand):
    """A command with help from the catalogue."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, `--help` included."""
        return convert_plainly(super().get_params(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options."""
        _write_params(self, ctx, formatter)


class WordedGroup(TyperGroup):
    """The whole command line, with help from the catalogue."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, `--help` included."""
        return convert_plainly(super().get_params(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options and commands."""
        _write_params(self, ctx, formatter)
        rows = [
            (name, (each.help or "").partition("\n")[0]) for name, each in self.commands.items()
        ]
        with formatter.section(terminal_texts().help.commands):
            formatter.write_dl(rows)


def put_into_words(command: WordedCommand | WordedGroup, *, name: str = "letopis") -> None:
    """Translate a command and its subcommands with the catalogue."""
    words = terminal_texts().help
    command.help = words.about[name]
    command.options_metavar = words.options_metavar
    if command.epilog:
        # After a line of \b nothing is wrapped: a shell would take two lines for two commands.
        command.epilog = "\b\n" + words.example.format(command=command.epilog)
    params: Sequence[Any] = command.params
    for param in params:
        param.help = words.params.get(f"{name}.{param.name}") or words.params[param.name]
        param.metavar = words.metavars.get(param.name, param.metavar)
        if param.name == "home" and isinstance(command, WordedGroup):
            param.show_default = words.default_home
    if isinstance(command, WordedGroup):
        # By itself, Click writes at least 50 columns.
        width = min(shutil.get_terminal_size().columns, _WIDEST) - _MARGIN
        command.context_settings["terminal_width"] = width
        command.subcommand_metavar = words.command_metavar
        for below, each in command.commands.items():
            assert isinstance(each, WordedCommand)
            put_into_words(each, name=below)


def show_refusal(refused: TyperException) -> None:
    """Print what is wrong with a call, and how to get help."""
    words = terminal_texts().help
    context: Context | None = getattr(refused, "ctx", None)
    if context is not None:
        complain(context.get_usage())
        complain(words.try_help.format(command=context.command_path) + "\n")
    message = reword(refused.format_message(), words.refusals)
    complain(words.error.format(message=message))
    takes_words = context is not None and getattr(context.command, "takes_words", False)
    if takes_words and hasattr(refused, "possibilities"):  # an unknown option
        complain(words.as_text)


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=f"{terminal_texts().help.usage} ")


def _write_params(command: Any, ctx: Any, formatter: Any) -> None:
    words = terminal_texts().help
    for kind, heading in (("argument", words.arguments), ("option", words.options)):
        params = [each for each in command.get_params(ctx) if each.param_type_name == kind]
        for each in params:
            if each.name == "help":
                each.help = words.params["help"]
        rows = [row for each in params if (row := each.get_help_record(ctx))]
        if rows:
            with formatter.section(heading):
                formatter.write_dl(
                    [(_plain(name), _say_extras(said, words)) for name, said in rows]
                )


def _plain(name: str) -> str:
    """Return an argument's name without the type that Typer appends."""
    return name if name.startswith("-") else name.partition(" <")[0]


def _say_extras(text: str, words: HelpTexts) -> str:
    """Translate the notes that Typer appends in brackets."""
    said = {"default": words.default, "required": words.required, "env var": words.env_var}
    before, bracket, extras = text.rpartition("  [")
    worded = _EXTRAS.sub(lambda found: said[found[0]], extras)
    return f"{before}{bracket}{worded}"
