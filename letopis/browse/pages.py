"""The pages of the plugin: the search, a post, and the copies of its files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from datasette import NotFound, Response

from db.views import VIEWS
from ingest import MediaStore
from letopis.answers import VALUES_SHOWN
from letopis.browse.files import send_file
from letopis.browse.views import (
    DATABASE,
    Link,
    PostView,
    SearchView,
    newest_view,
    post_view,
    search_view,
    tag_link,
)
from letopis.languages import terminal_texts

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

    from letopis.home import Home
    from model.posts import ArchivedPost
    from search import Searcher

_SIZE = 10
_LAST_PAGE = 100
_NEWEST = 10
_TAGS = 60
_SIMILAR = 5
_SORTS = {"new", "old"}
_SHOWN = {
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "png": "image/png",
    "webm": "video/webm",
    "webp": "image/webp",
}
"""Files that a browser shows without running anything in them; others are downloaded."""


class Pages:
    """The pages over one archive; what blocks runs in threads."""

    def __init__(self, home: Home, searcher: Searcher) -> None:
        self._copies = MediaStore(home.media)
        self._searcher = searcher
        self._store = searcher.store

    def routes(self) -> Sequence[tuple[str, Callable[..., Awaitable[Any]]]]:
        """Return the paths, as regular expressions, with what answers them."""
        return [
            (r"^/$", self.search),
            (r"^/-/search$", self.search),
            (r"^/-/post/(?P<post_id>\d{1,18})$", self.post),
            (r"^/-/file/(?P<post_id>\d{1,18})/(?P<position>\d{1,4})$", self.file),
        ]

    async def search(self, datasette: Datasette, request: Request) -> Response:
        """Show what a search finds; without one, the latest posts and the tags."""
        query = request.args.get("q") or ""
        sort = request.args.get("sort")
        sort = sort if sort in _SORTS else None
        page = _page_number(request.args.get("page"))
        context: dict[str, Any] = {"letopis_query": query, "letopis_sort": sort}
        if query.strip():
            view = await asyncio.to_thread(self._search, query, sort=sort, page=page)
            context |= {"view": view, "orders": _orders()}
        else:
            context |= await asyncio.to_thread(self._overview)
        return await _show(datasette, request, "letopis-search.html", context)

    async def post(self, datasette: Datasette, request: Request) -> Response:
        """Show a post with everything that belongs to it."""
        view = await asyncio.to_thread(self._view_post, int(request.url_vars["post_id"]))
        context = {"view": view, "post_id": request.url_vars["post_id"], "database_name": DATABASE}
        return await _show(datasette, request, "letopis-post.html", context)

    async def file(self, request: Request, send: Any) -> None:
        """Send the copy of a post's attachment; no path of the request is followed."""
        post_id, position = (int(request.url_vars[name]) for name in ("post_id", "position"))
        archived = await asyncio.to_thread(self._get, post_id)
        media = archived.post.media[position : position + 1]
        path = self._copies.find(media[0].copy) if media and media[0].copy else None
        if path is None:
            raise NotFound(terminal_texts().browse.not_here)
        suffix = path.suffix.removeprefix(".")
        headers = {
            "content-type": _SHOWN.get(suffix, "application/octet-stream"),
            "x-content-type-options": "nosniff",
        }
        if suffix not in _SHOWN:
            name = f"{post_id}-{position}{path.suffix}"
            headers["content-disposition"] = f'attachment; filename="{name}"'
        await send_file(send, path, headers, asked=request.headers.get("range"))

    def _search(self, query: str, *, sort: str | None, page: int) -> SearchView:
        answer = self._searcher.search(
            query, limit=_SIZE, offset=(page - 1) * _SIZE, sort=sort, facets=list(VALUES_SHOWN)
        )
        return search_view(answer, query=query, sort=sort, page=page, size=_SIZE)

    def _overview(self) -> dict[str, Any]:
        counts = self._store.tag_counts(limit=_TAGS)
        return {
            "newest": tuple(map(newest_view, self._store.newest(limit=_NEWEST))),
            "tags": tuple(map(tag_link, counts)),
            "views": [Link(href=f"/{DATABASE}/{name}", text=name) for name in VIEWS],
            "operators": terminal_texts().operators,
        }

    def _view_post(self, post_id: int) -> PostView:
        archived = self._get(post_id)
        post, channel_id = archived.post, archived.channel_id
        return post_view(
            archived,
            kept=[bool(each.copy and self._copies.find(each.copy)) for each in post.media],
            answered=self._store.find(channel_id, post.reply_to) if post.reply_to else None,
            album=self._store.album(channel_id, post.album_id) if post.album_id else (),
            versions=self._store.versions(post_id),
            similar=self._searcher.similar(post_id, limit=_SIMILAR),
        )

    def _get(self, post_id: int) -> ArchivedPost:
        found = self._store.get([post_id])
        if not found:
            raise NotFound(terminal_texts().browse.not_here)
        return found[0]


def _orders() -> Sequence[tuple[str, str]]:
    words = terminal_texts().browse
    return [("", words.as_asked), ("new", words.newest_first), ("old", words.oldest_first)]


def _page_number(text: str | None) -> int:
    with suppress(ValueError):
        return min(max(int(text or 1), 1), _LAST_PAGE)
    return 1


async def _show(datasette: Datasette, request: Request, template: str, context: Any) -> Response:
    return Response.html(await datasette.render_template(template, context, request=request))
