"""What can be done about a layer that does not fit: every mend is a whole new architecture, ready to be taken by a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from hw2gui.errors import InputError
from hw2gui.parameters.architecture import Architecture, Misfit, Step, trace
from hw2gui.parameters.layers import AdaptiveAvgPool2d, Embedding, Flatten, ReLU, Shape


@dataclass(frozen=True)
class Mend:
    """What to say on the button, and what it leads to."""

    label: str
    architecture: Architecture


@dataclass(frozen=True)
class ShapeError:
    """The layer that does not fit, one sentence about it, and two ways out."""

    index: int
    name: str
    kind: str
    sentence: str
    mends: tuple[Mend, Mend]


Candidate = tuple[str, Callable[[], Architecture]]
"""A label, and what makes the architecture if it is tried."""


def shape_error(architecture: Architecture, misfit: Misfit) -> ShapeError:
    """*misfit* with the first two mends that do help: fewer layers are left to fit afterwards.

    Taking the layer out always helps, and so does putting one in its place that fits anything, so there are always two.
    """
    index, layer = misfit.index, architecture.layers[misfit.index]
    name = architecture.names[index]
    sentence = f"{name} ({layer.kind}) {misfit.error.sentence}."
    helping = _helping(_candidates(architecture, misfit), len(architecture.layers) - index)
    first = next(helping)
    second = next(mend for mend in helping if mend.architecture != first.architecture)
    return ShapeError(index, name, layer.kind, sentence, (first, second))


def _helping(candidates: Iterator[Candidate], left: int) -> Iterator[Mend]:
    """The candidates after which fewer than *left* layers are left to fit."""
    for label, make in candidates:
        try:
            mended = make()
        except InputError:  # a layer more than a stack may have
            continue
        if _left_to_fit(mended) < left:
            yield Mend(label, mended)


def _left_to_fit(architecture: Architecture) -> int:
    """How many layers there are from the first that does not fit on; 0 where all fit."""
    _, misfit = trace(architecture)
    return 0 if misfit is None else len(architecture.layers) - misfit.index


def _candidates(architecture: Architecture, misfit: Misfit) -> Iterator[Candidate]:
    index, layer = misfit.index, architecture.layers[misfit.index]
    steps, _ = trace(architecture)
    for change in misfit.error.changes:
        kept = tuple(item.changed(name=layer.name) if item.kind == layer.kind else item for item in change.layers)
        yield change.label, partial(architecture.replaced, index, *kept)
    yield from _form_mends(architecture, misfit, steps)
    if layer.name and any(layer.name in (tie.layer, tie.to) for tie in architecture.ties):
        untied = tuple(tie for tie in architecture.ties if layer.name not in (tie.layer, tie.to))
        yield "Drop the tie", partial(replace, architecture, ties=untied)
    yield "Take this layer out", partial(architecture.removed, index)
    yield "End the stack before this layer", partial(architecture.removed, *range(index, len(architecture.layers)))
    if (steps[-1].output if steps else architecture.input).tokens:
        yield "Replace it by an Embedding", partial(architecture.replaced, index, Embedding())
    else:
        yield "Replace it by a ReLU", partial(architecture.replaced, index, ReLU())


def _form_mends(architecture: Architecture, misfit: Misfit, steps: list[Step]) -> Iterator[Candidate]:
    """Mends for a layer that needs an image, a sequence, a vector or tokens and gets something else."""
    index, wants = misfit.index, misfit.error.wants
    given = steps[-1].output if steps else architecture.input
    names = architecture.names
    insert = partial(partial, architecture.inserted, index)
    match given.form, wants:
        case "tokens", "sequence":
            yield "Insert an Embedding before it", insert(Embedding())
        case "image", "vector":
            yield "Insert a Flatten before it", insert(Flatten())
            yield "Insert global pooling and a Flatten", insert(AdaptiveAvgPool2d((1, 1)), Flatten())
        case "image", "sequence":
            yield "Insert a Flatten to a sequence of pixels before it", insert(Flatten("sequence"))
        case _:
            pass
    flattening = [position for position in range(index) if isinstance(architecture.layers[position], Flatten)]
    for position in reversed(flattening):
        if wants == "image" and steps[position].at.shape.form == "image":
            yield f"Move it before {names[position]}", partial(architecture.moved, index, position)
        if wants == "sequence":
            yield f"Let {names[position]} make a sequence of pixels", partial(architecture.replaced, position, Flatten("sequence"))
    if wants == "tokens" and index == 0:
        yield "Make the input 20 tokens", partial(replace, architecture, input=Shape((20,), tokens=True))
