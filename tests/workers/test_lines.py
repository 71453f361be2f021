"""What a program and its workers say to each other travels by lines of JSON."""

from __future__ import annotations

import pytest

from ingest import import_messages
from ingest.import_messages import (
    ArchiveLocked,
    Difference,
    Done,
    ImportTask,
    Problem,
    SourceInfo,
    Stopped,
    TaskKind,
)
from model.messages import Code
from model.messages import Message as Said
from search import index_messages
from search.index_messages import IndexFailed
from workers.lines import read_line, write_line

Message = ImportTask | import_messages.ImportAnswer | index_messages.IndexAnswer
KINDS = (ImportTask, *import_messages.IMPORT_ANSWERS, *index_messages.INDEX_ANSWERS)


@pytest.mark.parametrize(
    "message",
    [
        ImportTask(task=TaskKind.PREVIEW, path="\udcff", home="h", archive="b", name="c"),
        IndexFailed(message=Said(Code.INDEX_UNWRITABLE, {"folder": "Ё\u2028\n", "n": 1})),
        ArchiveLocked(),
        Stopped(added=1),
        SourceInfo(format="x", title="Ё\u2028", username=None, telegram_id=1, files=1, size=2),
        Done(
            format="x",
            title="т",
            username="u",
            telegram_id=None,
            is_new_channel=True,
            added=1,
            changed=2,
            unchanged=3,
            missing=4,
            text_changed=1,
            differences=(Difference(message_id=1, words="[-a-]"),),
            problem_count=1,
            problems=(Problem(file="a", anchor="b", reason="c\n"),),
            first_at=None,
            last_at="2024-03-05T07:00:00Z",
            files_read=1,
            files_skipped=0,
            assumed_zone="UTC",
        ),
    ],
    ids=lambda message: type(message).__name__,
)
def test_messages_travel_by_lines(
    message: Message,
) -> None:
    """A message is one line, and is read as it was written."""
    line = write_line(message)
    assert line.count(b"\n") == 1
    assert read_line(line, KINDS) == message


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"kind": "Order"}',
        b'{"kind": "Survey"}',
        b'{"kind": "Waits", "x": 1}',
        b'{"kind": "Done", "problems": 1}',
        b"\xff",
    ],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    """Whatever a broken process writes is read as a message or refused."""
    with pytest.raises(ValueError, match=r"."):
        read_line(line, import_messages.IMPORT_ANSWERS)
