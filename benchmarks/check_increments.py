"""Write Whoosh's index in commits of random sizes, and compare it with brute force.

python benchmarks/check_increments.py --posts 20000 --largest 2000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from search.documents import Document
from search.engines.whoosh_engine import WhooshEngine
from tests.search.increments import compare, increments


def main() -> None:
    """Write the commits, compare after some of them and at the end, print the figures."""
    options = _options()
    rng = random.Random(options.seed)
    live: dict[int, Document] = {}
    commits = written = compared = merges = segments = 0
    writing = 0.0
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder), create=True)
        for batch in increments(rng, posts=options.posts, largest=options.largest):
            began = time.perf_counter()
            engine.write(batch)
            writing += time.perf_counter() - began
            before, segments = segments, len(list(Path(folder).glob("*.seg")))
            merges += segments <= before
            commits += 1
            written += len(batch)
            live.update({document.post_id: document for document in batch})
            if commits % options.every == 0:
                compared += compare(engine.snapshot(), live, rng)
        compared += compare(engine.snapshot(), live, rng)
    figures = {
        "posts": len(live),
        "documents written": written,
        "commits": commits,
        "commits that merged segments": merges,
        "segments at the end": segments,
        "queries compared, none of them different": compared,
        "documents/s": round(written / writing),
    }
    print(json.dumps(figures, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--largest", type=int, default=2_000)
    parser.add_argument("--every", type=int, default=20, help="compare after so many commits")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
