"""Compare Letopis with what one would build in its place, and print the tables of `docs/speed.md`.

    python -m benchmarks.compare FOLDER --posts 5000 100000

Exports of made-up everyday posts, and what is built from them, are kept in FOLDER. So are the
measurements: a run that was interrupted continues, and one for another size adds to the tables.
Every measurement is made by a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, read_rows
from benchmarks.made_export import write_made

_QUERIES = 200
_PACKAGES = ("letopis", "selectolax", "tantivy", "Whoosh", "beautifulsoup4", "SQLAlchemy")
_TABLES: Sequence[tuple[str, str, Callable[[Mapping[str, Any]], str]]] = (
    ("Take in", "clock, processor", lambda at: f"{_s(at['clock'])}, {_s(at['processor'])}"),
    ("Search", "median, 95 %, first", lambda at: " / ".join(_ms(at[key]) for key in _SEARCHES)),
    ("Memory", "take in, search", lambda at: f"{at['peak']:.0f} / {at['searching']:.0f} MB"),
    ("Disk", "everything that is kept", lambda at: f"{at['disk']:.0f} MB"),
)
_SEARCHES = ("p50", "p95", "first")


def main() -> None:
    """Measure what is missing, then print the tables."""
    options = _options()
    if options.contender:
        name, part = options.contender
        act = {"take_in": _take_in, "search": _search}[part]
        print(json.dumps(act(name, options.folder, options.posts[0])))
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    results = options.folder / "results.json"
    found = json.loads(results.read_text("utf-8")) if results.exists() else {}
    for posts in options.posts:
        for name in CONTENDERS:
            key = f"{posts} {name}"
            if key not in found and (name == "Letopis" or posts <= options.others_up_to):
                print(f"{name}, {posts:,} posts …", file=sys.stderr, flush=True)
                found[key] = _measure(name, options.folder, posts)
                results.write_text(json.dumps(found, indent=1), "utf-8")
    _print_tables(found)


def _measure(name: str, folder: Path, posts: int) -> Mapping[str, Any]:
    export = folder / f"export-{posts}"
    if not export.exists():
        write_made(export.with_suffix(".part"), "everyday", posts)
        _write_queries(export.with_suffix(".part"), folder / f"queries-{posts}.json")
        export.with_suffix(".part").rename(export)
    shutil.rmtree(_kept(name, folder, posts), ignore_errors=True)
    _kept(name, folder, posts).mkdir()
    day, load = datetime.now(UTC).date().isoformat(), os.getloadavg()[0]
    taken = _run(name, "take_in", folder, posts)
    searched = _run(name, "search", folder, posts)
    return {"day": day, "load": load, **searched, **taken}


def _run(name: str, part: str, folder: Path, posts: int) -> Mapping[str, Any]:
    """Measure in a process of its own; `peak` is the most memory of it and its children, in MB."""
    call = [sys.executable, "-m", "benchmarks.compare", str(folder), "--posts", str(posts)]
    process = subprocess.Popen([*call, "--contender", name, part], stdout=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(_memory, _tree(process.pid))))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(process.returncode)
    assert process.stdout
    return {"peak": peak, **json.loads(process.stdout.read())}


def _take_in(name: str, folder: Path, posts: int) -> Mapping[str, float]:
    kept = _kept(name, folder, posts)
    started = time.perf_counter()
    CONTENDERS[name].take_in(folder / f"export-{posts}", kept)
    clock = time.perf_counter() - started
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # noqa: SLF001  # its children count once it has ended
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    files = [path.stat().st_size for path in kept.rglob("*") if path.is_file()]
    return {
        "clock": clock,
        "processor": sum(each.ru_utime + each.ru_stime for each in used),
        "disk": sum(files) / 1e6,
    }


def _search(name: str, folder: Path, posts: int) -> Mapping[str, float]:
    queries = json.loads((folder / f"queries-{posts}.json").read_text("utf-8"))
    search = CONTENDERS[name].open(_kept(name, folder, posts))
    took = []
    for words in queries:
        started = time.thread_time()
        search(words)
        took.append((time.thread_time() - started) * 1000)
    others = sorted(took[1:])
    return {
        "first": took[0],
        "p50": others[len(others) // 2],
        "p95": others[len(others) * 95 // 100],
        "searching": _memory(os.getpid()),
    }


def _write_queries(export: Path, queries: Path) -> None:
    """Write one to three words of random posts, the same for all."""
    chance = random.Random(7)
    found = (re.findall(r"\b[^\W\d_]{4,}\b", row.text) for row in islice(read_rows(export), 5000))
    texts = [words for words in found if len(words) >= 3]
    chosen = [
        " ".join(chance.sample(chance.choice(texts), chance.choice((1, 2, 3))))
        for _ in range(_QUERIES)
    ]
    queries.write_text(json.dumps(chosen, ensure_ascii=False), "utf-8")


def _kept(name: str, folder: Path, posts: int) -> Path:
    return folder / f"{name}-{posts}".replace(", ", "-").replace(" ", "-")


def _tree(process: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from _tree(int(child))


def _memory(process: int) -> float:
    """Return the memory of a process in MB; what it shares counts in parts."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    return (
        sum(int(kilobytes) for kilobytes in re.findall(r"^Pss: +(\d+)", told, re.MULTILINE)) / 1024
    )


def _print_tables(found: Mapping[str, Mapping[str, Any]]) -> None:
    sizes = sorted({int(key.split()[0]) for key in found})
    print(f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, ", end="")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, ", end="")
    print(", ".join(f"{name} {version(name)}" for name in _PACKAGES))
    for size in sizes:
        days = {at["day"] for key, at in found.items() if int(key.split()[0]) == size}
        loads = [at["load"] for key, at in found.items() if int(key.split()[0]) == size]
        span = f"{min(loads):.1f} to {max(loads):.1f}"
        print(f"{size:,} posts: measured on {', '.join(sorted(days))}, at a load of {span}")
    for title, what, cell in _TABLES:
        print(f"\n## {title}: {what}\n")
        print("| | " + " | ".join(f"{size:,} posts" for size in sizes) + " |")
        print("|---|" + "---|" * len(sizes))
        for name in CONTENDERS:
            at = [found.get(f"{size} {name}") for size in sizes]
            print(f"| {name} | " + " | ".join(cell(each) if each else "" for each in at) + " |")


def _processor() -> str:
    told = Path("/proc/cpuinfo").read_text("utf-8")
    model = re.search(r"^model name\s*: (.*)$", told, re.MULTILINE)
    return model[1] if model else platform.machine()


def _s(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds:.0f} s"


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.2g}" if milliseconds < 10 else f"{milliseconds:.0f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where exports and measurements are kept")
    parser.add_argument("--posts", type=int, nargs="+", default=[5000, 100_000])
    parser.add_argument("--others-up-to", type=int, default=100_000, help="posts for the others")
    parser.add_argument("--contender", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
