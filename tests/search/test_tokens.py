"""The fast analysis for indexing gives the same terms as the analysis with offsets."""

from __future__ import annotations

import gc
from collections import Counter
from itertools import chain
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import chunks, fold, stem
from search.tokens import _TokenTerms, analyse, decode_spellings, encoded_spellings


def forms_of(text: str) -> set[tuple[str, str]]:
    """Return the forms in a text with their terms."""
    spellings = encoded_spellings(analyse(text).tokens)
    forms = chain.from_iterable(decode_spellings(each).items() for each in spellings)
    return {(form, term or stem(form)) for form, term in forms}


@given(st.text(alphabet="абвёйАЁabcZ019_-.,/#+@'«»“(… \n\u0301\u00ad🔥👩\u200d💻＃"))
def test_index_and_query_see_the_same_terms(text: str) -> None:
    """The quick way of the index and the way with places give the same terms."""
    quick, pieces = analyse(text), [piece for chunk in chunks(text) for piece in chunk.pieces]

    assert quick.terms.split() == [atom.term for chunk in chunks(text) for atom in chunk.atoms]
    assert Counter(quick.beside.split()) == Counter(
        piece.term for piece in pieces if piece.whole or piece.part
    )
    assert forms_of(text) == {(piece.form, piece.term) for piece in pieces}
    assert quick.folded == "".join(fold(text).split())


@pytest.mark.measured
@pytest.mark.slow
def test_more_words_are_read_than_are_remembered() -> None:
    """However many there are in a text, each is read as what it is, and so is what comes after."""
    many = " ".join(f"w{number}," for number in range(150_000))
    before, spellings = analyse("read_csv ⅷ"), list(encoded_spellings(["f-ток", "ток"]))

    assert analyse(many).terms == "".join(f"w{number} " for number in range(150_000))
    assert analyse("read_csv ⅷ") == before
    assert list(encoded_spellings(["f-ток", "ток"])) == spellings
    assert forms_of("f-токи") == {("f", "f"), ("токи", "ток"), ("fтоки", "fток")}


def test_a_full_cache_is_freed_while_garbage_collection_is_paused() -> None:
    """Indexing pauses it, and fills several caches of an archive with many words."""
    cache = _TokenTerms()
    cache.terms_of(["Слово", "zeroGrad"])
    assert cache.spellings["слова"] == "слова"
    freed = ref(cache)

    gc.disable()
    del cache
    is_freed = freed() is None
    gc.enable()

    assert is_freed
