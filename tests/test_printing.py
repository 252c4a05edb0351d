"""How tensors read as text; tests/test_parity_repr.py compares many more with PyTorch."""

from __future__ import annotations

import pytest

import autodiff as ad


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (1.5, "tensor(1.5000)"),
        (3, "tensor(3)"),
        (True, "tensor(True)"),
        ([], "tensor([])"),
        ([1.0, 2.0], "tensor([1., 2.])"),
        ([1.0, 1001.0], "tensor([1.0000e+00, 1.0010e+03])"),
        ([1e-5], "tensor([1.0000e-05])"),
        ([float("nan"), 1.0], "tensor([nan, 1.])"),
        ([[1, -20], [300, 4]], "tensor([[  1, -20],\n        [300,   4]])"),
    ],
)
def test_numbers(data, text) -> None:
    assert repr(ad.tensor(data)) == text


def test_notes() -> None:
    x = ad.tensor([1.0], requires_grad=True)
    assert repr(x) == "tensor([1.], requires_grad=True)"
    assert repr(x * 1) == "tensor([1.], grad_fn=<MulBackward0>)"
    assert repr(ad.zeros(2, 0)) == "tensor([], size=(2, 0))"
    assert repr(x.detach().double()) == "tensor([1.], dtype=autodiff.float64)"


def test_a_note_that_does_not_fit_goes_to_a_new_line() -> None:
    text = repr(ad.zeros(24, requires_grad=True) + 0.5)
    assert text.endswith("],\n       grad_fn=<AddBackward0>)")
    assert max(map(len, text.splitlines())) <= 80


def test_long_tensors_show_their_edges() -> None:
    assert repr(ad.arange(1001)) == "tensor([   0,    1,    2,  ...,  998,  999, 1000])"


def test_what_is_printed_can_be_evaluated() -> None:
    names = {"tensor": ad.tensor, "autodiff": ad}
    for x in (ad.tensor([[1.5, -2.0]]), ad.arange(3), ad.ones(2, dtype=ad.float64)):
        again = eval(repr(x), names)
        assert again.dtype is x.dtype
        assert again.tolist() == x.tolist()


def test_a_single_number_formats_as_a_number() -> None:
    x = ad.tensor(1.5, requires_grad=True)
    assert f"{x} {x:.2f} {x * 1:6.1f}" == "1.5 1.50    1.5"
    assert f"{ad.tensor([1.5])}" == "tensor([1.5000])"
    with pytest.raises(TypeError, match="unsupported format string"):
        format(ad.tensor([1.5]), ".2f")
