"""Restricts what Whoosh may unpickle to plain values and its own segment records.

Whoosh's files contain pickles, and a pickle can call arbitrary functions: an index written by
someone else could run code.
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

# All classes named in index files; loading one imports nothing.
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
            UnpicklingError: It is not allowed.
        """
        known = _KNOWN.get((module, name))
        if known is None:
            raise pickle.UnpicklingError(f"an index has nothing to do with {module}.{name}")
        return known


def restrict_unpickling() -> None:
    """Make Whoosh unpickle only `_KNOWN`, everywhere.

    Its modules import `pickle` and its functions through one module, under various names: these are
    replaced in loaded modules and at the source.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "whoosh":
            _replace_names(module)
    # Indexes from before 2012 use Whoosh's own unpickler, which has no restrictions.
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


def _dump(value: Any, file: IO[bytes], _protocol: int | None = None) -> None:
    # Whoosh requests an old protocol, in which bytes are encoded as a function call.
    pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)


def _dumps(value: Any, _protocol: int | None = None) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


_REPLACED = (
    (pickle.load, _load),
    (pickle.loads, _loads),
    (pickle.dump, _dump),
    (pickle.dumps, _dumps),
    (
        pickle,
        SimpleNamespace(
            load=_load,
            loads=_loads,
            dump=_dump,
            dumps=_dumps,
            PicklingError=pickle.PicklingError,
        ),
    ),
)
