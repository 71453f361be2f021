"""What changed is read in portions, here or in other processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from db import PostStore, open_archive
from search.portions import read_portions
from tests.search.making import a_post

Save = Callable[..., None]


def test_processes_ahead_read_what_is_read_here(store: PostStore, save: Save) -> None:
    """The portions are the same and come in the same order."""
    save(*(a_post(number, f"Слово{number}, C++ и read_csv #тег") for number in range(1, 26)))
    ends = store.change_numbers(3, every=1)

    here, ahead = (list(read_portions(store, 3, ends, jobs=jobs)) for jobs in (1, 2))

    assert [document.seq for portion in here for document in portion.documents] == [*range(4, 26)]
    assert [portion.documents for portion in ahead] == [portion.documents for portion in here]
    assert [list(portion.forms.forms()) for portion in ahead] == [
        list(portion.forms.forms()) for portion in here
    ]


def test_few_portions_are_worth_no_process(store: PostStore, save: Save) -> None:
    """What is read before a process would have begun is read at once, whatever there may be."""
    save(a_post(1, "граф"), a_post(2, "узел"))
    before = multiprocessing.active_children()

    portions = read_portions(store, 0, store.change_numbers(0, every=1), jobs=8)

    assert [document.text for portion in portions for document in portion.documents] == [
        "граф",
        "узел",
    ]
    assert multiprocessing.active_children() == before


def _read_slowly(archive: Path, told: Connection) -> None:
    with open_archive(archive) as store:
        portions = read_portions(store, 0, store.change_numbers(0, every=1), jobs=2)
        next(portions)
        told.send([child.pid for child in multiprocessing.active_children()])
        told.recv()


@pytest.mark.slow
def test_processes_end_with_the_one_that_began_them(store: PostStore, save: Save) -> None:
    """Even one that is killed leaves nobody behind."""
    save(*(a_post(number, "граф") for number in range(1, 26)))
    context = multiprocessing.get_context("spawn")
    told, tells = context.Pipe()
    reader = context.Process(target=_read_slowly, args=(store.path, tells))
    reader.start()
    tells.close()
    children = told.recv()
    assert len(children) == 2

    reader.kill()
    reader.join()

    # The end of a process that is not one's own can only be waited for by asking.
    while any(map(_is_running, children)):
        pass


def _is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
