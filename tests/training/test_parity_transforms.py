"""Transforms, grids and files of images beside torchvision's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest

import autodiff as ad
import autodiff.vision as ours
from tests.mistakes import IMAGES, Mistake
from tests.training.images import picture, pixels

torch = pytest.importorskip("torch")


def torchvision() -> Any:
    """torchvision; its Python parts do without its compiled ones, where those do not load."""
    with mock.patch.object(torch.library, "register_fake", return_value=lambda f: f):
        return pytest.importorskip("torchvision")


theirs = torchvision()

pytestmark = pytest.mark.parity

TRANSFORMS: list[Callable[[Any, Any], Any]] = [
    lambda t, m: t.Resize(6),
    lambda t, m: t.Resize((5, 20)),
    lambda t, m: t.Resize([30], max_size=33),
    lambda t, m: t.Resize((4, 5), t.InterpolationMode.NEAREST),
    lambda t, m: t.Resize((17, 9), interpolation=t.InterpolationMode.BICUBIC),
    lambda t, m: t.CenterCrop(8),
    lambda t, m: t.CenterCrop((7, 20)),
    lambda t, m: t.CenterCrop([3]),
    lambda t, m: t.Pad(2),
    lambda t, m: t.Pad((1, 3), fill=7),
    lambda t, m: t.Pad([1, 2, 3, 4], padding_mode="edge"),
    lambda t, m: t.Pad(3, padding_mode="reflect"),
    lambda t, m: t.Pad((2, 0), padding_mode="symmetric"),
    lambda t, m: t.RandomHorizontalFlip(1),
    lambda t, m: t.RandomVerticalFlip(1),
    lambda t, m: t.RandomHorizontalFlip(0.0),
    lambda t, m: t.RandomGrayscale(1),
    lambda t, m: t.RandomCrop((12, 16)),
    lambda t, m: t.RandomRotation((90, 90)),
    lambda t, m: t.RandomRotation((30, 30)),
    lambda t, m: t.RandomRotation((-17, -17), expand=True),
    lambda t, m: t.RandomRotation((45, 45), center=(3, 4), fill=9),
    lambda t, m: t.RandomRotation((20, 20), t.InterpolationMode.BILINEAR),
    lambda t, m: t.Compose([t.Resize(10), t.CenterCrop(8), t.RandomHorizontalFlip(1)]),
    lambda t, m: t.RandomApply([t.Pad(1), t.RandomVerticalFlip(1)], p=1.0),
]  # fmt: skip
by_number = pytest.mark.parametrize("make", TRANSFORMS, ids=range(len(TRANSFORMS)))


def both(make: Callable[[Any, Any], Any]) -> tuple[Any, Any]:
    return make(ours.transforms, ad), make(theirs.transforms, torch)


@by_number
def test_repr(make: Callable[[Any, Any], Any]) -> None:
    a, b = both(make)
    assert repr(a) == repr(b)


@by_number
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_pillow_images(make: Callable[[Any, Any], Any], mode: str) -> None:
    a, b = (np.asarray(transform(picture(mode))) for transform in both(make))
    np.testing.assert_array_equal(a, b)


@by_number
def test_tensors(make: Callable[[Any, Any], Any]) -> None:
    x = pixels(3).transpose(2, 0, 1).astype(np.float64) / 255
    a, b = both(make)
    found, wanted = a(ad.from_numpy(x)), b(torch.from_numpy(x))
    assert found.shape == wanted.shape
    close = np.isclose(found.numpy(), wanted.numpy(), rtol=1e-6, atol=1e-6)
    # A pixel halfway between two others may come from either.
    assert close.mean() > (0.98 if "Rotation" in repr(a) else 0.9999)


@by_number
def test_bytes(make: Callable[[Any, Any], Any]) -> None:
    x = np.ascontiguousarray(pixels(3).transpose(2, 0, 1))
    a, b = both(make)
    found, wanted = a(ad.from_numpy(x)).numpy(), b(torch.from_numpy(x)).numpy()
    assert found.dtype == wanted.dtype
    difference = np.abs(found.astype(int) - wanted.astype(int))
    assert (difference > 1).mean() <= (0.02 if "Rotation" in repr(a) else 0)


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("size", [(5, 7), (31, 40), (5, 40)])
@pytest.mark.parametrize("mode", ["BILINEAR", "BICUBIC", "NEAREST"])
def test_resizing_tensors(size: tuple[int, int], mode: str, antialias: bool) -> None:
    x = pixels(3).transpose(2, 0, 1).astype(np.float64) / 255
    found = []
    for vision, tensor in ((ours, ad.from_numpy(x)), (theirs, torch.from_numpy(x))):
        t = vision.transforms
        found.append(t.Resize(size, t.InterpolationMode[mode], antialias=antialias)(tensor).numpy())
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA", "CMYK", "HSV", "I", "F", "I;16"])
def test_to_and_from_pillow(mode: str) -> None:
    image = picture(mode)
    for name in ("ToTensor", "PILToTensor"):
        a = getattr(ours.transforms, name)()(image)
        b = getattr(theirs.transforms, name)()(image)
        assert a.shape == b.shape
        np.testing.assert_array_equal(a.numpy().astype(float), b.numpy().astype(float))
    if mode in ("L", "LA", "RGB", "RGBA"):
        again = ours.transforms.ToPILImage()(ours.transforms.PILToTensor()(image))
        assert (again.mode, again.tobytes()) == (image.mode, image.tobytes())


@pytest.mark.parametrize("old", ["float32", "float64", "uint8", "int16", "int32"])
@pytest.mark.parametrize("new", ["float32", "float64", "uint8", "int16"])
def test_dtypes(old: str, new: str) -> None:
    found = []
    for m, vision in ((ad, ours), (torch, theirs)):
        x = m.tensor([[[0, 0.25, 0.999, 1.0]]])
        x = x.to(getattr(m, old)) if "float" in old else (x * 100).to(getattr(m, old))
        found.append(vision.transforms.ConvertImageDtype(getattr(m, new))(x))
    np.testing.assert_allclose(found[0].numpy(), found[1].numpy(), rtol=1e-6)
    assert str(found[0].dtype).split(".")[1] == str(found[1].dtype).split(".")[1]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"nrow": 3},
        {"nrow": 2, "padding": 5, "pad_value": 0.5},
        {"normalize": True},
        {"normalize": True, "scale_each": True},
        {"normalize": True, "value_range": (0, 2)},
    ],
    ids=range(6),
)
@pytest.mark.parametrize("shape", [(7, 3, 4, 5), (4, 1, 3, 3), (1, 2, 2), (3, 4, 4), (5, 6)])
def test_make_grid(settings: dict[str, Any], shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).standard_normal(shape)
    a = ours.utils.make_grid(ad.from_numpy(x), **settings)
    b = theirs.utils.make_grid(torch.from_numpy(x), **settings)
    np.testing.assert_allclose(a.numpy(), b.numpy())


def test_saving_and_fake_data(tmp_path: Any) -> None:
    x = np.random.default_rng(0).random((5, 3, 6, 6))
    ours.utils.save_image(ad.from_numpy(x), tmp_path / "a.png", nrow=2)
    theirs.utils.save_image(torch.from_numpy(x), tmp_path / "b.png", nrow=2)
    from PIL import Image

    a, b = (np.asarray(Image.open(tmp_path / name)) for name in ("a.png", "b.png"))
    np.testing.assert_array_equal(a, b)
    for vision in (ours, theirs):
        image, label = vision.datasets.FakeData(size=3, image_size=(3, 8, 9), num_classes=4)[2]
        assert (image.mode, image.size) == ("RGB", (9, 8))
        assert 0 <= int(label) < 4


@pytest.mark.parametrize("mistake", IMAGES, ids=lambda mistake: mistake.name)
def test_mistakes_have_the_same_type(mistake: Mistake) -> None:
    with pytest.raises(mistake.kind):
        mistake.program(theirs)
