"""What can be done about a layer that does not fit: every mend is a whole new architecture, ready to be taken by a click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hw2gui.parameters.architecture import Architecture, Misfit, Step, trace
from hw2gui.parameters.layers import AdaptiveAvgPool2d, Embedding, Flatten, Layer, ReLU, Shape


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


def shape_error(architecture: Architecture, misfit: Misfit) -> ShapeError:
    """*misfit* with the first two mends that do help: fewer layers are left to fit afterwards.

    Taking the layer out always helps, and so does putting one in its place that fits anything, so there are always two.
    """
    index, layer = misfit.index, architecture.layers[misfit.index]
    left = len(architecture.layers) - index
    first, second = _first_two(mend for mend in _candidates(architecture, misfit) if _left_to_fit(mend.architecture) < left)
    name = architecture.names[index]
    sentence = f"{name} ({layer.kind}) {misfit.error.sentence}."
    return ShapeError(index, name, layer.kind, sentence, (first, second))


def _first_two(mends: Iterator[Mend]) -> tuple[Mend, Mend]:
    first = next(mends)
    return first, next(mend for mend in mends if mend.architecture != first.architecture)


def _left_to_fit(architecture: Architecture) -> int:
    """How many layers there are from the first that does not fit on; 0 where all fit."""
    _, misfit = trace(architecture)
    return 0 if misfit is None else len(architecture.layers) - misfit.index


def _candidates(architecture: Architecture, misfit: Misfit) -> Iterator[Mend]:
    index, layer = misfit.index, architecture.layers[misfit.index]
    steps, _ = trace(architecture)
    for change in misfit.error.changes:
        kept = tuple(item.changed(name=layer.name) if item.kind == layer.kind else item for item in change.layers)
        yield Mend(change.label, architecture.replaced(index, *kept))
    yield from _form_mends(architecture, misfit, steps)
    for position in _tied_with(architecture, index):
        yield Mend(
            "Drop the tie", replace(architecture, ties=tuple(tie for tie in architecture.ties if position not in (tie.layer, tie.to)))
        )
    yield Mend("Take this layer out", architecture.removed(index))
    yield Mend("End the stack before this layer", architecture.removed(*range(index, len(architecture.layers))))
    if (steps[-1].output if steps else architecture.input).tokens:
        yield Mend("Replace it by an Embedding", architecture.replaced(index, Embedding()))
    else:
        yield Mend("Replace it by a ReLU", architecture.replaced(index, ReLU()))


def _tied_with(architecture: Architecture, index: int) -> list[str]:
    name = architecture.layers[index].name
    return [name] if any(name in (tie.layer, tie.to) for tie in architecture.ties) else []


def _form_mends(architecture: Architecture, misfit: Misfit, steps: list[Step]) -> Iterator[Mend]:
    """Mends for a layer that needs an image, a sequence, a vector or tokens and gets something else."""
    index, wants = misfit.index, misfit.error.wants
    given = steps[-1].output if steps else architecture.input
    names = architecture.names

    def insert(label: str, *layers: Layer) -> Mend:
        return Mend(label, architecture.inserted(index, *layers))

    match given.form, wants:
        case "tokens", "sequence":
            yield insert("Insert an Embedding before it", Embedding())
        case "image", "vector":
            yield insert("Insert a Flatten before it", Flatten())
            yield insert("Insert global average pooling and a Flatten before it", AdaptiveAvgPool2d((1, 1)), Flatten())
        case "image", "sequence":
            yield insert("Insert a Flatten to a sequence of pixels before it", Flatten("sequence"))
        case _:
            pass
    flattening = [position for position in range(index) if isinstance(architecture.layers[position], Flatten)]
    for position in reversed(flattening):
        if wants == "image" and steps[position].at.shape.form == "image":
            yield Mend(f"Move it before {names[position]}", architecture.moved(index, position))
        if wants == "sequence":
            yield Mend(f"Let {names[position]} make a sequence of pixels", architecture.replaced(position, Flatten("sequence")))
    if wants == "tokens" and index == 0:
        yield Mend("Make the input 20 tokens", replace(architecture, input=Shape((20,), tokens=True)))
