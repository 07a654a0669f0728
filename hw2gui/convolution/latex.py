"""The present setting as LaTeX (amsmath): the entry formula with its cases, and M itself, whole or by its blocks."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.axis import Axis
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix

WHOLE_ROWS, WHOLE_COLUMNS = 16, 24
"""The largest matrix written out whole."""

LARGEST_CUT = 10
"""Most rows and columns left of a larger one, a line of dots between its beginning and end included."""

FIRST, LAST = 6, 3
"""How many of them are from the beginning and from the end."""

BLOCKS_SHOWN = 3
"""Blocks written out when M is given by its blocks."""

PREAMBLE = "% needs \\usepackage{amsmath}"
ATTENTION_PREAMBLE = "% needs \\usepackage{amsmath,amssymb}"
OTHERWISE = "\\\\\n  0 & \\text{otherwise}\n\\end{cases}"


def convolution_latex(matrix: ConvolutionMatrix, base: int = 1) -> str:
    """The formula of M(i, j), indices from *base*, then M with its numbers: all of it when small, else block by block with dots."""
    rows, columns = matrix.shape
    if rows <= WHOLE_ROWS and columns <= WHOLE_COLUMNS:
        shown = f"\\[\n\\mathbf{{M}} = {_bmatrix(rows, columns, lambda i, j: _number(matrix.entry(i, j).value))}\n\\]"
    else:
        shown = _blocks(matrix)
    # bmatrix takes 10 columns unless told; the dots may take one more than the cells shown.
    wide = ["\\setcounter{MaxMatrixCols}{" + str(WHOLE_COLUMNS) + "}"] if "{bmatrix}" in shown else []
    return "\n".join([PREAMBLE, *wide, _entry_formula(matrix.geometry, base), shown]) + "\n"


def attention_latex(attention: PixelAttention) -> str:
    """The stages of attention over pixels, Z_i, and the tone curve; with the numbers of P for up to eight pixels."""
    temperature = "" if attention.temperature == 1 else f" / {_number(attention.temperature)}"
    over = "" if attention.temperature == 1 else f"{_number(attention.temperature)}\\,"
    scale = "" if attention.scale == 1 else f"{_number(attention.scale)}\\,"
    score = f"\\mathbf{{x}}'\\mathbf{{x}}'^{{\\top}}{temperature}"
    height, width = attention.shape
    lines = [
        ATTENTION_PREAMBLE,
        f"% {height} x {width} image, {attention.size} pixels",
        f"\\[\n\\mathbf{{x}}' = {scale}\\operatorname{{vec}}(\\mathbf{{x}}) \\in \\mathbb{{R}}^{{{attention.size}}}, \\qquad",
        f"\\mathbf{{P}} = \\operatorname{{softmax}}\\left({score}\\right)",
        f"= \\frac{{\\exp\\{{{score}\\}}}}{{\\exp\\{{{score}\\}}\\,\\mathbf{{1}}\\mathbf{{1}}^{{\\top}}}}, \\qquad",
        "\\mathbf{Z} = \\mathbf{P}\\mathbf{x}'\n\\]",
        f"\\[\nZ_i = \\frac{{\\sum_j \\exp\\{{x'_i x'_j{temperature}\\}}\\, x'_j}}{{\\sum_k \\exp\\{{x'_i x'_k{temperature}\\}}}}",
        "= g(x'_i), \\qquad",
        f"g(t) = {over}\\frac{{d}}{{dt}} \\log \\sum_k \\exp\\{{t\\, x'_k{temperature}\\}}\n\\]",
    ]
    if attention.size <= 8:
        p = attention.probabilities(range(attention.size), range(attention.size))
        z = attention.tone_curve(attention.vector)
        lines.append(f"\\[\n\\mathbf{{P}} = {_bmatrix(attention.size, attention.size, lambda i, j: f'{p[i, j]:.4f}')}, \\qquad")
        lines.append(f"\\mathbf{{Z}} = {_bmatrix(len(z), 1, lambda i, j: f'{z[i]:.4f}')}\n\\]")
    return "\n".join(lines) + "\n"


def _entry_formula(geometry: Geometry, base: int) -> str:
    """α, β, γ, δ, m, n and the cases."""
    minus, plus = (f" - {base}", f" + {base}") if base else ("", "")
    quotient = "\\left\\lfloor \\frac{{{index}" + minus + "}}{{{size}}} \\right\\rfloor" + plus
    remainder = "({index}" + minus + ") \\bmod {size}" + plus if base else "{index} \\bmod {size}"
    row_major = geometry.order == "row"
    height, width = ("H'", "W'"), ("H", "W")
    lines = []
    for index, letters, (rows, columns) in (("i", ("\\alpha", "\\beta"), height), ("j", ("\\gamma", "\\delta"), width)):
        forms = (quotient, remainder) if row_major else (remainder, quotient)
        for letter, form in zip(letters, forms, strict=True):
            lines.append(f"{letter} &= {form.format(index=index, size=columns if row_major else rows)}")
    taps = (("m", "\\gamma", "\\alpha", "M", geometry.padding.top), ("n", "\\delta", "\\beta", "N", geometry.padding.left))
    for letter, pixel, cell, size, padding in taps:
        lines.append(f"{letter} &= {_tap(pixel, cell, size, padding, geometry, base)}")
    ends = f"{base} \\le m \\le M{'' if base else ' - 1'} \\text{{ and }} {base} \\le n \\le N{'' if base else ' - 1'}"
    whole = " \\text{ and both whole}" if geometry.dilation > 1 else ""
    return (
        "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"
        "\\[\n\\mathbf{M}(i, j) = \\begin{cases}\n  w(m, n) & " + ends + whole + " " + OTHERWISE + "\n\\]"
    )


def _tap(pixel: str, cell: str, size: str, padding: int, geometry: Geometry, base: int) -> str:
    """The kernel index that reads *pixel* from *cell*: (γ − base + p − s(α − base))/d + base, what is trivial left out."""
    start = f" - {base}" if base else ""
    if geometry.stride == 1:
        distance = f"{pixel} - {cell}" + (f" + {padding}" if padding else "")
    else:
        step = f"{geometry.stride}({cell}{start})" if base else f"{geometry.stride}{cell}"
        distance = f"{pixel}{start}" + (f" + {padding}" if padding else "") + f" - {step}"
    if geometry.dilation > 1:
        distance = f"\\frac{{{distance}}}{{{geometry.dilation}}}"
    if geometry.flipped:
        # Half round: M + 1 − m for m from 1, M − 1 − m from 0; in both cases M − (1 − base) minus the distance.
        last = size if base else f"{size} - 1"
        return f"{last} - \\left({distance}\\right)"
    return distance + (f" + {base}" if base else "")


def _blocks(matrix: ConvolutionMatrix) -> str:
    """M as a grid of blocks, one for each pair of slow indices, and the first blocks with their numbers."""
    slow, fast = matrix.slow, matrix.fast
    name = "row" if matrix.geometry.order == "row" else "column"
    taps = np.flatnonzero(slow.hits())[:BLOCKS_SHOWN]
    grid = _bmatrix(slow.output, slow.image, lambda a, c: _block_name(slow, a, c))
    parts = [
        f"% {matrix.shape[0]} x {matrix.shape[1]}: {slow.output} x {slow.image} blocks of {fast.output} x {fast.image}; "
        f"block B_k holds {name} k of the kernel, counted from 1",
        f"\\[\n\\mathbf{{M}} = {grid}\n\\]",
    ]
    for tap in taps:
        block = _bmatrix(fast.output, fast.image, functools.partial(_weight, matrix, int(tap)))
        parts.append(f"\\[\n\\mathbf{{B}}_{{{tap + 1}}} = {block}\n\\]")
    return "\n".join(parts)


def _block_name(slow: Axis, a: int, c: int) -> str:
    tap = int(slow.tap_at(np.array(a), np.array(c)))
    return f"\\mathbf{{B}}_{{{tap + 1}}}" if tap >= 0 else "\\mathbf{0}"


def _weight(matrix: ConvolutionMatrix, k: int, b: int, e: int) -> str:
    tap = int(matrix.fast.tap_at(np.array(b), np.array(e)))
    return _number(float(matrix.weights[k, tap])) if tap >= 0 else "0"


def _bmatrix(rows: int, columns: int, cell: Callable[[int, int], str]) -> str:
    """A bmatrix of *rows* × *columns* cells; of a large one the ends, with dots between."""
    whole = rows <= WHOLE_ROWS and columns <= WHOLE_COLUMNS
    shown_rows, shown_columns = (_ends(count, count if whole else LARGEST_CUT) for count in (rows, columns))
    lines = []
    for i in shown_rows:
        if i is None:
            lines.append(" & ".join("\\ddots" if j is None else "\\vdots" for j in shown_columns))
        else:
            lines.append(" & ".join("\\cdots" if j is None else cell(i, j) for j in shown_columns))
    return "\\begin{bmatrix}\n" + " \\\\\n".join(lines) + "\n\\end{bmatrix}"


def _ends(count: int, most: int) -> list[int | None]:
    """All of 0..count, or the first and last few with None for the dots."""
    if count <= most:
        return list(range(count))
    return [*range(FIRST), None, *range(count - LAST, count)]


def _number(value: float) -> str:
    return f"{value:.6g}"
