"""Measure the bot's answers: many people search at once, over HTTP to a stand-in for Telegram.

    python benchmarks/bench_bot.py --posts 100000 --searches 10000
    python benchmarks/bench_bot.py --posts 100000 --pause 5 --import

`letopis bot` runs as a separate process. Each person sends the next query after the last answer: at
once (so that all are always waiting), after about five seconds of reading with `--pause 5`, or all
at the same moment with `--together`. Printed are milliseconds from update to answer, the bot's CPU
milliseconds per answer (nearly independent of the machine's load), and its resident memory in MB,
with and without file pages. With `--import` an owner sends an export, and people search until its
posts can be found; the figures are then split by the phase of the import.
"""

from __future__ import annotations

import argparse
import io
import json
import math
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
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from made_archive import Maker, open_made
from made_queries import make_queries, texts_of

from bot.terminal.server import Event
from tests.standin.person import Person
from tests.standin.server import StandIn

_OWNERS = range(500, 1000)
_SENDER = _OWNERS[-1]
_MEMORY_AFTER = (0, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_LONGEST_IMPORT = 1200.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PHASES = (("Записываю", "reading"), ("Добавляю в поиск", "indexing"), ("уже ищутся", "found"))


class Postbox(list[Event]):
    """Records the bot's actions per person, and what the sender of a file saw."""

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[int, queue.SimpleQueue[float]] = defaultdict(queue.SimpleQueue)

    def append(self, event: Event) -> None:
        """Record the time at which a person was answered."""
        if event.chat_id == _SENDER:
            super().append(event)
        self._of[event.chat_id].put(time.perf_counter())

    def waits_for(self, person: Person) -> float:
        """Return the time at which a person was answered."""
        return self._of[person.user.user_id].get(timeout=60)


@dataclass(slots=True, kw_only=True)
class Course:
    """The measurements so far; `phase` is the state of the import, if any."""

    left: float
    pause: float
    postbox: Postbox
    barrier: threading.Barrier | None
    phase: str = "searching"
    waited: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def answered(self) -> int:
        """Return the number of answers so far."""
        return sum(map(len, self.waited.values()))

    def takes(self) -> bool:
        """Take one of the remaining searches."""
        with self.lock:
            self.left -= 1
            return self.left >= 0


def main() -> None:
    """Create the archive, run the bot on it, let people search, print the figures."""
    options = _options()
    maker = Maker(options.seed)
    with tempfile.TemporaryDirectory() as folder, StandIn() as standin:
        home = Path(options.home or folder)
        queries = _queries(home, maker, options=options)
        with _bot(home, standin, engine=options.engine) as bot:
            people = [Person(standin, _OWNERS[n], first_name="P") for n in range(options.people)]
            standin.world.events = postbox = Postbox()
            for person in people:
                person.says("/help")
                postbox.waits_for(person)
            course = Course(
                left=math.inf if options.import_posts else options.searches,
                pause=options.pause,
                postbox=postbox,
                barrier=threading.Barrier(len(people)) if options.together else None,
            )
            if options.import_posts:
                # A different seed, so that the queries are not the archive's own texts.
                other = Maker(options.seed + 1)
                export = _export(other, count=options.import_posts)
                sender = Person(standin, _SENDER, first_name="S")
                threading.Thread(target=_send, args=(sender, export, course)).start()
            figures = _measure(people, queries, bot, course=course)
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
    parser.add_argument("--queries", type=int, default=300, help="how many different ones")
    parser.add_argument("--home", help="keep the archive here, and use it again")
    return parser.parse_args()


def _queries(home: Path, maker: Maker, *, options: argparse.Namespace) -> Sequence[str]:
    """Create the archive if necessary, and queries of every kind."""
    home.mkdir(parents=True, exist_ok=True)
    with open_made(home, posts=options.posts, maker=maker, name="archive.db") as store:
        texts = [archived.post.text for archived in store.newest(limit=options.queries)]
    kinds = make_queries(maker, texts, posts=options.posts, each=math.ceil(options.queries / 16))
    asked = list(texts_of(kinds))
    maker.rng.shuffle(asked)
    return asked


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
        "LETOPIS_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(_letopis(home, "bot"), env={**os.environ, **settings})
    try:
        while not standin.world.wait_for(lambda: standin.world.poll.number > 1, 1):
            assert process.poll() is None, "the bot did not start"
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _export(maker: Maker, *, count: int) -> bytes:
    """Return a zip as an owner would send it."""
    messages = [
        {
            "id": post.message_id,
            "type": "message",
            "date_unixtime": str(int(post.posted_at.timestamp())),
            "date": post.posted_at.strftime("%Y-%m-%dT%H:%M:%S"),
            "text": post.text,
            "text_entities": [{"type": "plain", "text": post.text}],
        }
        for post in maker.posts(first_id=1, count=count)
    ]
    number = maker.rng.randrange(10**9, 2 * 10**9)  # a channel not used by an earlier run
    channel = {"name": "Import", "type": "public_channel", "id": number, "messages": messages}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("result.json", json.dumps(channel, ensure_ascii=False))
    return packed.getvalue()


def _send(sender: Person, export: bytes, course: Course) -> None:
    """Send an export, have it imported, and record the phases."""
    sender.uploads("export.zip", export)
    course.phase = "preview"
    offer = sender.waits_for(lambda shown: "Импортировать" in str(shown.labels), timeout=600)
    sender.presses(offer, "Импортировать")
    for words, phase in _PHASES:
        sender.waits_for(lambda shown, words=words: words in shown.text, timeout=_LONGEST_IMPORT)
        course.phase = phase
        print(f"{phase}: {time.perf_counter():.1f}", file=sys.stderr)
    course.left = 0


def _letopis(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "letopis", "--home", str(home), *arguments]


def _measure(
    people: Sequence[Person], queries: Sequence[str], bot: int, *, course: Course
) -> dict[str, object]:
    """Let people search until all searches are done; sample the bot's memory."""
    threads = [
        threading.Thread(target=_ask_on, args=(person, random.Random(n), queries, course))
        for n, person in enumerate(people)
    ]
    began, worked, memory = time.perf_counter(), _processor_ms(bot), {}
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if course.answered >= _MEMORY_AFTER[len(memory)]:
            memory[course.answered] = _memory_mb(bot)
            print(course.answered, memory[course.answered], file=sys.stderr)
        time.sleep(0.2)
    taken, answered = time.perf_counter() - began, course.answered
    return {
        "answers": answered,
        "answers_per_s": round(answered / taken, 1),
        "ms": {phase: _spread(waited) for phase, waited in course.waited.items()},
        "processor_ms_per_answer": round((_processor_ms(bot) - worked) / answered, 2),
        "memory_mb": {**memory, answered: _memory_mb(bot)},
    }


def _spread(waited: Sequence[float]) -> dict[str, int]:
    ordered = sorted(waited)
    return {
        "answers": len(ordered),
        "p50": round(statistics.median(ordered)),
        "p95": round(ordered[int(len(ordered) * 0.95)]),
        "max": round(ordered[-1]),
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
        phase = course.phase
        waited = (course.postbox.waits_for(person) - started) * 1000
        with course.lock:
            course.waited[phase].append(waited)
        if course.pause:
            time.sleep(rng.uniform(0.5, 1.5) * course.pause)


def _processor_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS


def _memory_mb(pid: int) -> dict[str, int]:
    """Return a process's resident memory, and the part that is not file pages."""
    fields = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    names = {"resident": "VmRSS", "anonymous": "RssAnon"}
    return {name: int(fields[field].split()[0]) >> 10 for name, field in names.items()}


if __name__ == "__main__":
    main()
