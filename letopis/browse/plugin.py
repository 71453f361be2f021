"""The plugin: what Datasette shows and does otherwise over an archive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import asgi_send_redirect
from markupsafe import Markup

from db import canned_queries
from db.descriptions import describe_schema
from db.sql_functions import register, replace_builtins, views_use_builtins
from letopis.addresses import is_loopback
from letopis.browse.errors import answer_failure
from letopis.browse.html import code_html
from letopis.browse.pages import Pages
from letopis.browse.views import DATABASE, file_path, post_path, search_path
from letopis.languages import terminal_texts
from letopis.sql_functions import SQL_FUNCTIONS

if TYPE_CHECKING:
    from datasette.app import Datasette

    from letopis.home import Home
    from search import Searcher

    App = Callable[[Any, Any, Any], Awaitable[None]]

_FACETS = {
    "archive": ["channel"],
    "code": ["language", "origin"],
    "links": ["host", "kind"],
    "media": ["kind"],
    "post_hashtags": ["tag"],
    "posts": ["kind", "channel_id"],
    "reactions": ["emoji"],
    "snippets": ["language", "origin"],
}
_SORTS = {
    "archive": {"sort_desc": "posted_at"},
    "code": {"sort_desc": "posted_at"},
    "hashtag_counts": {"sort_desc": "posts"},
    "link_hosts": {"sort_desc": "posts"},
    "monthly_counts": {"sort_desc": "month"},
    "posts": {"sort_desc": "posted_at"},
    "reposts": {"sort_desc": "posts"},
}
_HIDDEN = {"alembic_version", "archive_info"}
_FULL_TEXT = "posts_fts"
"""The table that the canned queries of full text read; another program may have taken the name."""
_CONDITIONS = {"tag": "#{}", "host": "site:{}", "month": "on:{}", "language": "lang:{}"}
"""The query that finds posts with a value, by column."""


class ArchivePlugin:
    """Datasette's hooks over one archive, and its search."""

    # Datasette looks there for templates and static files, and shows it as the plugin's name.
    __name__ = "letopis.browse"

    def __init__(self, home: Home, searcher: Searcher) -> None:
        self._pages = Pages(home, searcher)
        self._store = searcher.store
        self._metadata = _metadata()

    @hookimpl
    def get_metadata(self) -> Mapping[str, Any]:
        """Give titles, descriptions, facets and orders."""
        return self._metadata

    @hookimpl
    def register_routes(self) -> Sequence[tuple[str, Callable[..., Awaitable[Any]]]]:
        """Add the pages."""
        return self._pages.routes()

    @hookimpl
    def extra_css_urls(self) -> Sequence[str]:
        """Add dark colours, and the look of the pages."""
        return [f"/-/static-plugins/{self.__name__}/letopis.css"]

    @hookimpl
    def extra_template_vars(self) -> Mapping[str, Any]:
        """Let templates speak the terminal's language."""
        return {"words": terminal_texts().browse}

    @hookimpl
    def menu_links(self, datasette: Datasette) -> Sequence[Mapping[str, str]]:
        """Lead to the posts and the tables from everywhere."""
        words = terminal_texts().browse
        return [
            {"href": datasette.urls.table(DATABASE, "archive"), "label": words.newest},
            {"href": datasette.urls.database(DATABASE), "label": words.tables},
        ]

    @hookimpl
    def render_cell(self, row: Any, value: Any, column: str) -> Markup | None:
        """Turn keys, tags, hosts and copies into links, and colour code."""
        if isinstance(value, dict):  # a foreign key with its label
            value = value["value"]
        return _cell(row, value, column)

    @hookimpl
    def prepare_connection(self, conn: Any) -> None:
        """Add the functions of `letopis sql`, as far as the file's views allow it."""
        register(conn, SQL_FUNCTIONS)
        if not views_use_builtins(conn):
            replace_builtins(conn)

    @hookimpl
    def canned_queries(self, database: str) -> Mapping[str, Mapping[str, str]]:
        """Offer the queries of docs/sql.md, those of full text if it is enabled."""
        del database
        has_full_text = self._store.full_text_table() == _FULL_TEXT
        return {
            _query_name(name): {"sql": query.statement, "title": query.question}
            for name, query in canned_queries().items()
            if has_full_text or not query.needs_full_text
        }

    @hookimpl
    def asgi_wrapper(self) -> Callable[[App], App]:
        """Answer under this machine's own names alone, and begin a query with its example."""
        return lambda app: _refuse_other_hosts(_begin_with_examples(app))

    @hookimpl(wrapper=True)
    def handle_exception(self, datasette: Any, request: Any, exception: Exception) -> Any:
        """Answer instead of Datasette, which prints all local variables of every failure."""
        yield
        return [answer_failure(datasette, request, exception)]


def _query_name(name: str) -> str:
    """Return the name of a canned query here; a table of the same name would be hidden by it."""
    return f"query-{name}"


def _metadata() -> Mapping[str, Any]:
    tables = {
        name: {
            "description": described.text,
            "columns": described.columns,
            "facets": _FACETS.get(name, []),
            "hidden": name in _HIDDEN,
            **_SORTS.get(name, {}),
        }
        for name, described in describe_schema().items()
    }
    tables["channels"]["label_column"] = "title"
    return {"title": "Letopis", "databases": {DATABASE: {"tables": tables}}}


def _cell(row: Any, value: Any, column: str) -> Markup | None:
    columns = row.keys()
    match column, value:
        case "post_id", int():
            return _link(post_path(value), str(value))
        case "tags", str():
            return Markup(" ").join(_link(search_path(tag), tag) for tag in value.split())
        case "code", str():
            return code_html(value, row["language"] if "language" in columns else None)
        case "copy", str() if {"post_id", "position"} <= set(columns):
            return _link(file_path(_key(row["post_id"]), _key(row["position"])), value)
        case _, str() if column in _CONDITIONS:
            return _link(search_path(_CONDITIONS[column].format(value)), value)
        case _:
            return None


def _key(value: Any) -> int:
    return int(value["value"] if isinstance(value, dict) else value)


def _link(path: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(path, text)


def _refuse_other_hosts(app: App) -> App:
    """Keep out pages of other sites whose names were made to lead to this machine."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not _is_own(scope["headers"]):
            start = {"type": "http.response.start", "status": 403, "headers": []}
            await send(start)
            await send({"type": "http.response.body", "body": b"403"})
        else:
            await app(scope, receive, send)

    return guarded


def _begin_with_examples(app: App) -> App:
    """Lead a canned query without values of its parameters to its example."""
    examples = {
        f"/{DATABASE}/{_query_name(name)}": f"?{urlencode(query.parameters)}"
        for name, query in canned_queries().items()
        if query.parameters
    }

    async def begun(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not scope["query_string"] and scope["path"] in examples:
            await asgi_send_redirect(send, scope["path"] + examples[scope["path"]])
        else:
            await app(scope, receive, send)

    return begun


def _is_own(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    hosts = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
    return len(hosts) == 1 and is_loopback(_without_port(hosts[0]))


def _without_port(host: str) -> str:
    name, bracket, _ = host.partition("]")
    return name.removeprefix("[") if bracket else host.partition(":")[0]
