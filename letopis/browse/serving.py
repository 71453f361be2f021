"""Serves the pages on this machine's own address."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from db.engine import connect_reader
from letopis.browse.plugin import ArchivePlugin
from letopis.browse.views import DATABASE
from letopis.languages import terminal_texts
from letopis.output import say
from model.errors import UsageError
from model.messages import Code

if TYPE_CHECKING:
    from letopis.home import Home
    from search import Searcher

_HOST = "127.0.0.1"
_SETTINGS = {
    "allow_download": False,  # `letopis export` makes a copy that is whole
    "default_page_size": 50,
    "facet_time_limit_ms": 1000,
    "sql_time_limit_ms": 5000,
    "suggest_facets": False,  # which tries every column, at every page
    "truncate_cells_html": 600,
}


def serve_pages(home: Home, searcher: Searcher, *, port: int) -> None:
    """Serve until interrupted.

    Raises:
        UsageError: The port is taken.
    """
    try:
        listener = socket.create_server((_HOST, port))
    except OSError as exc:
        raise UsageError(
            Code.PORT_TAKEN, port=str(port), cause=os.strerror(exc.errno or 0)
        ) from exc
    with listener, open_pages(home, searcher) as pages:
        address = f"http://{_HOST}:{listener.getsockname()[1]}/"
        say(terminal_texts().browse.serves.format(address=address))
        config = uvicorn.Config(pages.app(), log_level="warning", server_header=False)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


class _Archive(Database):
    """The archive, opened as Letopis opens it for reading.

    Datasette itself does not open files with `?`, `#` or `%` in their paths, nor in folders that it
    cannot write to.
    """

    def connect(self, write: bool = False) -> Any:
        """Return a connection that can only read, whatever it is for."""
        del write
        connection = connect_reader(Path(self.path))
        self._all_file_connections.append(connection)
        return connection


@contextmanager
def open_pages(home: Home, searcher: Searcher) -> Iterator[Datasette]:
    """Open Datasette over the archive of a home; one at a time in a process.

    The archive may be written meanwhile.
    """
    plugin = ArchivePlugin(home, searcher)
    pm.register(plugin, name="letopis")
    try:
        pages = Datasette(settings=_SETTINGS)
        pages.remove_database("_memory")
        pages.add_database(_Archive(pages, str(searcher.store.path)), name=DATABASE)
        try:
            yield pages
        finally:
            pages.executor.shutdown()
            for database in pages.databases.values():
                database.close()
    finally:
        pm.unregister(plugin)
