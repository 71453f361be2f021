"""A Jupyter notebook of posts with Python: texts as Markdown cells, their code as code cells.

The format is nbformat 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from export.markdown import CodeBlock, code_blocks, to_markdown
from export.markdown_inline import escaped
from export.posts import body_of, facts, heading_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo
    from typing import TextIO

    from model.posts import ArchivedPost, Post

_PYTHON = "python"
_END = {
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": _PYTHON, "name": "python3"},
        "language_info": {"name": _PYTHON},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}


def write_notebook(
    posts: Iterable[ArchivedPost], out: TextIO, *, title: str, zone: tzinfo | None
) -> None:
    """Write a notebook of posts that have Python."""
    out.write('{"cells": [\n')
    [heading] = _texts("title", [f"# {escaped(title)}"])
    out.write(json.dumps(heading, ensure_ascii=False))
    for archived in posts:
        out.writelines(
            f",\n{json.dumps(cell, ensure_ascii=False)}" for cell in _cells(archived, zone)
        )
    out.write(f"\n],\n{json.dumps(_END)[1:]}\n")


def has_python(archived: ArchivedPost) -> bool:
    """Return whether a post has a block of Python."""
    return bool(_python_of(archived.post))


def _python_of(post: Post) -> Sequence[CodeBlock]:
    blocks = code_blocks(post.content, post.snippets)
    return [block for block in blocks if block.language == _PYTHON]


def _cells(archived: ArchivedPost, zone: tzinfo | None) -> Iterator[dict[str, Any]]:
    """Yield the cells of a post in the order of its text."""
    post = archived.post
    heading, start = heading_of(post)
    above = [f"## {heading}", facts(archived, zone)]
    for number, code in enumerate(_python_of(post)):
        above.append(to_markdown(post.content, post.snippets, start=start, end=code.start))
        yield from _texts(f"text-{archived.post_id}-{number}", above)
        yield {
            "cell_type": "code",
            "execution_count": None,
            "id": f"code-{archived.post_id}-{number}",
            "metadata": {},
            "outputs": [],
            "source": post.text[code.start : code.end].removesuffix("\n"),
        }
        above, start = [], code.end
    yield from _texts(f"text-{archived.post_id}-end", [body_of(post, start=start)])


def _texts(cell_id: str, blocks: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a cell of Markdown, or none if there is nothing in it."""
    if source := "\n\n".join(filter(None, blocks)):
        yield {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}
