"""An optimizer's compiled update and the lines of NumPy that it stands for: the same bits."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.optim import adam, fused, sgd

SIZE = 3 * fused.FROM + 5


def trained(make: Any, dtype: Any) -> list[np.ndarray]:
    """A parameter and its optimizer's state after five steps."""
    rng = np.random.default_rng(5)
    x = ad.tensor(rng.standard_normal(SIZE), dtype=dtype, requires_grad=True)
    optimizer = make([x])
    for _ in range(5):
        x.grad = ad.tensor(rng.standard_normal(SIZE), dtype=dtype)
        optimizer.step()
    state = optimizer.state[x].values()
    return [x.detach().numpy(), *(v for v in state if isinstance(v, np.ndarray))]


@pytest.mark.parametrize(
    ("make", "loop"),
    [
        (lambda p: ad.optim.SGD(p, lr=0.1), "descend"),
        (lambda p: ad.optim.SGD(p, lr=0.1, maximize=True), "descend"),
        (lambda p: ad.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01), "momentum"),
        (lambda p: ad.optim.Adam(p, lr=0.1), "adam"),
        (lambda p: ad.optim.Adam(p, betas=(0.5, 0.7), weight_decay=0.1, maximize=True), "adam"),
        (lambda p: ad.optim.AdamW(p, lr=0.01), "adam"),
    ],
)
@pytest.mark.parametrize("dtype", [ad.float32, ad.float64])
def test_fused_updates(make: Any, loop: str, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import autodiff.native.machine_code  # noqa: F401  (which other parts of a program would have loaded)

    used: set[str] = set()

    def noted(name: str, arrays: Any, numbers: Any) -> bool:
        done = fused.fused(name, arrays, numbers)
        used.update([name] * done)
        return done

    for module in (sgd, adam):
        monkeypatch.setattr(module, "fused", noted)
    by_loops = trained(make, dtype)
    assert used == {loop}
    for module in (sgd, adam):
        monkeypatch.setattr(module, "fused", lambda *_: False)
    for ours, lines in zip(by_loops, trained(make, dtype), strict=True):
        np.testing.assert_array_equal(ours, lines)


@pytest.mark.parametrize(
    "arrays",
    [
        (np.ones(SIZE, np.float32), np.ones(SIZE, np.float64)),
        (np.ones(SIZE, np.float16), np.ones(SIZE, np.float16)),
        (np.ones(2 * SIZE, np.float32)[::2], np.ones(SIZE, np.float32)),
        (np.ones(SIZE, np.float32), np.broadcast_to(np.float32(1), SIZE)),
        (np.ones(3, np.float32), np.ones(3, np.float32)),
    ],
    ids=["two dtypes", "float16", "strides", "one number", "few elements"],
)
def test_what_no_loop_is_for_is_left_alone(arrays: Any) -> None:
    assert not fused.fused("descend", arrays, (0.1,))
    assert np.all(arrays[0] == 1)


def test_a_small_program_does_not_load_numba_for_an_update() -> None:
    program = (
        "import sys, autodiff as ad\n"
        f"x = ad.ones({SIZE}, requires_grad=True)\n"
        "(x * x).sum().backward()\n"
        "ad.optim.Adam([x]).step()\n"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False"
