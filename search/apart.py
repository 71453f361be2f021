"""The catching up of an index in a process of its own, which takes the processor last.

`python -m search.apart` is told on its command line which index is meant, and answers by lines of
JSON. It ends with its work, or with its standard input: what was not committed then is dropped,
and whoever catches up next takes it in.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from db import open_archive
from model.errors import LetopisError
from search.index import IndexPlace, open_index
from workers.serving import begin_answering


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """How many posts have been taken in, of how many that are expected."""

    done: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """All are taken in; `said` says why the index was built anew, where it was."""

    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unindexed:
    """The index cannot be written; `sentence` says why."""

    sentence: str


Answer = Indexed | CaughtUp | Unindexed
_ANSWERS: Mapping[str, type[Answer]] = {
    kind.__name__: kind for kind in (Indexed, CaughtUp, Unindexed)
}


def command_line(place: IndexPlace) -> Sequence[str]:
    """Return the arguments by which a Python begins to catch an index up."""
    return ["-m", "search.apart", json.dumps(asdict(place))]


def write_answer(answer: Answer) -> bytes:
    """Write an answer as a line."""
    return json.dumps({"kind": type(answer).__name__, **asdict(answer)}).encode() + b"\n"


def read_answer(line: bytes) -> Answer:
    """Read an answer.

    Raises:
        ValueError: It is none.
    """
    try:
        values = json.loads(line)
        return _ANSWERS[values.pop("kind")](**values)
    except (KeyError, TypeError, AttributeError) as exc:
        raise ValueError("it is no answer of an indexing") from exc


def main(arguments: Sequence[str]) -> None:
    """Catch up, and say how it goes."""
    write = begin_answering()

    def say(answer: Answer) -> None:
        write(write_answer(answer))

    threading.Thread(target=_end_with_input, args=(sys.stdin.fileno(),), daemon=True).start()
    try:
        said = _catch_up(IndexPlace(**json.loads(arguments[0])), say)
    except LetopisError as exc:
        say(Unindexed(sentence=str(exc)))
    else:
        say(CaughtUp(said=said))


def _catch_up(place: IndexPlace, say: Callable[[Answer], None]) -> str:
    folder = Path(place.folder)
    with (
        open_archive(Path(place.archive)) as store,
        closing(
            open_index(folder, store, engine=place.engine, whoosh_limit=place.whoosh_limit)
        ) as index,
    ):
        return index.catch_up(
            progress=lambda done, expected: say(Indexed(done=done, expected=expected))
        ).said


def _end_with_input(descriptor: int) -> None:
    """End at once, whatever is being done, when nobody waits for it any more."""
    os.read(descriptor, 1)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
