"""Arguments of commands: `--home` in any place, and texts that begin with a dash."""

from __future__ import annotations

import re
from copy import copy
from itertools import islice
from typing import TYPE_CHECKING, Any

from typer.core import TyperOption

from letopis.help import WordedCommand

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer import Context

    from letopis.help import WordedGroup

_LIKE_OPTION = re.compile(r"--\w\S*")


class TextCommand(WordedCommand):
    """A command whose arguments are text: `-word` of a search, a comment `-- …` of a statement."""

    takes_words = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read options wherever they are; everything else is words, in the order given."""
        takes_value = {
            name: not each.is_flag
            for each in self.get_params(ctx)
            if isinstance(each, TyperOption)
            for name in each.opts
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words += rest
            elif takes_value.get(arg):
                value = [*islice(rest, 1)]
                options += [arg, *value]
                if not value:
                    return super().parse_args(ctx, options)  # says that a value is missing
            elif arg.partition("=")[0] in takes_value or _LIKE_OPTION.fullmatch(arg):
                options.append(arg)
            else:
                words.append(arg)
        return super().parse_args(ctx, [*options, "--", *words])


def offer_home_everywhere(group: WordedGroup, choose: Callable[[Context, Path], None]) -> None:
    """Let every command of `group` take its `--home` too.

    Args:
        group: The command line; its own `--home` stands before a command.
        choose: Called with the folder that is given after a command.
    """

    def take(context: Context, _: object, folder: Path | None) -> None:
        if folder is not None:
            choose(context, folder)

    [home] = [each for each in group.params if each.name == "home"]
    after: Any = copy(home)
    after.envvar, after.expose_value, after.callback = None, False, take
    for command in group.commands.values():
        command.params.append(copy(after))
