"""Searchers for tests.

In a process that runs many tests, collecting garbage alone can take as long as a search may.
"""

from __future__ import annotations

from functools import partial
from math import inf

from search import Searcher

patient_searcher = partial(Searcher, time_limit=inf)
