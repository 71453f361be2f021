"""Classifies an engine's failures: damaged files, unavailable files, our own bugs."""

from __future__ import annotations

import errno
import os
import re
from types import TracebackType

from model.errors import IndexUnavailable
from model.messages import Code
from search.engines import EngineDamaged

# Without a free descriptor or permission nothing is read, damaged or not, and nothing built.
_OUT_OF_REACH = frozenset(
    (errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)
)
# tantivy reports system errors as text.
_SYSTEM_ERROR = re.compile(r"\bOs \{ code: (\d+)")
# Exceptions of our own code on damaged files; Whoosh's can be anything.
_MADE_NO_SENSE = (ValueError, IndexError, OSError, EOFError)


class EngineFailures:
    """Converts failures of local engines to the errors of the protocol.

    Raises:
        EngineDamaged: The files are invalid or missing, or the disk is full.
        IndexUnavailable: They cannot be read at the moment. Bugs are passed on.
    """

    def __enter__(self) -> None:
        """Enter the context."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if failure is None or isinstance(failure, EngineDamaged):
            return
        if (number := _system_error(failure)) in _OUT_OF_REACH:
            raise IndexUnavailable(Code.INDEX_OUT_OF_REACH, cause=os.strerror(number)) from failure
        if _is_panic(failure) or isinstance(failure, _MADE_NO_SENSE) or _is_of_whoosh(failure):
            raise EngineDamaged(str(failure)) from failure


def _system_error(failure: BaseException) -> int:
    """Return the errno of a system error, or 0."""
    if isinstance(failure, OSError):
        return failure.errno or 0
    told = _SYSTEM_ERROR.search(str(failure)) if isinstance(failure, ValueError) else None
    return 0 if told is None else int(told[1])


def _is_panic(failure: BaseException) -> bool:
    # The class of tantivy's panics cannot be imported, and is not an `Exception`.
    return type(failure).__name__ == "PanicException"


def _is_of_whoosh(failure: BaseException) -> bool:
    """Return whether an exception was raised in Whoosh, or in what it called."""
    trace = failure.__traceback__
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__")).partition(".")[0] == "whoosh":
            return isinstance(failure, Exception)
        trace = trace.tb_next
    return False
