"""Rich posts (7.x) as the exporter writes them into a page.

A post is given as the objects that the JSON writer is given: `{"type": "paragraph", "text": …}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import quote

from model.posts import Media, MediaKind
from tests.mirror.attachments import NOT_INCLUDED, TOO_BIG, UNAVAILABLE, MediaExtras, write_media
from tests.mirror.tags import TagStack, escape

Part: TypeAlias = Mapping[str, Any]

_INTERNAL_LINKS = "https://t.me/"
_WRAPPED = {
    "bold": ("strong", ""),
    "italic": ("em", ""),
    "underline": ("u", ""),
    "strikethrough": ("s", ""),
    "code": ("code", "rich_inline_code"),
    "subscript": ("sub", ""),
    "superscript": ("sup", ""),
    "marked": ("mark", ""),
    "bank_card": ("span", "rich_bank_card"),
    "anchor": ("span", "rich_reference"),
}
_ACTIONS = {
    "hashtag": ("data_tag", "return ShowHashtag(this.dataset.tag)"),
    "cashtag": ("data_tag", "return ShowCashtag(this.dataset.tag)"),
    "bot_command": ("data_command", "return ShowBotCommand(this.dataset.command)"),
}
_TEXT_BLOCKS = {
    "paragraph": ("p", "rich_paragraph"),
    "thinking": ("p", "rich_thinking"),
    "footer": ("footer", "rich_footer"),
}
_FALLBACKS = {
    "page_block_unsupported": ("unsupported", "Unsupported rich content"),
    "unknown": ("unknown", "Unknown rich content"),
}
_NOTES = {"file_type": NOT_INCLUDED, "file_size": TOO_BIG}
_SHORTEST_NAME = 5


def write_rich_message(tags: TagStack, message_id: int, blocks: Sequence[Part]) -> str:
    """Write the blocks of a post in its `div.text.rich_message`."""
    html = tags.push_inline(
        "div",
        class_="text rich_message",
        data_rich_message=str(message_id),
        data_rich_part="false",
        dir="auto",
    )
    return html + _Writer(tags).blocks(blocks) + tags.pop()


class _Writer:
    def __init__(self, tags: TagStack) -> None:
        self._tags = tags
        self._in_link = False

    def blocks(self, blocks: Sequence[Part]) -> str:
        return "".join(map(self.block, blocks))

    def block(self, block: Part) -> str:
        kind = block["type"]
        if kind in _TEXT_BLOCKS:
            tag, class_ = _TEXT_BLOCKS[kind]
            opened = self._open(tag, class_, kind, dir="auto")
            return opened + self.text(block["text"]) + self._tags.pop()
        return _BLOCKS[kind](self, block)

    def _open(self, tag: str, classes: str, kind: str, **attributes: str) -> str:
        return self._tags.push(
            tag, class_=f"rich_block {classes}", data_rich_kind=kind, **attributes
        )

    def _element(self, tag: str, class_: str, content: str) -> str:
        """Write an element around content; what opens inside is written before it is known."""
        return self._tags.push(tag, class_=class_) + content + self._tags.pop()

    # The text of a block.

    def text(self, part: Part) -> str:
        kind = part["type"]
        if kind in _WRAPPED:
            tag, class_ = _WRAPPED[kind]
            return self._wrap(part, tag, **({"class_": class_} if class_ else {}))
        if kind in _ACTIONS:
            name, handler = _ACTIONS[kind]
            value = _plain(part)[1:]
            return self._link(part, "", **{name: value, "onclick": handler})
        return _TEXTS[kind](self, part)

    def concat(self, part: Part) -> str:
        return "".join(map(self.text, part["text"]))

    def text_link(self, part: Part) -> str:
        address = part["href"]
        if address.startswith("#"):
            return self._link(part, f"#rich-message-1-anchor-{quote(address[1:])}")
        return self._link(part, _safe_address(address))

    def auto_link(self, part: Part) -> str:
        return self._link(part, _safe_address(_plain(part)))

    def mention(self, part: Part) -> str:
        return self._link(part, _INTERNAL_LINKS + _plain(part)[1:])

    def mention_name(self, part: Part) -> str:
        return self._link(part, "", data_user_id="7", onclick="return ShowMentionName()")

    def email(self, part: Part) -> str:
        return self._link(part, "mailto:" + part.get("email", _plain(part)))

    def phone(self, part: Part) -> str:
        return self._link(part, "tel:" + part.get("phone", _plain(part)))

    def spoiler(self, part: Part) -> str:
        tags = self._tags
        html = tags.push_inline("span", class_="spoiler hidden", onclick="ShowSpoiler(this)")
        html += tags.push_inline("span", aria_hidden="true") + self.text(part["text"])
        return html + tags.pop() + tags.pop()

    def math(self, part: Part) -> str:
        return self._tags.inline(
            "span",
            escape(part["source"]),
            class_="rich_math_inline",
            data_rich_kind="inline-math",
            dir="ltr",
        )

    def custom_emoji(self, part: Part) -> str:
        handler = "return ShowNotLoadedEmoji()"
        shown = self._tags.inline("a", escape(part["text"]), href="", onclick=handler)
        if self._in_link:
            shown = self._tags.inline("span", escape(part["text"]), class_="rich_inert_link")
        return self._tags.inline("span", shown, class_="rich_custom_emoji", data_document_id="77")

    def formatted_date(self, part: Part) -> str:
        return self._wrap(
            part,
            "time",
            class_="rich_formatted_date",
            data_date=part["date_unixtime"],
            title=_moment(part["date_unixtime"]),
        )

    def inline_image(self, _: Part) -> str:
        fallback = "rich_inline_fallback"
        return self._tags.inline(
            "span", "Inline image", class_=fallback, data_rich_kind="inline-image"
        )

    def diff(self, part: Part) -> str:
        tags = self._tags
        html = tags.push_inline("span", class_="rich_diff", data_rich_kind="diff")
        html += self.text(part["text"])
        html += tags.push_inline("del", class_="rich_diff_previous")
        return html + "Previous: " + self.text(part["old_text"]) + tags.pop() + tags.pop()

    def button(self, part: Part, shape: str = "inline") -> str:
        action = part["button"]
        kind = action["type"]
        attributes = {
            "class_": f"rich_button rich_button_{shape} rich_button_action_{kind}",
            "data_button_type": kind,
        }
        tag = "span"
        if "url" in action:
            attributes["data_button_url"] = quote(action["url"], safe="")
        href = _safe_address(action.get("url", ""))
        if kind == "url" and href is not None and not self._in_link:
            tag, attributes["href"] = "a", href
        if kind == "copy_text" and not self._in_link:
            tag, attributes["type"] = "button", "button"
        return self._inside_link(part, tag, attributes)

    def _wrap(self, part: Part, tag: str, **attributes: str) -> str:
        return (
            self._tags.push_inline(tag, **attributes) + self.text(part["text"]) + self._tags.pop()
        )

    def _link(self, part: Part, href: str | None, **attributes: str) -> str:
        if href is None or self._in_link:
            attributes.pop("onclick", "")
            return self._wrap(part, "span", class_="rich_inert_link", **attributes)
        return self._inside_link(part, "a", {"href": href, **attributes})

    def _inside_link(self, part: Part, tag: str, attributes: dict[str, str]) -> str:
        before, self._in_link = self._in_link, True
        html = self._wrap(part, tag, **attributes)
        self._in_link = before
        return html

    # Blocks of words.

    def heading(self, block: Part) -> str:
        level = block["level"]
        html = self._open(f"h{level}", "rich_heading", "heading", data_level=str(level))
        return html + self.text(block["text"]) + self._tags.pop()

    def author_date(self, block: Part) -> str:
        html = self._open("address", "rich_author_date", "author-date", dir="auto")
        html += self.text(block["author"])
        shown = _moment(block["date_unixtime"])
        html += " • " + self._tags.inline("time", shown, data_date=block["date_unixtime"])
        return html + self._tags.pop()

    def code(self, block: Part) -> str:
        tags = self._tags
        language = {"data_language": block["language"]} if block["language"] else {}
        html = tags.push_inline(
            "pre", class_="rich_block rich_code", data_rich_kind="code", dir="auto", **language
        )
        html += tags.push_inline("code", class_="rich_code_content") + self.text(block["text"])
        return html + tags.pop() + tags.pop()

    def divider(self, _: Part) -> str:
        return self._tags.empty("hr", class_="rich_block rich_divider", data_rich_kind="divider")

    def anchor(self, block: Part) -> str:
        name = f"rich-message-1-anchor-{quote(block['name'])}"
        return self._tags.inline("span", "", class_="rich_block rich_anchor", id=name)

    def math_block(self, block: Part) -> str:
        formula = escape(block["formula"])
        return self._tags.inline("div", formula, class_="rich_block rich_math_display", dir="ltr")

    def unsupported(self, block: Part) -> str:
        kind, words = _FALLBACKS[block["source_type"]]
        return self._open("div", "rich_fallback", kind) + words + self._tags.pop()

    def list_block(self, block: Part) -> str:
        ordered = block["kind"] == "ordered"
        attributes = {}
        if ordered:
            if block["reversed"]:
                attributes["reversed"] = ""
            if "start" in block:
                attributes["start"] = str(block["start"])
            if style := block.get("list_type"):
                attributes["type" if style in "1aAiI" else "data_list_type"] = style
        kind = "ordered-list" if ordered else "list"
        html = self._open("ol" if ordered else "ul", "rich_list", kind, **attributes)
        html += "".join(self._item(item, ordered) for item in block["items"])
        return html + self._tags.pop()

    def _item(self, item: Part, ordered: bool) -> str:
        tags = self._tags
        is_task = item["task_state"] != "none"
        labelled = ordered and not is_task and bool(item.get("num"))
        classes = "rich_list_item"
        classes += " rich_task_item" if is_task else " rich_order_item" if labelled else ""
        attributes = {"data_rich_content": item["content"]}
        if "num" in item:
            attributes["data_num"] = item["num"]
        if "value" in item:
            attributes["value"] = str(item["value"])
        html = tags.push("li", class_=classes, **attributes)
        if is_task:
            done = item["task_state"] == "checked"
            html += tags.inline(
                "span",
                "☑" if done else "☐",
                aria_checked=str(done).lower(),
                class_="rich_task_marker",
                role="checkbox",
            )
        elif labelled:
            html += tags.inline("span", escape(item["num"]), class_="rich_order_marker")
        in_blocks = item["content"] == "blocks"
        html += tags.push_inline("div" if in_blocks else "span", class_="rich_list_content")
        html += self.blocks(item["blocks"]) if in_blocks else self.text(item["text"])
        return html + tags.pop() + tags.pop()

    def quote(self, block: Part) -> str:
        tags = self._tags
        aside = block["pullquote"]
        in_blocks = block["content"] == "blocks"
        kind = "pullquote" if aside else "quote-blocks" if in_blocks else "quote"
        classes = "rich_quote rich_pullquote" if aside else "rich_quote"
        html = self._open("aside" if aside else "blockquote", classes, kind)
        html += tags.push("div", class_="rich_quote_body")
        html += self.blocks(block["blocks"]) if in_blocks else self.text(block["text"])
        html += tags.pop() + self._optional("cite", "rich_quote_caption", block["caption"])
        return html + tags.pop()

    def _optional(self, tag: str, class_: str, text: Part) -> str:
        """Write an element unless there would be nothing in it."""
        opened = self._tags.push(tag, class_=class_)
        words = self.text(text)
        closed = self._tags.pop()
        return opened + words + closed if words else ""

    def details(self, block: Part) -> str:
        tags = self._tags
        html = self._open("details", "rich_details", "details")
        html += tags.push("summary") + self.text(block["title"]) + tags.pop()
        html += tags.push("div", class_="rich_details_body") + self.blocks(block["blocks"])
        return html + tags.pop() + tags.pop()

    def table(self, block: Part) -> str:
        tags = self._tags
        html = self._open("div", "rich_table_wrap", "table", tabindex="0")
        html += tags.push("table", class_="rich_table bordered")
        title = self.text(block["title"])
        if title:
            html += tags.push("caption") + title + tags.pop()
        html += tags.push("tbody")
        for row in block["rows"]:
            html += tags.push("tr")
            for cell in row["cells"]:
                html += tags.push("th" if cell["header"] else "td", class_="rich_align_left")
                html += self.text(cell["text"]) if "text" in cell else ""
                html += tags.pop()
            html += tags.pop()
        return html + tags.pop() + tags.pop() + tags.pop()

    def button_row(self, block: Part) -> str:
        tags = self._tags
        html = self._open("div", "rich_button_row rich_button_align_stretch", "button-row")
        html += tags.push("div", class_="rich_button_group")
        html += "".join(self.button(button, "block") for button in block["buttons"])
        return html + tags.pop() + tags.pop()

    # Blocks of media, and cards.

    def media_item(self, block: Part) -> str:
        tags = self._tags
        html = self._open("figure", "rich_media_item", block["type"], data_document_id="1")
        html += write_media(tags, _media(block), MediaExtras())
        if "url" in block:
            html += self._source(block["url"])
        return html + self._caption(block["caption"]) + tags.pop()

    def _source(self, address: str, class_: str = "rich_source_meta") -> str:
        if not address:
            return ""
        tags = self._tags
        html = tags.push("div", class_=class_)
        href = _safe_address(address)
        if href is None:
            html += tags.inline("span", escape(address), class_="rich_source_text")
        else:
            html += tags.inline("a", escape(address), class_="rich_source_link", href=href)
        return html + tags.pop()

    def _caption(self, caption: Part) -> str:
        tags = self._tags
        opened = tags.push("figcaption", class_="rich_media_caption", dir="auto")
        inner = self._optional("div", "rich_caption_text", caption["text"])
        inner += self._optional("cite", "rich_caption_credit", caption["credit"])
        closed = tags.pop()
        return opened + inner + closed if inner else ""

    def cover(self, block: Part) -> str:
        return self._group("cover", [block["block"]]) + self._tags.pop()

    def collage(self, block: Part) -> str:
        html = self._group(block["type"], block["items"])
        return html + self._caption(block["caption"]) + self._tags.pop()

    def _group(self, kind: str, items: Sequence[Part]) -> str:
        tags = self._tags
        html = self._open("section", "rich_media_group", kind, data_rich_has_items="true")
        html += tags.push("div", class_="rich_media_group_items")
        return html + self.blocks(items) + tags.pop()

    def slideshow(self, block: Part) -> str:
        tags = self._tags
        html = self._open("section", "rich_media_group", "slideshow")
        html += tags.push("div", class_="rich_slideshow_box", style="aspect-ratio: 4 / 3")
        html += tags.push("div", class_="rich_slideshow_track")
        for item in block["items"]:
            html += tags.push("div", class_="rich_slide") + self.block(item) + tags.pop()
        html += tags.pop()
        for name, arrow in (("prev", "&#8592;"), ("next", "&#8594;")):
            html += tags.inline("button", arrow, class_=f"rich_slideshow_{name}", type="button")
        html += tags.push("div", class_="rich_slideshow_dots")
        html += tags.inline("button", "", class_="rich_slideshow_dot", type="button")
        html += tags.pop() + tags.pop()
        return html + self._caption(block["caption"]) + tags.pop()

    def embed(self, block: Part) -> str:
        html = self._open("figure", "rich_media_item rich_embed", "embed")
        if "poster_photo_id" in block:
            html += write_media(self._tags, _photo(block, "poster_photo"), MediaExtras())
            html += self._source(block.get("url", ""))
        else:
            address = block.get("url", "")
            html += self._card("file", "Embed", status=address, link=_safe_address(address))
        return html + self._caption(block["caption"]) + self._tags.pop()

    def _card(
        self, class_: str, title: str, description: str = "", *, status: str, link: str | None
    ) -> str:
        tags = self._tags
        html = tags.push_div("media_wrap clearfix")
        classes = f"media clearfix pull_left media_{class_}"
        html += tags.push("a", class_=classes, href=link) if link else tags.push_div(classes)
        html += tags.block("fill pull_left", "") + tags.push_div("body")
        html += tags.block("title bold", escape(title))
        if description:
            html += tags.block("description", escape(description))
        if status:
            html += tags.block("status details", escape(status))
        return html + tags.pop() + tags.pop() + tags.pop()

    def embed_post(self, block: Part) -> str:
        tags = self._tags
        html = self._open("section", "rich_embed_post", "embed-post")
        html += tags.push("div", class_="rich_embed_post_author")
        html += self._card(
            "contact",
            block["author"] or "Embed post",
            status=_moment(block["date_unixtime"]),
            link=block.get("author_photo"),
        )
        html += tags.pop() + self._source(block["url"], "rich_embed_post_meta")
        html += tags.push("div", class_="rich_embed_post_blocks") + self.blocks(block["blocks"])
        return html + tags.pop() + self._caption(block["caption"]) + tags.pop()

    def channel(self, block: Part) -> str:
        channel = block["channel"]
        name = channel.get("username", "")
        html = self._open("section", "rich_reference_block", "channel")
        html += self._card(
            "contact",
            channel.get("title") or "Channel",
            status=f"@{name}, Channel" if name else "Channel",
            link=_INTERNAL_LINKS + name if len(name) >= _SHORTEST_NAME else None,
        )
        return html + self._tags.pop()

    def map(self, block: Part) -> str:
        place = block["geo"]
        html = self._open("figure", "rich_reference_block", "map", data_zoom="16")
        shown, link = "", None
        if "latitude" in place:
            shown = f"{place['latitude']:f}, {place['longitude']:f}"
            link = f"https://maps.google.com/maps?q={shown.replace(' ', '')}&z=16"
        html += self._card("location", "Location", status=shown, link=link)
        return html + self._caption(block["caption"]) + self._tags.pop()

    def related_articles(self, block: Part) -> str:
        tags = self._tags
        html = self._open("section", "rich_related_articles", "related-articles")
        html += self._optional("div", "rich_related_title", block["title"])
        html += tags.push("div", class_="rich_related_items")
        html += "".join(map(self._article, block["articles"]))
        return html + tags.pop() + tags.pop()

    def _article(self, article: Part) -> str:
        tags = self._tags
        html = tags.push("article", class_="rich_related_article", data_webpage_id="8")
        published = article.get("published_date_unixtime")
        status = ", ".join(
            filter(None, [article.get("author"), _moment(published) if published else ""])
        )
        said, below = article.get("description", ""), ""
        link, class_ = None, "file"
        if "photo_id" in article:
            photo = _photo(article, "photo")
            link, class_ = photo.path, "photo"
            if photo.note:
                said, below = photo.note, said
        title = article.get("title") or "Related article"
        html += self._card(class_, title, said, status=status, link=link)
        if below:
            html += self._element("div", "rich_article_description", escape(below))
        return html + self._source(article["url"]) + tags.pop()


def _plain(part: Part) -> str:
    text = part.get("text", "")
    if isinstance(text, str):
        return text
    return "".join(map(_plain, text)) if isinstance(text, list) else _plain(text)


def _safe_address(address: str) -> str | None:
    """Return an address of the web, fully encoded; there is no link to anything else."""
    scheme, separator, rest = address.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return None
    host, slash, path = rest.partition("/")
    encoded = host.lower().encode("idna").decode()
    return f"{scheme.lower()}://{encoded}{slash}{quote(path, safe=_SAFE)}"


_SAFE = "%/:?#[]@!$&'()*+,;=~"


def _moment(unixtime: str) -> str:
    return f"{datetime.fromtimestamp(int(unixtime), UTC):%d.%m.%Y %H:%M:%S}"


def _photo(holder: Part, key: str) -> Media:
    return Media(kind=MediaKind.PHOTO, path=holder.get(key), note=_note(holder, key))


def _note(holder: Part, key: str) -> str | None:
    reason = holder.get(f"{key}_skip_reason")
    return _NOTES.get(reason, UNAVAILABLE) if reason else None


def _media(block: Part) -> Media:
    if block["type"] == "photo":
        return _photo(block, "photo")
    kind = {"video": MediaKind.VIDEO, "audio": MediaKind.AUDIO, "file": MediaKind.FILE}
    return Media(
        kind=kind[block["type"]],
        path=block.get("file"),
        note=_note(block, "file"),
        title=block.get("file_name") if block["type"] != "video" else None,
    )


_TEXTS: Mapping[str, Callable[[_Writer, Part], str]] = {
    "empty": lambda _, part: "",
    "plain": lambda _, part: escape(part["text"]),
    "concat": _Writer.concat,
    "text_link": _Writer.text_link,
    "link": _Writer.auto_link,
    "email": _Writer.email,
    "phone": _Writer.phone,
    "mention": _Writer.mention,
    "mention_name": _Writer.mention_name,
    "spoiler": _Writer.spoiler,
    "math": _Writer.math,
    "custom_emoji": _Writer.custom_emoji,
    "formatted_date": _Writer.formatted_date,
    "inline_image": _Writer.inline_image,
    "diff": _Writer.diff,
    "button": _Writer.button,
}
_BLOCKS: Mapping[str, Callable[[_Writer, Part], str]] = {
    "heading": _Writer.heading,
    "author_date": _Writer.author_date,
    "code": _Writer.code,
    "divider": _Writer.divider,
    "anchor": _Writer.anchor,
    "math": _Writer.math_block,
    "unsupported": _Writer.unsupported,
    "list": _Writer.list_block,
    "quote": _Writer.quote,
    "details": _Writer.details,
    "table": _Writer.table,
    "button_row": _Writer.button_row,
    "photo": _Writer.media_item,
    "video": _Writer.media_item,
    "audio": _Writer.media_item,
    "file": _Writer.media_item,
    "cover": _Writer.cover,
    "collage": _Writer.collage,
    "slideshow": _Writer.slideshow,
    "embed": _Writer.embed,
    "embed_post": _Writer.embed_post,
    "channel": _Writer.channel,
    "map": _Writer.map,
    "input_map": _Writer.map,
    "related_articles": _Writer.related_articles,
}

BLOCK_TYPES = frozenset({*_TEXT_BLOCKS, *_BLOCKS})
"""Every kind of block that the exporter writes."""
