"""What is typed into a shell as an image, a kernel, a padding, an entry or a file: read, or refused with a sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hw2gui.errors import InputError, shortened

if TYPE_CHECKING:
    from hw2gui.arrays import Floats
    from hw2gui.convolution.matrix import ConvolutionMatrix
    from hw2gui.convolution.sizes import Padding


def read_image(text: str, seed: int) -> tuple[Floats, list[str]]:
    """The pixels of --image, grey levels / 256 as in the homework or numbers as they are, and what to say about them."""
    from hw2gui.convolution import inputs

    if seed < 0:
        raise InputError(f"The seed is {seed}; take a whole number from 0.")
    if inputs.is_size(text):
        height, width = inputs.parse_size(text)
        return inputs.synthetic("random", height, width, seed) / 256.0, [f"The image is random grey levels / 256, seed {seed}."]
    if not _is_file(text) and (not text.strip() or re.search(r"[,;\n]", text) or re.fullmatch(r"[\d\s.eE+−-]+", text)):
        return inputs.parse_image(text), []
    from hw2gui.datasets.pictures import read_picture

    picture = read_picture(Path(text))
    steps = f": {', '.join(picture.steps)}" if picture.steps else ""
    return picture.pixels / 256.0, [f"{Path(text).name}{steps}, grey levels / 256."]


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a name too long for a file, or with a zero byte
        return False


def read_kernel(text: str) -> Floats:
    """The kernel's numbers, or those of a preset: NAME (3×3) or NAME:MxN."""
    from hw2gui.convolution import inputs, kernels

    name, colon, size = text.strip().partition(":")
    if name not in kernels.PRESETS and not re.fullmatch(r"[a-z][a-z-]+", name):
        return kernels.parse_kernel(text)
    return kernels.preset(name, *(inputs.parse_sides(size) if colon else (3, 3)))


def read_padding(text: str, kernel: tuple[int, int], dilation: int) -> Padding:
    """Zeros on every side, or ``same``: as many as keep the image's size under a *kernel* of this shape."""
    from hw2gui.convolution.sizes import Padding

    if text == "same":
        return Padding.same(*kernel, dilation)
    if not re.fullmatch(r"[+-]?\d{1,99}", text, re.ASCII):
        raise InputError(f"The padding '{shortened(text)}' is neither a whole number of zeros nor 'same'.")
    return Padding.uniform(int(text))


def npz_path(text: str) -> Path:
    """A file that M can be written to."""
    path = Path(text)
    if path.suffix != ".npz" or path.is_dir():
        raise InputError(f"M is written to a file whose name ends in .npz, such as M.npz, not to '{shortened(text, 200)}'.")
    return path


def entry_described(matrix: ConvolutionMatrix, text: str) -> dict[str, object]:
    """The entry "I,J" of M, counted from 1, with its formula in numbers. Raises InputError where there is none."""
    from hw2gui.convolution.entry import describe_entry

    found = re.fullmatch(r"\s*([+-]?\d{1,18})\s*,\s*([+-]?\d{1,18})\s*", text, re.ASCII)
    if not found:
        raise InputError(f"'{shortened(text)}' is no entry; write its row and column counted from 1, such as 7,9.")
    i, j = int(found[1]), int(found[2])
    entry = matrix.entry(i - 1, j - 1)
    description = describe_entry(entry, matrix.geometry)
    return {
        "entry": [i, j],
        "alpha": entry.alpha + 1,
        "beta": entry.beta + 1,
        "gamma": entry.gamma + 1,
        "delta": entry.delta + 1,
        "value": entry.value,
        "formula": "\n".join(
            [f"i = {i}, j = {j}", *map(str, description.lines), description.formula, f"M({i}, {j}): {description.verdict}"]
        ),
    }
