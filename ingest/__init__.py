"""Exports become posts: one reader per format, rich text, code, the import run."""

from ingest.import_run import ImportReport, run_import
from ingest.opening import open_source
from ingest.sources import Source, SourceFile

__all__ = ["ImportReport", "Source", "SourceFile", "open_source", "run_import"]
