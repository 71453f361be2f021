"""An import in a process of its own: a file that breaks it does no harm to who asked for it."""

from ingest.apart.messages import (
    Answer,
    Difference,
    Done,
    Order,
    Problem,
    Progress,
    Refused,
    Stopped,
    Survey,
    Task,
    Waits,
    read_answer,
    write_message,
)

__all__ = [
    "Answer",
    "Difference",
    "Done",
    "Order",
    "Problem",
    "Progress",
    "Refused",
    "Stopped",
    "Survey",
    "Task",
    "Waits",
    "read_answer",
    "write_message",
]
