"""Whoosh's files cannot run code, whoever wrote them."""

from __future__ import annotations

import ast
import gc
import importlib
import pickle
import shutil
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import whoosh
from whoosh import legacy
from whoosh.codec import whoosh3
from whoosh.externalsort import SortingPool
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from db import PostStore
from search import PostIndex, RebuildReason, open_index
from search.engines import whoosh_engine  # noqa: F401  # what opens any index restricts Whoosh
from tests.search.making import LEAKS, a_post, current, found
from tests.searchers import patient_searcher

Save = Callable[..., None]

_PICKLING = {"pickle", "cPickle", "_pickle", "marshal", "shelve"}


class _Evil:
    """Pickled, it makes a file where it is read."""

    def __init__(self, proof: Path) -> None:
        self._proof = proof

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
        return Path.touch, (self._proof,)


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """Return the file that is there as soon as something evil was run."""
    return tmp_path / "proof"


@pytest.fixture
def evil(proof: Path) -> bytes:
    """Return a pickle that runs something."""
    pickled = pickle.dumps(_Evil(proof), 2)
    pickle.loads(pickled)
    proof.unlink()
    return pickled


@contextmanager
def _opened(folder: Path, store: PostStore) -> Iterator[PostIndex]:
    with closing(open_index(folder, store, engine="whoosh")) as index:
        yield index


def _places(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield each place of Whoosh's files at which a pickle begins."""
    for path in sorted(current(folder).iterdir()):
        held = path.read_bytes() if path.is_file() else b""
        for mark in (b"\x80\x02", b"\x80\x04", b"\x80\x05"):
            at = held.find(mark)
            while at >= 0:
                yield path, at
                at = held.find(mark, at + 1)


@pytest.fixture
def built(folder: Path, store: PostStore, save: Save) -> Iterator[Path]:
    """Return the folder of an index that was written twice."""
    save(*(a_post(number, "граф узел " * number + f"слово{number}") for number in range(1, 9)))
    with _opened(folder, store) as index:
        index.catch_up()
        save(a_post(1, "граф ребро"), a_post(9, "граф"))
        index.catch_up()
    yield folder
    gc.collect()


@LEAKS
def test_no_pickle_in_an_index_is_run(
    built: Path, store: PostStore, evil: bytes, proof: Path
) -> None:
    """In whatever place of whatever file it stands, the index is built anew, if it is read."""
    sound = built.with_name("sound")
    shutil.copytree(built, sound)
    places = list(_places(built))
    assert {path.suffix for path, _ in places} >= {".toc", ".seg"}
    rebuilt = 0
    for path, at in places[::5]:
        shutil.rmtree(built)
        shutil.copytree(sound, built)
        held = path.read_bytes()
        path.write_bytes(held[:at] + evil + held[at + len(evil) :])
        with _opened(built, store) as index:
            rebuilt += index.check().reason is RebuildReason.DAMAGED
            answer = patient_searcher(store, index).search("граф", limit=20)
        assert set(found(answer)) == set(range(1, 10))
        assert not proof.exists()
    assert rebuilt >= 3


@LEAKS
@pytest.mark.parametrize("version", [-111, -110])
def test_no_table_of_contents_is_run(
    built: Path, store: PostStore, evil: bytes, proof: Path, version: int
) -> None:
    """Neither as Whoosh writes it now, nor as it did before 2012."""
    [toc] = current(built).glob("*.toc")
    with FileStorage(str(toc.parent)).create_file(toc.name) as stream:
        for size in (4, 8, 4):
            stream.write_varint(size)
        stream.write_int(-12345)
        stream.write_int(version)
        for number in (2, 7, 4, len(evil)):
            stream.write_varint(number)
        stream.write(evil)
        stream.write_int(int(toc.stem.split("_")[-1]))
        stream.write_int(0)
        stream.write(evil)
    with _opened(built, store) as index:
        assert index.catch_up().reason is RebuildReason.DAMAGED
    assert not proof.exists()


@pytest.mark.parametrize("kind", ["postings", "block", "term"])
def test_no_posting_is_run(evil: bytes, proof: Path, kind: str) -> None:
    """Blocks of postings are compressed; what they are packed with reads no more than others."""
    read: dict[str, Callable[[], Any]] = {
        "postings": lambda: whoosh3.loads(zlib.decompress(zlib.compress(evil))),
        "block": lambda: StructFile(BytesIO(evil)).read_pickle(),
        "term": lambda: whoosh3.W3TermInfo.from_bytes(
            whoosh3.W3TermInfo._struct.pack(1, 1, 1, 1, 1, 1, 1, 1) + evil
        ),
    }
    with pytest.raises(pickle.UnpicklingError, match="an index has nothing to do with"):
        read[kind]()
    assert not proof.exists()


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_whoosh_modules_use_the_restricted_unpickler() -> None:
    """No module of Whoosh holds a reference to the standard library's unpickler."""
    free = {name for name in _pickling_modules() if any(map(_reads, _held_by(name)))}
    # It reads indexes of before 2012, and nobody has it do so any more.
    assert (free, legacy.toc_loaders) == ({"whoosh.util.loading"}, {})
    users = [name for name, source in _sources().items() if "whoosh.util.loading" in source]
    assert users == ["whoosh.legacy"]


def _held_by(module: str) -> Collection[object]:
    """Return what a module holds; nobody uses one that cannot be imported."""
    with suppress(ImportError):
        return vars(importlib.import_module(module)).values()
    return ()


def _reads(value: object) -> bool:
    if isinstance(value, type):
        return issubclass(value, pickle.Unpickler)
    return any(value is reads for reads in (pickle, pickle.load, pickle.loads))


def _pickling_modules() -> Iterator[str]:
    """Yield the modules that import what pickles, at their top: within a function it is hidden."""
    for name, source in _sources().items():
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom) and _pickles(node):
                assert node.col_offset == 0 or name == "whoosh.compat"
                yield name


def _pickles(node: ast.Import | ast.ImportFrom) -> bool:
    origin = node.module if isinstance(node, ast.ImportFrom) else None
    taken = {alias.name for alias in node.names}
    if origin == "whoosh.compat":
        return bool(taken & {"pickle", "load", "loads", "exec_"})
    return bool(({origin} if origin else taken) & _PICKLING)


@cache
def _sources() -> Mapping[str, str]:
    """Return the text of every module of the package that is installed."""
    [folder] = map(Path, whoosh.__path__)
    return {
        ".".join(path.relative_to(folder.parent).with_suffix("").parts): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def test_postings_that_leave_memory_come_back() -> None:
    """What a big index sorts in files, bytes included, is read as it was written."""
    pool = SortingPool(maxsize=2)
    postings = [("words", f"слово{number}".encode(), number, b"\x00\xff") for number in range(9)]
    for posting in reversed(postings):
        pool.add(posting)
    assert list(pool.items()) == postings
