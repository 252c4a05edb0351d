"""Files that are damaged, foreign or hostile: loading them fails with one clear error."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff as ad

quickly = settings(max_examples=150, deadline=None)


class Code:
    """What a hostile pickle looks like: it runs a function when it is read."""

    def __reduce__(self):
        return (os.mkdir, ("/nonexistent/pwned",))


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as z:
        for name, content in members.items():
            z.writestr(name, content)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def tree(value: object = None, *places: dict, **more: object) -> bytes:
    content = {"format": "autodiff", "version": 1, "tensors": list(places), "value": value} | more
    return json.dumps(content).encode()


def place(**changes: object) -> dict:
    usual = {
        "storage": 0, "offset": 0, "shape": [2], "strides": [4], "dtype": "float32",
        "requires_grad": False, "kind": "Tensor",
    }  # fmt: skip
    return usual | changes


FLOATS = npy(np.ones(4, np.float32))
DEEP = b'{"format": "autodiff", "version": 1, "tensors": [], "value": ' + b"[" * 100_000
HOSTILE = {
    "empty": b"",
    "text": b"hello" * 100,
    "pickle": pickle.dumps(Code()),
    "PyTorch file": archive({"archive/data.pkl": pickle.dumps(Code())}),
    "no tree": archive({"storages/0.npy": FLOATS}),
    "tree of something else": archive({"tree.json": b"[1, 2]"}),
    "no JSON": archive({"tree.json": b"{"}),
    "newer version": archive({"tree.json": tree(version=2)}),
    "deep nesting": archive({"tree.json": DEEP}),
    "closed deep nesting": archive(
        {"tree.json": DEEP + b"]" * 100_000 + b"}"},
    ),
    "deep enough": archive({"tree.json": tree(json.loads("[" * 300 + "]" * 300))}),
    "huge number": archive({"tree.json": tree().replace(b"null", b"9" * 5000)}),
    "unknown kind": archive({"tree.json": tree({"eval": "1 + 1"})}),
    "two kinds": archive({"tree.json": tree({"list": [], "tuple": []})}),
    "unhashable key": archive({"tree.json": tree({"dict": [[[1], 2]]})}),
    "pairs of three": archive({"tree.json": tree({"dict": [[1, 2, 3]]})}),
    "no base 64": archive({"tree.json": tree({"bytes": "?"})}),
    "dtype of a list": archive({"tree.json": tree({"dtype": [1]})}),
    "unknown dtype": archive({"tree.json": tree({"dtype": "object"})}),
    "unknown device": archive({"tree.json": tree({"device": "gpu"})}),
    "float": archive({"tree.json": tree({"float": "1_000"})}),
    "tensor that is not there": archive({"tree.json": tree({"tensor": 0})}),
    "negative tensor": archive(
        {"tree.json": tree({"tensor": -1}, place()), "storages/0.npy": FLOATS}
    ),
    "compressed": archive({"tree.json": tree() + b" " * 10**7}, zipfile.ZIP_DEFLATED),
    "pickled array": archive(
        {"tree.json": tree(None, place()), "storages/0.npy": npy(np.array([Code()], dtype=object))}
    ),
    "strings": archive({"tree.json": tree(), "storages/0.npy": npy(np.array(["a"]))}),
    "foreign bytes": archive({"tree.json": tree(), "storages/0.npy": npy(np.ones(2, ">f4"))}),
    "columns first": archive({"tree.json": tree(), "storages/0.npy": npy(np.ones((2, 3)).T)}),
    "array cut short": archive({"tree.json": tree(), "storages/0.npy": FLOATS[:-1]}),
    "absurd array": archive(
        {"tree.json": tree(), "storages/0.npy": FLOATS.replace(b"(4,)", b"(9**9**9,)"[:4])}
    ),
    "deep header": archive(
        {"tree.json": tree(), "storages/0.npy": FLOATS[:8] + b"\x10\x27" + b"(" * 10_000}
    ),
    "no array": archive({"tree.json": tree(), "storages/0.npy": b"abc"}),
}
WRONG_PLACES: dict[str, dict[str, object]] = {
    "beyond the end": {"offset": 12},
    "negative offset": {"offset": -4},
    "far away": {"offset": 2**60},
    "too large": {"shape": [5]},
    "absurd shape": {"shape": [2**62], "strides": [4]},
    "absurd by repetition": {"shape": [2**40] * 3, "strides": [0] * 3},
    "negative shape": {"shape": [-1]},
    "negative stride": {"strides": [-4]},
    "huge stride": {"strides": [2**40]},
    "between elements": {"offset": 2},
    "wrong dtype": {"dtype": "float64"},
    "object": {"dtype": "O"},
    "float shape": {"shape": [2.0]},
    "shape of text": {"shape": "ab"},
    "no strides": {"strides": []},
    "many dimensions": {"shape": [1] * 100, "strides": [0] * 100},
    "another storage": {"storage": 1},
    "storage of text": {"storage": "0"},
    "unknown kind of tensor": {"kind": "Module"},
    "requires grad maybe": {"requires_grad": 1},
}
for name, changes in WRONG_PLACES.items():
    HOSTILE[name] = archive(
        {"tree.json": tree({"tensor": 0}, place(**changes)), "storages/0.npy": FLOATS}
    )
HOSTILE["integers that require grad"] = archive(
    {
        "tree.json": tree({"tensor": 0}, place(dtype="int32", requires_grad=True)),
        "storages/0.npy": npy(np.ones(4, np.int32)),
    }
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(name) -> None:
    data = HOSTILE[name]
    tracemalloc.start()
    try:
        with pytest.raises(RuntimeError):
            ad.load(io.BytesIO(data))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * len(data) + 3_000_000


def test_what_the_place_of_a_sound_file_is() -> None:
    """The hostile files above differ from this one in one thing each."""
    data = archive({"tree.json": tree({"tensor": 0}, place(offset=4)), "storages/0.npy": FLOATS})
    assert ad.load(io.BytesIO(data)).tolist() == [1.0, 1.0]


def test_names_of_members_mean_nothing(tmp_path: Path) -> None:
    data = archive({"tree.json": tree([1]), "../../evil.npy": FLOATS, "/etc/evil": b"x"})
    before = set(tmp_path.iterdir())
    assert ad.load(io.BytesIO(data)) == [1]
    assert set(tmp_path.iterdir()) == before


def sound_file() -> bytes:
    file = io.BytesIO()
    x = ad.arange(12.0).reshape(3, 4)
    ad.save({"x": x, "row": x[1], "list": [1, 2.5, "a", b"b", (None, True)]}, file)
    return file.getvalue()


SOUND = sound_file()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_files(data) -> None:
    length = data.draw(st.one_of(st.just(len(SOUND)), st.integers(0, len(SOUND))))
    damaged = bytearray(SOUND[:length])
    for _ in range(data.draw(st.integers(0, 4))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.suppress(RuntimeError):
            ad.load(io.BytesIO(bytes(damaged)))


@quickly
@given(st.binary(max_size=200))
def test_random_trees(content) -> None:
    with contextlib.suppress(RuntimeError):
        ad.load(io.BytesIO(archive({"tree.json": content})))


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["dict", "tuple", "Size", "tensor", "bytes", "float", "dtype"]),
            inner, max_size=2,
        ),
    ),
    max_leaves=10,
)  # fmt: skip


@quickly
@given(json_values, st.dictionaries(st.sampled_from(list(place())), json_values, max_size=3))
def test_wrong_trees(value, changes) -> None:
    data = archive({"tree.json": tree(value, place(**changes)), "storages/0.npy": FLOATS})
    with contextlib.suppress(RuntimeError):
        ad.load(io.BytesIO(data))
