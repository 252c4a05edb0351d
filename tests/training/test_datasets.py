"""MNIST and CIFAR10 from files in their formats, good, damaged and hostile; images in folders."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import io
import os
import pickle
import tarfile
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.utils.data import DataLoader
from autodiff.vision import datasets, transforms, utils
from autodiff.vision import io as vision_io
from autodiff.vision.datasets.batches import read_batch
from autodiff.vision.datasets.download import fetch
from tests.training.cifar import py2, write_cifar
from tests.training.images import picture

RANDOM = np.random.default_rng(0)


def idx(values: np.ndarray) -> bytes:
    sizes = np.array(values.shape, ">u4").tobytes()
    return bytes([0, 0, 8, values.ndim]) + sizes + values.tobytes()


def write_mnist(root: Path, name: str = "MNIST", packed: bool = True) -> np.ndarray:
    images = RANDOM.integers(0, 256, (5, 28, 28), np.uint8)
    labels = np.arange(5, dtype=np.uint8)
    folder = root / name / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("train", "t10k"):
        for kind, values in (("images-idx3", images), ("labels-idx1", labels)):
            path = folder / f"{part}-{kind}-ubyte"
            if packed:
                path.with_name(path.name + ".gz").write_bytes(gzip.compress(idx(values)))
            else:
                path.write_bytes(idx(values))
    return images


@pytest.mark.parametrize("name", ["MNIST", "FashionMNIST"])
@pytest.mark.parametrize("packed", [True, False])
def test_mnist(tmp_path: Path, name: str, packed: bool) -> None:
    images = write_mnist(tmp_path, name, packed)
    data = getattr(datasets, name)(tmp_path, train=packed)
    image, label = data[3]
    assert (image.mode, image.size, label, len(data)) == ("L", (28, 28), 3, 5)
    np.testing.assert_array_equal(np.asarray(image), images[3])
    data = getattr(datasets, name)(tmp_path, transform=transforms.ToTensor())
    (batch, labels), *_ = DataLoader(data, batch_size=4, num_workers=1)
    assert (batch.shape, batch.dtype, labels.tolist()) == ((4, 1, 28, 28), ad.float32, [0, 1, 2, 3])
    assert list(data.class_to_idx) == list(data.classes)
    assert data.targets.dtype == ad.int64


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no IDX file"),
        (b"GIF89a, and more than sixteen bytes", "no IDX file"),
        (idx(np.zeros((2, 2), np.uint8)), "no IDX file of 3 dimensions"),
        (idx(np.zeros((5, 28, 28), np.uint8))[:-1], "it holds 3919 values"),
        (idx(np.zeros((5, 28, 28), np.uint8)) + b"x", "it holds 3921 values"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "asks for"),
        (idx(np.zeros((4, 28, 28), np.uint8)), "4 images have 5 labels"),
    ],
)
def test_damaged_mnist(tmp_path: Path, content: bytes, words: str) -> None:
    write_mnist(tmp_path)
    path = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(RuntimeError, match=words):
        datasets.MNIST(tmp_path)
    path.write_bytes(gzip.compress(content)[:-9] + b"123456789")
    with pytest.raises(RuntimeError, match="corrupted"):
        datasets.MNIST(tmp_path)


def test_without_files_and_without_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (datasets.MNIST, datasets.CIFAR10):
        with pytest.raises(RuntimeError, match=r"Dataset not found.*\n  Fix: download=True"):
            kind(tmp_path)

    def no_network(*_: Any, **__: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("urllib.request.urlopen", no_network)
    with pytest.raises(RuntimeError, match=r"(?s)no route to host.*put it at.*Digits"):
        datasets.MNIST(tmp_path, download=True)


def test_cifar(tmp_path: Path) -> None:
    data = write_cifar(tmp_path)
    train, test = datasets.CIFAR10(tmp_path), datasets.CIFAR10(tmp_path, train=False)
    assert (len(train), len(test), train.classes[2], train.class_to_idx["truck"]) == (
        15,
        3,
        "bird",
        9,
    )
    image, label = test[2]
    assert (image.mode, image.size, label) == ("RGB", (32, 32), 9)
    np.testing.assert_array_equal(np.asarray(image).transpose(2, 0, 1), data[2].reshape(3, 32, 32))
    with pytest.raises(TypeError, match=r"transform=transforms.ToTensor\(\)"):
        next(iter(DataLoader(test)))


def test_the_archive_of_cifar(tmp_path: Path) -> None:
    write_cifar(tmp_path / "made")
    archive = tmp_path / "cifar-10-python.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(tmp_path / "made" / "cifar-10-batches-py", "cifar-10-batches-py")
        packed.addfile(tarfile.TarInfo("../outside"), io.BytesIO())
    assert len(datasets.CIFAR10(tmp_path)) == 15
    assert not (tmp_path.parent / "outside").exists()
    whole, other = archive.read_bytes(), tmp_path / "other"
    other.mkdir()
    packer = zlib.compressobj(wbits=31)
    begun = packer.compress(gzip.decompress(whole)[:30_000]) + packer.flush(zlib.Z_SYNC_FLUSH)
    for damaged in (whole[:1000], begun + b"\xff" * 100):
        (other / archive.name).write_bytes(damaged)
        with pytest.raises(RuntimeError, match="corrupted"):
            datasets.CIFAR10(other)


class Attack:
    def __init__(self, *call: Any) -> None:
        self.call = call

    def __reduce__(self) -> Any:
        return self.call[0], self.call[1:]


GOOD = py2({"data": np.zeros((2, 3), np.uint8), "labels": [1, 2]})
HOSTILE = {
    "a command": pickle.dumps({"data": Attack(os.system, "touch hacked")}, 2),
    "a command, protocol 0": pickle.dumps({"data": Attack(os.system, "touch hacked")}, 0),
    "a command, protocol 4": pickle.dumps({"data": Attack(os.system, "touch hacked")}, 4),
    "eval": pickle.dumps(Attack(eval, "open('hacked', 'w')"), 2),
    "an object": pickle.dumps({"data": Path("x")}, 2),
    "an array of objects": pickle.dumps({"data": np.array([None])}, 2),
    "an instance": b"\x80\x02(cos\nsystem\noU\x05touch.",
    "inst": b"(S'touch hacked'\nios\nsystem\n.",
    "another function of numpy": GOOD.replace(b"_reconstruct", b"fromfile\n#   ", 1),
    "other dtype": GOOD.replace(b"u1", b"O8"),
    "reduce without a name": b"\x80\x02K\x01K\x02\x85R.",
    "extension": b"\x80\x02\x82\x01.",
    "persistent": b"\x80\x02Pevil\n.",
    "no dictionary": b"\x80\x02K\x01.",
    "not enough on the stack": b"\x80\x02\x85.",
    "unknown memory": b"\x80\x02h\x07.",
    "no mark": b"\x80\x02u.",
    "state of nothing": b"\x80\x02}K\x01b.",
    "array never filled": b"\x80\x02}U\x04datacnumpy.core.multiarray\n_reconstruct\n"
    b"cnumpy\nndarray\nK\x00\x85U\x01b\x87Rs.",
    "large array": GOOD.replace(b"M\x02\x00", b"M\xff\xff"),
    "numbers as keys": b"\x80\x02}K\x01K\x02s.",
    "empty": b"",
    "text": b"hello",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_batches(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "batch"
    path.write_bytes(content)
    with pytest.raises(RuntimeError, match="corrupted"):
        read_batch(path)
    assert not (tmp_path / "hacked").exists()


def test_damaged_batches(tmp_path: Path) -> None:
    """Every shorter file is refused; a changed byte gives an error of one kind, or other values."""
    path = tmp_path / "batch"
    path.write_bytes(GOOD)
    assert read_batch(path)["labels"] == [1, 2]
    for end in range(len(GOOD)):
        path.write_bytes(GOOD[:end])
        with pytest.raises(RuntimeError, match="corrupted"):
            read_batch(path)
    for at in range(len(GOOD)):
        path.write_bytes(GOOD[:at] + bytes([RANDOM.integers(256)]) + GOOD[at + 1 :])
        with contextlib.suppress(RuntimeError):
            read_batch(path)


class Server(http.server.BaseHTTPRequestHandler):
    """Serves ``content``, from where it is asked to; breaks off after ``limit`` bytes."""

    content = b""
    limit: int | None = None
    asked: list[str | None]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if start >= len(self.content) and start:
            self.send_error(416)
            return
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(self.content) - start))
        self.end_headers()
        self.wfile.write(self.content[start:][: self.limit])

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[type[Server], str]]:
    kind = type("One", (Server,), {"asked": [], "content": RANDOM.bytes(300_000)})
    running = http.server.HTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield kind, f"http://127.0.0.1:{running.server_port}/file.gz"
    running.shutdown()
    running.server_close()


def test_download(tmp_path: Path, server: Any) -> None:
    kind, url = server
    md5 = hashlib.md5(kind.content).hexdigest()
    path = tmp_path / "new" / "file.gz"
    fetch(["http://127.0.0.1:9/nobody", url], path, md5)
    assert path.read_bytes() == kind.content
    assert [p.name for p in path.parent.iterdir()] == ["file.gz"]


def test_a_download_goes_on_where_it_stopped(tmp_path: Path, server: Any) -> None:
    kind, url = server
    md5 = hashlib.md5(kind.content).hexdigest()
    path = tmp_path / "file.gz"
    kind.limit = 100_000
    with pytest.raises(RuntimeError, match="broke off after 100000 bytes"):
        fetch([url], path, md5)
    kept = (tmp_path / "file.gz.part").stat().st_size
    assert 0 < kept <= 100_000
    assert not path.exists()
    kind.limit = None
    fetch([url], path, md5)
    assert path.read_bytes() == kind.content
    assert kind.asked == [None, f"bytes={kept}-"]


def test_a_wrong_file_is_removed(tmp_path: Path, server: Any) -> None:
    _, url = server
    with pytest.raises(RuntimeError, match="the checksum is wrong"):
        fetch([url], tmp_path / "file.gz", "0" * 32)
    assert not list(tmp_path.iterdir())


def test_image_folders(tmp_path: Path) -> None:
    for name in ("dog", "cat"):
        (tmp_path / name / "deep").mkdir(parents=True)
        picture().save(tmp_path / name / "b.PNG")
        picture("L").save(tmp_path / name / "deep" / "a.jpg")
        (tmp_path / name / "notes.txt").write_text("no picture")
    data = datasets.ImageFolder(tmp_path, transform=transforms.ToTensor())
    assert data.classes == ["cat", "dog"]
    assert data.targets == [0, 0, 1, 1]
    assert [Path(path).name for path, _ in data.samples] == ["b.PNG", "a.jpg"] * 2
    (batch, labels), *_ = DataLoader(data, batch_size=4, num_workers=2)
    assert (batch.shape, labels.tolist()) == ((4, 3, 12, 16), [0, 0, 1, 1])
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no valid file for the classes empty"):
        datasets.ImageFolder(tmp_path)
    assert len(datasets.ImageFolder(tmp_path, allow_empty=True)) == 4
    for path in (tmp_path / "nowhere", tmp_path / "empty"):
        with pytest.raises(FileNotFoundError, match="find any class folder"):
            datasets.ImageFolder(path)


def test_files_of_images(tmp_path: Path) -> None:
    x = ad.rand(3, 5, 6)
    utils.save_image(x, tmp_path / "x.png")
    again = vision_io.read_image(tmp_path / "x.png")
    assert (again.shape, again.dtype) == ((3, 5, 6), ad.uint8)
    assert (again.float() - x * 255).abs().max().item() <= 0.5001
    assert (
        vision_io.decode_image(vision_io.read_file(tmp_path / "x.png")).tolist() == again.tolist()
    )
    assert vision_io.read_image(tmp_path / "x.png", "GRAY").shape == (1, 5, 6)
    (tmp_path / "x.png").write_bytes((tmp_path / "x.png").read_bytes()[:60])
    for name in ("x.png", "nothing.png"):
        if name == "nothing.png":
            (tmp_path / name).write_bytes(b"nothing")
        with pytest.raises(RuntimeError, match="cannot read"):
            vision_io.read_image(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        vision_io.read_image(tmp_path / "missing.png")


def test_random_transforms_repeat_from_a_seed() -> None:
    t = transforms
    flips = t.Compose([t.RandomHorizontalFlip(), t.RandomVerticalFlip()])
    places = t.Compose([t.RandomRotation(30), t.RandomCrop(8, padding=2)])
    erasing = t.RandomErasing(value="random")
    change = t.Compose([t.RandomResizedCrop(10), flips, places, t.ToTensor(), erasing])
    image = picture()
    ad.manual_seed(1)
    first = [change(image).tolist() for _ in range(4)]
    ad.manual_seed(1)
    assert [change(image).tolist() for _ in range(4)] == first
    assert len({str(x) for x in first}) == 4


def test_what_is_random_covers_its_range() -> None:
    t, ramp = transforms, ad.arange(30).reshape(1, 5, 6)
    corners = {t.RandomCrop(4)(ramp)[0, 0, 0].item() for _ in range(100)}
    assert corners == {0, 1, 2, 6, 7, 8}
    flips = [t.RandomHorizontalFlip(0.3)(ramp)[0, 0, 0].item() == 5 for _ in range(300)]
    assert 60 < sum(flips) < 120
    erased = [(t.RandomErasing(1.0, value=99)(ramp) == 99).float().mean().item() for _ in range(50)]
    assert 0 < min(erased) < max(erased) < 0.6
    sizes = {t.RandomResizedCrop((3, 2))(ramp.float()).shape for _ in range(30)}
    assert sizes == {(1, 3, 2)}


def test_gradients_pass_transforms() -> None:
    t = transforms
    x = ad.rand(3, 6, 6, dtype=ad.float64, requires_grad=True)
    change = t.Compose(
        [t.Resize((4, 5)), t.Pad(1), t.RandomRotation((20, 20)), t.Normalize(0.5, 0.5)]
    )
    assert ad.autograd.gradcheck(change, (x,))
