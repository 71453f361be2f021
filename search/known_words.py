"""A few words in memory, as a vocabulary compares with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.forms import Form, is_word
from search.scripts import skeleton_of
from search.sounds import sounds_of


class KnownWords:
    """Words with their spellings, the most frequent first."""

    def __init__(self, terms: Mapping[str, int], forms: Iterable[Form]) -> None:
        self._terms = terms
        self._forms = sorted(forms, key=lambda form: (-form.documents, form.text))
        self._plain = [form for form in self._forms if is_word(form.text)]
        self._heard: defaultdict[tuple[str, bool], list[Form]] = defaultdict(list)
        self._skeletons: defaultdict[tuple[str, bool], list[Form]] = defaultdict(list)
        for form in self._plain:
            latin, sounds = form.text.isascii(), set(sounds_of(form.text))
            for sound in sounds:
                self._heard[sound, latin].append(form)
            for skeleton in set(map(skeleton_of, sounds)):
                self._skeletons[skeleton, latin].append(form)

    def documents(self) -> int:
        """Return the number of documents: that of the most frequent term comes near."""
        return max(self._terms.values(), default=0)

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        return self._terms.get(term, 0)

    def form(self, text: str) -> Form | None:
        """Return a spelling, if there is such a one."""
        return next((form for form in self._forms if form.text == text), None)

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        terms = (form.term for form in self._forms if form.text.startswith(prefix))
        return tuple(dict.fromkeys(terms))[:limit]

    def sounding(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script that have any of these sounds."""
        found = [form for sound in sounds for form in self._heard.get((sound, latin), ())]
        return tuple(dict.fromkeys(found))

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script whose sounds have these consonants."""
        return self._skeletons.get((skeleton, latin), ())

    def like(self, word: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings that so many slips of the fingers turn into a word, or fewer."""
        return self._near(word, [form.text for form in self._plain], slips)

    def with_terms_like(self, term: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings whose terms so many slips turn into this one, or fewer."""
        return self._near(term, [form.term for form in self._plain], slips)

    def _near(self, word: str, choices: Sequence[str], slips: int) -> Sequence[Form]:
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=None)
        return [self._plain[number] for number in sorted(number for _, _, number in found)]
