"""What is saved is loaded again, sharing of memory included."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff as ad

DTYPES = [
    ad.float16,
    ad.float32,
    ad.float64,
    ad.int8,
    ad.int16,
    ad.int32,
    ad.int64,
    ad.uint8,
    ad.bool,
]
quickly = settings(max_examples=150, deadline=None)


def again(value):
    file = io.BytesIO()
    ad.save(value, file)
    file.seek(0)
    return ad.load(file)


def same(x, y) -> bool:
    """Equal in type and value, with nan equal to nan."""
    if type(x) is not type(y):
        return False
    if isinstance(x, ad.Tensor):
        return (
            x.dtype is y.dtype
            and x.requires_grad == y.requires_grad
            and x.stride() == y.stride()
            and np.array_equal(x.value, y.value, equal_nan=x.dtype.is_floating_point)
        )
    if isinstance(x, dict):
        return same(list(x.items()), list(y.items()))
    if isinstance(x, (list, tuple)):
        return len(x) == len(y) and all(same(a, b) for a, b in zip(x, y, strict=True))
    return x == y or (x != x and y != y)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)], ids=str)
def test_tensors(dtype, shape) -> None:
    x = ad.tensor(np.arange(6)[: int(np.prod(shape))].reshape(shape)).to(dtype)
    assert same(again(x), x)
    assert same(again(x.T), x.T)


keys = st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.tuples(st.integers()))
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(),
    st.sampled_from([*DTYPES, ad.device("cpu"), ad.Size((2, 3))]),
    st.builds(
        lambda values, grad: ad.tensor(values, dtype=ad.float64, requires_grad=grad),
        st.lists(st.floats(), max_size=4), st.booleans(),
    ),
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
        st.dictionaries(st.text(), inner, max_size=4).map(OrderedDict),
    ),
    max_leaves=12,
)


@quickly
@given(values)
def test_any_nesting(value) -> None:
    assert same(again(value), value)


@quickly
@given(st.data())
def test_views_share_memory_again(data) -> None:
    base = ad.arange(24.0).reshape(2, 3, 4)
    views = []
    for _ in range(data.draw(st.integers(1, 4))):
        x = (
            base
            if data.draw(st.booleans())
            else base.permute(*data.draw(st.permutations(range(3))))
        )
        views.append(x[tuple(data.draw(st.slices(n).filter(positive)) for n in x.shape)])
    loaded = again(views)
    assert same(loaded, views)
    for x in (base, *loaded):
        x.fill_(5)
    for i, x in enumerate(views):
        for j, y in enumerate(views):
            assert np.shares_memory(loaded[i].value, loaded[j].value) == np.shares_memory(
                x.value, y.value
            )


def positive(cut: slice) -> bool:
    return cut.step is None or cut.step > 0


def test_identity_and_parameters() -> None:
    p = ad.nn.Parameter(ad.ones(2))
    x = ad.tensor([1.0], requires_grad=True)
    loaded = again({"a": p, "b": p, "result": x * 2})
    assert loaded["a"] is loaded["b"]
    assert type(loaded["a"]) is ad.nn.Parameter
    assert again(np.ones(2)).tolist() == [1.0, 1.0]
    assert loaded["result"].is_leaf


def test_training_goes_on_where_it_was(tmp_path: Path) -> None:
    def run(steps, model, optimizer):
        for _ in range(steps):
            optimizer.zero_grad()
            (model(ad.ones(4, 3)) ** 2).sum().backward()
            optimizer.step()
        return model.state_dict()

    def fresh():
        model = ad.nn.Linear(3, 2)
        return model, ad.optim.Adam(model.parameters(), lr=0.1)

    model, optimizer = fresh()
    run(3, model, optimizer)
    path = tmp_path / "checkpoint.pt"
    ad.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path)
    expected = run(2, model, optimizer)

    model, optimizer = fresh()
    state = ad.load(str(path), map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    found = run(2, model, optimizer)
    assert {k: v.tolist() for k, v in found.items()} == {k: v.tolist() for k, v in expected.items()}


def test_others_can_read_it(tmp_path: Path) -> None:
    ad.save({"w": ad.arange(6).reshape(2, 3)}, tmp_path / "w.pt")
    with np.load(tmp_path / "w.pt") as archive:
        assert archive["storages/0"].tolist() == [[0, 1, 2], [3, 4, 5]]
    with zipfile.ZipFile(tmp_path / "w.pt") as archive:
        assert json.loads(archive.read("tree.json"))["value"] == {"dict": [["w", {"tensor": 0}]]}


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    ad.save([1], path)
    with pytest.raises(TypeError, match="cannot store"):
        ad.save([ad.ones(2), object()], path)
    assert ad.load(path) == [1]
    assert os.listdir(tmp_path) == ["w.pt"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "w.pt"
    ad.save([1], path)

    def disk_full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", disk_full)
    with pytest.raises(OSError, match="No space"):
        ad.save(ad.ones(2), path)
    assert ad.load(path) == [1]
    assert os.listdir(tmp_path) == ["w.pt"]


def test_a_view_of_something_large_takes_little_space() -> None:
    file = io.BytesIO()
    ad.save(ad.zeros(100_000)[5:8], file)
    assert len(file.getvalue()) < 2000


@pytest.mark.parametrize("value", [ad.nn.Linear(1, 1), {1}, np.float64(1), lambda: 1], ids=type)
def test_objects_are_refused(value) -> None:
    with pytest.raises(TypeError, match="cannot store a value of type"):
        again(value)


def test_endless_containers_are_refused() -> None:
    endless: list = []
    endless.append(endless)
    with pytest.raises(ValueError, match="contains itself"):
        again(endless)


def test_a_missing_file() -> None:
    with pytest.raises(FileNotFoundError):
        ad.load("/nonexistent/file.pt")
    with pytest.raises(RuntimeError, match="device"):
        ad.load("/nonexistent/file.pt", map_location="nowhere")


@pytest.mark.parity
def test_pytorch_files_are_recognised(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    for new in (True, False):
        torch.save({"w": torch.ones(2)}, tmp_path / "w.pt", _use_new_zipfile_serialization=new)
        with pytest.raises(RuntimeError, match="load\\(\\) cannot read"):
            ad.load(tmp_path / "w.pt")
