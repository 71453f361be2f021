"""Files that a person asked for under a name: new, complete, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import UsageError
from model.messages import Code
from model.whole_files import making


def save_new_file(target: Path, content: bytes) -> None:
    """Write a new file, and the folders above it.

    Raises:
        UsageError: The name is taken, the folder is not writable or the disk is full.
    """
    with explaining_refusals(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with making(target.parent) as part:
            part.file.write(content)
            part.put(target, replaces=False)


@contextmanager
def explaining_refusals(target: Path) -> Iterator[None]:
    """Turn the errors of creating a file into sentences.

    Raises:
        UsageError: The name is taken, the folder is not writable or the disk is full.
    """
    try:
        yield
    except FileExistsError as exc:
        if target.parent.is_dir():
            raise UsageError(Code.EXISTS, path=target) from exc
        raise UsageError(Code.NO_FOLDER, path=target.parent) from exc
    except OSError as exc:
        raise UsageError(Code.NOT_MADE, path=target, cause=exc.strerror) from exc
