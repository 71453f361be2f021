"""Tables of imports, the files they read, and what could not be read."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, text

from db.schema.metadata import INT, TEXT, table


def _part_of_import(*, primary_key: bool) -> Column[int]:
    return Column(
        "import_id",
        INT,
        ForeignKey("imports.import_id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        autoincrement=False,
        comment="The import.",
    )


def _count(name: str, comment: str) -> Column[int]:
    return Column(name, INT, nullable=False, server_default=text("0"), comment=comment)


imports = table(
    "imports",
    Column("import_id", INT, primary_key=True, comment="Key within this archive."),
    Column(
        "channel_id",
        INT,
        ForeignKey("channels.channel_id"),
        nullable=False,
        comment="The channel it was read into.",
    ),
    Column("source", TEXT, nullable=False, comment="Path or name of what was read."),
    Column("format", TEXT, nullable=False, comment="Kind of export."),
    Column("options", TEXT, nullable=False, comment="How it was read, where that matters."),
    Column("as_of", TEXT, nullable=False, comment="How recent the source is, UTC."),
    Column("started_at", TEXT, nullable=False, comment="UTC."),
    Column("finished_at", TEXT, comment="UTC; NULL: cut short, run it again."),
    _count("added", "Posts that were new."),
    _count("changed", "Posts about which something new was learned."),
    _count("unchanged", "Posts that were known as they are."),
    _count("missing", "Known posts that the source should hold and does not."),
    _count("files_read", "Files read."),
    _count("files_skipped", "Files known from an earlier import."),
    comment="Every import, newest last.",
)
Index("imports_by_channel", imports.c.channel_id)

import_files = table(
    "import_files",
    _part_of_import(primary_key=True),
    Column("path", TEXT, primary_key=True, comment="Its place within the source."),
    Column("digest", TEXT, nullable=False, comment="SHA-256 of its bytes, hexadecimal."),
    Column("size", INT, comment="Bytes."),
    comment="Files that an import read to their end; an unchanged one need not be read again.",
    sqlite_with_rowid=False,
)
Index("import_files_by_digest", import_files.c.digest)

import_problems = table(
    "import_problems",
    Column("import_problem_id", INT, primary_key=True, comment="Key within this archive."),
    _part_of_import(primary_key=False),
    Column("file", TEXT, nullable=False, comment="The file it stands in."),
    Column("anchor", TEXT, nullable=False, comment="Where in that file."),
    Column("reason", TEXT, nullable=False, comment="Why it could not be read."),
    comment="Records that an import could not read; they never stop it.",
)
Index("import_problems_by_import", import_problems.c.import_id)
