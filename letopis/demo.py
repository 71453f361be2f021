"""The demo: the bot in this terminal, on the sample channel or an existing archive."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.application import build_application
from bot.config import BotConfig
from bot.services import Workers
from bot.start.examples import example_queries
from bot.terminal.console import read_lines, run_console
from db import open_archive
from db.bot_store import open_bot_store
from i18n import texts_for
from ingest import MediaStore, run_import
from letopis.archive_server import archive_address
from letopis.fetch_worker import fetch_process
from letopis.home import Home
from letopis.import_worker import import_thread
from letopis.index_worker import index_process
from letopis.languages import terminal_language
from letopis.opening import caught_up_index, home_archive
from letopis.progress import import_progress
from letopis.sample import sample_export
from letopis.terminal import open_console
from letopis.watch_worker import watch_process
from model.errors import UsageError
from search import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.terminal.transport import ConsoleRequest
    from bot.transport.app import App


_PERSON = 1
_TOKEN = "1:no-token-is-needed-in-this-terminal"  # noqa: S105 (it opens nothing: no network is used)


def run_demo(home: Home | None) -> None:
    """Run a conversation until the input ends.

    Without a home that holds posts, the sample channel is put into a temporary one.
    """
    with _home(home) as place, open_archive(archive_address(place), home=place.folder) as store:
        if not store.count_messages():
            with import_progress(sample_export()) as progress:
                run_import(store, sample_export(), progress=progress)
        with (
            caught_up_index(place, store) as index,
            tempfile.TemporaryDirectory(prefix="letopis-") as state,
            open_bot_store(Path(state) / "bot.db") as bot_store,
        ):
            searcher = Searcher(store, index)
            language = terminal_language(default="ru")
            examples = example_queries(store, texts_for(language))

            def build(request: ConsoleRequest) -> App:
                return build_application(
                    BotConfig(token=_TOKEN, owners=frozenset({_PERSON})),
                    searcher=searcher,
                    store=store,
                    bot_store=bot_store,
                    workers=Workers(
                        imports=import_thread,
                        indexing=index_process,
                        fetching=fetch_process,
                        watching=watch_process,
                    ),
                    media=MediaStore(place.media),
                    request=request,
                )

            run_console(
                build,
                lines=read_lines(sys.stdin),
                console=open_console(),
                owner_id=_PERSON,
                language_code=language,
                title=_title(store.count_messages(), [c.channel.title for c in store.channels()]),
                examples=[query for query, _ in examples],
                echo=not sys.stdin.isatty(),
            )


@contextmanager
def _home(home: Home | None) -> Iterator[Home]:
    if home and _has_posts(home):
        yield home
    else:
        with tempfile.TemporaryDirectory(prefix="letopis-demo-") as folder:
            yield Home(Path(folder), is_temporary=True)


def _has_posts(home: Home) -> bool:
    try:
        with home_archive(home) as store:
            return bool(store.count_messages())
    except UsageError:
        return False


def _title(posts: int, channels: list[str]) -> str:
    return f"Letopis · {', '.join(channels)} · {posts}"
