"""Composes a page of posts: matches, the latest, or code; five or three per message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.message.compose import Piece, block, bold, clean, cut, join, link, quote
from bot.message.message import Button, OutgoingMessage, pager
from bot.message.pages import MESSAGE_LENGTH, head
from bot.results.facts import list_facts, repeat_facts, title_without_words
from bot.results.post_text import code_of, marked_code, prose_title
from bot.results.refinements import SORTS, Group
from bot.transport.callback_data import Action, press
from i18n import Catalogue, Locale
from model.posts import ArchivedPost, Post, Snippet, bare_title, title_of
from model.rich_text import RichText, Span, SpanKind
from model.text import shorten, utf16_length

_TITLE_LENGTH = 120
_OPENING_LENGTH = 70
"""Units of a first line that is a paragraph rather than a title."""
_SUGGESTION_LENGTH = 40
_EXCERPT_ROOM = 420
_LEAST_PIECE = 20
"""Units of an excerpt for which no other piece is begun."""
_NO_WORDS = "… \t"
_CUT_START = re.compile(r"\A…(?!\n|\Z)")

_CODE_ROOM = 700
_EXCERPT_LINES = 6
_CODE_LINES = 15
_HIGHLIGHTS = 6
"""Bold words per entry: five entries stay below the server's limit of a hundred spans."""
_ASIDE_HIGHLIGHTS = 2
_ASIDE_SIGNS = {"poll": "📊", "file": "📎", "link": "🔗", "source": "🔁"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post of a page, with its excerpt or its code."""

    archived: ArchivedPost
    excerpt: RichText
    snippet: Snippet | None = None
    repeats: Sequence[ArchivedPost] = ()
    """Other posts with the same text."""
    channel: str = ""
    """The name of its channel, if the archive has several."""
    asides: Sequence[RichText] = ()
    """What was matched outside the text, each with a sign for what it is."""
    question: ArchivedPost | None = None
    """The post that was found, if this one is listed for its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A suggested query, its index among the session's options, and its number of posts."""

    query: str
    place: int
    posts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingActions:
    """The buttons for a list as a whole.

    `filters` counts the active ones, `code_only` is one of them, `next_order` is the order set by
    the button; each is `None` or `""` if not offered. One of several channels can be chosen. A
    search can be saved, and its posts be sent as a file.
    """

    filters: int | None = None
    code_only: bool | None = None
    next_order: str = ""
    can_choose_channel: bool = False
    can_follow: bool = False
    can_export: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list; `number` counts from 1, `pages` is at least 1."""

    session: str
    title: RichText
    remarks: Sequence[str]
    number: int
    pages: int
    entries: Sequence[Entry]
    onward: str = ""
    """What the next page holds, if not more of the same."""
    actions: ListingActions = ListingActions()
    back: str = ""
    """The data of the button that leads back, if there is one."""
    suggestions: Sequence[Suggestion] = ()
    """Queries that may have been meant."""


def list_page(page: Page, locale: Locale) -> OutgoingMessage:
    """Compose the message of a page."""
    entries = [
        entry_text(entry, locale, number=number) for number, entry in enumerate(page.entries, 1)
    ]
    others = join([page.title, locale.texts.nothing_here, *entries], by="\n\n")
    room = MESSAGE_LENGTH - utf16_length(others.text)
    heading: list[Piece] = [page.title, *fitting(page.remarks, room=room)]
    if not page.entries:
        heading.append(locale.texts.nothing_here)
    body = join([join(heading, by="\n"), *entries], by="\n\n")
    return OutgoingMessage(body=body, rows=_rows(page, locale.texts))


def fitting(remarks: Iterable[str], *, room: int) -> Iterator[str]:
    """Yield the first remarks, of a line each, that fit into so many units."""
    for remark in remarks:
        room -= utf16_length(remark) + 1
        if room < 0:
            return
        yield remark


def excerpt_of(
    post: Post, text: str, *, highlights: Iterable[tuple[int, int]] = (), offset: int = 0
) -> RichText:
    """Make the matched words of a passage bold and its code a block.

    Character `n` of the passage is `offset + n` of the post's text.
    """
    marks = [Span(kind=SpanKind.BOLD, start=start, end=end) for start, end in highlights]
    return RichText(text, (*marks[:_HIGHLIGHTS], *marked_code(post, text, offset=offset)))


def aside_of(kind: str, text: str, highlights: Iterable[tuple[int, int]]) -> RichText:
    """Return a line on a match outside the text, such as a file's name, with the words bold."""
    marks = [Span(kind=SpanKind.BOLD, start=start, end=end) for start, end in highlights]
    shown = clean(RichText(text, tuple(marks[:_ASIDE_HIGHLIGHTS])))
    return join([f"{_ASIDE_SIGNS[kind]} ", join(_lines_of(shown), by=" ")])


def _lines_of(content: RichText) -> Iterator[RichText]:
    start = 0
    for line in content.text.split("\n"):
        yield cut(content, start, start + len(line))
        start += len(line) + 1


def opening_of(post: Post) -> RichText:
    """Return the beginning of a post, for lists without a search."""
    shown = head(RichText(post.text), room=_EXCERPT_ROOM // 2)[0].text
    return excerpt_of(post, shown)


def entry_text(entry: Entry, locale: Locale, *, number: int | None = None) -> RichText:
    """Return a post's entry in a list: title, details, excerpt."""
    post = entry.archived.post
    title, excerpt = _divide(entry, locale.texts)
    snippets = len(code_of(post))
    mark = join([bold(f"{number}."), " "]) if number else ""
    lines: list[Piece] = [
        join([mark, link(title, entry.archived.url)]),
        list_facts(entry.archived, locale, channel=entry.channel, snippets=snippets),
        *repeat_facts(entry.repeats, locale),
        *_question(entry, locale.texts),
        *entry.asides,
    ]
    if entry.snippet:
        lines.append(_code(entry.snippet))
    else:
        room = _EXCERPT_ROOM - sum(utf16_length(aside.text) for aside in entry.asides)
        lines += _prose_and_code(_few_lines(excerpt), room)
    return join(lines, by="\n")


def _question(entry: Entry, texts: Catalogue) -> Sequence[RichText]:
    if entry.question is None:
        return ()
    title = shorten(bare_title(entry.question.post.title), _OPENING_LENGTH) or texts.untitled
    return (join([f"↳ {texts.code_for} ", link(RichText(title), entry.question.url)]),)


def _divide(entry: Entry, texts: Catalogue) -> tuple[RichText, RichText]:
    """Return title and excerpt; an excerpt that begins with the title continues after it."""
    post = entry.archived.post
    excerpt = entry.excerpt
    title = post.title
    if not title:
        return RichText(title_without_words(post, texts)), excerpt
    if utf16_length(title) > _TITLE_LENGTH:
        return RichText(shorten(title, _OPENING_LENGTH)), excerpt
    if prose_title(post) != title:
        return RichText(bare_title(prose_title(post)) or _code_title(post, texts)), excerpt
    bare = bare_title(title)
    start = excerpt.text.find(title)
    if start < 0 or title_of(excerpt.text, "") != title:
        return RichText(bare), excerpt
    end = start + len(title)
    behind = len(excerpt.text) - len(excerpt.text[end:].lstrip("\n "))
    bold_only = [span for span in excerpt.spans if span.kind is SpanKind.BOLD]
    marked = cut(RichText(excerpt.text, tuple(bold_only)), start, start + len(bare))
    return marked, cut(excerpt, behind, len(excerpt.text))


def _code_title(post: Post, texts: Catalogue) -> str:
    """Return a title for a post of nothing but code."""
    lines = sum(snippet.lines for snippet in code_of(post))
    languages = dict.fromkeys(s.language for s in code_of(post) if s.language)
    return f"💻 {texts.list_joint.join([*languages, texts.count(lines, texts.lines)])}"


def _code(snippet: Snippet) -> RichText:
    lines = snippet.code.split("\n")
    shown, is_whole = head(RichText("\n".join(lines[:_CODE_LINES])), room=_CODE_ROOM)
    ending = "" if is_whole and len(lines) <= _CODE_LINES else "\n…"
    return block(shown.text.rstrip("\n") + ending, snippet.language)


def _few_lines(excerpt: RichText) -> Sequence[RichText]:
    """Keep only a few non-blank lines around the first matched word."""
    lines = [line for line in _lines_of(excerpt) if line.text.strip(_NO_WORDS)]
    marked = next((number for number, line in enumerate(lines) if _is_marked(line)), 0)
    first = max(min(marked - 1, len(lines) - _EXCERPT_LINES), 0)
    return lines[first : first + _EXCERPT_LINES]


def _is_marked(line: RichText) -> bool:
    return any(span.kind is SpanKind.BOLD for span in line.spans)


def _prose_and_code(lines: Iterable[RichText], room: int) -> Iterator[RichText]:
    """Yield lines as quotations and blocks of code, as far as there is room."""
    for language, group in groupby(lines, key=_language_of):
        if room < _LEAST_PIECE:
            return
        piece = _crop(join(group, by="\n"), room)
        room -= utf16_length(piece.text)
        if language is None:
            yield quote(piece)
        else:
            yield block(_CUT_START.sub("…\n", piece.text), language)


def _language_of(line: RichText) -> str | None:
    """Return the language of a line of code, `""` if unknown, or `None` for prose."""
    return next((span.value for span in line.spans if span.kind is SpanKind.PRE), None)


def _crop(content: RichText, room: int) -> RichText:
    shown, is_whole = head(content, room=room)
    return shown if is_whole else join([cut(shown, 0, len(shown.text.rstrip())), "…"])


def _rows(page: Page, texts: Catalogue) -> tuple[tuple[Button, ...], ...]:
    opening = tuple(
        Button(label=str(number), data=_opening(page, entry))
        for number, entry in enumerate(page.entries, 1)
    )
    turning = pager(
        page.number,
        page.pages,
        lambda number: press(Action.PAGE, page.session, page=number),
        press(Action.COUNT, page.session, page=page.number),
        onward=page.onward,
    )
    suggestions = suggestion_rows(page.suggestions, page.session, texts)
    back = (Button(label=texts.button_back, data=page.back),) if page.back else ()
    return tuple(filter(None, (opening, turning, *suggestions, *_tool_rows(page, texts), back)))


def _tool_rows(page: Page, texts: Catalogue) -> Iterable[tuple[Button, ...]]:
    actions, session = page.actions, page.session
    narrowing = []
    if actions.filters is not None:
        label = texts.filters.button + (f" · {actions.filters}" if actions.filters else "")
        narrowing.append(Button(label=label, data=press(Action.FILTERS, session, group=0)))
    if actions.can_choose_channel:
        data = press(Action.FILTERS, session, group=Group.CHANNEL)
        narrowing.append(Button(label=texts.filters.groups[Group.CHANNEL.name], data=data))
    if actions.code_only is not None:
        narrowing.append(_code_toggle(session, is_on=actions.code_only, texts=texts))
    following = [follow_button(session, texts)] if actions.can_follow else []
    if actions.can_export:
        data = press(Action.EXPORT, session, form=0)
        following.append(Button(label=texts.exporting.button, data=data))
    if not actions.next_order:
        yield (*narrowing, *following)
    else:
        yield tuple(narrowing)
        data = press(Action.SORT, session, place=SORTS.index(f"sort:{actions.next_order}"))
        label = f"↕ {texts.filters.sorts[actions.next_order].capitalize()}"
        yield (Button(label=label, data=data), *following)


def follow_button(session: str, texts: Catalogue) -> Button:
    """Return the button that saves a search."""
    return Button(label=texts.following.button_follow, data=press(Action.FOLLOW, session))


def suggestion_rows(
    suggestions: Iterable[Suggestion], session: str, texts: Catalogue
) -> Iterable[tuple[Button, ...]]:
    """Compose one row per suggested query."""
    for suggestion in suggestions:
        count = "" if suggestion.posts is None else f" · {texts.number(suggestion.posts)}"
        label = f"🔎 {shorten(suggestion.query, _SUGGESTION_LENGTH)}{count}"
        yield (Button(label=label, data=press(Action.SUGGESTION, session, place=suggestion.place)),)


def _opening(page: Page, entry: Entry) -> str:
    if entry.snippet is None:
        return press(Action.OPEN, page.session, page=page.number, post=entry.archived.post_id)
    place = list(code_of(entry.archived.post)).index(entry.snippet)
    return press(
        Action.SNIPPET,
        page.session,
        page=page.number,
        post=entry.archived.post_id,
        snippet=place + 1,
    )


def _code_toggle(session: str, *, is_on: bool, texts: Catalogue) -> Button:
    label = texts.button_all_posts if is_on else texts.button_code_only
    return Button(label=label, data=press(Action.CODE_ONLY, session, is_on=int(not is_on)))
