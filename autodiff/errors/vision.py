"""Mistakes with images and data sets of images."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def not_an_image(file: Any, error: Exception) -> Exception:
    return teach(
        RuntimeError,
        f"cannot read {file} as an image: {type(error).__name__}.",
        why="it is of no format that Pillow knows, or it is damaged.",
        fix="open the file in a picture viewer, or write it anew.",
    )


def not_an_image_type(kind: str) -> Exception:
    return teach(
        TypeError,
        f"Unexpected type {kind}: an image is a PIL image or a Tensor.",
        fix="from an array: transforms.ToTensor()(array), or autodiff.from_numpy(array).",
    )


def not_an_image_shape(shape: Any) -> Exception:
    return teach(
        ValueError,
        f"Expected tensor to be a tensor image of size (..., C, H, W). Got {shown(shape)}.",
        why="an image has channels, rows and columns, in this order.",
    )


def array_dimensions(found: int) -> Exception:
    return teach(
        ValueError,
        f"pic should be 2/3 dimensional. Got {found} dimensions.",
        why="an array holds one image, as (H, W) or (H, W, C).",
    )


def neither_image_nor_array(pic: Any) -> Exception:
    kind = type(pic).__name__
    return teach(
        TypeError,
        f"pic should be PIL Image or ndarray. Got {kind}.",
        why="it is a tensor already." if kind == "Tensor" else "",
        fix="leave ToTensor() out; the images of Digits are tensors." if kind == "Tensor" else "",
    )


def not_a_pil_image(kind: str) -> Exception:
    return teach(TypeError, f"pic should be PIL Image. Got {kind}.")


def image_dimensions(found: int) -> Exception:
    return teach(
        ValueError,
        f"pic should be 2/3 dimensional. Got {found} dimensions.",
        fix="take one image of a batch: to_pil_image(batch[0])." if found == 4 else "",
    )


def neither_tensor_nor_array(kind: str) -> Exception:
    return teach(TypeError, f"pic should be Tensor or ndarray. Got {kind}.")


def too_many_channels(found: int) -> Exception:
    return teach(
        ValueError,
        f"pic should not have > 4 channels. Got {found} channels.",
        why="a tensor image is (C, H, W), an array (H, W, C).",
    )


def not_a_tensor_image(kind: str) -> Exception:
    return teach(
        TypeError,
        f"img should be Tensor Image. Got {kind}.",
        fix="put transforms.ToTensor() before this transform.",
    )


def not_floats(dtype: Any) -> Exception:
    return teach(
        TypeError,
        f"Input tensor should be a float tensor. Got {dtype}.",
        why="a mean is taken off, which leaves fractions and negative numbers.",
        fix="convert first: transforms.ConvertImageDtype(autodiff.float32).",
    )


def no_spread(std: Any) -> Exception:
    return teach(
        ValueError,
        f"std evaluated to zero, leading to division by zero: {std}.",
        fix="a channel that never changes: use 1.",
    )


def max_size_with_two(sizes: Any) -> Exception:
    return teach(
        ValueError,
        "max_size should only be passed if size specifies the length of the smaller edge, but "
        f"size is {sizes}.",
    )


def max_size_too_small(max_size: int, size: int) -> Exception:
    return teach(
        ValueError,
        f"max_size = {max_size} must be strictly greater than the requested size for the smaller "
        f"edge size = {size}.",
    )


def gray_channels(count: int) -> Exception:
    return teach(ValueError, f"num_output_channels should be either 1 or 3, not {count}.")


def not_a_function(kind: str) -> Exception:
    return teach(TypeError, f"Argument lambd should be callable, got {kind}.")


def two_sizes(size: Any) -> Exception:
    return teach(ValueError, f"Please provide only two dimensions (h, w) for size, not {size}.")


def inappropriate(name: str, value: Any) -> Exception:
    return teach(TypeError, f"Got inappropriate {name} arg: {value!r}.")


def padding_mode(mode: Any) -> Exception:
    return teach(
        ValueError, f"Padding mode should be constant, edge, reflect or symmetric, not {mode!r}."
    )


def padding_count(found: int) -> Exception:
    return teach(
        ValueError,
        f"Padding must be an int or a 1, 2, or 4 element tuple, not a {found} element tuple.",
    )


def size_type(size: Any) -> Exception:
    return teach(TypeError, f"Size should be int or sequence. Got {type(size).__name__}.")


def size_count(size: Any) -> Exception:
    return teach(
        ValueError, f"If size is a sequence, it should have 1 or 2 values, not {len(size)}."
    )


def crop_too_large(size: Any, image: Any) -> Exception:
    return teach(
        ValueError,
        f"Required crop size {size} is larger than input image size {image}.",
        fix="resize the image first, or pass pad_if_needed=True.",
    )


def negative_degrees() -> Exception:
    return teach(
        ValueError,
        "If degrees is a single number, it must be positive.",
        why="the angle is drawn between -degrees and degrees.",
    )


def two_degrees() -> Exception:
    return teach(ValueError, "degrees should be a sequence of length 2.")


def erasing(what: str) -> Exception:
    return teach(ValueError, f"{what}.")


def value_range(value: Any) -> Exception:
    return teach(
        TypeError, f"value_range has to be a tuple (min, max) if specified, not {value!r}."
    )


def not_images(kind: str) -> Exception:
    return teach(TypeError, f"tensor or list of tensors expected, got {kind}.")


def not_the_bytes_of_a_file(kind: str) -> Exception:
    return teach(
        RuntimeError,
        f"expected a file's name, or its bytes in a uint8 tensor of one dimension, got {kind}.",
    )


def extensions_or_function() -> Exception:
    return teach(
        ValueError,
        "Both extensions and is_valid_file cannot be None or not None at the same time.",
        why="one of them says which files are samples.",
    )


def no_folder(path: str) -> Exception:
    return teach(
        FileNotFoundError,
        f"Couldn't find any class folder in {path}: there is no such folder.",
        fix="check the path; a relative one starts from the folder the program was started in.",
    )


def no_classes(path: str) -> Exception:
    return teach(
        FileNotFoundError,
        f"Couldn't find any class folder in {path}.",
        why="each class is a folder of its own: root/cat/1.png, root/dog/2.png.",
    )


def class_without_files(name: str, root: str, extensions: Any) -> Exception:
    return teach(
        FileNotFoundError,
        f"Found no valid file for the classes {name} in {root}.",
        why=f"files of these kinds count: {', '.join(extensions)}." if extensions else "",
        fix="remove the folder, or pass allow_empty=True.",
    )


def sample_out_of_range(name: str, index: int) -> Exception:
    return teach(IndexError, f"{name} index out of range: {index}.")


def damaged_file(path: Any, problem: str) -> Exception:
    return teach(
        RuntimeError,
        f"Dataset not found or corrupted: {path}: {problem}.",
        fix="remove the file, and get it again with download=True.",
    )


def not_there(name: str, path: Any, url: str) -> Exception:
    return teach(
        RuntimeError,
        f"Dataset not found: {name} has no {path}.",
        fix=f"download=True gets it from the network. Without one, fetch {url} elsewhere and put "
        "it there; or start with vision.datasets.Digits, which needs no download.",
    )


def download_failed(path: Any, problems: list[str]) -> Exception:
    return teach(
        RuntimeError,
        "\n    ".join([f"Error downloading {path.name}:", *problems]),
        why="there is no network, or the server does not answer. What has arrived is kept, and "
        "the next attempt goes on from there.",
        fix=f"fetch it elsewhere and put it at {path}; or start with vision.datasets.Digits, which "
        "needs no download.",
    )
