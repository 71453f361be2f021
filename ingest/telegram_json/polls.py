"""Polls and to-do lists of a JSON export."""

from __future__ import annotations

from dataclasses import replace

from ingest.telegram_json.fields import JsonObject, count_of, object_of, objects_of
from ingest.telegram_json.text import read_parts
from model.posts import Poll, PollAnswer


def read_poll(message: JsonObject) -> Poll | None:
    """Read a message's poll or to-do list."""
    poll = object_of(message, "poll")
    if poll is not None:
        return _read_poll(poll)
    todo_list = object_of(message, "todo_list")
    return _read_todo_list(todo_list) if todo_list is not None else None


def _read_poll(poll: JsonObject) -> Poll:
    """Read a poll; zero votes everywhere despite a total mean that the results are hidden."""
    total = count_of(poll, "total_voters")
    answers = [
        PollAnswer(text=read_parts(answer.get("text")).text, voters=count_of(answer, "voters"))
        for answer in objects_of(poll, "answers")
    ]
    if total and not any(answer.voters for answer in answers):
        answers = [replace(answer, voters=None) for answer in answers]
    return Poll(
        question=read_parts(poll.get("question")).text,
        answers=tuple(answers),
        details="Final results" if poll.get("closed") is True else "Anonymous poll",
        total_voters=total,
    )


def _read_todo_list(todo_list: JsonObject) -> Poll:
    return Poll(
        question=read_parts(todo_list.get("title")).text,
        answers=tuple(
            PollAnswer(text=read_parts(item.get("text")).text)
            for item in objects_of(todo_list, "answers")
        ),
        details="To-do List",
    )
