"""What we aim at, and whether the last run met it: one row for each aim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from peers import OURS
from processes import Figures, Measured
from works import (
    CIFAR_4,
    CIFAR_64,
    ELEMENTWISE,
    LENET,
    MATMUL,
    MLP,
    MOONS,
    SMALL,
)

__all__ = ["Aim", "aims", "best", "best_peer", "readable"]

EAGER, COMPILED = OURS

BESIDE_THE_BEST = {
    MLP: 0.75, LENET: 0.6, CIFAR_4: 0.6, CIFAR_64: 0.6, ELEMENTWISE: 0.95, MATMUL: 1.0,
}  # fmt: skip
"""Our best time over the best peer's, at most."""


@dataclass(frozen=True)
class Aim:
    """Figures as text, ready to be shown."""

    what: str
    ours: str
    beside: str
    figure: str
    aim: str
    met: bool

    @property
    def cells(self) -> list[str]:
        return [
            self.what,
            self.ours,
            self.beside,
            self.figure,
            self.aim,
            "yes" if self.met else "**no**",
        ]


def aims(measured: Measured, shares: dict[str, float], import_seconds: float) -> list[Aim]:
    """The aims that this run can tell of. ``shares``: by work, the share of the machine's limit."""
    found: list[Aim | None] = [
        _ratio(measured, SMALL, EAGER, "PyTorch", 0.5),
        _ratio(measured, SMALL, COMPILED, "JAX jit", 0.8),
        *(_beside_the_best(measured, work, most) for work, most in BESIDE_THE_BEST.items()),
        _share(shares, ELEMENTWISE, 0.6),
        _ratio(measured, MOONS, EAGER, "micrograd", 0.1),
        _at_most(measured, MOONS, "seconds", 2e-3),
        *_memory(measured),
        _slowest(measured, "first", "first call, compiled", 2.0),
        _slowest(measured, "cached", "first call, compiled before by another process", 0.3),
    ]
    waited = Aim(
        "import autodiff", readable(import_seconds), "", "", "≤ 300 ms", import_seconds <= 0.3
    )
    return [*(aim for aim in found if aim is not None), waited]


def best(by_peer: dict[str, Figures], kind: str = "seconds") -> tuple[str, float] | None:
    """Which of eager and compiled is faster, and its time."""
    ours = [(f[kind], peer) for peer, f in by_peer.items() if peer in OURS and kind in f]
    return (min(ours)[1], min(ours)[0]) if ours else None


def best_peer(by_peer: dict[str, Figures]) -> tuple[str, float] | None:
    """The fastest peer, and its time."""
    others = [(f["seconds"], peer) for peer, f in by_peer.items() if peer not in OURS]
    return (min(others)[1], min(others)[0]) if others else None


def _ratio(measured: Measured, work: str, ours: str, peer: str, most: float) -> Aim | None:
    by_peer = measured.get(work, {})
    if not {ours, peer} <= set(by_peer):
        return None
    return _compared(work, (ours, by_peer[ours]["seconds"]), (peer, by_peer[peer]["seconds"]), most)


def _beside_the_best(measured: Measured, work: str, most: float) -> Aim | None:
    ours, peer = best(measured.get(work, {})), best_peer(measured.get(work, {}))
    return None if ours is None or peer is None else _compared(work, ours, peer, most)


def _compared(work: str, ours: tuple[str, float], peer: tuple[str, float], most: float) -> Aim:
    ratio = ours[1] / peer[1]
    return Aim(
        work, f"{readable(ours[1])} ({_short(ours[0])})", f"{readable(peer[1])} ({peer[0]})",
        f"{ratio:.2f}", f"≤ {most:g}", ratio <= most,
    )  # fmt: skip


def _short(ours: str) -> str:
    return "compiled" if ours == COMPILED else "eager"


def _share(shares: dict[str, float], work: str, least: float) -> Aim | None:
    if work not in shares:
        return None
    share = shares[work]
    what = f"{work}: share of copy bandwidth"
    return Aim(what, "", "", f"{share:.0%}", f"≥ {least:.0%}", share >= least)


def _at_most(measured: Measured, work: str, kind: str, most: float) -> Aim | None:
    ours = best(measured.get(work, {}), kind)
    if ours is None:
        return None
    shown = f"{readable(ours[1])} ({_short(ours[0])})"
    return Aim(work, shown, "", "", f"≤ {readable(most)}", ours[1] <= most)


def _memory(measured: Measured) -> Iterator[Aim]:
    """Peak memory, eager and compiled, is at most PyTorch's in every work."""
    for ours in OURS:
        pairs = {
            work: (by_peer[ours]["memory"], by_peer["PyTorch"]["memory"])
            for work, by_peer in measured.items()
            if all("memory" in by_peer.get(peer, {}) for peer in (ours, "PyTorch"))
        }
        if pairs:
            above = [work for work, (x, y) in pairs.items() if x > y + 1]
            told = f"{len(pairs) - len(above)} of {len(pairs)} works"
            what = f"peak memory, {_short(ours)}: at most PyTorch's (and 1 MiB)"
            yield Aim(what, told, "", "", "all", not above)


def _slowest(measured: Measured, kind: str, what: str, most: float) -> Aim | None:
    found = {w: p[COMPILED][kind] for w, p in measured.items() if kind in p.get(COMPILED, {})}
    if not found:
        return None
    work = max(found, key=found.__getitem__)
    text = f"{readable(found[work])} ({work.split(',')[0]})"
    return Aim(f"{what}: the slowest", text, "", "", f"≤ {readable(most)}", found[work] <= most)


def readable(seconds: float) -> str:
    """A time in the unit that suits it, with three digits.

    >>> readable(0.00012), readable(0.01234), readable(2.0)
    ('120 us', '12.3 ms', '2 s')
    """
    for unit, size in (("us", 1e-6), ("ms", 1e-3)):
        if seconds < size * 999.5:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
