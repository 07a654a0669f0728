"""Question 1 of the report, checked without any training: sizes, the matrix, the counts, attention over pixels. It imports torch."""

from __future__ import annotations

import math

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution import formula as formulas
from hw2gui.convolution import kernels
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.attention_reference import check_attention
from hw2gui.convolution.formula import PRESETS, Case
from hw2gui.convolution.formula.sweep import cases
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.reference import jacobian_error, max_abs_error
from hw2gui.convolution.state import ConvolutionState, ImageChoice
from hw2gui.datasets import registry
from hw2gui.datasets.characters import open_set
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.layers import Shape
from hw2gui.parameters.presets import question1 as question1_network
from hw2gui.parameters.presets import question1_formula, question1_twin_formula
from hw2gui.parameters.state import SAME_OUTPUT, ParametersState
from hw2gui.parameters.toml_io import to_toml
from hw2gui.parameters.twins import same_output_twin
from hw2gui.report.items import Item, Show
from hw2gui.report.verdicts import Verdict

ROUNDING = 1e-9
"""Two results in double precision this near to each other are the same."""

COUNTEREXAMPLE = Case(4, 6, 2, 2, 1)
"""The smallest kind of picture that is not square."""

SIDES = (16, 32, 64, 128, 256, 512)


def items() -> tuple[Item, ...]:
    """1.1a, 1.1b, 1.1c and 1.2."""
    return (_sizes(), _matrix(), _counts(), _attention())


def convolution_state(case: Case = COUNTEREXAMPLE, tool: str = "facts", formula: str = "") -> ConvolutionState:
    """The convolution tab on *case*, with the inspector's page *tool* open."""
    weights = tuple(tuple(float(n + 1 + m * case.N) for n in range(case.N)) for m in range(case.M))
    return ConvolutionState(
        image=ImageChoice(kind="gradient"),
        height=case.H,
        width=case.W,
        kernel_preset="",
        weights=weights,
        stride=case.s,
        tool=tool,
        formula=formula,
    )


def attention_state() -> ConvolutionState:
    """The convolution tab with attention over the pixels of a character."""
    return ConvolutionState(mode="attention", image=ImageChoice(kind=registry.usual_characters(), split="test"))


def _character() -> tuple[Floats, str]:
    chosen = open_set(registry.usual_characters())
    return chosen.image("test", 0).astype(np.float64) / 256, f"test image 0 of {chosen.title}"


def _sizes() -> Item:
    every = cases()
    counted = {case: _windows(case) for case in every}
    right = sum(case.output == counted[case] for case in every)
    slipped = [case for case in every if (case.H - case.M) // case.s + 1 != counted[case][1]]
    smallest = COUNTEREXAMPLE
    written = (smallest.H - smallest.M) // smallest.s + 1
    sentence = (
        f"Rows hold in all {len(every):,} settings; columns as written are wrong in {len(slipped):,}, such as {smallest}: "
        f"⌊({smallest.H}−{smallest.M})/{smallest.s}⌋+1 = {written}, where z has {counted[smallest][1]}."
    )
    return Item(
        "1.1a",
        "Size of the output",
        "z has ⌊(H−M)/s⌋+1 rows and as many columns by the same letters; for stride 1 that is (H−M+1)×(W−N+1).",
        "⌊(H−M)/s⌋+1 rows and columns",
        f"⌊(H−M)/s⌋+1 rows, ⌊(W−N)/s⌋+1 columns: as many as the window has places in {right:,} of {len(every):,} settings",
        Verdict("slip" if slipped and right == len(every) else "wrong", sentence),
        formula=f"H′ × W′ = (⌊(4−2)/1⌋+1) × (⌊(6−2)/1⌋+1) = {counted[smallest][0]} × {counted[smallest][1]}",
        look="The facts on the right: the number of columns, and under them what the slip would come to.",
        show=Show("convolution", convolution_state(), "a 4×6 image under a 2×2 kernel, its facts and slips"),
    )


def _windows(case: Case) -> tuple[int, int]:
    """Rows and columns of places where the window fits, counted by moving it."""
    down = sum(1 for top in range(0, case.H, case.s) if top + case.M <= case.H)
    across = sum(1 for left in range(0, case.W, case.s) if left + case.N <= case.W)
    return down, across


def _matrix() -> Item:
    text = {preset.key: preset.text for preset in PRESETS}
    pixels, name = _character()
    kernel = kernels.preset("gaussian", 5, 5)
    geometry = Geometry(*pixels.shape, *kernel.shape)
    product = max_abs_error(pixels, kernel, geometry)
    small = Geometry(12, 12, 3, 3)
    jacobian = jacobian_error(pixels[8:20, 8:20], kernels.preset("gaussian", 3, 3), small)
    general = formulas.check(text["general"])
    written = formulas.parse(text["report"])
    here = int(formulas.wrong_entries(written, COUNTEREXAMPLE).sum())
    single = [case for case in cases() if case.s == 1]
    failing = {case for case in single if formulas.wrong_entries(written, case).any()}
    square = [case for case in single if case.H == case.W and case.M == case.N]
    holds = max(product, jacobian) < ROUNDING and general.right
    sentence = (
        f"M exists and is the Jacobian: M·vec(x) differs from conv2d by at most {_tiny(product)} on {name}, M from torch's Jacobian by "
        f"{_tiny(jacobian)}. But the entry as written divides by H′ and H: wrong in {len(failing):,} of {len(single):,} settings of stride "
        f"1 ({here} of {COUNTEREXAMPLE.entries} entries for {COUNTEREXAMPLE}), and in {len(failing.intersection(square))} of the "
        f"{len(square)} among them where image and kernel are square, which hide it."
    )
    return Item(
        "1.1b",
        "Convolution as a matrix",
        "There is a matrix with vec(z) = M vec(x); its entry (i, j) is the Jacobian's, a weight of the kernel or 0.",
        "M(i,j) with ⌊(i−1)/H′⌋ and ⌊(j−1)/H⌋, M of HW × H′W′",
        f"divide by W′ and W, M of H′W′ × HW: right in {general.cases - general.failing_cases:,} of {general.cases:,} settings",
        Verdict("slip" if holds and failing else "right" if holds else "wrong", sentence),
        formula="M(i,j) = w(γ−s(α−1), δ−s(β−1)), α = ⌊(i−1)/W′⌋+1, β = (i−1) mod W′ + 1, γ = ⌊(j−1)/W⌋+1, δ = (j−1) mod W + 1",
        look="The map of wrong entries under the formula, and the first one worked out by hand.",
        show=Show(
            "convolution", convolution_state(tool="formula", formula=text["report"]), "the entry as written, compared on a 4×6 image"
        ),
    )


def _tiny(error: float) -> str:
    """A rounding error, which may be none at all."""
    return f"{error:.1e}" if error else "0"


def _counts() -> Item:
    network = question1_network()
    own = analyse(network, 1, ignore_biases=True).totals.parameters
    twin = analyse(same_output_twin(network), 1, ignore_biases=True).totals.parameters
    formula = int(question1_formula().expression.value), int(question1_twin_formula().expression.value)
    built = _built()
    slopes = _slope(False), _slope(True)
    same = (own, twin) == formula and built == own
    sentence = (
        f"The formulas give {formula[0]:,} and {formula[1]:,}; counted layer by layer {own:,} and {twin:,}, in torch's own "
        f"module {built:,}. From side {SIDES[-2]} to {SIDES[-1]} the counts grow as (HW)^{slopes[0]:.3f} and (HW)^{slopes[1]:.3f}."
    )
    orders = abs(slopes[0] - 1) < 0.05 and abs(slopes[1] - 2) < 0.05
    return Item(
        "1.1c",
        "Parameters of the small network",
        "One filter, pooling and three classes take MN + 3⌊(H−M+1)/2⌋⌊(W−N+1)/2⌋ weights, growing as HW; a fully connected layer in place "
        "of the convolution takes (HW+3)⌊(H−M+1)/2⌋⌊(W−N+1)/2⌋, growing as (HW)².",
        "formulas; O(HW) against O(H²W²)",
        f"{own:,} against {twin:,} (28×28, 5×5)",
        Verdict("right" if same and orders else "wrong", sentence),
        formula=f"5·5 + 3·12·12 = {own:,};  (28·28 + 3)·12·12 = {twin:,}",
        look="The two columns side by side, and where on the axis of image sides they part.",
        show=Show("parameters", _counting_state(), "the small network and its fully connected twin, without biases"),
    )


def _counting_state() -> ParametersState:
    return ParametersState(
        stack=to_toml(question1_network()), preset="question1", ignore_biases=True, page="twins", second=SAME_OUTPUT, batch=1
    )


def _built() -> int:
    """The weights of the network as torch counts them."""
    from torch import nn

    module = nn.Sequential(nn.Conv2d(1, 1, 5, bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(144, 3, bias=False))
    return sum(parameter.numel() for parameter in module.parameters())


def _slope(twin: bool) -> float:
    """The slope of log parameters over log HW between the two largest sides."""
    counts = []
    for side in SIDES[-2:]:
        network = question1_network(Shape((1, side, side)))
        counts.append(analyse(same_output_twin(network) if twin else network, 1, ignore_biases=True).totals.parameters)
    return math.log(counts[1] / counts[0]) / math.log((SIDES[-1] / SIDES[-2]) ** 2)


def _attention() -> Item:
    pixels, name = _character()
    attention = PixelAttention(pixels)
    checked = check_attention(attention)
    low, high = attention.relative_range()
    alike = len(attention.levels)
    sentence = (
        f"Z computed from {alike} grey levels differs from torch's scaled_dot_product_attention by at most "
        f"{checked.max_abs_error:.1e} over {checked.rows:,} rows on {name}. One numerator is written with x′ three times, a product that "
        "does not exist."
    )
    return Item(
        "1.2",
        "Attention over the pixels",
        "With all projections 1, P = softmax(x′x′ᵀ) row by row and Z = P x′, written as one matrix and entry by entry.",
        "Z = exp(x′x′ᵀ) / (exp(x′x′ᵀ) 1 1ᵀ) · x′",
        f"the same, to {checked.max_abs_error:.0e}; P stays within {low:.2f} to {high:.2f} times uniform",
        Verdict("right" if checked.max_abs_error < ROUNDING else "wrong", sentence),
        formula="Z_i = Σ_j exp(x′_i x′_j) x′_j / Σ_k exp(x′_i x′_k) = g(x′_i), g(t) = d/dt log Σ_k exp(t x′_k)",
        look="Pixels of one grey have the same row of P: pin two of them and compare.",
        show=Show("convolution", attention_state(), "attention over the pixels of a character"),
    )
