"""Runs attacks one after another and says what came of them."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping

from tests.attack.homes import Broken

Attack = Callable[[random.Random], str]
"""One attack: it draws what to do, and says in a word or two what came of it, or raises Broken."""


def main(attacks: Mapping[str, Attack], *, description: str, count: int) -> int:
    """Carry out attacks as the command line asks; return the exit code, 1 where one got through."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int, nargs="?", default=count)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=sorted(attacks), help="one kind of attack alone")
    options = parser.parse_args()
    chosen = {options.only: attacks[options.only]} if options.only else attacks
    broken = carry_out(chosen, seeds=range(options.seed, options.seed + options.count))
    return 1 if broken else 0


def carry_out(attacks: Mapping[str, Attack], *, seeds: range) -> list[str]:
    """Carry out an attack a seed, each kind in turn; print the counts; return what got through."""
    outcomes: Counter[str] = Counter()
    broken: list[str] = []
    began = time.monotonic()
    names = list(attacks)
    for seed in seeds:
        name = names[seed % len(names)]
        try:
            outcomes[f"{name}: {attacks[name](random.Random(seed))}"] += 1
        except Broken as exc:
            broken.append(f"seed {seed}, {name}: {exc}")
            print(f"BROKEN  {broken[-1]}", file=sys.stderr, flush=True)
    for outcome, times in sorted(outcomes.items()):
        print(f"{times:8,}  {outcome}")
    seconds = time.monotonic() - began
    print(f"{len(seeds):,} attacks in {seconds:.0f} s, {len(broken)} got through", flush=True)
    return broken
