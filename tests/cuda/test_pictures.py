"""Pictures of graphs on the GPU: the values are shown, and where they are."""

from __future__ import annotations

import autodiff as ad
import viz


def loss() -> tuple[ad.Tensor, ad.Tensor]:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x.to("cuda")
    return x, (y * y).sum()


def test_text_says_what_is_on_the_gpu_and_where_data_crossed() -> None:
    _, z = loss()
    text = str(viz.graph(z))
    assert "on cuda:0" in text
    assert "[1.0, 4.0]" in text
    assert text.count("on cuda:0") == 3  # the moved tensor, the product, the sum
    assert "move" in text


def test_the_backward_pass_can_be_watched() -> None:
    _, z = loss()
    steps = viz.backward(z)
    assert "[2.0, 4.0]" in str(steps)
    assert "on cuda:0" in viz.graph(z).svg


def test_questions_are_answered() -> None:
    x, z = loss()
    assert "z.backward()" in str(viz.why(x))
    z.backward()
    _, other = loss()
    assert str(viz.diff(z, other + 1))
    w = ad.tensor([1.0, 2.0], dtype=ad.float64, device="cuda", requires_grad=True)
    assert "right" in str(viz.gradcheck(lambda w: (w * w).exp().sum(), w))
