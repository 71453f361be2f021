"""What the pages show, composed for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup

from i18n.query_notes import say_completeness, say_notes
from letopis.answers import headline, narrowing
from letopis.browse.html import code_html, marked_html, text_html
from letopis.hits import marks_of, stands_apart, title_and_passage
from letopis.languages import terminal_texts
from letopis.records import attachment, counts_of, facts_of, poll_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from db import PostVersion, TagCount
    from model.posts import ArchivedPost, Media
    from search import Answer, Hit

DATABASE = "archive"
"""The archive's name in paths, which Datasette takes from the name of the file."""
_CODE_LINES = 20
_SNIPPETS = 2
_PICTURES = {"jpg", "jpeg", "png", "gif", "webp"}
_VIDEOS = {"mp4", "webm"}
_SOUNDS = {"mp3", "ogg", "oga", "m4a"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link on a page; the template escapes `text`, unless it is `Markup`."""

    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """A post in a list."""

    post: Link
    facts: str
    tags: tuple[Link, ...]
    in_telegram: str | None
    excerpt: Markup
    code: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """A page of a search: what was found, how the query was read, and where to go on."""

    headline: str
    notes: tuple[str, ...]
    narrower: tuple[Link, ...]
    hits: tuple[HitView, ...]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """An attachment; `src` is `None` if there is no copy, `kind` says how to show it."""

    kind: str
    text: str
    src: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A post with everything that belongs to it."""

    title: str
    channel: str
    posted_at: str
    number: int
    in_telegram: str | None
    tags: tuple[Link, ...]
    facts: tuple[str, ...]
    text: Markup
    below: tuple[str, ...]
    files: tuple[FileView, ...]
    reply_to: Link | None
    album: tuple[Link, ...]
    earlier: tuple[tuple[str, Markup], ...]
    similar: tuple[HitView, ...]


def post_path(post_id: int) -> str:
    """Return the path of a post's page."""
    return f"/-/post/{post_id}"


def file_path(post_id: int, position: int) -> str:
    """Return the path of a copy of an attachment."""
    return f"/-/file/{post_id}/{position}"


def search_path(query: str, *, sort: str | None = None, page: int = 1) -> str:
    """Return the path of a page of a search."""
    given = {"q": query, "sort": sort, "page": page if page > 1 else None}
    return "/-/search?" + urlencode({name: value for name, value in given.items() if value})


def tag_link(count: TagCount) -> Link:
    """Return a link to the posts with a tag, with their number."""
    number = terminal_texts().number(count.posts)
    return Link(href=search_path(f"#{count.tag}"), text=f"#{count.tag} {number}")


def search_view(
    answer: Answer, *, query: str, sort: str | None, page: int, size: int
) -> SearchView:
    """Compose a page of a search."""
    texts = terminal_texts()
    offset = (page - 1) * size
    is_last = offset + len(answer.hits) >= answer.total or not answer.hits
    return SearchView(
        headline=headline(answer, offset, texts),
        notes=(
            *say_notes(answer.notes, texts=texts),
            *say_completeness(answer.total, answer.complete, texts=texts),
        ),
        narrower=(
            *(
                Link(href=search_path(note.instead), text=note.instead)
                for note in answer.notes
                if note.instead
            ),
            *(
                Link(
                    href=search_path(f"{query} {count.condition}", sort=sort),
                    text=f"{count.condition} ({texts.number(count.posts)})",
                )
                for count in narrowing(answer)
            ),
        ),
        hits=tuple(map(hit_view, answer.hits)),
        previous=search_path(query, sort=sort, page=page - 1) if page > 1 else None,
        next=None if is_last else search_path(query, sort=sort, page=page + 1),
    )


def hit_view(hit: Hit) -> HitView:
    """Compose a hit: its excerpt with the matches marked, and the code that matches best."""
    shown = [snippet for snippet in hit.snippets if stands_apart(snippet)][:_SNIPPETS]
    title, passage = title_and_passage(hit, terminal_texts())
    return _in_list(
        hit.archived,
        title=marked_html(title.plain, marks_of(title)),
        excerpt=marked_html(passage.plain, marks_of(passage)),
        code=tuple(code_html(_first_lines(each.code), each.language) for each in shown),
    )


def newest_view(archived: ArchivedPost) -> HitView:
    """Compose a post in the list of the latest ones."""
    return _in_list(archived, title=_title(archived), excerpt=Markup(""), code=())


def post_view(
    archived: ArchivedPost,
    *,
    kept: Sequence[bool],
    answered: ArchivedPost | None,
    album: Sequence[ArchivedPost],
    versions: Sequence[PostVersion],
    similar: Sequence[Hit],
) -> PostView:
    """Compose the page of a post.

    Args:
        archived: The post.
        kept: For each attachment, whether there is a copy.
        answered: The post that it replies to.
        album: The posts of its album, itself included.
        versions: Its earlier texts, oldest first.
        similar: Similar posts.
    """
    post, words = archived.post, terminal_texts().browse
    return PostView(
        title=_title(archived),
        channel=archived.channel.title,
        posted_at=_say_time(post.posted_at),
        number=post.message_id,
        in_telegram=archived.url,
        tags=_tags(archived),
        facts=tuple(facts_of(archived)),
        text=text_html(post.content),
        below=(*poll_of(post), *counts_of(post)),
        files=tuple(
            _file(archived.post_id, position, media, is_kept=is_kept)
            for position, (media, is_kept) in enumerate(zip(post.media, kept, strict=True))
        ),
        reply_to=_link(answered) if answered else None,
        album=tuple(_link(each) for each in album if each.post_id != archived.post_id),
        earlier=tuple(
            (words.until.format(time=_say_time(version.as_of)), text_html(version.content))
            for version in reversed(versions)
        ),
        similar=tuple(map(hit_view, similar)),
    )


def _in_list(
    archived: ArchivedPost, *, title: str, excerpt: Markup, code: tuple[Markup, ...]
) -> HitView:
    post = archived.post
    facts = (f"{post.posted_at:%Y-%m-%d}", archived.channel.title, f"#{post.message_id}")
    return HitView(
        post=Link(href=post_path(archived.post_id), text=title),
        facts=" · ".join(facts),
        tags=_tags(archived),
        in_telegram=archived.url,
        excerpt=excerpt,
        code=code,
    )


def _link(archived: ArchivedPost) -> Link:
    return Link(href=post_path(archived.post_id), text=_title(archived))


def _title(archived: ArchivedPost) -> str:
    return archived.post.title or f"#{archived.post.message_id}"


def _tags(archived: ArchivedPost) -> tuple[Link, ...]:
    return tuple(
        Link(href=search_path(f"#{tag}"), text=f"#{tag}") for tag in archived.post.hashtags
    )


def _first_lines(code: str) -> str:
    lines = code.split("\n")
    return "\n".join(lines[:_CODE_LINES] + ["…"] * (len(lines) > _CODE_LINES))


def _say_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _file(post_id: int, position: int, media: Media, *, is_kept: bool) -> FileView:
    suffix = (media.copy or "").rpartition(".")[2]
    kinds = (("picture", _PICTURES), ("video", _VIDEOS), ("sound", _SOUNDS))
    return FileView(
        kind=next((kind for kind, suffixes in kinds if suffix in suffixes), "file"),
        text=attachment(media),
        src=file_path(post_id, position) if is_kept else None,
    )
