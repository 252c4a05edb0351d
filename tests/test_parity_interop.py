"""Tensors and NumPy meet as they do in PyTorch, and PyTorch's own tensors cross without a copy."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import autodiff as ad

pytestmark = pytest.mark.parity

REVERSED = np.arange(3)[::-1]
USES = [
    lambda m: np.sin(m.ones(2)),
    lambda m: np.add(m.ones(2), np.ones(2)),
    lambda m: np.add(np.ones(2), m.ones(2)),
    lambda m: np.add.reduce(m.ones(2)),
    lambda m: np.matmul(m.ones(2, 2), m.ones(2, 2)),
    lambda m: np.concatenate([m.ones(2), m.ones(2)]),
    lambda m: np.dot(m.ones(2), m.ones(2)),
    lambda m: np.ones(2) == m.ones(2),
    lambda m: np.ones(2) / m.ones(2),
    lambda m: m.ones(2) * np.ones(2),
    lambda m: np.float64(2) * m.ones(2),
    lambda m: np.float64(2) * m.ones(2, requires_grad=True),
    lambda m: np.array(m.ones(2), dtype=np.float64),
    lambda m: np.array([m.tensor(1.0), m.tensor(2.0)]),
    lambda m: m.tensor([m.tensor(1.0), m.tensor(2.0)]),
    lambda m: m.tensor([m.ones(1), m.zeros(1, 1)]),
    lambda m: m.tensor([[m.tensor(1, dtype=m.int8)], [m.tensor(2, dtype=m.int8)]]),
    lambda m: m.Tensor([1, 2]),
    lambda m: m.Tensor(2, 3).shape,
    lambda m: m.Tensor(),
    lambda m: m.Tensor(np.ones(2)),
    lambda m: m.Tensor(3.5),
    lambda m: m.Tensor(m.tensor([1.0, 2.0])),
    lambda m: m.asarray([1.0, 2.0], requires_grad=True),
    lambda m: m.asarray(bytearray(4)),
    lambda m: m.frombuffer(bytearray(b"abcdefgh"), dtype=m.int16, count=2, offset=2),
    lambda m: (m.ones(2, requires_grad=True) * 2).numpy(force=True),
    lambda m: m.FloatTensor([1, 2]),
    lambda m: m.LongTensor([1, 2]),
    lambda m: m.ByteTensor(2, 3).shape,
    lambda m: m.ones(2).type(m.DoubleTensor),
    lambda m: m.ones(2).type(),
    lambda m: m.tensor([-1.5, 3.0]).char(),
    lambda m: reversed(m.tensor([[1, 2], [3, 4]])),
    lambda m: list(reversed(m.tensor([1, 2, 3]))),
    lambda m: (3 in m.tensor([1, 2, 3]), m.ones(2) in m.ones(2, 2), 0.5 in m.tensor([1, 2])),
    lambda m: (m.ones(2) == None, m.ones(2) != "a", m.ones(2) == [1, 1]),  # noqa: E711
    lambda m: f"{m.tensor(3):5d}|{m.tensor(True)}|{m.tensor(1.5):.3e}|{m.tensor([1.0])}",
    lambda m: complex(m.tensor(1.0)),
    # refused
    lambda m: m.from_numpy(REVERSED),
    lambda m: m.tensor(REVERSED),
    lambda m: m.as_tensor(REVERSED),
    lambda m: m.from_numpy(np.array([1.0], ">f4")),
    lambda m: m.from_numpy(np.zeros(3, [("a", "f4"), ("b", "i1")])["a"]),
    lambda m: m.from_numpy(np.array([object()])),
    lambda m: m.from_numpy(np.float64(1)),
    lambda m: m.from_dlpack([1]),
    lambda m: m.asarray([1.0], copy=False),
    lambda m: m.ones(2, requires_grad=True).__dlpack__(),
    lambda m: np.exp(m.ones(2, requires_grad=True)),
    lambda m: "a" in m.ones(2),
    lambda m: None in m.ones(2),
    lambda m: [1][m.tensor(0.0)],
    lambda m: [1][m.tensor([0, 0])],
    lambda m: m.ones(2) < None,
    lambda m: int(m.tensor(float("nan"))),
    lambda m: m.ones(2).type("nonsense"),
    lambda m: m.ones(2)(),
]


def outcome(use, m) -> tuple[str, list[str]]:
    """What a program gives, or the type of its error; and the types of its warnings of the user."""
    with warnings.catch_warnings(record=True, action="always") as notes:
        try:
            result = repr(use(m)).replace("torch.", "autodiff.")
        except Exception as error:
            result = type(error).__name__
    return result, [note.category for note in notes if note.category is UserWarning]


@pytest.mark.parametrize("use", USES, ids=range(len(USES)))
def test_same_as_pytorch(use) -> None:
    torch = pytest.importorskip("torch")
    assert outcome(use, ad) == outcome(use, torch)


def test_warns_where_pytorch_warns() -> None:
    torch = pytest.importorskip("torch")
    for use in (
        lambda m: m.tensor(m.ones(2)),
        lambda m: (m.ones(2, requires_grad=True) * 2).grad,
        lambda m: float(m.tensor(1.0, requires_grad=True)),
    ):
        ours, theirs = outcome(use, ad), outcome(use, torch)
        assert ours == theirs
        assert ours[1] == [UserWarning]


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "int64", "uint8", "bool"])
def test_pytorch_tensors_cross_without_a_copy(dtype) -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.ones(2, 3, dtype=getattr(torch, dtype)).T
    ours = ad.from_dlpack(theirs)
    assert ours.stride() == theirs.stride()
    ours[0, 1] = 0
    assert theirs[0, 1] == 0
    back = torch.from_dlpack(ours)
    assert back.data_ptr() == theirs.data_ptr()
    again = torch.utils.dlpack.from_dlpack(ad.utils.dlpack.to_dlpack(ours))
    assert again.data_ptr() == theirs.data_ptr()
    from_capsule = ad.utils.dlpack.from_dlpack(torch.utils.dlpack.to_dlpack(theirs))
    assert from_capsule.numpy().ctypes.data == theirs.data_ptr()


def test_pytorch_refuses_to_export_what_requires_grad() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(BufferError):
        ad.from_dlpack(torch.ones(2, requires_grad=True))
    with pytest.raises(BufferError):
        torch.from_dlpack(ad.ones(2, requires_grad=True))
