"""Every moment: ``python -m tests.interrupts [--lines N] [--times N] [program ...]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.interrupts.programs import PROGRAMS
from tests.interrupts.trial import interrupt


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.interrupts", description=__doc__)
    parser.add_argument("programs", nargs="*", default=list(PROGRAMS), help="all by default")
    parser.add_argument("--lines", type=int, default=2000, help="before so many lines of each")
    parser.add_argument("--times", type=int, default=500, help="and at so many times")
    options = parser.parse_args()
    failed = 0
    print("| program | interruptions | |\n|---|--:|---|")
    for name in options.programs:
        few = 20 if name == "an exercise" else 10**9
        with tempfile.TemporaryDirectory() as folder:
            try:
                count = interrupt(
                    name, Path(folder), lines=min(options.lines, few), times=options.times
                )
                print(f"| {name} | {count:,} | clean |", flush=True)
            except Exception as error:
                failed += 1
                notes = "; ".join(getattr(error, "__notes__", ()))
                print(f"| {name} | | {type(error).__name__}: {error} ({notes}) |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
