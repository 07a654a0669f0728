"""What one layer costs, each count with its formula, and what is meant by it."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.parameters.expressions import ZERO, Expr, Formula, Symbol, product
from hw2gui.parameters.layers import Context, Layer, ReceptiveField, Shape

BYTES_PER_NUMBER = 4
"""float32."""

MACS_NOTE = (
    "Multiply–adds for one example: a product and the addition that gathers it are one; FLOPs are about twice as many. "
    "Counted are products with weights and, in attention, of scores and contexts; biases, activation functions, pooling, "
    "statistics and products number by number are not."
)
MEMORY_NOTE = (
    "What the layers hand on, in float32, as training keeps it for the backward pass. "
    "Views (Flatten) take nothing; gates and attention weights inside a layer are not included."
)
RECEPTIVE_NOTE = (
    "Borders ignored: what an input unit sees (r), and the window's other cells (k − 1, dilation included), each a jump j further."
)

_LETTERS = {"image": ("C", "H", "W"), "sequence": ("L", "D"), "vector": ("F",), "tokens": ("L",)}


@dataclass(frozen=True, slots=True)
class LayerCount:
    """A layer's counts for one example, as expressions."""

    weights: Expr
    biases: Expr
    macs: Expr


@dataclass(frozen=True, slots=True)
class LayerFormulas:
    """A layer's counts, ready to be opened. ``parameters`` has weights and biases as its parts."""

    parameters: Formula
    macs: Formula
    activations: Formula
    sizes: tuple[Formula, ...]
    receptive: tuple[Formula, ...]
    """Rows and columns seen and the jumps, for layers that move a window; empty for others, and where a jump is a fraction."""

    @property
    def all(self) -> tuple[Formula, ...]:
        """All of them, in the order they are read."""
        return (*self.sizes, self.parameters, self.macs, self.activations, *self.receptive)


def count_layer(layer: Layer, at: Context, out: Shape, *, ignore_biases: bool = False, tied: bool = False) -> LayerCount:
    """Weights, biases and multiply–adds of *layer* where it meets *at* and makes *out*.

    A *tied* layer's weights are counted where they belong, so here they are 0. Nothing of the layer's size is made.
    """
    weights = ZERO if tied else layer.weights(at)
    biases = ZERO if ignore_biases else layer.biases(at)
    return LayerCount(weights, biases, layer.macs(at, out))


def layer_formulas(
    layer: Layer, at: Context, out: Shape, before: ReceptiveField | None = None, *, ignore_biases: bool = False, tied_to: str = ""
) -> LayerFormulas:
    """The formulas behind :func:`count_layer`, down to the single gates of a recurrent layer.

    *before* is the receptive field of an input unit, where the input is an image.
    """
    count = count_layer(layer, at, out, ignore_biases=ignore_biases, tied=bool(tied_to))
    if tied_to:
        weights = Formula(
            "weights", ZERO, note=f"The weight is the one of {tied_to} ({layer.weights(at).value:,} numbers), counted there once."
        )
    else:
        weights = Formula("weights", count.weights, layer.weight_parts(at), layer.weights_note if count.weights.value else "")
    if ignore_biases:
        biases = Formula("biases", ZERO, note="Ignored." if layer.biases(at).value else "")
    else:
        biases = Formula("biases", count.biases, layer.bias_parts(at), layer.biases_note if count.biases.value else "")
    parts = tuple(formula for formula in (weights, biases) if formula.value or formula.note)
    return LayerFormulas(
        Formula("parameters", count.weights + count.biases, parts, "" if parts else "This layer learns nothing."),
        Formula("multiply–adds", count.macs, layer.mac_parts(at, out), layer.macs_note),
        Formula("activations", elements(out)),
        layer.size_formulas(at),
        _receptive_formulas(layer, at, before),
    )


def _receptive_formulas(layer: Layer, at: Context, before: ReceptiveField | None) -> tuple[Formula, ...]:
    window = layer.window(at)
    if window is None or before is None or before.whole:
        return ()
    axes = (("rows", before.height, before.jump_height), ("columns", before.width, before.jump_width))
    formulas = []
    for (what, seen, jump), span, step in zip(axes, *window, strict=True):
        if not (isinstance(seen, int) and isinstance(jump, int) and isinstance(step, int)):
            return ()
        r, j = Symbol("r", seen), Symbol("j", jump)
        formulas.append(Formula(f"{what} of the input one unit sees", r + (Symbol("k", span) - 1) * j, note=RECEPTIVE_NOTE))
        formulas.append(Formula(f"jump in {what}", j * Symbol("s", step)))
    return tuple(formulas)


def elements(shape: Shape) -> Expr:
    """How many numbers *shape* holds, as a product of its sizes."""
    return product(*(Symbol(letter, size) for letter, size in zip(_LETTERS[shape.form], shape.sizes, strict=True)))


def first_receptive_field(shape: Shape) -> ReceptiveField | None:
    """A pixel sees itself; only images have receptive fields."""
    return ReceptiveField() if shape.form == "image" else None
