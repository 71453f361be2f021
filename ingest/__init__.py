"""Exports become posts: one reader per format, rich text, code, the import run."""

from ingest.import_report import ImportReport, MediaCount
from ingest.import_run import run_import
from ingest.media_store import MediaStore
from ingest.opening import open_source
from ingest.sources import Source, SourceFile

__all__ = [
    "ImportReport",
    "MediaCount",
    "MediaStore",
    "Source",
    "SourceFile",
    "open_source",
    "run_import",
]
