"""Feed damaged exports, odd updates and hostile queries: nothing fails and nothing is slow.

    python -m tests.attack.fuzz [COUNT] [--seed N] [--only INPUT]

A damaged export gives posts, problems and refusals in one sentence, an update is read or confirmed,
a query answered. What raises anything else, or takes seconds, is named with its seed, and a damaged
file is kept.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from copy import deepcopy
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from bot.transport.update_reading import read_updates
from db import open_archive
from db.storable import storable
from i18n import ENGLISH
from i18n.messages import say
from ingest import open_source, run_import
from model.errors import SourceError
from model.posts import BadMessage, Post
from search import Facet, open_index
from tests.attack.homes import Broken, write_exports
from tests.attack.report import Attack, main
from tests.ingest.test_damage import damage
from tests.mirror.messages import MirrorMessage
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import JsonChat, write_account, write_chat
from tests.mirror.web_preview import WebChannel, write_web_page
from tests.sample.channel import read_channel
from tests.search.hostile import hostile_queries
from tests.searchers import patient_searcher

COUNT = 10_000
_MOST_MESSAGES = 6
_MOST_CHANGES = 30
_SLOW = 3.0
"""Seconds of processor time."""
# fmt: off
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 10**30, 1.5, 1e308, "", "0", "x", "\0", "\ud800", "9" * 5000,
    "2024-01-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "../../x", [], {}, [[]],
    [None], {"type": "pre"}, [{"type": "link", "text": "x"}], {"text": []}, ["x", {"type": "bold"}],
)
# fmt: on
_CHAT = {"id": 7, "type": "private", "first_name": "Анна"}
_CHANNEL = {"id": -1001500000001, "type": "channel", "title": "Канал", "username": "kanal"}
_USER = {"id": 7, "is_bot": False, "first_name": "Анна"}
_MESSAGE = {
    "message_id": 1,
    "date": 1700000000,
    "chat": _CHAT,
    "from": _USER,
    "text": "код #тег",
    "entities": [{"type": "hashtag", "offset": 4, "length": 4}],
}
_STANDING = {"status": "member", "user": {**_USER, "is_bot": True}}
_UPDATES: tuple[dict[str, Any], ...] = (
    {"update_id": 1, "message": _MESSAGE},
    {"update_id": 1, "edited_message": {**_MESSAGE, "edit_date": 1700000001}},
    {"update_id": 1, "channel_post": {**_MESSAGE, "chat": _CHANNEL, "sender_chat": _CHANNEL}},
    {
        "update_id": 1,
        "callback_query": {
            "id": "1",
            "from": _USER,
            "chat_instance": "1",
            "message": _MESSAGE,
            "data": "1|x|Ab3dE5gH1k",
        },
    },
    {"update_id": 1, "inline_query": {"id": "1", "from": _USER, "query": "код", "offset": ""}},
    {
        "update_id": 1,
        "my_chat_member": {
            "chat": _CHANNEL,
            "from": _USER,
            "date": 1700000000,
            "old_chat_member": _STANDING,
            "new_chat_member": {**_STANDING, "status": "left"},
        },
    },
)
_NAMES = {"html": "messages.html", "json": "result.json", "account": "result.json"}


def write_one(kind: str, folder: Path, messages: list[MirrorMessage]) -> Path:
    """Write a small export of one kind, and return its file."""
    path = folder / _NAMES.get(kind, "page.html")
    if kind == "html":
        write_export(folder, title="Канал", messages=messages)
    elif kind == "json":
        write_chat(path, JsonChat(title="Канал", messages=messages, telegram_id=7))
    elif kind == "account":
        chats = [JsonChat(title=title, messages=messages) for title in ("Канал", "Другой")]
        write_account(path, chats)
    else:
        write_web_page(path, WebChannel(title="Канал", username="kanal"), messages)
    return path


def distort(content: bytes, dice: random.Random, *, changes: int) -> bytes:
    """Return JSON that is sound, but in which some values are of another kind."""
    whole = json.loads(content)
    for _ in range(changes):
        _distort_one(whole, dice)
    return json.dumps(whole).encode()


def _distort_one(value: Any, dice: random.Random) -> None:
    """Replace one value, somewhere below."""
    while isinstance(value, dict | list) and value:
        key = dice.choice(list(value) if isinstance(value, dict) else range(len(value)))
        if not isinstance(value[key], dict | list) or dice.random() < 0.1:
            value[key] = deepcopy(dice.choice(_ODD))
            return
        value = value[key]


def read_all(path: Path) -> str:
    """Read a file to its end, and say what came of it."""
    try:
        items = list(open_source(path, channel="Канал").messages())
    except SourceError as refused:
        said = say(refused.message, ENGLISH)
        if "\n" in said or not said.endswith("."):
            raise Broken(f"not one sentence: {said}") from refused
        return "refused"
    for item in items:
        if isinstance(item, Post):
            storable(item)
    return "with problems" if any(isinstance(item, BadMessage) for item in items) else "read"


class Inputs:
    """What can be fed to the program; an archive for searches is made once, in `folder`."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._messages = list(read_channel().messages)
        export, _ = write_exports(folder / "exports")
        store = stack.enter_context(open_archive(folder / "archive.db"))
        run_import(store, export)
        index = open_index(folder / "index", store, engine="tantivy")
        stack.callback(index.close)
        index.catch_up()
        self._searcher = patient_searcher(store, index)
        texts = chain.from_iterable(text.split() for text in ("запись номер1", "тег1 номер77"))
        self._words = list(texts)

    @property
    def attacks(self) -> Mapping[str, Attack]:
        """Return the attacks by the kinds of input."""
        return {"export": self._export, "query": self._query, "update": self._update}

    def _export(self, dice: random.Random) -> str:
        """Write a small export of any format, damage it and read it."""
        with TemporaryDirectory() as parent:
            path = self._write_damaged(dice, Path(parent))
            began = time.process_time()
            try:
                outcome = read_all(path)
            except Exception as exc:
                raise Broken(f"{type(exc).__name__}: {exc}; kept as {_keep(path)}") from exc
            if time.process_time() - began > _SLOW:
                raise Broken(f"slow; kept as {_keep(path)}")
            return outcome

    def _query(self, dice: random.Random) -> str:
        """Ask something that nobody means well with."""
        (query,) = hostile_queries(seed=dice.getrandbits(32), count=1, words=self._words)
        began = time.process_time()
        try:
            answer = self._searcher.search(query, facets=list(Facet))
        except Exception as exc:
            raise Broken(f"{type(exc).__name__}: {exc}: {query!r}") from exc
        if time.process_time() - began > _SLOW:
            raise Broken(f"slow: {query!r}")
        return "found" if answer.total else "nothing found"

    def _update(self, dice: random.Random) -> str:
        """Bring an update in which some values are of another kind, beside a sound one."""
        whole = deepcopy(dice.choice(_UPDATES))
        for _ in range(dice.randint(1, 4)):
            _distort_one(whole, dice)
        whole["update_id"] = 1
        answer = json.dumps({"ok": True, "result": [whole, _UPDATES[0]]})
        try:
            read = read_updates(answer.encode(), keep=lambda update: update.to_json())
        except Exception as exc:
            raise Broken(f"{type(exc).__name__}: {exc}: {answer}") from exc
        if read["result"][-1]["update_id"] != 1:
            raise Broken(f"a sound update was harmed by {answer}")
        return "read" if read["result"][0] == whole else "passed over"

    def _write_damaged(self, dice: random.Random, folder: Path) -> Path:
        kind = dice.choice(("html", "html", "json", "account", "web"))
        start = dice.randrange(len(self._messages))
        chosen = self._messages[start : start + dice.randint(1, _MOST_MESSAGES)]
        path = write_one(kind, folder, chosen)
        spoil = distort if path.suffix == ".json" and dice.random() < 0.7 else damage
        path.write_bytes(spoil(path.read_bytes(), dice, changes=dice.randint(1, _MOST_CHANGES)))
        if dice.random() >= 0.05:
            return path
        packed = folder / "export.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
        packed.write_bytes(damage(packed.read_bytes(), dice, changes=dice.randint(0, 3)))
        return packed


def _keep(path: Path) -> Path:
    return shutil.copyfile(path, Path(mkdtemp(prefix="letopis-fuzz-")) / path.name)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="letopis-fuzz-") as parent, ExitStack() as stack:
        inputs = Inputs(Path(parent), stack)
        sys.exit(main(inputs.attacks, description=__doc__ or "", count=COUNT))
