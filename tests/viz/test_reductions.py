"""The timeline of gradients that were averaged over processes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import autodiff as ad
import viz
from autodiff.nn.parallel.reducer import BucketRecord, Reductions
from viz.reductions import hidden_share


class Model:
    """Stands for a DistributedDataParallel after a pass."""

    def __init__(self, *buckets: BucketRecord) -> None:
        ready = [("last.bias", 0.001), ("first.weight", 0.004)]
        self.reductions = Reductions(2, list(buckets), ready, waited=0.004, ended=0.008)


def model() -> Model:
    return Model(
        BucketRecord(["last.bias", "last.weight"], 2048, 0.001, 0.003),
        BucketRecord(["<b>&first</b>"], 1024, 0.002, 0.006),
    )


def test_in_words() -> None:
    lines = viz.reductions(model()).text(width=70).splitlines()
    assert lines[0] == "backward  " + "=" * 20 + "." * 20 + "  8 ms"
    assert lines[1] == "bucket 0  " + " " * 5 + "#" * 10 + " " * 25 + "  2 KiB"
    assert lines[2] == " " * 10 + "last.bias, last.weight"
    assert lines[3] == "bucket 1  " + " " * 10 + "#" * 20 + " " * 10 + "  1 KiB"
    assert lines[-1].startswith("3 KiB in 2 buckets, averaged over 2 processes; 60% of their way")


def test_how_much_the_pass_hides() -> None:
    """Two buckets on their way at once count once."""
    assert hidden_share(model().reductions) == pytest.approx(3 / 5)
    late = Model(BucketRecord(["w"], 8, 0.005, 0.006))
    assert hidden_share(late.reductions) == 0
    assert hidden_share(Model().reductions) == 0


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_as_a_picture(theme: str, tmp_path: Path) -> None:
    picture = viz.reductions(model()).themed(theme)
    root = ET.fromstring(picture.svg)
    words = ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text")]
    assert {"bucket 0", "2 KiB", "last.bias, last.weight", "<b>&first</b>", "8 ms"} <= set(words)
    groups = [e.get("class") for e in root.iter() if e.tag.endswith("}g")]
    assert groups == [None, "row backward", "row bucket", "row bucket"]
    for ending in picture.formats:
        picture.save(tmp_path / f"timeline.{ending}")
    assert (tmp_path / "timeline.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="unknown format 'dot'"):
        picture.save(tmp_path / "timeline.dot")


def test_nothing_was_reduced() -> None:
    with pytest.raises(ValueError, match="this Linear"):
        viz.reductions(ad.nn.Linear(1, 1))
