"""gradcheck as a picture: wrong rules are found where they are, kinks and round-off told apart."""

from __future__ import annotations

from typing import Any

import pytest

import autodiff as ad
import viz


class WrongTanh(ad.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        y = x.tanh()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (y,) = ctx.saved_tensors
        return g * (1 - y)


class RightTanh(WrongTanh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (y,) = ctx.saved_tensors
        return g * (1 - y * y)


def verdicts(checked: viz.Checked) -> dict[str, str]:
    return {verdict.name: verdict.verdict for verdict in checked.verdicts}


def double(*numbers: float) -> ad.Tensor:
    return ad.tensor(numbers, dtype=ad.float64, requires_grad=True)


def test_a_wrong_rule_is_found_where_it_is() -> None:
    w = double(1.0, -2.0, 0.3)
    checked = viz.gradcheck(lambda w: (WrongTanh.apply(w * 2) ** 2).sum() + w.sum(), w)
    assert not checked.ok
    assert not checked
    found = verdicts(checked)
    assert found["w"] == "wrong"
    assert found["#2 = mul"] == "wrong"
    assert [v.name for v in checked.verdicts if v.blamed] == ["#3 = WrongTanh"]
    assert "<- wrong rule for operand 0" in str(checked)
    svg = checked.svg
    assert "WRONG" in svg
    assert "is to blame" in svg


def test_right_rules_agree_everywhere() -> None:
    w, x = double(1.0, -2.0, 0.3), double(0.5, 0.1, 2.0)

    def f(w: ad.Tensor, x: ad.Tensor) -> ad.Tensor:
        return (RightTanh.apply(w * x).exp() / x).log().sum() * w[0]

    checked = viz.gradcheck(f, w, x)
    assert checked.ok
    assert set(verdicts(checked).values()) == {"right"}
    assert "WRONG" not in checked.svg


def test_results_of_several_elements() -> None:
    w = double(1.0, -2.0, 0.3)
    assert viz.gradcheck(lambda w: w.sin() * w, w).ok
    assert not viz.gradcheck(lambda w: WrongTanh.apply(w), w).ok


def test_scalars() -> None:
    x = ad.Scalar(2.0)
    checked = viz.gradcheck(lambda x: x.log() ** 2 / x**2, x)
    assert checked.ok
    assert len(checked.verdicts) == 5
    assert x.value == 2.0
    assert x.grad is None


def test_a_kink_is_no_error() -> None:
    x = double(0.0, 1.0, -1.0)
    checked = viz.gradcheck(lambda x: x.relu().sum(), x)
    assert checked.ok
    assert verdicts(checked)["x"] == "kink"
    assert "at a kink" in checked.svg


def test_round_off_is_no_error() -> None:
    x = double(1.0)
    checked = viz.gradcheck(lambda x: (x * 1e-3).sum() + 1e10, x, rtol=1e-9, atol=1e-12)
    assert checked.ok
    assert "round-off" in verdicts(checked).values()


def test_inputs_are_as_they_were() -> None:
    x = double(1.0, 2.0)
    before = x.value
    viz.gradcheck(lambda x: (x * x).sum(), x)
    assert x.value is before
    assert x.tolist() == [1.0, 2.0]


def test_single_precision_is_refused() -> None:
    x = ad.tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"needs float64.*\n.*double"):
        viz.gradcheck(lambda x: x * 2, x)


def test_a_layer() -> None:
    ad.manual_seed(0)
    layer = ad.nn.Linear(3, 2).double()
    x = double(0.1, 0.2, 0.3)
    checked = viz.gradcheck(lambda x: layer(x).sigmoid().sum(), x)
    assert checked.ok
    assert "layer.weight" in verdicts(checked)
