"""Reads Markdown with a CommonMark parser, down to the styles of each character."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable(["strikethrough", "table"])
_TAGS = re.compile(r"<(/?)(u|del|strong|em|span)(?: class=\"spoiler\")?>")
_STYLES = {"em": "italic", "strong": "bold", "s": "strike"}
_STYLES_OF_TAGS = _STYLES | {"u": "underline", "del": "strike", "span": "spoiler"}


def normalized(address: str) -> str:
    """Return an address in the one spelling in which addresses are compared."""
    return unquote(PARSER.normalizeLink(address))


@dataclass(frozen=True, slots=True)
class Letter:
    """A character with its styles, and where it leads."""

    text: str
    styles: frozenset[str] = frozenset()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced block."""

    code: str
    language: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a paragraph; white space has no styles."""

    letters: tuple[Letter, ...]
    is_quoted: bool = False

    @property
    def text(self) -> str:
        """Return the line as plain text."""
        return "".join(letter.text for letter in self.letters)


def read_markdown(text: str) -> list[Line | Code]:
    """Return what a reader of Markdown sees.

    Raises:
        AssertionError: It is something that is never written on purpose: a list, a table, HTML.
    """
    found: list[Line | Code] = []
    depth = 0
    for token in PARSER.parse(text):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        assert depth in {0, 1}
        if token.type == "fence":
            code = token.content.removesuffix("\n")
            found.append(Code(code, token.info, is_quoted=depth > 0))
        elif token.type == "inline":
            found += [Line(line, is_quoted=depth > 0) for line in _Inline().read(token)]
        else:
            assert token.tag in {"p", "blockquote", "h1", "h2"}, token
    return found


@dataclass
class _Inline:
    lines: list[list[Letter]] = field(default_factory=lambda: [[]])
    styles: list[str] = field(default_factory=list)
    address: str = ""

    def read(self, token: Token) -> list[tuple[Letter, ...]]:
        """Return the lines of an inline token."""
        for child in token.children or ():
            self._take(child)
        return [tuple(line) for line in self.lines]

    def _take(self, child: Token) -> None:
        match child.type:
            case "text" | "text_special":
                self._write(child.content)
            case "code_inline":
                self._write(child.content, "code")
            case "hardbreak":
                self.lines.append([])
            case "link_open":
                assert not self.address
                self.address = unquote(str(child.attrs["href"]))
            case "link_close":
                self.address = ""
            case "html_inline":
                tag = _TAGS.fullmatch(child.content)
                assert tag, child.content
                self._style(_STYLES_OF_TAGS[tag[2]], is_end=bool(tag[1]))
            case _:
                assert child.tag in _STYLES, child
                self._style(_STYLES[child.tag], is_end=child.nesting < 0)

    def _style(self, style: str, *, is_end: bool) -> None:
        if is_end:
            assert self.styles.pop() == style
        else:
            self.styles.append(style)

    def _write(self, text: str, *styles: str) -> None:
        worn = frozenset((*self.styles, *styles))
        self.lines[-1] += [
            Letter(each) if each.isspace() else Letter(each, worn, self.address) for each in text
        ]
