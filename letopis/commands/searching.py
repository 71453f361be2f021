"""Commands that find posts."""

import sys
from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from letopis.arguments import TextCommand
from letopis.commands.arguments import ChannelName, Json, PostNumber
from letopis.completion import offer_query
from letopis.help import WordedCommand
from letopis.opening import (
    get_post,
    home_searcher,
)

app = typer.Typer()


@app.command(cls=TextCommand, epilog="letopis search '\"broadcast join\"' -sql '#spark'")
def search(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(autocompletion=offer_query)],
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 5,
    offset: Annotated[int, typer.Option(min=0)] = 0,
    sort: Literal["relevance", "new", "old"] | None = None,
    json: Json = False,
) -> None:
    """Find posts and their code. Knows "a phrase", -word, #tag and the forms of words."""
    from letopis.answers import VALUES_SHOWN, answer_as_json, print_answer, print_emptiness
    from search import Facet

    show = answer_as_json if json else print_answer
    facets = list(Facet if json else VALUES_SHOWN)
    with home_searcher(context.obj) as searcher:
        for text in _read_queries() if query == ["-"] else [" ".join(query)]:
            answer = searcher.search(text, limit=limit, offset=offset, sort=sort, facets=facets)
            show(answer, offset=offset)
        if not json and searcher.store.last_seq() == 0:
            print_emptiness()


@app.command(cls=WordedCommand)
def similar(
    context: typer.Context,
    message_id: PostNumber,
    channel: ChannelName = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 5,
    json: Json = False,
) -> None:
    """Find posts that are like one, by the words that tell it from others."""
    from letopis.answers import print_similar, similar_as_json

    with home_searcher(context.obj) as searcher:
        archived = get_post(searcher.store, message_id, channel)
        hits = searcher.similar(archived.post_id, limit=limit)
    similar_as_json(hits) if json else print_similar(archived, hits)


def _read_queries() -> Iterator[str]:
    """Yield the lines of standard input, even with invalid UTF-8."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")
