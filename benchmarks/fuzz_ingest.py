"""Damaged exports of every kind, one after another: nothing but posts, problems and refusals.

python -m benchmarks.fuzz_ingest [COUNT] [--seed N]

A file that raises anything else, or takes seconds, is kept and named; the exit code says so.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
import zipfile
from collections import Counter
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from db.storable import storable
from ingest import open_source
from model.errors import SourceError
from model.posts import BadMessage, Post
from tests.ingest.test_damage import damage
from tests.mirror.messages import MirrorMessage
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import JsonChat, write_account, write_chat
from tests.mirror.web_preview import WebChannel, write_web_page
from tests.sample.channel import read_channel

_MOST_MESSAGES = 6
_MOST_CHANGES = 30
_SLOW = 3.0
# fmt: off
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 10**30, 1.5, 1e308, "", "0", "x", "\0", "\ud800", "9" * 5000,
    "2024-01-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "../../x", [], {}, [[]],
    [None], {"type": "pre"}, [{"type": "link", "text": "x"}], {"text": []}, ["x", {"type": "bold"}],
)
# fmt: on
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
        if "\n" in str(refused) or not str(refused).endswith("."):
            raise ValueError(f"not one sentence: {refused}") from refused
        return "refused"
    for item in items:
        if isinstance(item, Post):
            storable(item)
    return "with problems" if any(isinstance(item, BadMessage) for item in items) else "read"


def main() -> None:
    """Write, damage, read; count what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    messages = list(read_channel().messages)
    outcomes: Counter[str] = Counter()
    kept = Path(mkdtemp(prefix="letopis-fuzz-"))
    began = time.monotonic()
    for seed in range(options.seed, options.seed + options.count):
        with TemporaryDirectory() as parent:
            outcome, path = _try_one(seed, messages, Path(parent))
            outcomes[outcome] += 1
            if path is not None:
                shutil.copyfile(path, kept / f"{seed}-{path.name}")
                print(f"seed {seed}: {outcome}, kept in {kept}", flush=True)
    seconds = time.monotonic() - began
    print(f"{options.count:,} files in {seconds:.0f} s: {dict(outcomes)}")
    sys.exit(any(kept.iterdir()))


def _try_one(seed: int, messages: list[MirrorMessage], folder: Path) -> tuple[str, Path | None]:
    """Return what came of one damaged file, and its path where that is a fault."""
    dice = random.Random(seed)
    kind = dice.choice(("html", "html", "json", "account", "web"))
    start = dice.randrange(len(messages))
    chosen = messages[start : start + dice.randint(1, _MOST_MESSAGES)]
    path = write_one(kind, folder, chosen)
    spoil = distort if path.suffix == ".json" and dice.random() < 0.7 else damage
    path.write_bytes(spoil(path.read_bytes(), dice, changes=dice.randint(1, _MOST_CHANGES)))
    if dice.random() < 0.05:
        packed = folder / "export.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
        packed.write_bytes(damage(packed.read_bytes(), dice, changes=dice.randint(0, 3)))
        path = packed
    began = time.process_time()
    try:
        outcome = read_all(path)
    except Exception as exc:  # noqa: BLE001  # it is what is looked for
        return f"{type(exc).__name__}: {exc}", path
    slow = time.process_time() - began > _SLOW
    return (f"slow, {outcome}", path) if slow else (f"{kind}, {outcome}", None)


if __name__ == "__main__":
    main()
