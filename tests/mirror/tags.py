"""The exporter's text layer: escapes, and a stack of tags that gives every block its own lines."""

from __future__ import annotations

# U+2028 and U+2029 become `<br>`, but the last two of their three bytes stay behind: bare, invalid
# UTF-8. They travel as surrogate escapes until the page is encoded.
_LINE_SEPARATORS = {"\u2028": "<br>\udc80\udca8", "\u2029": "<br>\udc80\udca9"}
_ESCAPES = {
    "\n": "<br>",
    '"': "&quot;",
    "&": "&amp;",
    "'": "&apos;",
    "<": "&lt;",
    ">": "&gt;",
    **_LINE_SEPARATORS,
}


def escape(text: str) -> str:
    """Return the text as the exporter escapes it, in element content and attributes alike."""
    return "".join(
        _ESCAPES.get(char) or (f"&#x{ord(char):02X};" if char < " " else char) for char in text
    )


def encode_page(page: str) -> bytes:
    """Return the page as UTF-8, stray bytes of line separators included."""
    return page.encode("utf-8", "surrogateescape")


class TagStack:
    """Write tags the exporter's way: newline, one space per open tag, the tag, newline.

    Attributes are given as `data_rich_kind` for `data-rich-kind`.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        self._inline: set[int] = set()

    def push(self, tag: str, **attributes: str) -> str:
        """Open a tag; attributes come out in alphabetical order, `class_` stands for `class`."""
        block = f"\n{self._indent}{self._tag(tag, attributes)}\n"
        self._open.append(tag)
        return block

    def push_div(self, class_: str, **attributes: str) -> str:
        """Open a `div` of this class."""
        return self.push("div", class_=class_, **attributes)

    def push_inline(self, tag: str, **attributes: str) -> str:
        """Open a tag in the midst of a line; what stands in it is indented by it all the same."""
        self._inline.add(len(self._open))
        self._open.append(tag)
        return self._tag(tag, attributes)

    def pop(self) -> str:
        """Close whatever tag was opened last."""
        closed = self._open.pop()
        if len(self._open) in self._inline:
            self._inline.remove(len(self._open))
            return f"</{closed}>"
        return f"\n{self._indent}</{closed}>\n"

    def pop_all(self) -> str:
        """Close every open tag, as the end of a page does."""
        return "".join(self.pop() for _ in range(len(self._open)))

    def empty(self, tag: str, **attributes: str) -> str:
        """Write a tag without content, such as `<img …/>`."""
        return f"\n{self._indent}{self._tag(tag, attributes)[:-1]}/>\n"

    def block(self, class_: str, content: str, *, tag: str = "div", **attributes: str) -> str:
        """Write one element with ready content."""
        return self.push(tag, class_=class_, **attributes) + content + self.pop()

    def inline(self, tag: str, content: str, **attributes: str) -> str:
        """Write one element in the midst of a line."""
        return f"{self._tag(tag, attributes)}{content}</{tag}>"

    @property
    def _indent(self) -> str:
        return " " * len(self._open)

    @staticmethod
    def _tag(tag: str, attributes: dict[str, str]) -> str:
        # A nameless attribute (`nameless_`) sorts first: `<a ="" href="…">`.
        named = {
            "" if name == "nameless_" else name.rstrip("_").replace("_", "-"): value
            for name, value in attributes.items()
        }
        written = "".join(f' {name}="{escape(value)}"' for name, value in sorted(named.items()))
        return f"<{tag}{written}>"
