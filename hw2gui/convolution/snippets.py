"""The present setting as a short program that runs as pasted: numpy or PyTorch, with the real kernel, sizes and (up to 64×64) pixels.

Each program builds the matrix or attention its own way, computes the result a second way and prints how far the two are apart.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix

LISTED_PIXELS = 100
"""Up to so many pixels are written out as numbers."""

LONGEST_LIST = 90
"""Longest list of lists on one line, in characters."""

PACKED_PIXELS = 4096
"""Up to so many grey levels k/256 are packed into a string; a larger image is left to the reader, with random pixels in its place."""

DENSE_ENTRIES = 1 << 22
"""Up to so many entries a program makes its matrix dense."""


def convolution_numpy(matrix: ConvolutionMatrix, image: Floats) -> str:
    """M by its closed form (sparse where it is large), and max |M vec(x) − vec(z)| against the sliding window."""
    geometry = matrix.geometry
    dense = matrix.shape[0] * matrix.shape[1] <= DENSE_ENTRIES
    lines = [_title(geometry), *_numpy_imports(image), *([] if dense else ["from scipy.sparse import coo_array"]), ""]
    lines += [f"w = np.array({_rows(matrix.kernel)}, dtype=float)  # kernel, M x N", *_flip(geometry, "w[::-1, ::-1]")]
    lines += [*_numpy_image(image), *_sizes(geometry), *(_dense(geometry) if dense else _sparse(geometry)), "", *_window(geometry)]
    order = ', order="F"' if geometry.order == "column" else ""
    return _text([*lines, f"vec_x, vec_z = x.reshape(-1{order}), z.reshape(-1{order})", *_report("np.abs(matrix @ vec_x - vec_z).max()")])


def convolution_torch(matrix: ConvolutionMatrix, image: Floats) -> str:
    """M as the Jacobian of conv2d, and max |M vec(x) − vec(z)|; where M is large, z by unfold in its place."""
    geometry = matrix.geometry
    small = matrix.shape[0] * matrix.shape[1] <= DENSE_ENTRIES
    lines = [
        _title(geometry),
        *_numpy_imports(image),
        "import torch",
        f"from torch.nn.functional import conv2d, pad{'' if small else ', unfold'}",
        "",
    ]
    lines += [f"w = torch.tensor({_rows(matrix.kernel)}, dtype=torch.float64)  # kernel, M x N", *_flip(geometry, "w.flip(0, 1)")]
    lines += [*_numpy_image(image), "x = torch.from_numpy(x)", *([] if not small else ["", ""])]
    p = geometry.padding
    padded = "image" if p.is_none else f"pad(image, ({p.left}, {p.right}, {p.top}, {p.bottom}))"
    options = "".join(f", {name}={value}" for name, value in (("stride", geometry.stride), ("dilation", geometry.dilation)) if value > 1)
    if not small:
        return _text(
            [
                *lines,
                "image = x[None, None]",
                f"padded = {padded}",
                f"z = conv2d(padded, w[None, None]{options})",
                f"windows = unfold(padded, tuple(w.shape){options})  # one column for each output pixel",
                "print(z.shape[2:], (w.reshape(1, -1) @ windows - z.reshape(1, 1, -1)).abs().max().item())",
            ]
        )
    column_major = geometry.order == "column"
    height, width = geometry.image_shape
    image_of = f"vector.reshape(1, 1, {width}, {height}).transpose(2, 3)" if column_major else f"vector.reshape(1, 1, {height}, {width})"
    turned = ".transpose(2, 3)" if column_major else ""
    return _text(
        [
            *lines,
            f"def convolution(vector):  # vec(x) -> vec(z){', columns stacked' if column_major else ''}",
            f"    image = {image_of}",
            f"    return conv2d({padded}, w[None, None]{options}){turned}.reshape(-1)",
            "",
            "",
            f"vec_x = x{'.T' if column_major else ''}.reshape(-1)",
            "vec_z = convolution(vec_x)",
            "matrix = torch.autograd.functional.jacobian(convolution, vec_x)",
            *_report("(matrix @ vec_x - vec_z).abs().max().item()", "tuple(matrix.shape)"),
        ]
    )


def attention_numpy(attention: PixelAttention) -> str:
    """P and Z by the formula, and max |Z − g(x')| with the tone curve g made of the grey levels; a large image by its levels alone."""
    image = attention.grey.image()
    lines = [f"# attention over the pixels of a {_by(image.shape)} image", *_numpy_imports(image), "", *_numpy_image(image)]
    lines += [f"v = {_scaled(attention)}x.reshape(-1)  # x' = Q = K = V", f"T = {_number(attention.temperature)}", ""]
    if attention.size**2 > DENSE_ENTRIES:
        queries, rows = "v[:16]", "  # 16 rows of P; all of it is too large"
    else:
        queries, rows = "v", ""
    return _text(
        [
            *lines,
            f"scores = np.outer({queries}, v) / T{rows}",
            "exp = np.exp(scores - scores.max(axis=1, keepdims=True))  # the largest score is taken off, so nothing overflows",
            "P = exp / exp.sum(axis=1, keepdims=True)",
            "Z = P @ v",
            "",
            "levels, level, counts = np.unique(v, return_inverse=True, return_counts=True)",
            "scores = np.outer(levels, levels) / T",
            "weights = counts * np.exp(scores - scores.max(axis=1, keepdims=True))",
            "g = weights @ levels / weights.sum(axis=1)  # the tone curve at each grey level",
            "print(P.shape, P.min() * v.size, P.max() * v.size, np.abs(Z - g[level][: len(Z)]).max())",
        ]
    )


def attention_torch(attention: PixelAttention) -> str:
    """Z by scaled_dot_product_attention, and the largest difference from softmax(x'x'ᵀ / T) x'."""
    image = attention.grey.image()
    lines = [f"# attention over the pixels of a {_by(image.shape)} image", *_numpy_imports(image), "import torch"]
    lines += ["from torch.nn.functional import scaled_dot_product_attention", "", *_numpy_image(image)]
    large = attention.size**2 > DENSE_ENTRIES
    return _text(
        [
            *lines,
            f"v = torch.from_numpy({_scaled(attention)}x).reshape(-1, 1)  # x' = Q = K = V, one number a pixel",
            f"T = {_number(attention.temperature)}",
            f"q = v{'[:16]  # 16 rows of P; all of it is too large' if large else ''}",
            "",
            "Z = scaled_dot_product_attention(q[None], v[None], v[None], scale=1 / T)[0]",
            "P = torch.softmax(q @ v.T / T, dim=1)",
            "print(tuple(P.shape), (P @ v - Z).abs().max().item())",
        ]
    )


# Parts of programs


def _title(geometry: Geometry) -> str:
    p = geometry.padding
    sides = f"{p.top}" if p.is_uniform else f"{p.top}, {p.bottom}, {p.left}, {p.right} (top, bottom, left, right)"
    parts = [f"{_by(geometry.image_shape)} image", f"{_by(geometry.kernel_shape)} kernel", f"stride {geometry.stride}"]
    parts += [] if p.is_none else [f"padding {sides}"]
    parts += [] if geometry.dilation == 1 else [f"dilation {geometry.dilation}"]
    return f"# vec(z) = M vec(x): {', '.join(parts)}; vec stacks {geometry.order}s"


def _numpy_imports(image: Floats) -> list[str]:
    return [*(["import base64", "import zlib", ""] if _is_packed(image) else []), "import numpy as np"]


def _numpy_image(image: Floats) -> list[str]:
    """Lines that make the image x as a float64 array."""
    height, width = image.shape
    if image.size <= LISTED_PIXELS:
        if _is_grey(image):
            return [f"x = np.array({_rows(image * 256)}) / 256  # image, H x W"]
        return [f"x = np.array({_rows(image)}, dtype=float)  # image, H x W"]
    if _is_packed(image):
        packed = base64.b64encode(zlib.compress((image * 256).astype(np.uint8).tobytes(), 9)).decode()
        pieces = [packed[at : at + 120] for at in range(0, len(packed), 120)]
        return [
            "pixels = (",
            *(f'    "{piece}"' for piece in pieces),
            ")",
            f"x = np.frombuffer(zlib.decompress(base64.b64decode(pixels)), np.uint8).reshape({height}, {width}) / 256  # image, H x W",
        ]
    return [f"x = np.random.default_rng(0).integers(0, 256, ({height}, {width})) / 256  # put your image here: x = np.load('x.npy')"]


def _is_packed(image: Floats) -> bool:
    return LISTED_PIXELS < image.size <= PACKED_PIXELS and _is_grey(image)


def _is_grey(image: Floats) -> bool:
    """Whether every pixel is a grey level k/256 with k from 0 to 255."""
    levels = image * 256
    return bool(((levels >= 0) & (levels <= 255) & (levels == np.rint(levels))).all())


def _flip(geometry: Geometry, turned: str) -> list[str]:
    return [f"w = {turned}  # true convolution rotates the kernel by 180 degrees"] if geometry.flipped else []


def _sizes(geometry: Geometry) -> list[str]:
    p, s, d = geometry.padding, geometry.stride, geometry.dilation
    settings = [f"s = {s}  # stride"] if s > 1 else []
    settings += [f"d = {d}  # dilation"] if d > 1 else []
    settings += [] if p.is_none else [f"top, bottom, left, right = {p.top}, {p.bottom}, {p.left}, {p.right}  # padding"]
    rows, columns = ("H", "W") if p.is_none else ("(top + H + bottom)", "(left + W + right)")
    reach = ("M", "N") if d == 1 else ("(d * (M - 1) + 1)", "(d * (N - 1) + 1)")
    out = [f"({size} - {side}) // s + 1" if s > 1 else f"{size} - {side} + 1" for size, side in zip((rows, columns), reach, strict=True)]
    return [*settings, "(H, W), (M, N) = x.shape, w.shape", f"H_, W_ = {out[0]}, {out[1]}  # z is H' x W'", ""]


def _dense(geometry: Geometry) -> list[str]:
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


def _sparse(geometry: Geometry) -> list[str]:
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


def _window(geometry: Geometry) -> list[str]:
    """Z by the sliding window, for the comparison."""
    d = "d * " if geometry.dilation > 1 else ""
    padded = "x" if geometry.padding.is_none else "np.pad(x, ((top, bottom), (left, right)))"
    if geometry.stride > 1:
        patch = f"padded[{d}m : {d}m + s * H_ : s, {d}n : {d}n + s * W_ : s]"
    else:
        patch = f"padded[{d}m : {d}m + H_, {d}n : {d}n + W_]"
    return [f"padded = {padded}", f"z = sum(weight * {patch} for (m, n), weight in np.ndenumerate(w))"]


def _report(error: str, shape: str = "matrix.shape") -> list[str]:
    return [f"print({shape}, {error})  # the second number should be nearly 0"]


def _scaled(attention: PixelAttention) -> str:
    return "" if attention.scale == 1 else f"{_number(attention.scale)} * "


def _rows(values: Floats) -> str:
    """A list of lists: on one line, or a line for each row where that would be long."""
    rows = ["[" + ", ".join(_number(value) for value in row) + "]" for row in values]
    if sum(map(len, rows)) <= LONGEST_LIST:
        return f"[{', '.join(rows)}]"
    return "[\n" + "".join(f"    {row},\n" for row in rows) + "]"


def _number(value: float) -> str:
    """The shortest text that is exactly *value*."""
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _by(shape: Sequence[int]) -> str:
    return "x".join(str(side) for side in shape)


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
