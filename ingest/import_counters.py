"""Running counts of an import."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from db import SaveResult
from ingest.code_detection import LONGEST_TEXT
from ingest.differences import describe_difference
from ingest.import_report import TextChange
from ingest.number_set import NumberSet
from model.posts import BadMessage, Post

# As many differences as a person would read; the archive keeps all texts.
_SHOWN = 1000


@dataclass(slots=True)
class ImportCounters:
    """The counts so far."""

    added: int = 0
    changed: int = 0
    text_changed: int = 0
    text_changes: list[TextChange] = field(default_factory=list)
    unchanged: int = 0
    missing: int = 0
    read: int = 0
    present: NumberSet = field(default_factory=NumberSet)
    problems: list[BadMessage] = field(default_factory=list)
    too_long: list[int] = field(default_factory=list)
    """Messages longer than what is searched for unmarked code."""
    first_at: datetime | None = None
    last_at: datetime | None = None

    def count(self, result: SaveResult) -> None:
        """Add the outcome of a batch."""
        self.added += len(result.added)
        self.changed += len(result.changed)
        self.unchanged += result.unchanged
        self.text_changed += len(result.edits)
        room = _SHOWN - len(self.text_changes)
        self.text_changes += (
            TextChange(
                message_id=edit.message_id, difference=describe_difference(edit.old, edit.new)
            )
            for edit in result.edits[:room]
        )

    def count_post(self, post: Post) -> None:
        """Count a post of the source."""
        self.present.add(post.message_id)
        if len(post.text) > LONGEST_TEXT:
            self.too_long.append(post.message_id)
        self.first_at = min(self.first_at or post.posted_at, post.posted_at)
        self.last_at = max(self.last_at or post.posted_at, post.posted_at)
