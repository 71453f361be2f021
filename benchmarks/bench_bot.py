"""Time the bot's answers: many people search at once, over real HTTP to a stand-in of Telegram.

    python benchmarks/bench_bot.py --posts 100000 --searches 10000 --import

`letopis bot` runs as a process of its own. Everybody asks the next thing when the last one is
answered: at once, so that all of them wait at any time, or with `--pause 5` after having read for
about so many seconds, or with `--together` all at the same moment. The figures: milliseconds from
the update to the answer as the people see it, processor milliseconds of the bot for each answer
(which hardly depend on what else the machine does), and the bot's memory on the way. `--import`
takes an export in meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpus import make_posts, make_queries, vocabulary

from db import open_archive
from model.posts import Channel
from tests.standin.person import Person
from tests.standin.server import StandIn
from tests.standin.world import Event

_OWNERS = range(500, 1000)
_SAMPLES = 10
_TICKS = os.sysconf("SC_CLK_TCK")


class Postbox(list[Event]):
    """Takes what the bot does to the one whom it concerns, and keeps nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[int, queue.SimpleQueue[float]] = defaultdict(queue.SimpleQueue)

    def append(self, event: Event) -> None:
        """Note the moment at which somebody was answered."""
        self._of[event.chat_id].put(time.perf_counter())

    def waits_for(self, person: Person) -> float:
        """Return the moment at which a person was answered."""
        return self._of[person.user.user_id].get(timeout=60)


@dataclass(slots=True, kw_only=True)
class Course:
    """What was measured so far."""

    left: int
    pause: float
    postbox: Postbox
    barrier: threading.Barrier | None
    waited: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self) -> bool:
        """Take one search of those that are left."""
        with self.lock:
            self.left -= 1
            return self.left >= 0


def main() -> None:
    """Make the archive, run the bot over it, let people ask, print the figures."""
    options = _options()
    rng = random.Random(options.seed)
    words = vocabulary(rng)
    with tempfile.TemporaryDirectory() as folder, StandIn() as standin:
        home = Path(options.home or folder)
        _fill(home, rng, words, options=options)
        queries = make_queries(rng, words, count=300)
        with _bot(home, standin, engine=options.engine) as bot:
            people = [Person(standin, _OWNERS[n], first_name="P") for n in range(options.people)]
            standin.world.events = postbox = Postbox()
            for person in people:
                person.says("/help")
                postbox.waits_for(person)
            with _import(home, rng, words, posts=options.import_posts):
                figures = _measure(people, queries, bot, options=options, postbox=postbox)
    json.dump({**vars(options), **figures}, sys.stdout, indent=1)
    print()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--searches", type=int, default=1000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--engine", default="tantivy", choices=["auto", "whoosh", "tantivy"])
    parser.add_argument("--pause", type=float, default=0, help="seconds that a person reads")
    parser.add_argument("--together", action="store_true", help="all ask at the same moment")
    parser.add_argument("--import", dest="import_posts", type=int, nargs="?", const=20_000)
    parser.add_argument("--home", help="keep the archive here, and use it again")
    return parser.parse_args()


def _fill(
    home: Path, rng: random.Random, words: Sequence[str], *, options: argparse.Namespace
) -> None:
    home.mkdir(parents=True, exist_ok=True)
    with open_archive(home / "archive.db") as store:
        if store.stats().posts >= options.posts:
            return
        channel = store.resolve_channel(Channel(title="Bench", username="bench"))
        posts = list(make_posts(rng, words, count=options.posts))
        for start in range(0, len(posts), 1000):
            store.save(channel, posts[start : start + 1000], as_of=datetime.now(UTC))


@contextmanager
def _bot(home: Path, standin: StandIn, *, engine: str) -> Iterator[int]:
    """Run the bot until it polls, and yield its process id."""
    standin.world.poll.hold_repeated = False
    settings = {
        "LETOPIS_BOT_TOKEN": standin.token,
        "LETOPIS_OWNERS": ",".join(map(str, _OWNERS)),
        "LETOPIS_API_BASE_URL": standin.url,
        "LETOPIS_BURST": "0",
        "LETOPIS_INDEX__ENGINE": engine,
        "LETOPIS_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(_letopis(home, "bot"), env={**os.environ, **settings})
    try:
        while not standin.world.wait_for(lambda: standin.world.poll.number > 1, 1):
            assert process.poll() is None, "the bot did not start"
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextmanager
def _import(
    home: Path, rng: random.Random, words: Sequence[str], *, posts: int | None
) -> Iterator[None]:
    """Take an export in by another process meanwhile, if there is to be one."""
    if not posts:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "result.json"
        messages = [
            {
                "id": post.message_id,
                "type": "message",
                "date_unixtime": str(int(post.posted_at.timestamp())),
                "date": post.posted_at.strftime("%Y-%m-%dT%H:%M:%S"),
                "text": post.text,
                "text_entities": [{"type": "plain", "text": post.text}],
            }
            for post in make_posts(rng, words, count=posts)
        ]
        channel = {"name": "Import", "type": "public_channel", "id": 4242, "messages": messages}
        export.write_text(json.dumps(channel), "utf-8")
        process = subprocess.Popen(_letopis(home, "ingest", str(export)), stdout=sys.stderr)
        try:
            yield
        finally:
            if process.poll() is None:
                print("the import outlived the searches", file=sys.stderr)
            process.wait()


def _letopis(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "letopis", "--home", str(home), *arguments]


def _measure(
    people: Sequence[Person],
    queries: Sequence[str],
    bot: int,
    *,
    options: argparse.Namespace,
    postbox: Postbox,
) -> dict[str, object]:
    """Let the people ask until all searches are made; note the bot's memory ten times."""
    course = Course(
        left=options.searches,
        pause=options.pause,
        postbox=postbox,
        barrier=threading.Barrier(len(people)) if options.together else None,
    )
    threads = [
        threading.Thread(target=_ask_on, args=(person, random.Random(n), queries, course))
        for n, person in enumerate(people)
    ]
    began, worked, memory = time.perf_counter(), _processor_ms(bot), [_memory_mb(bot)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.2)
        if len(course.waited) >= len(memory) * options.searches / _SAMPLES:
            memory.append(_memory_mb(bot))
    taken = time.perf_counter() - began
    answered = len(course.waited)
    ordered = sorted(course.waited)
    return {
        "answers": answered,
        "answers_per_s": round(answered / taken, 1),
        "ms": {
            "p50": round(statistics.median(ordered)),
            "p95": round(ordered[int(answered * 0.95)]),
            "max": round(ordered[-1]),
        },
        "processor_ms_per_answer": round((_processor_ms(bot) - worked) / answered, 2),
        "memory_mb": memory,
    }


def _ask_on(person: Person, rng: random.Random, queries: Sequence[str], course: Course) -> None:
    time.sleep(rng.random() * course.pause)
    while course.takes():
        if course.barrier:
            try:
                course.barrier.wait(60)
            except threading.BrokenBarrierError:
                return
        started = time.perf_counter()
        person.says(rng.choice(queries))
        course.waited.append((course.postbox.waits_for(person) - started) * 1000)
        if course.pause:
            time.sleep(rng.uniform(0.5, 1.5) * course.pause)


def _processor_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS


def _memory_mb(pid: int) -> int:
    (line,) = (
        line
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return int(line.split()[1]) >> 10


if __name__ == "__main__":
    main()
