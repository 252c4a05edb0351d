"""The .safetensors format: what is written is read, by others too; unsound files are refused."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autodiff as ad
from autodiff.utils.safetensors import load_file, save_file

TENSORS = {
    "weight": ad.arange(6.0).reshape(2, 3),
    "columns first": ad.arange(6).reshape(2, 3).T,
    "number": ad.tensor(1.5, dtype=ad.float64),
    "none": ad.zeros(0, 3),
    "truth": ad.tensor([True, False, True]),
    "half": ad.tensor([0.5], dtype=ad.float16),
    "bytes": ad.tensor([1, 255], dtype=ad.uint8),
}


def contents(tensors) -> dict:
    return {name: (x.tolist(), str(x.dtype).partition(".")[2]) for name, x in tensors.items()}


def test_written_and_read(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "w.safetensors", {"note": "a ü"})
    loaded = load_file(str(tmp_path / "w.safetensors"))
    assert contents(loaded) == contents(TENSORS)
    assert list(loaded) == list(TENSORS)
    loaded["weight"][0, 0] = 5  # it has memory of its own, and may be written to
    assert [path.name for path in tmp_path.iterdir()] == ["w.safetensors"]


@pytest.mark.parametrize(
    "tensors", [{"a": 1.0}, {1: ad.ones(1)}, {"a": np.ones(1)}], ids=["number", "name", "array"]
)
def test_only_named_tensors(tensors, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="names to tensors"):
        save_file(tensors, tmp_path / "w.safetensors")
    with pytest.raises(TypeError, match="metadata"):
        save_file({}, tmp_path / "w.safetensors", {"epoch": 3})  # type: ignore[dict-item]


def file_of(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def entry(**changes: object) -> dict:
    return {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes


EIGHT = bytes(8)
UNSOUND = {
    "empty": b"",
    "short": b"abc",
    "no JSON": file_of(b"{"),
    "a list": file_of([]),
    "header beyond the end": (2**60).to_bytes(8, "little") + b"{}",
    "deep header": file_of(b"[" * 100_000),
    "body cut short": file_of({"a": entry()}, EIGHT[:-1]),
    "something after": file_of({"a": entry()}, EIGHT + b"x"),
    "hole": file_of({"a": entry(data_offsets=[1, 9])}, EIGHT + b"x"),
    "overlap": file_of({"a": entry(), "b": entry()}, EIGHT),
    "shape": file_of({"a": entry(shape=[3])}, EIGHT),
    "negative shape": file_of({"a": entry(shape=[-1, -2])}, EIGHT),
    "huge shape": file_of({"a": entry(shape=[2**63, 2])}, EIGHT),
    "many dimensions": file_of({"a": entry(shape=[2] + [1] * 100)}, EIGHT),
    "dtype": file_of({"a": entry(dtype="BF16", shape=[4])}, EIGHT),
    "dtype of a list": file_of({"a": entry(dtype=[1])}, EIGHT),
    "offsets": file_of({"a": entry(data_offsets=[0])}, EIGHT),
    "text for an entry": file_of({"a": "b"}, EIGHT),
    "twice the name": file_of(b'{"a":1,"a":1}'),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_unsound_files(name, tmp_path: Path) -> None:
    (tmp_path / "w.safetensors").write_bytes(UNSOUND[name])
    with pytest.raises(RuntimeError, match="no sound safetensors file"):
        load_file(tmp_path / "w.safetensors")


def test_the_sound_file_they_differ_from(tmp_path: Path) -> None:
    (tmp_path / "w.safetensors").write_bytes(file_of({"a": entry()}, EIGHT))
    assert contents(load_file(tmp_path / "w.safetensors")) == {"a": ([0.0, 0.0], "float32")}


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_damaged_files(tmp_path: Path, data) -> None:
    path = tmp_path / "w.safetensors"
    save_file(TENSORS, path)
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, 400))] = data.draw(st.integers(0, 255))
    path.write_bytes(damaged)
    with contextlib.suppress(RuntimeError):
        load_file(path)


@pytest.mark.parity
def test_the_reference_implementation_agrees(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    reference = pytest.importorskip("safetensors.torch")
    path = tmp_path / "w.safetensors"
    save_file(TENSORS, path, {"note": "a"})
    theirs = reference.load_file(path)
    assert contents(theirs) == contents(TENSORS)
    reference.save_file(theirs | {"more": torch.arange(3)}, path)
    assert contents(load_file(path)) == contents(TENSORS | {"more": ad.arange(3)})
