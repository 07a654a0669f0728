"""Lines that the programs of `hw2gui.convolution.snippets` are made of."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.geometry import Geometry, Order

LISTED_PIXELS = 100
"""Up to so many pixels are written out as numbers."""

LONGEST_LIST = 60
"""Longest list of lists on one line, in characters."""

PACKED_PIXELS = 4096
"""Up to so many grey levels k/256 are packed into a string; a larger image is left to the reader, with random pixels in its place."""


@dataclass(frozen=True)
class Gradient:
    """What g is while Mᵀ is on screen: z itself, 1 everywhere, or 1 at one cell (row and column from 0)."""

    kind: Literal["output", "ones", "single"] = "output"
    cell: tuple[int, int] = (0, 0)

    def made(self, like: str, library: str, at: str) -> list[str]:
        """Lines that make g with the shape of *like*; *at* is its one cell."""
        says = "  # the gradient with respect to z; that with respect to x is M^T vec(g)"
        if self.kind == "single":
            return [f"g = {library}.zeros_like({like}){says}", f"g[{at}] = 1"]
        return [f"g = {library}.ones_like({like}){says}" if self.kind == "ones" else f"g = {like}{says}"]


def title(geometry: Geometry) -> str:
    """What the program is of, as a comment."""
    p = geometry.padding
    sides = f"{p.top}" if p.is_uniform else f"{p.top}, {p.bottom}, {p.left}, {p.right} (top, bottom, left, right)"
    parts = [f"{by(geometry.image_shape)} image", f"{by(geometry.kernel_shape)} kernel", f"stride {geometry.stride}"]
    parts += [] if p.is_none else [f"padding {sides}"]
    parts += [] if geometry.dilation == 1 else [f"dilation {geometry.dilation}"]
    return f"# vec(z) = M vec(x): {', '.join(parts)}; vec stacks {geometry.order}s"


def numpy_imports(image: Floats) -> list[str]:
    """Imports for numpy and, where the image is packed, for unpacking it."""
    return [*(["import base64", "import zlib", ""] if is_packed(image) else []), "import numpy as np"]


def numpy_image(image: Floats) -> list[str]:
    """Lines that make the image x as a float64 array."""
    height, width = image.shape
    if image.size <= LISTED_PIXELS:
        if is_grey(image):
            return [f"x = np.array({listed(image * 256)}) / 256  # image, H x W"]
        return [f"x = np.array({listed(image)}, dtype=float)  # image, H x W"]
    if is_packed(image):
        packed = base64.b64encode(zlib.compress((image * 256).astype(np.uint8).tobytes(), 9)).decode()
        pieces = [packed[at : at + 120] for at in range(0, len(packed), 120)]
        return [
            "pixels = (",
            *(f'    "{piece}"' for piece in pieces),
            ")",
            f"x = np.frombuffer(zlib.decompress(base64.b64decode(pixels)), np.uint8).reshape({height}, {width}) / 256  # image, H x W",
        ]
    return [f"x = np.random.default_rng(0).integers(0, 256, ({height}, {width})) / 256  # put your image here: x = np.load('x.npy')"]


def is_packed(image: Floats) -> bool:
    """Whether the image is written as a packed string."""
    return LISTED_PIXELS < image.size <= PACKED_PIXELS and is_grey(image)


def is_grey(image: Floats) -> bool:
    """Whether every pixel is a grey level k/256 with k from 0 to 255."""
    levels = image * 256
    return bool(((levels >= 0) & (levels <= 255) & (levels == np.rint(levels))).all())


def flip(geometry: Geometry, turned: str) -> list[str]:
    """The line that turns the kernel, where it is to be turned."""
    return [f"w = {turned}  # true convolution rotates the kernel by 180 degrees"] if geometry.flipped else []


def sizes(geometry: Geometry) -> list[str]:
    """The settings and sizes by the names of the screen; a settings line only where it differs from the usual."""
    p, s, d = geometry.padding, geometry.stride, geometry.dilation
    settings = [f"s = {s}  # stride"] if s > 1 else []
    settings += [f"d = {d}  # dilation"] if d > 1 else []
    settings += [] if p.is_none else [f"top, bottom, left, right = {p.top}, {p.bottom}, {p.left}, {p.right}  # padding"]
    rows, columns = ("H", "W") if p.is_none else ("(top + H + bottom)", "(left + W + right)")
    reach = ("M", "N") if d == 1 else ("(d * (M - 1) + 1)", "(d * (N - 1) + 1)")
    out = [f"({size} - {side}) // s + 1" if s > 1 else f"{size} - {side} + 1" for size, side in zip((rows, columns), reach, strict=True)]
    return [*settings, "(H, W), (M, N) = x.shape, w.shape", f"H_, W_ = {out[0]}, {out[1]}  # z is H' x W'", ""]


def dense(geometry: Geometry) -> list[str]:
    """M(i, j) = w(m, n) inside the kernel, every entry at once."""
    if geometry.order == "row":
        cells = ["alpha, beta = i // W_, i % W_  # output pixel of row i", "gamma, delta = j // W, j % W  # input pixel of column j"]
    else:
        cells = ["alpha, beta = i % H_, i // H_  # output pixel of row i", "gamma, delta = j % H, j // H  # input pixel of column j"]
    step, padded = ("s * " if geometry.stride > 1 else ""), not geometry.padding.is_none
    m, n = (
        f"{pixel}{f' + {side}' if padded else ''} - {step}{cell}"
        for pixel, side, cell in (("gamma", "top", "alpha"), ("delta", "left", "beta"))
    )
    lines = ["i, j = np.arange(H_ * W_)[:, None], np.arange(H * W)", *cells, f"m, n = {m}, {n}"]
    whole = ""
    if geometry.dilation > 1:
        lines += ["whole = (m % d == 0) & (n % d == 0)", "m, n = m // d, n // d"]
        whole = "whole & "
    return [
        *lines,
        f"inside = {whole}(m >= 0) & (m < M) & (n >= 0) & (n < N)",
        "matrix = np.where(inside, w[np.clip(m, 0, M - 1), np.clip(n, 0, N - 1)], 0)",
    ]


def sparse(geometry: Geometry) -> list[str]:
    """M tap by tap: the pixel that tap (m, n) of every window lies on."""
    place = [
        f"{'s * ' if geometry.stride > 1 else ''}{cell} + {'d * ' if geometry.dilation > 1 else ''}{tap}"
        for cell, tap in (("alpha", "m"), ("beta", "n"))
    ]
    if not geometry.padding.is_none:
        place = [f"{place[0]} - top", f"{place[1]} - left"]
    row_major = geometry.order == "row"
    return [
        "alpha, beta = np.indices((H_, W_), dtype=np.int32)" if row_major else "beta, alpha = np.indices((W_, H_), dtype=np.int32)",
        "rows, columns, values = [], [], []",
        "for (m, n), weight in np.ndenumerate(w):",
        f"    gamma, delta = ({place[0]}).ravel(), ({place[1]}).ravel()",
        "    inside = (gamma >= 0) & (gamma < H) & (delta >= 0) & (delta < W)",
        "    rows.append(np.flatnonzero(inside).astype(np.int32))",
        f"    columns.append(({'gamma * W + delta' if row_major else 'delta * H + gamma'})[inside])",
        "    values.append(np.full(len(rows[-1]), weight))",
        "matrix = coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(H_ * W_, H * W)).tocsr()",
    ]


def window(geometry: Geometry) -> list[str]:
    """Z by the sliding window, for the comparison."""
    padded = "x" if geometry.padding.is_none else "np.pad(x, ((top, bottom), (left, right)))"
    return [f"padded = {padded}", f"z = sum(weight * {patch(geometry, 'padded')} for (m, n), weight in np.ndenumerate(w))"]


def patch(geometry: Geometry, of: str) -> str:
    """The pixels of the padded image *of* that tap (m, n) lies on, one for each output pixel."""
    d = "d * " if geometry.dilation > 1 else ""
    if geometry.stride > 1:
        return f"{of}[{d}m : {d}m + s * H_ : s, {d}n : {d}n + s * W_ : s]"
    return f"{of}[{d}m : {d}m + H_, {d}n : {d}n + W_]"


def laid_back(geometry: Geometry, order: str) -> list[str]:
    """Mᵀ vec(g) as an image, and the same by laying the kernel, times g, back onto the padded image."""
    p = geometry.padding
    inner = "back" if p.is_none else "back[top : top + H, left : left + W]"
    return [
        f"gradient = (matrix.T @ g.reshape(-1{order})).reshape(x.shape{order})",
        "back = np.zeros_like(padded)",
        "for (m, n), weight in np.ndenumerate(w):",
        f"    {patch(geometry, 'back')} += weight * g",
        *shown("gradient", "gradient", geometry.image_shape),
        *report(f"np.abs(gradient - {inner}).max()", "matrix.T.shape"),
    ]


def folded(geometry: Geometry, gradient: Gradient, options: str) -> list[str]:
    """The gradient by autograd, and by fold, which adds up what every output pixel lays onto the padded image."""
    (row, column), p = gradient.cell, geometry.padding
    height, width = geometry.image_shape
    inner = "" if p.is_none else f"[..., {p.top} : {p.top + height}, {p.left} : {p.left + width}]"
    return [
        *gradient.made("z.detach()", "torch", f"0, 0, {row}, {column}"),
        "(gradient,) = torch.autograd.grad(z, image, g)  # of the sum of g * z",
        f"laid = fold(w.reshape(1, -1, 1) * g.reshape(1, 1, -1), tuple(padded.shape[2:]), tuple(w.shape){options}){inner}",
        *shown("gradient", "gradient[0, 0]", geometry.image_shape, item=True),
        *report("(laid - gradient).abs().max().item()", "tuple(gradient.shape[2:])"),
    ]


def shown(name: str, image: str, shape: tuple[int, int], *, item: bool = False) -> list[str]:
    """Print an image, or of a large one the least and the greatest value."""
    if shape[0] * shape[1] <= LISTED_PIXELS:
        return [f"print({image})"]
    least, greatest = (f"{name}.{end}(){'.item()' if item else ''}" for end in ("min", "max"))
    return [f'print("{name} from", {least}, "to", {greatest})']


def numpy_order(order: Order) -> str:
    """The argument with which numpy's reshape stacks columns."""
    return ', order="F"' if order == "column" else ""


def torch_image(vector: str, shape: tuple[int, int], order: Order) -> str:
    """A vector as the image it is of, in torch."""
    height, width = shape
    return f"{vector}.reshape({width}, {height}).T" if order == "column" else f"{vector}.reshape({height}, {width})"


def report(error: str, shape: str = "matrix.shape") -> list[str]:
    """Print a size and an error."""
    return [f"print({shape}, {error})  # the second number should be nearly 0"]


def scaled(attention: PixelAttention) -> str:
    """The factor of the image, where there is one."""
    return "" if attention.scale == 1 else f"{number(attention.scale)} * "


def listed(values: Floats) -> str:
    """A list of lists: on one line, or a line for each row where that would be long."""
    rows = ["[" + ", ".join(number(value) for value in row) + "]" for row in values]
    if sum(map(len, rows)) <= LONGEST_LIST:
        return f"[{', '.join(rows)}]"
    return "[\n" + "".join(f"    {row},\n" for row in rows) + "]"


def number(value: float) -> str:
    """The shortest text that is exactly *value*."""
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def by(shape: Sequence[int]) -> str:
    """Sizes as 4x6."""
    return "x".join(str(side) for side in shape)


def text(lines: list[str]) -> str:
    """Lines as a program."""
    return "\n".join(lines) + "\n"
