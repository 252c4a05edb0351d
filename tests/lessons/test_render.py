"""``autodiff render``: pictures of a script's variables."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from autodiff import autograd
from lessons.cli import main
from lessons.render import RenderError, render, save

SCRIPT = """
import sys
import autodiff as ad
import helper

def train():
    w = ad.tensor([1.0, -2.0], requires_grad=True)
    for step in range(3):
        error = (w * helper.X).sum() - 1
        loss = error ** 2
        try:
            loss.backward()
        except Exception:
            pass
        print("step", step)

if __name__ == "__main__" and len(sys.argv) == 1:
    train()
    a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    product = a * b
    product.backward()
    number = 3
"""


@pytest.fixture
def script(tmp_path: Path) -> str:
    (tmp_path / "helper.py").write_text("import autodiff as ad\nX = ad.tensor([3.0, 0.5])\n")
    path = tmp_path / "my script.py"
    path.write_text(SCRIPT)
    return str(path)


def test_text(script: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", script, "--of", "product"]) == 0
    out = capsys.readouterr().out
    assert "step 2" in out  # the script ran to its end
    assert "product = a * b  6.0" in out


def test_the_backward_pass_of_a_variable_in_a_function(script: str) -> None:
    text = str(render(script, "loss", "backward"))
    assert "step 1   loss = error ** 2  gradient 1.0" in text
    assert ".grad: none yet, becomes" in text


def test_the_script_stops_at_the_backward_pass(
    script: str, capsys: pytest.CaptureFixture[str]
) -> None:
    original = autograd.backward
    render(script, "loss", "backward")
    assert "step 0" not in capsys.readouterr().out
    assert autograd.backward is original


def test_a_file(script: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "a picture.svg"
    assert main(["render", script, "--of", "product", "--what", "grad_fn", "-o", str(target)]) == 0
    assert ElementTree.parse(target).getroot().tag.endswith("svg")
    assert f"wrote {target}" in capsys.readouterr().out


def test_looks_and_lines(script: str, tmp_path: Path) -> None:
    target = tmp_path / "loss.html"
    options = ["--what", "backward", "--theme", "dark", "--lines", "-o", str(target)]
    assert main(["render", script, *options]) == 0
    page = target.read_text()
    assert 'data-theme="dark"' in page
    assert "my script.py, line 10: loss = error ** 2" in page


def test_stepping_without_a_terminal_prints_every_step(
    script: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", script, "--of", "product", "--walk"]) == 0
    out = capsys.readouterr().out
    assert "Step 1 of 3: product = a * b" in out
    assert "to a: g * b = 1.0 × 3.0 = 3.0" in out
    assert "> a.grad = g_a" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("of", "output", "words"),
    [
        ("nothing", None, "has no variable 'nothing'. It computed: product."),
        ("number", None, "'number' is of type int, not a tensor or a Scalar."),
        ("product", "x.gif", "unknown format 'gif'"),
        ("product", "no such folder/x.svg", "there is no folder"),
    ],
)
def test_mistakes(script: str, of: str, output: str | None, words: str) -> None:
    with pytest.raises(RenderError, match=words.replace(".", r"\.")):
        save(render(script, of, "graph"), output or "")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (None, "cannot read"),
        ("x = (", "is not a Python program"),
        ("import autodiff as ad\nad.ones(2) + ad.ones(3)\n", "failed, so there is nothing to draw"),
        ("raise SystemExit(3)", "has no variable 'loss'"),
    ],
)
def test_scripts_that_do_not_run(
    source: str | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.py"
    if source is not None:
        path.write_text(source)
    assert main(["render", str(path)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "lessons/render.py" not in error
