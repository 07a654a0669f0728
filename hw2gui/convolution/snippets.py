"""The present setting as a short program that runs as pasted: numpy or PyTorch, with the real kernel, sizes and (up to 64×64) pixels.

Each program builds the matrix or attention its own way, computes the result a second way and prints how far the two are apart.
"""

from __future__ import annotations

from hw2gui.arrays import Floats
from hw2gui.convolution import snippet_lines as part
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.snippet_lines import Gradient

DENSE_ENTRIES = 1 << 22
"""Up to so many entries a program makes its matrix dense."""


def convolution_numpy(matrix: ConvolutionMatrix, image: Floats, gradient: Gradient | None = None) -> str:
    """M by its closed form (sparse where it is large), and max |M vec(x) − vec(z)| against the sliding window. With *gradient* instead
    Mᵀ vec(g), against the kernel laid back onto the image cell by cell.
    """
    geometry = matrix.geometry
    dense = matrix.shape[0] * matrix.shape[1] <= DENSE_ENTRIES
    lines = [part.title(geometry), *part.numpy_imports(image), *([] if dense else ["from scipy.sparse import coo_array"]), ""]
    lines += [f"w = np.array({part.listed(matrix.kernel)}, dtype=float)  # kernel, M x N", *part.flip(geometry, "w[::-1, ::-1]")]
    lines += [
        *part.numpy_image(image),
        *part.sizes(geometry),
        *(part.dense(geometry) if dense else part.sparse(geometry)),
        "",
        *part.window(geometry),
    ]
    order = part.numpy_order(geometry.order)
    if gradient is not None:
        cell = f"{gradient.cell[0]}, {gradient.cell[1]}"
        return part.text([*lines, "", *gradient.made("z", "np", cell), *part.laid_back(geometry, order)])
    vectors = f"vec_x, vec_z = x.reshape(-1{order}), z.reshape(-1{order})"
    return part.text([*lines, vectors, *part.shown("z", "z", geometry.output_shape), *part.report("np.abs(matrix @ vec_x - vec_z).max()")])


def convolution_torch(matrix: ConvolutionMatrix, image: Floats, gradient: Gradient | None = None) -> str:
    """M as the Jacobian of conv2d, and max |M vec(x) − vec(z)|; where M is large, z by unfold in its place. With *gradient* instead the
    gradient of Σ g·z by autograd, against Mᵀ vec(g), or fold.
    """
    geometry = matrix.geometry
    small = matrix.shape[0] * matrix.shape[1] <= DENSE_ENTRIES
    imported = ["conv2d", *([] if geometry.padding.is_none else ["pad"])]
    imported += [] if small else ["unfold"] if gradient is None else ["fold"]
    lines = [
        part.title(geometry),
        *part.numpy_imports(image),
        "import torch",
        f"from torch.nn.functional import {', '.join(imported)}",
        "",
    ]
    lines += [f"w = torch.tensor({part.listed(matrix.kernel)}, dtype=torch.float64)  # kernel, M x N", *part.flip(geometry, "w.flip(0, 1)")]
    lines += [*part.numpy_image(image), "x = torch.from_numpy(x)", *([] if not small else ["", ""])]
    p = geometry.padding
    padded = "image" if p.is_none else f"pad(image, ({p.left}, {p.right}, {p.top}, {p.bottom}))"
    options = "".join(f", {name}={value}" for name, value in (("stride", geometry.stride), ("dilation", geometry.dilation)) if value > 1)
    if not small:
        lines += [f"image = x[None, None]{'' if gradient is None else '.requires_grad_()'}", f"padded = {padded}"]
        lines += [f"z = conv2d(padded, w[None, None]{options})"]
        if gradient is not None:
            return part.text([*lines, *part.folded(geometry, gradient, options)])
        return part.text(
            [
                *lines,
                f"windows = unfold(padded, tuple(w.shape){options})  # one column for each output pixel",
                *part.shown("z", "z[0, 0]", geometry.output_shape, item=True),
                *part.report("(w.reshape(1, -1) @ windows - z.reshape(1, 1, -1)).abs().max().item()", "tuple(z.shape[2:])"),
            ]
        )
    column_major = geometry.order == "column"
    height, width = geometry.image_shape
    image_of = f"vector.reshape(1, 1, {width}, {height}).transpose(2, 3)" if column_major else f"vector.reshape(1, 1, {height}, {width})"
    turned = ".transpose(2, 3)" if column_major else ""
    if gradient is None:
        ends = [
            f"z = {part.torch_image('vec_z', geometry.output_shape, geometry.order)}",
            *part.shown("z", "z", geometry.output_shape, item=True),
            *part.report("(matrix @ vec_x - vec_z).abs().max().item()", "tuple(matrix.shape)"),
        ]
    else:
        row, column = gradient.cell
        at = column * geometry.output_height + row if column_major else row * geometry.output_width + column
        ends = [
            *gradient.made("vec_z", "torch", f"{at}"),
            "(vec_gradient,) = torch.autograd.grad(convolution(vec_x.requires_grad_()), vec_x, g)  # of the sum of g * z",
            f"gradient = {part.torch_image('vec_gradient', geometry.image_shape, geometry.order)}",
            *part.shown("gradient", "gradient", geometry.image_shape, item=True),
            *part.report("(matrix.T @ g - vec_gradient).abs().max().item()", "tuple(matrix.T.shape)"),
        ]
    return part.text(
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
            *ends,
        ]
    )


def attention_numpy(attention: PixelAttention) -> str:
    """P and Z by the formula, and max |Z − g(x')| with the tone curve g made of the grey levels; a large image by its levels alone."""
    image = attention.grey.image()
    lines = [f"# attention over the pixels of a {part.by(image.shape)} image", *part.numpy_imports(image), "", *part.numpy_image(image)]
    order = part.numpy_order(attention.order)
    lines += [f"v = {part.scaled(attention)}x.reshape(-1{order})  # x' = Q = K = V", f"T = {part.number(attention.temperature)}", ""]
    if attention.size**2 > DENSE_ENTRIES:
        queries, rows = "v[:16]", "  # 16 rows of P; all of it is too large"
    else:
        queries, rows = "v", ""
    return part.text(
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
            *([] if rows else part.shown("Z", f"Z.reshape(x.shape{order})", image.shape)),
            'print("P", P.shape, "from", P.min() * v.size, "to", P.max() * v.size, "times uniform")',
            "print(np.abs(Z - g[level][: len(Z)]).max())  # nearly 0",
        ]
    )


def attention_torch(attention: PixelAttention) -> str:
    """Z by scaled_dot_product_attention, and the largest difference from softmax(x'x'ᵀ / T) x'."""
    image = attention.grey.image()
    lines = [f"# attention over the pixels of a {part.by(image.shape)} image", *part.numpy_imports(image), "import torch"]
    lines += ["from torch.nn.functional import scaled_dot_product_attention", "", *part.numpy_image(image)]
    large, turned = attention.size**2 > DENSE_ENTRIES, ".T" if attention.order == "column" else ""
    return part.text(
        [
            *lines,
            f"v = torch.from_numpy({part.scaled(attention)}x){turned}.reshape(-1, 1)  # x' = Q = K = V",
            f"T = {part.number(attention.temperature)}",
            f"q = v{'[:16]  # 16 rows of P; all of it is too large' if large else ''}",
            "",
            "Z = scaled_dot_product_attention(q[None], v[None], v[None], scale=1 / T)[0]",
            "P = torch.softmax(q @ v.T / T, dim=1)",
            *([] if large else part.shown("Z", part.torch_image("Z", image.shape, attention.order), image.shape, item=True)),
            "print(tuple(P.shape), (P @ v - Z).abs().max().item())  # the second number should be nearly 0",
        ]
    )
