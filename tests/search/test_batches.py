"""What changed is read in batches, here or in other processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable

import pytest

from db import PostStore
from search.batches import read_batches
from tests.search.making import a_post

Save = Callable[..., None]


@pytest.mark.slow
def test_processes_ahead_read_what_is_read_here(store: PostStore, save: Save) -> None:
    """The batches are the same and come in the same order."""
    save(*(a_post(number, f"Слово{number}, C++ и read_csv #тег") for number in range(1, 26)))
    ends = store.change_numbers(3, every=1)

    here, ahead = (list(read_batches(store, 3, ends, jobs=jobs)) for jobs in (1, 2))

    assert [document.seq for batch in here for document in batch.documents] == [*range(4, 26)]
    assert [batch.documents for batch in ahead] == [batch.documents for batch in here]
    assert [list(batch.spellings.spellings()) for batch in ahead] == [
        list(batch.spellings.spellings()) for batch in here
    ]


def test_few_batches_are_worth_no_process(store: PostStore, save: Save) -> None:
    """What is read before a process would have begun is read at once, whatever there may be."""
    save(a_post(1, "граф"), a_post(2, "мост"))
    before = set(multiprocessing.active_children())

    batches = read_batches(store, 0, store.change_numbers(0, every=1), jobs=8)

    assert [document.text for batch in batches for document in batch.documents] == [
        "граф",
        "мост",
    ]
    assert set(multiprocessing.active_children()) <= before
