"""Turns queries into posts: analysis, query language, engines, ranking, highlighting."""

from search.analysis import fold
from search.asides import Aside, AsideKind
from search.facets import FacetCount
from search.highlight import Excerpt
from search.index import FEW_POSTS, CatchUp, PostIndex, open_index
from search.index_version import RebuildReason
from search.memory_match import MemoryMatcher
from search.operators import condition_meant, without_code
from search.parser import parse_query
from search.query import Facet, Note, Query, Remark
from search.searcher import Answer, Hit, Searcher
from search.stems import STEMS_VERSION, match_stems, stems_of

__all__ = [
    "FEW_POSTS",
    "STEMS_VERSION",
    "Answer",
    "Aside",
    "AsideKind",
    "CatchUp",
    "Excerpt",
    "Facet",
    "FacetCount",
    "Hit",
    "MemoryMatcher",
    "Note",
    "PostIndex",
    "Query",
    "RebuildReason",
    "Remark",
    "Searcher",
    "condition_meant",
    "fold",
    "match_stems",
    "open_index",
    "parse_query",
    "stems_of",
    "without_code",
]
