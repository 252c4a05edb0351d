"""Fuzz for a while and print a table: inputs, refusals, crashes, hangs; see `tests.fuzz`."""

from __future__ import annotations

import argparse
import sys

from tests.fuzz.target import run
from tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"some of: {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each target")
    parser.add_argument("--inputs", type=int, help="so many inputs for each target, at most")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first input")
    options = parser.parse_args()
    print(f"{'target':<14}{'inputs':>10}{'refused':>10}{'crashes':>9}{'hangs':>7}{'seconds':>9}")
    sound = True
    for name in options.targets or TARGETS:
        result = run(
            TARGETS[name], seed=options.seed, inputs=options.inputs, seconds=options.seconds
        )
        print(
            f"{name:<14}{result.inputs:>10,}{result.refused:>10,}{len(result.crashes):>9,}"
            f"{len(result.hangs):>7,}{result.seconds:>9.1f}",
            flush=True,
        )
        seen = set()
        for number, text in result.crashes.items():
            place = text.splitlines()[-3:][0]
            if place not in seen:
                print(f"\ncrash of input {number}:\n{text}")
            seen.add(place)
        if result.hangs:
            print(f"hangs: {result.hangs[:20]}")
        sound &= result.sound
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
