"""What Whoosh may unpickle: plain values and its own records of segments, nothing else.

Whoosh keeps its files as pickles, and a pickle names the functions that are called to read it:
whoever wrote an index could run a program by it.
"""

from __future__ import annotations

import pickle
import sys
from collections import defaultdict
from io import BytesIO
from types import ModuleType, SimpleNamespace
from typing import IO, Any

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.legacy import toc_loaders

# All that is named in the files of an index; nothing is imported to read one.
_KNOWN: dict[tuple[str, str], type] = {
    ("builtins", "int"): int,
    ("collections", "defaultdict"): defaultdict,
    ("whoosh.codec.whoosh3", "W3Codec"): W3Codec,
    ("whoosh.codec.whoosh3", "W3Segment"): W3Segment,
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        """Return a class that an index may name.

        Raises:
            UnpicklingError: It names another one.
        """
        known = _KNOWN.get((module, name))
        if known is None:
            raise pickle.UnpicklingError(f"an index has nothing to do with {module}.{name}")
        return known


def restrict_unpickling() -> None:
    """Let Whoosh, wherever it would unpickle, read nothing but `_KNOWN`.

    Its modules take `pickle` and its functions from one of them, each by a name of its own: those
    that are loaded have them replaced, others find them replaced.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "whoosh":
            _replace_names(module)
    # Indexes of before 2012 are read by an unpickler of Whoosh's own, which knows no limits.
    toc_loaders.clear()


def _replace_names(module: ModuleType) -> None:
    for name, value in list(vars(module).items()):
        for original, ours in _REPLACED:
            if value is original:
                setattr(module, name, ours)


def _load(file: IO[bytes]) -> Any:
    return _Unpickler(file).load()


def _loads(pickled: bytes) -> Any:
    return _load(BytesIO(pickled))


def _dumps(value: Any, _protocol: int | None = None) -> bytes:
    # Whoosh asks for an old protocol, in which bytes are what a function returns that is named.
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


_REPLACED = (
    (pickle.load, _load),
    (pickle.loads, _loads),
    (pickle.dumps, _dumps),
    (
        pickle,
        SimpleNamespace(
            load=_load,
            loads=_loads,
            dump=pickle.dump,
            dumps=_dumps,
            PicklingError=pickle.PicklingError,
        ),
    ),
)
