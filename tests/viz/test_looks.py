"""What a picture shows beside values: themes, receipts, health, notes of observers, images."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import autodiff as ad
import viz
from viz.arrivals import before_hooks
from viz.formulas import simplified, without_g
from viz.health import health_of_pass
from viz.rules import rule_in_names
from viz.theme import THEMES


def texts(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in ET.fromstring(svg).iter() if e.tag.endswith("}text")]


def test_themes_have_the_same_words_and_places() -> None:
    x = ad.Scalar(2.0)
    picture = viz.backward(x * x)
    without = {re.sub("#[0-9A-Fa-f]{6}", "", picture.themed(t).svg) for t in THEMES}
    assert len(without) == 1
    assert len({picture.themed(t).svg for t in THEMES}) == len(THEMES)
    with pytest.raises(ValueError, match="choose one of light, dark, print"):
        viz.graph(x, theme="neon")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_fill(theme: str) -> None:
    """The contrast that WCAG 2 asks for text: 4.5 to 1."""
    colours = THEMES[theme]
    for fill in ("page", "leaf", "constant", "op", "root", "module", "fold", "cluster"):
        for text in ("text", "quiet", "gradient", "alarm"):
            light, dark = sorted((luminance(colours[fill]), luminance(colours[text])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (fill, text)


@pytest.mark.parametrize(
    ("rule", "local"),
    [
        ("g", "1"), ("-g", "-1"), ("g * y", "y"), ("y * g", "y"), ("g / x", "1 / x"),
        ("g * (1 - out * out)", "1 - out * out"), ("-g * (out / y)", "-1 * (out / y)"),
        ("g @ y", ""), ("where(x > 0, g, 0.0)", "where(x > 0, 1, 0)"),
        ("where(g > 0, g, 0.0)", ""), ("x / g", ""), ("g * g", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_local_derivative_in_a_rule(rule: str, local: str) -> None:
    assert without_g(rule) == local


def test_receipts_are_upstream_times_local() -> None:
    x, y = ad.Scalar(3.0), ad.Scalar(0.5)
    loss = (x * y).tanh()
    shown = texts(viz.backward(loss).svg)
    graph = viz.backward(loss).networkx()
    for _, target, data in graph.edges(data=True):
        assert graph.nodes[target]["g"] * data["local_value"] == pytest.approx(data["flowed"])
    assert any(re.fullmatch(r"0\.1807 × 0\.5 = 0\.09035", text) for text in shown)


@pytest.mark.parametrize(
    ("formula", "known", "told"),
    [
        ("g * (y * pow(x, y - 1))", {"y": 2}, "g * (2 * x)"),
        ("g * (y * pow(x, y - 1))", {"y": 0.5}, "g * (0.5 * x ** -0.5)"),
        ("where(y == 0, 0.0, g * y)", {"y": 0}, "0.0"),
        ("g if max is None else where(x <= max, g, 0.0)", {"max": None}, "g"),
        ("-1 * (x / y / y)", {}, "-(x / y / y)"),
        ("where(x > 0, g, g * slope)", {"slope": 0.01}, "g if x > 0 else g * 0.01"),
    ],
)
def test_formulas_with_what_is_known_put_in(
    formula: str, known: dict[str, float], told: str
) -> None:
    assert simplified(formula, known) == told


def test_a_power_is_told_as_in_a_textbook_and_a_kink_as_a_choice() -> None:
    x = ad.Scalar(3.0)
    y = x**2
    text = str(viz.backward(y.relu()))
    assert "to x: g * (2 * x) = 1.0 * (2 * 3.0) = 6.0" in text
    assert "to y: g * (1 if #3 != 0 else 0) = 1.0 * (1 if 9.0 != 0 else 0) = 1.0" in text
    assert "∂y/∂x = 2 * x = 6.0" in texts(viz.graph(y, derivatives=True).svg)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda x: x @ x, {"g @ x.mT", "x.mT @ g"}),
        (lambda x: x.sum(), {"expand(g)"}),
        (lambda x: x.mean(), {"expand(g / n)"}),
        (lambda x: x.softmax(0), {"out * (g - sum(g * out))"}),
        (lambda x: x.expand(3, 2, 2), {"sum(g)"}),
        (lambda x: x[0], {"index_add(g)"}),
        (lambda x: (x * 1).fill_(2.0), {"0.0", "g"}),
    ],
)
def test_rules_that_call_ops_are_told_as_functions(
    make: Callable[[ad.Tensor], ad.Tensor], told: set[str]
) -> None:
    x = ad.ones(2, 2, requires_grad=True)
    out = make(x)
    picture = viz.backward(out, ad.ones_like(out))
    assert told <= {rule for rule in _rules(picture) if rule}


def _rules(picture: viz.BackwardPass) -> set[str]:
    graph = picture.networkx()
    return {rule_in_names(graph, target, data) for _, target, data in graph.edges(data=True)}


def test_a_special_case_of_a_rule_is_not_told_as_the_rule() -> None:
    x = ad.tensor([2.0, 3.0], requires_grad=True)
    assert {d["rule"] for *_, d in viz.backward(x.prod()).networkx().edges(data=True)} == {""}


def test_where_arrows_meet_the_sum_is_shown() -> None:
    x = ad.Scalar(2.0)
    u = x * x
    shown = texts(viz.backward(u - u * x).svg)
    assert "step 3: gradient -1.0" in shown
    assert "= 1.0 + (-2.0)" in shown
    assert "= (-4.0) + (-2.0) + (-2.0)" not in shown
    assert "where arrows meet, they add up" in " ".join(shown)


def test_the_legend_explains_only_what_is_there() -> None:
    class Twice(ad.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = ad.ones(2, 2, requires_grad=True)
    assert viz.backward(Twice.apply(x), x.detach()).scene.caption == ""
    assert viz.backward(x * 2, x.detach()).scene.caption.startswith("g: the gradient of the box")


def test_several_outputs_of_one_operation_do_not_add_up() -> None:
    x = ad.tensor([[2.0, 0.0], [1.0, 1.0]], requires_grad=True)
    signs, logs = ad.linalg.slogdet(x)
    graph = viz.backward(signs.sum() + logs.sum()).networkx()
    assert not any("hook" in part for part in texts(viz.backward(logs.sum()).svg))
    assert all(before_hooks(graph, name) is None for name in graph)


def test_what_a_hook_changed_is_told() -> None:
    x = ad.Scalar(2.0)
    y = x * 3
    y.register_hook(lambda g: g * 10)
    picture = viz.backward(y * y)
    assert "step 2: arrived 12.0" in texts(picture.svg)
    assert "a hook made it 120.0" in texts(picture.svg)
    assert "a hook made it of 12.0" in str(picture)
    assert "A hook made 120.0 of the 12.0 that arrived." in picture.html


def test_receipts_of_small_tensors() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    graph = viz.backward((x * x).sum()).networkx()
    products = [d for _, _, d in graph.edges(data=True) if d.get("local") == "y"]
    assert products[0]["local_value"].tolist() == [1.0, 2.0]


def test_local_derivatives_on_the_edges_of_a_computation() -> None:
    a, b = ad.Scalar(2.0), ad.Scalar(-3.0)
    shown = texts(viz.graph(a * b, derivatives=True).svg)
    assert "∂#2/∂a = b = -3.0" in shown
    assert "∂#2/∂b = a = 2.0" in shown
    freed = a * b
    freed.backward()
    assert not [t for t in texts(viz.graph(freed, derivatives=True).svg) if t.startswith("∂")]


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda x: x.sqrt() * 0, "not a number"),
        (lambda x: x.sqrt(), "infinite"),
        (lambda x: (x - 1).relu(), "zero"),
        (lambda x: ((x * 1e-4) * 1e-4 + 1) * 1.0, "vanishing"),
        (lambda x: ((x * 1e4) * 1e4 + 1) * 1.0 * 1.0, "exploding"),
    ],
    ids=["nan", "inf", "zero", "vanishing", "exploding"],
)
def test_gradients_that_are_unwell_are_marked_in_words_and_outline(make: object, word: str) -> None:
    x = ad.Scalar(0.0)
    svg = viz.backward(make(x)).svg  # type: ignore[operator]
    assert word in svg
    assert THEMES["light"]["alarm"] in svg


def test_healthy_gradients_are_not_marked() -> None:
    x = ad.Scalar(2.0)
    assert THEMES["light"]["alarm"] not in viz.backward((x.log() ** 2) / x).svg


def test_the_gradient_that_a_pass_starts_with_does_not_explode() -> None:
    w, h = ad.Scalar(0.5), ad.Scalar(1.0)
    for _ in range(40):
        h = (h * w).tanh()
    health = health_of_pass(viz.backward(h).networkx())
    assert set(health.values()) == {"vanishing"}
    assert health["n0"] == "vanishing"
    assert f"n{len(viz.graph(h).networkx()) - 1}" not in health


def test_gradients_near_the_ends_of_floats_are_neither_infinite_nor_zero() -> None:
    x, y = ad.Scalar(1e-300), ad.Scalar(1e300)
    words = set(health_of_pass(viz.backward(x * y + x).networkx()).values())
    assert words == {"exploding", "vanishing"}


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda x: x[1:, None, ..., ::2], "x[1:, None, ..., ::2]"),
        (lambda x: x[[0, 1, 0]], "x[[0, 1, 0]]"),
        (lambda x: x[x > 1], "x[mask]"),
        (lambda x: x.split(1)[1], "x[1:2]"),
        (lambda x: x.sum(1, keepdim=True), "sum(x, dim=1, keepdim=True)"),
        (lambda x: x.sum(), "sum(x)"),
        (lambda x: x.T, "permute(x, dims=(1, 0))"),
        (lambda x: x.clamp(0, 2), "clamp(x, min=0, max=2)"),
        (lambda x: x.T.reshape(4), "reshape(#1)"),
    ],
)
def test_settings_are_told(make: Callable[[ad.Tensor], ad.Tensor], told: str) -> None:
    x = ad.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    assert str(viz.graph(make(x))).partition(" = ")[2].startswith(f"{told}  ")


def test_a_value_is_shown_as_it_was_before_a_view_wrote_over_it() -> None:
    x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 2
    y[1:] *= 5
    shown = texts(viz.graph(y).svg)
    assert "[2.0, 4.0, 6.0]" in shown
    assert "[2.0, 20.0, 30.0]" in shown


def test_a_write_to_a_part_says_which() -> None:
    x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 2
    y[1:] *= 3
    assert "x, with x[1:] = y" in texts(viz.graph(y).svg)


def test_notes_of_observers_are_shown() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    with ad.autograd.graph.record_lines(), ad.autograd.profiler.profile():
        y = (x * x).sum()
    y.backward(retain_graph=True)
    svg = viz.graph(y).svg
    assert "test_looks.py, line" in svg
    assert re.search(r"forward [\d.]+ [µm]s, 8 B", svg)
    with ad.autograd.profiler.profile():
        y.backward()
    assert re.search(r"forward [\d.]+ [µm]s, backward [\d.]+ [µm]s", viz.graph(y).svg)


def test_versions_and_devices() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y.add_(1)
    assert "version 1" in viz.graph(y).svg
    assert "on meta" not in viz.graph(y).svg


def test_saved_values_as_boxes() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    loss = y.sum()
    shown = texts(viz.grad_fn(loss, saved=True).svg)
    assert "saved out" in shown
    assert "[2.718, 7.389]" in shown
    loss.backward()
    assert "saved out" not in texts(viz.grad_fn(loss, saved=True).svg)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((6, 7), "heat map of 6 x 7 values"),
        ((2, 1, 8, 9), "image of 8 x 9 pixels"),
        ((3, 40, 64), "image of 20 x 32 pixels"),
        ((2, 1, 100, 80), "image of 25 x 20 pixels"),
    ],
)
def test_matrices_and_images_are_drawn(shape: tuple[int, ...], words: str) -> None:
    x = ad.rand(*shape, requires_grad=True)
    svg = viz.graph(x).svg
    assert words in svg
    assert svg.count("data:image/png;base64,") == 1
    assert viz.graph(x).png.startswith(b"\x89PNG")


def test_filters_with_signs_are_heat_maps_and_one_grey_says_nothing() -> None:
    shown = viz.graph(ad.randn(2, 1, 5, 5, requires_grad=True) * 1.0).svg
    assert "heat map of 5 x 5 values" in shown
    assert "heat maps: blue is below 0, white is 0, orange is above" in texts(shown)
    svg = viz.graph(ad.ones(2, 3, 5, 5, requires_grad=True)).svg
    assert "data:image" not in svg
    assert "all 1.0" in texts(svg)


def test_a_row_that_is_wider_than_a_page_runs_downwards() -> None:
    x = ad.randn(4, 4, requires_grad=True)
    y = x.tanh().sin()
    assert viz.graph(x.tanh()).scene.direction == "LR"
    assert viz.backward(y.exp().sum()).scene.direction == "TB"


def test_a_sum_that_does_not_fit_keeps_its_result() -> None:
    x = ad.tensor([[1.25, 2.25], [3.25, 4.25]], requires_grad=True)
    text = viz.backward((x * x).sum()).text(60)
    assert "adds up to [[2.5, 4.5], [6.5, 8.5]]" in text


def test_a_heat_map_shows_sign_and_size() -> None:
    import io

    from PIL import Image

    from viz.raster import raster_of

    values = np.zeros((5, 5))
    values[0, 0], values[1, 1], values[2, 2], values[3, 3] = 4.0, -4.0, 2.0, np.nan
    raster = raster_of(values)
    assert raster is not None
    pixels = np.asarray(Image.open(io.BytesIO(raster.png)))
    assert pixels[0, 0].tolist() == [213, 94, 0]
    assert pixels[1, 1].tolist() == [0, 90, 178]
    assert pixels[4, 4].tolist() == [247, 247, 247]
    assert pixels[3, 3].tolist() == [0, 0, 0]
    assert 94 < pixels[2, 2, 1] < 247


def test_a_picture_shows_what_was_there_when_it_was_taken() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    picture = viz.graph(x)
    with ad.no_grad():
        x.fill_(7.0)
    assert "[1.0, 2.0]" in str(picture)


def test_what_was_written_over_is_shown_as_it_was() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y.mul_(3)
    text = str(viz.graph(y))
    assert "= x * 2  float32[2]  [2.0, 4.0]" in text
    assert "[6.0, 12.0]" in text


def test_large_values_are_not_kept_alive() -> None:
    x = ad.randn(100, 100, requires_grad=True)
    kept = viz.graph((x * 2).sum()).networkx()
    assert not [a for _, a in kept.nodes(data=True) if getattr(a["value"], "size", 0) > 4096]


def test_higher_order_graphs_are_drawn() -> None:
    x = ad.Scalar(2.0)
    (g,) = ad.autograd.grad(x**3, x, create_graph=True)
    graph = viz.backward(g).networkx()
    (leaf,) = [a for _, a in graph.nodes(data=True) if a["kind"] == "leaf"]
    assert leaf["g"] == pytest.approx(12.0)


def test_an_animation_plays_every_step(tmp_path: Path) -> None:
    x = ad.Scalar(2.0)
    steps = viz.backward(x.log() ** 2)
    path = tmp_path / "pass.svg"
    steps.save_animation(path, seconds=0.5)
    root = ET.parse(path).getroot()
    animated = [e for e in root.iter() if e.tag.endswith("animate")]
    assert {e.get("dur") for e in animated} == {f"{(len(steps) + 3) * 0.5:g}s"}
    begins = {
        float(e.get("keyTimes", "").split(";")[1]) for e in animated if ";" in e.get("values")
    }
    assert len(begins) >= len(steps) - 1
    with pytest.raises(ValueError, match=r"end the file's name with \.svg"):
        steps.save_animation(tmp_path / "pass.gif")
    with pytest.raises(ValueError, match="not for 0 seconds"):
        steps.save_animation(path, seconds=0)
