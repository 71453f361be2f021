"""Turns exports into posts: one reader per format, rich text, code, the import run."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.copies import CopiesHealth, check_copies
    from ingest.fetch_run import run_fetch
    from ingest.import_report import ImportReport, MediaCount, TextChange
    from ingest.import_run import run_import
    from ingest.media_store import MediaStore
    from ingest.opening import open_source
    from ingest.sources import Source, SourceFile

__all__ = [
    "CopiesHealth",
    "ImportReport",
    "MediaCount",
    "MediaStore",
    "Source",
    "SourceFile",
    "TextChange",
    "check_copies",
    "open_source",
    "run_fetch",
    "run_import",
]

_MODULES = {
    "CopiesHealth": "copies",
    "ImportReport": "import_report",
    "MediaCount": "import_report",
    "MediaStore": "media_store",
    "Source": "sources",
    "SourceFile": "sources",
    "TextChange": "import_report",
    "check_copies": "copies",
    "open_source": "opening",
    "run_fetch": "fetch_run",
    "run_import": "import_run",
}


def __getattr__(name: str) -> Any:
    """Import names on first use.

    A process that only parses pages needs neither the archive nor the other formats, and importing
    them takes as long as parsing a few pages.
    """
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"ingest.{_MODULES[name]}"), name)
