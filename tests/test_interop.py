"""Memory and numbers cross between tensors, NumPy and Python; what cannot cross says why."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import autodiff as ad

DTYPES = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]


def test_from_numpy_shares_memory_both_ways() -> None:
    a = np.zeros((2, 3))
    x = ad.from_numpy(a.T)
    a[0, 1] = 5
    x[2, 1] = 7
    assert x.tolist() == a.T.tolist() == [[0, 0], [5, 0], [0, 7]]


@pytest.mark.parametrize(
    "share", [ad.as_tensor, ad.asarray, ad.from_dlpack], ids=lambda f: f.__name__
)
def test_who_else_shares(share) -> None:
    a = np.zeros(3)
    share(a)[1] = 4
    assert a[1] == 4


def test_who_copies() -> None:
    a = np.zeros(3)
    for x in (ad.tensor(a), ad.asarray(a, copy=True), ad.as_tensor(a, ad.float32)):
        x[1] = 4
    assert a.tolist() == [0, 0, 0]
    for again in (
        lambda: ad.asarray([1.0], copy=False),
        lambda: ad.asarray(a, dtype=ad.int8, copy=False),
    ):
        with pytest.raises(ValueError, match="alias"):
            again()


def test_asarray_and_gradients() -> None:
    x = ad.tensor([1.0], requires_grad=True)
    assert ad.asarray(x) is x
    assert not ad.asarray(x, requires_grad=False).requires_grad
    assert ad.asarray([1.0], requires_grad=True).requires_grad
    assert ad.asarray(np.ones(2), requires_grad=True).is_leaf
    assert ad.asarray(bytearray(8)).tolist() == [0.0, 0.0]


def test_read_only_arrays_warn() -> None:
    a = np.ones(3)
    a.flags.writeable = False
    for share in (ad.from_numpy, ad.as_tensor, ad.asarray):
        with pytest.warns(UserWarning, match="not writable"):
            share(a)
    ad.tensor(a)[0] = 2  # a copy: no warning


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_and_dlpack_in_every_dtype(dtype) -> None:
    x = ad.tensor([[1, 0], [1, 1]]).to(getattr(ad, dtype)).T
    for view in (x.numpy(), np.asarray(x), np.from_dlpack(x)):
        assert view.dtype == dtype
        assert np.shares_memory(view, x.numpy())
        assert view.strides == x.numpy().strides
    assert ad.from_dlpack(x).tolist() == x.tolist() == x.numpy().tolist()
    assert type(x[0, 0].item()) is type(x.tolist()[0][0]) is type(np.zeros(1, dtype).item())


def test_capsules() -> None:
    x = ad.arange(3)
    y = ad.utils.dlpack.from_dlpack(ad.utils.dlpack.to_dlpack(x))
    y[0] = 9
    assert x.tolist() == [9, 1, 2]
    assert x.__dlpack_device__() == (1, 0)
    with pytest.raises(RuntimeError, match="no DLPack capsule"):
        ad.from_dlpack([1.0])
    with pytest.raises(BufferError, match="require gradient"):
        np.from_dlpack(ad.ones(2, requires_grad=True))


def test_numpy_functions_on_tensors() -> None:
    x = ad.tensor([1.0, 4.0])
    for out in (np.sqrt(x), np.add.reduce(x), np.isnan(x), np.hypot(x, 1), np.power(x, 2)):
        assert isinstance(out, ad.Tensor)
    assert np.sqrt(x).tolist() == [1.0, 2.0]
    assert np.sqrt(x).dtype is ad.float32
    assert [part.tolist() for part in np.modf(ad.tensor([1.5]))] == [[0.5], [1.0]]
    assert type(np.concatenate([x, x])) is np.ndarray


def test_numpy_functions_refuse_what_requires_grad() -> None:
    x = ad.tensor([1.0, 4.0], requires_grad=True)
    with pytest.raises(RuntimeError, match=r"numpy.sqrt was given one(.|\n)*x.sqrt\(\)"):
        np.sqrt(x)
    with pytest.raises(RuntimeError, match=r"numpy\(\)"):
        np.concatenate([x, x])


def test_operators_with_arrays_are_recorded() -> None:
    a = np.array([2.0, 3.0], np.float32)
    for compute in (lambda x: a * x, lambda x: x * a, lambda x: np.multiply(a, x)):
        x = ad.tensor([1.0, 4.0], requires_grad=True)
        compute(x).sum().backward()
        assert x.grad.tolist() == [2.0, 3.0]
    assert (a - ad.ones(2)).tolist() == [1.0, 2.0]
    assert (a < ad.tensor([2.0, 4.0])).tolist() == [False, True]
    assert (np.float64(2) * ad.ones(2)).dtype is ad.float32


def test_out_and_in_place_arrays() -> None:
    a, x = np.ones(2), ad.zeros(2)
    a += ad.ones(2)
    assert a.tolist() == [2.0, 2.0]
    assert np.exp(ad.zeros(2), out=x) is x
    assert x.tolist() == [1.0, 1.0]
    assert x._version == 1


def test_python_numbers() -> None:
    x = ad.tensor(3)
    assert (int(x), float(x), complex(x), [10, 20, 30, 40][x], bool(x)) == (
        3,
        3.0,
        3 + 0j,
        40,
        True,
    )
    assert list(range(ad.tensor([2]))) == [0, 1]
    assert hex(ad.tensor(True)) == "0x1"
    assert ad.tensor([0.5]).is_nonzero()
    assert f"{x:04d} {x} {ad.tensor(1.5):.2f}" == "0003 3 1.50"
    with pytest.raises(TypeError, match="converted to an index"):
        [1, 2][ad.tensor([0, 1])]


def test_sequences() -> None:
    x = ad.tensor([[1, 2], [3, 4]])
    assert len(x) == 2
    assert 3 in x
    assert 5 not in x
    assert ad.tensor([3, 4]) in x
    assert [row.tolist() for row in reversed(x)] == [[3, 4], [1, 2]]
    assert reversed(ad.tensor(1)).item() == 1
    assert len(reversed(ad.zeros(0))) == 0


def test_comparing_with_what_is_no_number() -> None:
    x = ad.ones(2)
    assert (x == None) is False  # noqa: E711
    assert (x != None) is True  # noqa: E711
    assert (x == "a") is False
    assert x is not None


def test_types() -> None:
    x = ad.ones(2)
    names = {m: getattr(x, m)().type() for m in ("byte", "char", "short", "int", "long", "double")}
    assert names == {
        "byte": "autodiff.ByteTensor", "char": "autodiff.CharTensor",
        "short": "autodiff.ShortTensor", "int": "autodiff.IntTensor",
        "long": "autodiff.LongTensor", "double": "autodiff.DoubleTensor",
    }  # fmt: skip
    assert x.type(ad.HalfTensor).dtype is ad.float16
    assert x.type_as(ad.tensor([1])).dtype is ad.int64
    assert isinstance(x.bool(), ad.BoolTensor)
    assert not isinstance(x, ad.LongTensor)
    assert ad.is_tensor(x)
    with pytest.raises(ValueError, match="invalid type"):
        x.type("FloatTensor of some kind")


def test_copies() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    x.grad = ad.ones(2)
    shallow, deep, revived = copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))
    with ad.no_grad():
        x[0] = 9
    assert shallow.tolist() == [9.0, 2.0]
    assert deep.tolist() == revived.tolist() == [1.0, 2.0]
    assert deep.requires_grad
    assert revived.requires_grad
    assert deep.grad.tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match="deepcopy"):
        copy.deepcopy(x * 2)


def test_float_of_a_variable_warns() -> None:
    x = ad.tensor(1.5, requires_grad=True)
    with pytest.warns(UserWarning, match="to a scalar"):
        assert float(x) == 1.5
    assert x.item() == 1.5
