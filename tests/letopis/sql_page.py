"""The page docs/sql.md: the archive behind its results, and the page as it is generated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from db import CannedQuery, PostStore, canned_queries
from db.values import QueryResult
from ingest import run_import
from letopis.sample import sample_export
from letopis.sql_functions import SQL_FUNCTIONS
from model.posts import BadMessage, Channel, Link, Media, MediaKind, Post
from model.rich_text import RichText
from search import STEMS_VERSION, stems_of

PAGE = Path(__file__).parents[2] / "docs" / "sql.md"
_LATER = datetime(2026, 11, 25, 12, tzinfo=UTC)
_WIDEST = 60
_GROUPS = {
    "posts": "Posts and time",
    "words": "Words",
    "tags": "Tags and channels",
    "code_links_media": "Code, links and attachments",
    "people_history": "Sources, readers and history",
}


def fill(store: PostStore) -> None:
    """Fill an archive with the sample channel, a later look at it, and another channel."""
    run_import(store, sample_export())
    store.add_problem(1, BadMessage(file="messages.html", anchor="message150", reason="no date"))
    (sample,) = store.channels()
    edited = store.find(sample.channel_id, 72)
    assert edited is not None
    later = replace(edited.post, content=RichText("Схема готова, см. ниже."), hashtags=())
    store.save(sample.channel_id, [later], as_of=_LATER)
    present = {number for number in range(1, 147) if number != 142}
    store.mark_missing(sample.channel_id, present, first_id=1, last_id=146, at=_LATER)
    neighbour = Channel(title="Соседний канал", username="neighbour")
    store.save(store.resolve_channel(neighbour), _neighbours(), as_of=_LATER)
    store.enable_full_text(stems_of, version=STEMS_VERSION)


def _neighbours() -> Iterator[Post]:
    photo = Media(kind=MediaKind.PHOTO)
    file = Media(kind=MediaKind.FILE, title="slides.pdf", size=2_400_000)
    paper = Link(url="https://arxiv.org/abs/2106.09685", host="arxiv.org", text="LoRA")
    thread = ("Какую базу взять для логов?", "ClickHouse", "Почему не Postgres?")
    for number, text in enumerate(thread, start=201):
        yield _post(number, text, reply_to=number - 1 if number > 201 else None, hashtags=("базы",))
    for number, text in ((205, ""), (206, "Три слайда"), (207, "")):
        yield _post(number, text, album_id="205", media=(photo,))
    yield _post(208, "Презентация #базы", media=(file,), hashtags=("базы",), links=(paper,))
    yield _post(209, "Ещё раз о LoRA", links=(paper,))


def _post(number: int, text: str, **fields: object) -> Post:
    posted_at = datetime(2026, 10, 1, 9, number % 60, tzinfo=UTC)
    return Post(message_id=number, posted_at=posted_at, content=RichText(text), **fields)  # type: ignore[arg-type]


def write_page(store: PostStore) -> str:
    """Return the page for an archive; what stands before its first heading is kept."""
    sections = [PAGE.read_text("utf-8").partition("\n## ")[0]]
    for group, queries in groupby(canned_queries().values(), key=lambda query: query.group):
        sections.append(f"## {_GROUPS[group]}\n")
        sections += [section(store, query) for query in queries]
    return "\n".join(sections)


def section(store: PostStore, query: CannedQuery) -> str:
    """Return the section of one question, with the answer of an archive."""
    statement = literal(query)
    found = store.query(statement, functions=SQL_FUNCTIONS)
    values = "".join(f" {name}={_quoted(value)}" for name, value in query.parameters.items())
    mark = " *Reads everything.*" if query.reads_all else ""
    call = f"`letopis sql {query.name}{values}`"
    return f"### {query.question}\n\n{call}{mark}\n\n```sql\n{statement};\n```\n\n{as_table(found)}"


def literal(query: CannedQuery) -> str:
    """Return a statement with the values of its parameters, as it can be pasted anywhere."""
    return re.sub(
        r"(?<!:):(\w+)", lambda name: _sql_literal(query.parameters[name[1]]), query.statement
    )


def as_table(found: QueryResult) -> str:
    """Return rows as a Markdown table whose cells are short."""
    rows: list[Sequence[str]] = [found.columns, ["---"] * len(found.columns)]
    rows += [[_cell(value) for value in row] for row in found.rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(value: object) -> str:
    text = " ".join(str("" if value is None else value).split())
    short = text if len(text) <= _WIDEST else text[: _WIDEST - 1].rstrip() + "…"
    return re.sub(r"[\\|`*_<>\[\]#]", r"\\\g<0>", short)


def _quoted(value: str | int) -> str:
    return f'"{value}"' if " " in str(value) else str(value)


def _sql_literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
