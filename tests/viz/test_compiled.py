"""viz.compiled: a recorded graph and the program it became, as text and as a picture."""

from __future__ import annotations

from typing import Any

import pytest

import autodiff as ad
import viz


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path_factory.getbasetemp() / "programs"))


def compiled_layer() -> ad.compiler.call.Compiled:
    w = ad.ones(3, 2, requires_grad=True)

    @ad.compile
    def f(x: ad.Tensor) -> None:
        w.grad = None
        hidden = (x @ w).tanh()
        hidden.sum().backward()

    f(ad.ones(4, 3))
    return f


def compiled_number() -> ad.compiler.call.Compiled:
    w = ad.Scalar(0.5)

    @ad.compile
    def f(x: ad.Scalar) -> None:
        w.grad = 0
        loss = (w * x - 1) ** 2
        loss.backward()

    f(ad.Scalar(3.0))
    return f


def titles_in(scene: Any, cluster: Any) -> list[str]:
    content = {box.id: [line.text.strip() for line in box.content] for box in scene.boxes}
    return [text for name in cluster.boxes for text in content[name]]


def test_what_is_one_loop_is_framed_alike_in_the_graph_and_in_the_program() -> None:
    scene = viz.compiled(compiled_layer()).scene
    recorded, program = scene.clusters
    (left,), (right,) = recorded.clusters, program.clusters
    assert left.title == right.title == "3 · loop_1"
    assert left.hue == right.hue
    assert "hidden = tanh(product)" in titles_in(scene, left)
    assert any(row.startswith("hidden = tanh(product)") for row in titles_in(scene, right))
    assert "product = x @ w" in titles_in(scene, recorded)
    assert any("x @ w" in row for row in titles_in(scene, program))


def test_what_became_nothing_is_pale_and_says_why() -> None:
    f = compiled_layer()
    pale = {
        box.content[0].text: box for box in viz.compiled(f).scene.boxes if box.kind == "dropped"
    }
    assert pale["expand = 1 repeated to a larger shape"].content[1].text == "computed in advance"
    assert pale["sum = sum(hidden)"].content[1].text == "dropped: not needed"
    fates = {operation.name: operation.fate for operation in f.history}
    assert fates["mul_2"] == "the same as g_product"
    assert fates["hidden"] == ""


def test_arrows_follow_the_recorded_operands_and_everything_has_a_place() -> None:
    picture = viz.compiled(compiled_layer())
    titles = {box.id: box.content[0].text for box in picture.scene.boxes}
    arrows = {(titles[arrow.source], titles[arrow.target]) for arrow in picture.scene.arrows}
    assert ("product = x @ w", "hidden = tanh(product)") in arrows
    assert ("x", "product = x @ w") in arrows
    assert set(titles) == set(picture.layout.boxes)
    clusters = {cluster.id for cluster in picture.scene.all_clusters()}
    assert clusters == set(picture.layout.clusters)


def test_no_two_boxes_of_the_picture_overlap() -> None:
    picture = viz.compiled(compiled_layer())
    places = []
    for box in picture.scene.boxes:
        x, y = picture.layout.boxes[box.id]
        places.append((x - box.width / 2, y - box.height / 2, box.width, box.height))
    for i, (x, y, width, height) in enumerate(places):
        assert x >= 0
        assert x + width <= picture.layout.width
        assert y >= 0
        assert y + height <= picture.layout.height
        for left, top, wide, high in places[:i]:
            apart = x + width <= left or left + wide <= x
            assert apart or y + height <= top or top + high <= y


def test_the_program_alone_is_a_graph_with_frames_around_its_loops() -> None:
    scene = viz.compiled(compiled_layer(), alone=True).scene
    (loop,) = scene.clusters
    titles = {box.id: box.content[0].text for box in scene.boxes}
    assert titles[loop.boxes[0]] == "hidden = tanh(product)"
    assert "product = x @ w" in titles.values()
    assert {"w.grad", "w.grad = None"} <= set(titles.values())
    assert all(a.source in titles and a.target in titles for a in scene.arrows)


def test_text_says_what_is_written_to_memory_and_what_became_of_each_operation() -> None:
    told = viz.compiled(compiled_layer()).text().splitlines()
    assert told[0].startswith("5 operations in 1 loop and 2 other lines; ")
    assert " 3  loop_1" in told
    assert any("hidden = tanh(product)" in line and "only in the loop" in line for line in told)
    assert any(line.split() == ["3", "hidden", "=", "tanh(product)"] for line in told)
    assert any("- " in line and "(dropped: not needed)" in line for line in told)
    wide = viz.compiled(compiled_layer()).text(200).splitlines()
    assert wide[1].split() == ["recorded", "program"]
    assert len(wide) < len(told)


def test_programs_of_numbers_have_arrows() -> None:
    f = compiled_number()
    graph = viz.compiled(f, alone=True).networkx()
    assert list(graph.predecessors("pow" if "pow" in graph else "loss")) == ["sub"]
    assert set(graph.predecessors("g_w")) == {"g_mul", "x"}
    assert list(graph.predecessors("w.grad")) == ["g_w"]
    recorded, program = viz.compiled(f).scene.clusters
    assert [c.title for c in recorded.clusters] == ["1 · forward"]
    assert [c.title for c in program.clusters] == ["1 · forward", "2 · backward"]
    assert viz.compiled(f).scene.arrows


def test_large_programs_are_folded_on_both_sides() -> None:
    weights = [ad.ones(2, 2, requires_grad=True) for _ in range(12)]

    @ad.compile
    def f(x: ad.Tensor) -> ad.Tensor:
        for w in weights:
            x = (x @ w).tanh()
        return x

    f(ad.ones(1, 2))
    whole, folded = viz.compiled(f).scene, viz.compiled(f, limit=20).scene
    assert len(folded.boxes) < len(whole.boxes) / 2
    assert any("more of" in line.text for box in folded.boxes for line in box.content)
    assert viz.compiled(f, limit=20).svg.startswith("<svg")


def test_a_long_program_of_numbers_is_two_loops() -> None:
    def f(x: ad.Scalar) -> ad.Scalar:
        for _ in range(300):
            x = x * 1.5
        return x

    compiled = ad.compile(f)
    compiled(ad.Scalar(2.0))
    text = viz.compiled(compiled).text()
    assert "mul = x * y  (300 times)" in text
    assert "more of: mul" in text or "300 operations of forward" in text


def test_it_is_drawn_in_every_theme() -> None:
    f = compiled_layer()
    for theme in ("light", "dark", "print"):
        assert viz.compiled(f, theme=theme).svg.startswith("<svg")
    assert "digraph" in viz.compiled(f).dot
    assert viz.compiled(f).themed("dark").layout.boxes == viz.compiled(f).layout.boxes


def test_a_function_that_was_not_called_has_no_program() -> None:
    with pytest.raises(RuntimeError, match="Fix: call it once"):
        viz.compiled(ad.compile(lambda x: x))
