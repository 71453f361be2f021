"""Whatever happens to an index's files, searches are answered from a rebuilt index."""

from __future__ import annotations

import multiprocessing
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from db import PostStore, open_archive
from search import open_index
from tests.search.making import a_post
from tests.searchers import patient_searcher

_DAMAGES = 75
_POSTS = 40


def _cut(path: Path, chance: random.Random) -> None:
    held = path.read_bytes()
    path.write_bytes(held[: chance.randrange(len(held) + 1)])


def _change(path: Path, chance: random.Random) -> None:
    held = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 3, 20])):
        held[chance.randrange(len(held))] = chance.randrange(256)
    path.write_bytes(held)


def _blank(path: Path, chance: random.Random) -> None:
    held = path.read_bytes()
    begin = chance.choice([0, chance.randrange(len(held))])
    path.write_bytes(held[:begin] + bytes(len(held) - begin))


def _swap_halves(path: Path, _: random.Random) -> None:
    held = path.read_bytes()
    path.write_bytes(held[len(held) // 2 :] + held[: len(held) // 2])


def _lengthen(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.randbytes(50))


def _remove(path: Path, _: random.Random) -> None:
    path.unlink()


def _make_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()
    (path / "file").touch()


_WAYS = (_cut, _change, _change, _blank, _swap_halves, _lengthen, _remove, _make_folder)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_any_damage_is_mended(
    store: PostStore,
    folder: Path,
    save: Callable[..., None],
    engine: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A search is answered, and nothing is printed of a panic or an exception."""
    save(*(a_post(number, f"граф узел слово{number} " * 9) for number in range(1, _POSTS)))
    with closing(open_index(folder, store, engine=engine)) as index:
        index.catch_up()
        save(a_post(1, "граф ребро"), a_post(_POSTS, "граф ребро"))
        index.catch_up()
    # In a process of its own: none of this may end it.
    process = multiprocessing.get_context("spawn").Process(
        target=_damage_and_search, args=(store.path, folder, engine)
    )
    process.start()
    process.join()
    assert (process.exitcode, *capfd.readouterr()) == (0, "", "")


def _damage_and_search(archive: Path, folder: Path, engine: str) -> None:
    sound = folder.with_name("sound")
    shutil.copytree(folder, sound)
    for seed in range(_DAMAGES):
        chance = random.Random(seed)
        shutil.rmtree(folder)
        shutil.copytree(sound, folder)
        files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
        path, way = chance.choice(sorted(files)), chance.choice(_WAYS)
        way(path, chance)
        with (
            open_archive(archive) as store,
            closing(open_index(folder, store, engine=engine)) as index,
        ):
            if chance.random() < 0.5:
                index.check()
            found = patient_searcher(store, index).search("граф", limit=_POSTS).hits
        # Whoosh has no checksums: what it is changed to may pass for an index of fewer posts.
        least = _POSTS if engine == "tantivy" else 0
        assert least <= len(found) <= _POSTS, f"seed {seed}: {way.__name__} of {path.name}"
