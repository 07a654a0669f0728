"""``hw2gui conv`` and ``hw2gui attention``: convolution as a matrix and attention over pixels, from a shell."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hw2gui.convolution import typed

if TYPE_CHECKING:
    from hw2gui.arrays import Floats
    from hw2gui.convolution.attention import PixelAttention
    from hw2gui.convolution.matrix import ConvolutionMatrix

_CONV = """\
examples:
  hw2gui conv --image 4x6 --kernel "1,2;3,4" --entry 7,9      sizes, structure, and one entry's formula
  hw2gui conv --image 28x28 --kernel gaussian:5x5 --save M.npz
  hw2gui conv --image photo.png --kernel sobel-x --padding same --stride 2 --json
"""

_ATTENTION = """\
examples:
  hw2gui attention --image "1,2;3,4" --json
  hw2gui attention --image 28x28 --scale 4 --temperature 2
"""

IMAGE_HELP = "HxW (random grey levels, see --seed), a picture file, or numbers such as '1,2;3,4'"

PRINTED_SIDE = 12
"""Outputs up to so many rows and columns are printed."""

LISTED_OUTPUT = 64 * 64
"""Outputs of ``conv --json`` up to so many cells are listed."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``conv`` and ``attention``."""
    conv = subparsers.add_parser(
        "conv",
        help="convolution as a matrix: sizes, structure, any entry with its formula, M as a file",
        description="The convolution of an image with a kernel as a matrix M with vec(z) = M vec(x), checked against PyTorch.",
        epilog=_CONV,
    )
    conv.add_argument("--image", required=True, metavar="HxW|FILE|NUMBERS", help=IMAGE_HELP)
    kernel_help = "numbers such as '1,2;3,4' (--kernel=-1,0,1 where the first is negative), or a preset such as sobel-x or gaussian:5x5"
    conv.add_argument("--kernel", required=True, metavar="NUMBERS|PRESET", help=kernel_help)
    conv.add_argument("--stride", type=int, default=1, metavar="S", help="step of the window (default 1)")
    conv.add_argument("--padding", default="0", metavar="P|same", help="zeros on every side, or 'same' (default 0)")
    conv.add_argument("--dilation", type=int, default=1, metavar="D", help="distance of the kernel's cells in pixels (default 1)")
    conv.add_argument("--flip", action="store_true", help="true convolution: rotate the kernel by 180°")
    _add_common(conv)
    conv.add_argument("--entry", metavar="I,J", help="one entry of M, counted from 1 as in the homework")
    conv.add_argument("--save", metavar="M.npz", help="write M for scipy.sparse.load_npz")
    # argparse takes -1 for a value but -1,0,1 for an option; no option here begins with a digit.
    conv._negative_number_matcher = re.compile(r"-[\d.]")
    conv.set_defaults(run=_conv)

    attention = subparsers.add_parser(
        "attention",
        help="single-head attention over an image's pixels: P's range, the tone curve, Z",
        description="Single-head attention over an image's pixels, exact from the grey levels and checked against PyTorch.",
        epilog=_ATTENTION,
    )
    attention.add_argument("--image", required=True, metavar="HxW|FILE|NUMBERS", help=IMAGE_HELP)
    attention.add_argument("--scale", type=float, default=1.0, metavar="A", help="the image is multiplied by it (default 1)")
    attention.add_argument("--temperature", type=float, default=1.0, metavar="T", help="softmax(x′x′ᵀ/T) (default 1)")
    _add_common(attention)
    attention._negative_number_matcher = re.compile(r"-[\d.]")
    attention.set_defaults(run=_attention)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--order", choices=("row", "column"), default="row", help="what vec() stacks (default row)")
    parser.add_argument("--seed", type=int, default=0, help="of the random image (default 0)")
    parser.add_argument("--json", action="store_true", help="for machines")


def _conv(arguments: argparse.Namespace) -> int:
    from hw2gui.convolution.geometry import Geometry
    from hw2gui.convolution.matrix import ConvolutionMatrix
    from hw2gui.convolution.reference import max_abs_error
    from hw2gui.convolution.tasks import save_matrix
    from hw2gui.convolution.toeplitz import analyse
    from hw2gui.convolution.window import convolve

    image, notes = typed.read_image(arguments.image, arguments.seed)
    kernel = typed.read_kernel(arguments.kernel)
    (height, width), (kernel_height, kernel_width) = image.shape, kernel.shape
    geometry = Geometry(
        height,
        width,
        kernel_height,
        kernel_width,
        stride=arguments.stride,
        padding=typed.read_padding(arguments.padding, (kernel_height, kernel_width), arguments.dilation),
        dilation=arguments.dilation,
        flipped=arguments.flip,
        order=arguments.order,
    )
    matrix = ConvolutionMatrix(geometry, kernel)
    entry = typed.entry_described(matrix, arguments.entry) if arguments.entry is not None else {}
    target = typed.npz_path(arguments.save) if arguments.save is not None else None
    if target:
        matrix.check_sparse()  # before the convolution itself, which takes its time at that size
    output = convolve(image, kernel, geometry)
    structure = analyse(geometry)
    result: dict[str, object] = {
        "image_shape": list(image.shape),
        "kernel_shape": list(kernel.shape),
        "output_shape": list(geometry.output_shape),
        "matrix_shape": list(matrix.shape),
        "nonzeros": matrix.nonzero_values,
        "density": matrix.nonzero_values / (matrix.shape[0] * matrix.shape[1]),
        "entries_inside_kernel": matrix.nonzeros,
        "is_doubly_block_toeplitz": structure.is_doubly_block_toeplitz,
        "max_abs_error": max_abs_error(image, kernel, geometry),
        **entry,
    }
    if target:
        save_matrix(matrix, str(target))
        result["saved"] = str(target)
    if arguments.json:
        _print_json(result | ({"output": output.tolist()} if output.size <= LISTED_OUTPUT else {}))
        return 0
    _print_conv(matrix, output, [*notes, structure.verdict], result)
    return 0


def _print_conv(matrix: ConvolutionMatrix, output: Floats, notes: list[str], result: dict[str, object]) -> None:
    from hw2gui.convolution.facts import facts

    lines = [(fact.label, fact.value, fact.formula) for fact in facts(matrix.geometry, matrix.kernel)]
    lines.append(("|M vec(x) − vec(conv2d(x))|", f"{result['max_abs_error']:.2g}", "the greatest difference from torch's conv2d"))
    _print_columns(lines)
    print()
    for note in notes:
        print(note)
    _print_small("z", output)
    if "formula" in result:
        print(f"\n{result['formula']}")
    if "saved" in result:
        print(f"\nM is in {result['saved']}")


def _attention(arguments: argparse.Namespace) -> int:
    from hw2gui.convolution.attention import PixelAttention
    from hw2gui.convolution.attention_entry import FORMULA
    from hw2gui.convolution.attention_reference import check_attention

    image, notes = typed.read_image(arguments.image, arguments.seed)
    attention = PixelAttention(image, arguments.scale, arguments.temperature, arguments.order)
    smallest, largest = attention.relative_range()
    check = check_attention(attention)
    output = attention.output()
    if arguments.json:
        _print_json(
            {
                "shape": list(image.shape),
                "scale": attention.scale,
                "temperature": attention.temperature,
                "levels": len(attention.levels),
                "relative_min": smallest,
                "relative_max": largest,
                "output": output.tolist(),
                "max_abs_error": check.max_abs_error,
                "rows_checked": check.rows,
                "formula": FORMULA,
            }
        )
        return 0
    every = "" if check.rows == check.size else f", {check.rows} of its rows compared"
    _print_columns(
        [
            ("Pixels", f"{attention.size:,}", f"HW = {image.shape[0]}·{image.shape[1]}"),
            ("Grey levels", f"{len(attention.levels):,}", "pixels of one level have equal rows of P"),
            ("P·HW", f"{smallest:.4g} to {largest:.4g}", "1 is uniform attention"),
            ("|Z − torch's Z|", f"{check.max_abs_error:.2g}", f"the greatest difference from scaled_dot_product_attention{every}"),
        ]
    )
    print(f"\n{FORMULA}")
    for note in notes:
        print(note)
    _print_tones(attention)
    _print_small("Z", output)
    return 0


def _print_tones(attention: PixelAttention) -> None:
    """The tone curve at the darkest, the brightest and three levels between."""
    import numpy as np

    ts = np.linspace(attention.levels.min(), attention.levels.max(), 5 if len(attention.levels) > 1 else 1)
    print("\nThe tone curve Z_i = g(x′_i):")
    print("  x′ " + "".join(f"{t:>10.4g}" for t in ts))
    print("  g  " + "".join(f"{value:>10.4g}" for value in attention.tone_curve(ts)))


# What is printed


def _print_columns(lines: Sequence[tuple[str, str, str]]) -> None:
    """Name, value and explanation in columns."""
    widths = [max(len(line[at]) for line in lines) for at in (0, 1)]
    for label, value, explanation in lines:
        print(f"{label:<{widths[0]}}  {value:>{widths[1]}}  {explanation}".rstrip())


def _print_small(name: str, values: Floats) -> None:
    """A matrix that fits on a screen; of a larger one its size."""
    if max(values.shape) > PRINTED_SIDE:
        print(f"\n{name} is {values.shape[0]}×{values.shape[1]}, {values.min():.4g} to {values.max():.4g} (its numbers: --json)")
        return
    cells = [[f"{value:.4g}" for value in row] for row in values]
    width = max(len(cell) for row in cells for cell in row)
    print(f"\n{name} =")
    for row in cells:
        print("  " + "  ".join(f"{cell:>{width}}" for cell in row))


def _print_json(result: dict[str, object]) -> None:
    """One line a key, so that people can read it too."""
    print("{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in result.items()) + "\n}")
