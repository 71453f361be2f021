"""Composes an opened post: its text in pages, or one of its snippets below the folded text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.message.compose import Piece, block, bold, join, quote
from bot.message.message import COPY_LENGTH, Attachment, Button, OutgoingMessage, pager
from bot.message.pages import MESSAGE_LENGTH, SPAN_LIMIT, head, paginate
from bot.results.facts import card_facts, repeat_facts
from bot.results.photos import PhotoTrouble
from bot.results.post_text import code_of, prose_of, snippet_file_name, split_post, text_of
from bot.results.thread_buttons import ThreadButtons, thread_rows
from bot.transport.callback_data import Action, press
from bot.transport.deep_links import ShareLinks
from i18n import Catalogue, Locale
from model.posts import ArchivedPost, Poll, SnippetOrigin
from model.rich_text import RichText
from model.text import shorten, utf16_length

_PLAIN_LENGTH = 1000
"""Prose up to this length is shown with the code in place; longer prose is folded above it."""
_CODE_ROOM = 3000
_TEXT_ROOM = 3300
"""Units of text per part; the rest is for the title and the facts."""
_SPANS = SPAN_LIMIT - 20
_LEAST_QUOTE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContext:
    """Where a card was opened from: session and page; page 0 means not from a list."""

    session: str
    page: int
    sharing: ShareLinks | None = None
    versions: int = 0
    """Number of earlier texts of the post."""
    repeats: Sequence[ArchivedPost] = ()
    """Other posts with the same text."""
    channel: str = ""
    """The name of its channel, if the archive has several."""
    photo_trouble: PhotoTrouble | None = None
    """Why not all photos of the post are shown."""
    around: ThreadButtons | None = None


def open_card(archived: ArchivedPost, place: CardContext, locale: Locale) -> OutgoingMessage:
    """Compose the first view of a post: its text, or its code if that stands in a long text."""
    post = archived.post
    codes = code_of(post)
    if not codes or codes[0].origin is SnippetOrigin.INLINE:
        return text_card(archived, 1, place, locale)
    is_long = utf16_length(prose_of(text_of(post)).text) > _PLAIN_LENGTH
    if is_long or utf16_length(post.text) > _TEXT_ROOM:
        return snippet_card(archived, 1, place, locale)
    return text_card(archived, 1, place, locale)


def text_card(
    archived: ArchivedPost, part: int, place: CardContext, locale: Locale
) -> OutgoingMessage:
    """Compose one part of a post's text, counted from 1; too high a number gives the last part."""
    post, texts = archived.post, locale.texts
    split = split_post(post)
    parts = paginate(split.rest, room=_TEXT_ROOM, spans=_SPANS)
    part = min(part, len(parts))
    if part == 1:
        heading = _heading(split.title, archived, place, locale)
        pieces = [heading, parts[0], *map(_poll, filter(None, [post.poll]))]
    else:
        counter = texts.part_of.format(part=part, parts=len(parts))
        pieces = [join([bold(shorten(post.title, 100)), counter], by="\n"), parts[part - 1]]
    turning = pager(
        part,
        len(parts),
        lambda number: press(
            Action.READ, place.session, page=place.page, post=archived.post_id, part=number
        ),
        press(Action.COUNT, place.session, page=part),
    )
    return OutgoingMessage(
        body=join([piece for piece in pieces if piece.text.strip()], by="\n\n"),
        rows=_rows(
            turning, _code_tools(archived, len(parts), place, texts), archived, place, texts
        ),
    )


def snippet_card(
    archived: ArchivedPost, number: int, place: CardContext, locale: Locale
) -> OutgoingMessage:
    """Compose one snippet of a post, counted from 1, below the folded text without its code."""
    post, texts = archived.post, locale.texts
    codes = code_of(post)
    number = min(number, len(codes))
    snippet = codes[number - 1]
    split = split_post(post)
    shown, is_whole = head(RichText(snippet.code), room=_CODE_ROOM)
    facts = [
        snippet.language or "",
        texts.count(snippet.lines, texts.lines),
        texts.snippet_of.format(number=number, count=len(codes)) if len(codes) > 1 else "",
    ]
    pieces: list[Piece] = ["🧩 " + " · ".join(filter(None, facts)), block(shown, snippet.language)]
    if not is_whole:
        left = snippet.lines - shown.text.rstrip("\n").count("\n") - 1
        pieces.append(texts.cut_code.format(lines=texts.count(max(left, 1), texts.lines)))
    code_part = join(pieces, by="\n")
    heading = _heading(split.title, archived, place, locale)
    room = MESSAGE_LENGTH - utf16_length(heading.text) - utf16_length(code_part.text) - 10
    folded, whole_text = head(prose_of(split.rest), room=max(room, _LEAST_QUOTE), spans=_SPANS)
    above = (
        [quote(folded if whole_text else join([folded, "…"]), collapsed=True)]
        if folded.text.strip() and snippet.origin is not SnippetOrigin.INLINE
        else []
    )
    turning = pager(
        number,
        len(codes),
        lambda other: press(
            Action.SNIPPET, place.session, page=place.page, post=archived.post_id, snippet=other
        ),
        press(Action.COUNT, place.session, page=number),
    )
    actions = [_taking(archived, number, place, texts)]
    to_text = press(Action.READ, place.session, page=place.page, post=archived.post_id, part=1)
    actions.append(Button(label=texts.button_read, data=to_text))
    return OutgoingMessage(
        body=join([join([heading, *above], by="\n"), code_part], by="\n\n"),
        rows=_rows(turning, actions, archived, place, texts),
    )


def snippet_file(archived: ArchivedPost, number: int, locale: Locale) -> Attachment:
    """Return a snippet as a file."""
    post = archived.post
    caption = bold(shorten(post.title or locale.texts.untitled, 200))
    return Attachment(
        name=snippet_file_name(post, number),
        content=code_of(post)[number - 1].code.encode("utf-8", errors="replace"),
        caption=caption,
    )


def _heading(
    title: RichText, archived: ArchivedPost, place: CardContext, locale: Locale
) -> RichText:
    lines = [bold(title)] if title.text.strip() else []
    trouble = place.photo_trouble
    facts = card_facts(
        archived,
        locale,
        channel=place.channel,
        photo_trouble=locale.texts.cards.photo_troubles[trouble] if trouble else "",
    )
    return join([*lines, facts, *repeat_facts(place.repeats, locale)], by="\n")


def _poll(poll: Poll) -> RichText:
    lines = [join(["📊 ", bold(shorten(poll.question, 300))])]
    for answer in poll.answers[:20]:
        voters = "" if answer.voters is None else f" — {answer.voters}"
        lines.append(join([f"• {shorten(answer.text, 100)}{voters}"]))
    return join(lines, by="\n")


def _code_tools(
    archived: ArchivedPost, parts: int, place: CardContext, texts: Catalogue
) -> list[Button]:
    """Return the buttons for the code of a post whose text is shown.

    A single snippet is visible already, unless the text has several parts.
    """
    codes = len(code_of(archived.post))
    if codes == 1 and parts == 1:
        return [_taking(archived, 1, place, texts)]
    data = press(Action.SNIPPET, place.session, page=place.page, post=archived.post_id, snippet=1)
    return [Button(label=f"{texts.button_code} {codes}", data=data)] if codes else []


def _taking(archived: ArchivedPost, number: int, place: CardContext, texts: Catalogue) -> Button:
    """Return the button that copies short code, or sends longer code as a file."""
    snippet = code_of(archived.post)[number - 1]
    if utf16_length(snippet.code) <= COPY_LENGTH and snippet.code.strip():
        return Button(label=texts.button_copy, copy=snippet.code)
    return Button(
        label=texts.button_file,
        data=press(Action.FILE, place.session, post=archived.post_id, snippet=number),
    )


def _rows(
    turning: tuple[Button, ...],
    actions: list[Button],
    archived: ArchivedPost,
    place: CardContext,
    texts: Catalogue,
) -> tuple[tuple[Button, ...], ...]:
    if archived.url:
        is_public = archived.channel.username is not None
        label = texts.button_original if is_public else texts.cards.button_members
        actions = [*actions, Button(label=label, url=archived.url)]
    if place.page:
        last = Button(
            label=texts.button_back, data=press(Action.PAGE, place.session, page=place.page)
        )
    else:
        last = Button(label=texts.button_another, data=press(Action.RANDOM, place.session))
    return tuple(
        filter(
            None,
            (
                turning,
                tuple(actions),
                tuple(_links_onward(archived, place, texts)),
                *_thread_rows(archived, place, texts),
                (last,),
            ),
        )
    )


def _thread_rows(
    archived: ArchivedPost, place: CardContext, texts: Catalogue
) -> Sequence[tuple[Button, ...]]:
    if place.around is None:
        return ()
    return thread_rows(
        place.around, archived.post_id, session=place.session, page=place.page, texts=texts
    )


def _links_onward(archived: ArchivedPost, place: CardContext, texts: Catalogue) -> Iterator[Button]:
    """Yield the buttons that lead on: similar posts, earlier texts, sharing."""
    similar = press(Action.SIMILAR, place.session, page=place.page, post=archived.post_id)
    yield Button(label=texts.cards.button_similar, data=similar)
    if place.versions:
        earlier = press(
            Action.VERSION, place.session, page=place.page, post=archived.post_id, version=1, part=1
        )
        yield Button(label=f"{texts.cards.button_versions} {place.versions}", data=earlier)
    if place.sharing:
        query = place.sharing.query(archived.post_id)
        public = archived.url if archived.channel.username else None
        url = "" if query else place.sharing.url(archived.post_id, public)
        yield Button(label=texts.cards.button_share, inline=query, url=url)
