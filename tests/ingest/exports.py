"""Hand-written pages: a frame around messages, and a folder around pages."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

TITLE = "Записки о данных"

_FRAME = """<!DOCTYPE html>
<html>

 <head>

  <meta charset="utf-8"/>
<title>Exported Data</title>

 </head>

 <body onload="CheckLocation();">

  <div class="page_wrap">

   <div class="page_header">

    <div class="content">

     <div class="text bold">
{title}{blank}
     </div>

    </div>

   </div>

   <div class="page_body chat_page">

    <div class="history">

{messages}
    </div>

   </div>

  </div>

 </body>

</html>
"""


def page(messages: str, *, title: str = TITLE) -> str:
    """Return a page around messages; a channel's name carries one blank at its end."""
    return _FRAME.format(title=escape(title), blank=" ", messages=messages)


def message(message_id: int, text: str, *, at: str = "05.03.2024 10:00:00 UTC+03:00") -> str:
    """Return a message of the channel; `text` is markup."""
    return f"""
     <div class="message default clearfix" id="message{message_id}">

      <div class="body">

       <div class="pull_right date details" title="{at}">
{at[11:16]}
       </div>

       <div class="from_name">
{TITLE}{" "}
       </div>

       <div class="text">
{text}
       </div>

      </div>

     </div>
"""


def broken(message_id: int) -> str:
    """Return a message that cannot be read."""
    return f'<div class="message default clearfix" id="message{message_id}">слова</div>'


def separator(day: str, *, number: int = -1) -> str:
    """Return the line before a day."""
    return service(number, day)


def service(message_id: int, text: str) -> str:
    """Return a line that Telegram wrote."""
    return f"""
     <div class="message service" id="message{message_id}">

      <div class="body details">
{text}
      </div>

     </div>
"""


def link_to(name: str, *, words: str) -> str:
    """Return the link to the next or the previous page."""
    return f"""
     <a class="pagination block_link" href="{name}">
{words} messages
     </a>
"""


def write_pages(folder: Path, pages: Mapping[str, str]) -> Path:
    """Write pages under their names into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pages.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return folder
