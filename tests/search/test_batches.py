"""What changed is read in portions, here or in other processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable

import pytest

from db import PostStore
from search.batches import read_portions
from tests.search.making import a_post

Save = Callable[..., None]


@pytest.mark.slow
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
    before = set(multiprocessing.active_children())

    portions = read_portions(store, 0, store.change_numbers(0, every=1), jobs=8)

    assert [document.text for portion in portions for document in portion.documents] == [
        "граф",
        "узел",
    ]
    assert set(multiprocessing.active_children()) <= before
