"""Tensors of more than 2^31 elements, and of more than 2^31 bytes: nothing counts in 32 bits."""

from __future__ import annotations

from pathlib import Path

import pytest

import autodiff as ad


@pytest.mark.slow
def test_more_elements_than_an_int32_counts() -> None:
    n = 2**31 + 8
    x = ad.zeros(n, dtype=ad.int8)
    x[n - 1] = 7
    assert x.numel() == n
    assert x[-2:].tolist() == [0, 7]
    assert x.sum().item() == 7
    assert x.argmax().item() == n - 1


@pytest.mark.slow
def test_more_bytes_than_an_int32_counts() -> None:
    n = 2**29 + 4
    x = ad.ones(n, requires_grad=True)
    end = x.view(2, -1)[1, -3:]
    (end @ (end * 2)).backward()
    assert x.grad[-4:].tolist() == [0, 4, 4, 4]
    assert x.sum().item() == 2**29  # which float32 does not tell from n


@pytest.mark.slow
def test_a_file_of_more_bytes_than_an_int32_counts(tmp_path: Path) -> None:
    n = 2**31 + 8
    x = ad.ones(n, dtype=ad.uint8)
    x[n - 1] = 7
    ad.save(x, tmp_path / "huge.pt")
    del x
    y = ad.load(tmp_path / "huge.pt")
    assert y.shape == (n,)
    assert y[-2:].tolist() == [1, 7]
    assert y.sum().item() == n + 6
    (tmp_path / "huge.pt").unlink()
