"""A stack of layers: its names, its ties, the edits that keep it whole, and the shapes that run through it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from hw2gui.errors import InputError, shortened
from hw2gui.parameters.layers import (
    MAX_SIZE,
    Change,
    Context,
    Embedding,
    Layer,
    Linear,
    MisfitError,
    Residual,
    Shape,
    State,
    TargetTokens,
)

MAX_LAYERS = 1000
MAX_NAME = 80
MAX_FLOWING = 10**60
"""No size between two layers may pass this, so that every count can still be written out."""


@dataclass(frozen=True)
class Tie:
    """Two layers that share one weight matrix: *layer* uses the one of *to*. Both by the names they were given."""

    layer: str
    to: str


@dataclass(frozen=True)
class Architecture:
    """What one example is at the start, and the layers it goes through. Immutable: every edit answers a new one.

    A layer can be given a name of its own; tied layers must have one. Raises :class:`InputError` for an impossible input,
    too many layers, a name given twice, or a tie to nothing. Shapes that do not fit are no error here: ``analyse`` finds them.
    """

    name: str
    input: Shape
    layers: tuple[Layer, ...]
    ties: tuple[Tie, ...] = ()

    def __post_init__(self) -> None:
        check_title(self.name)
        check_input(self.input)
        if len(self.layers) > MAX_LAYERS:
            raise InputError(f"a stack has at most {MAX_LAYERS:,} layers, not {len(self.layers):,}; remove some.")
        given = [layer.name for layer in self.layers if layer.name]
        if len(set(given)) < len(given):
            twice = next(name for name in given if given.count(name) > 1)
            raise InputError(f"two layers are called '{twice}'; give one of them another name.")
        for tie in self.ties:
            if missing := [name for name in (tie.layer, tie.to) if name not in given]:
                raise InputError(f"no layer is named '{shortened(missing[0])}', which is tied; name one so or drop the tie.")
            if tie.layer == tie.to:
                raise InputError(f"'{tie.layer}' is tied to itself; tie it to another layer or drop the tie.")
        tied = [tie.layer for tie in self.ties]
        if again := [name for name in tied if tied.count(name) > 1 or any(tie.to == name for tie in self.ties)]:
            raise InputError(f"'{again[0]}' is in two ties; tie all layers that share a weight to the one that owns it.")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A name for every layer: the given ones, and ``conv1``, ``conv2`` … for the others."""
        taken = {layer.name for layer in self.layers}
        used: dict[str, int] = {}
        names = []
        for layer in self.layers:
            name = layer.name
            while not name or (not layer.name and name in taken):
                used[layer.stem] = used.get(layer.stem, 0) + 1
                name = f"{layer.stem}{used[layer.stem]}"
            names.append(name)
        return tuple(names)

    def tied_to(self) -> dict[int, int]:
        """For each layer that uses another's weight, its index and the other's."""
        index = {name: position for position, name in enumerate(self.names)}
        return {index[tie.layer]: index[tie.to] for tie in self.ties}

    # --- edits -----------------------------------------------------------------------------------------------------------------

    def inserted(self, index: int, *layers: Layer) -> Architecture:
        """With *layers* before the one at *index*; names that are taken are dropped from the newcomers."""
        taken = {layer.name for layer in self.layers}
        fresh = tuple(layer.changed(name="") if layer.name in taken else layer for layer in layers)
        return replace(self, layers=(*self.layers[:index], *fresh, *self.layers[index:]))

    def removed(self, *indices: int) -> Architecture:
        """Without the layers at *indices*, and without their ties."""
        return self._with(layer for position, layer in enumerate(self.layers) if position not in indices)

    def moved(self, index: int, to: int) -> Architecture:
        """With the layer at *index* taken out and put where it has the index *to*."""
        rest = [*self.layers[:index], *self.layers[index + 1 :]]
        return replace(self, layers=(*rest[:to], self.layers[index], *rest[to:]))

    def duplicated(self, index: int) -> Architecture:
        """With a copy after the layer at *index*, unnamed."""
        return self.inserted(index + 1, self.layers[index].changed(name=""))

    def replaced(self, index: int, *layers: Layer) -> Architecture:
        """With *layers* instead of the one at *index*. One that only got another name keeps its tie."""
        old = self.layers[index].name
        renamed = len(layers) == 1 and old and layers[0].name
        ties = tuple(_renamed(tie, old, layers[0].name) for tie in self.ties) if renamed else self.ties
        return replace(self, ties=())._with((*self.layers[:index], *layers, *self.layers[index + 1 :]), ties)

    def _with(self, layers: Iterable[Layer], ties: tuple[Tie, ...] | None = None) -> Architecture:
        """With other layers, keeping the ties whose two ends are there."""
        kept = tuple(layers)
        names = {layer.name for layer in kept}
        alive = tuple(tie for tie in (self.ties if ties is None else ties) if {tie.layer, tie.to} <= names)
        return replace(self, layers=kept, ties=alive)


def without_biases(architecture: Architecture) -> Architecture:
    """The same stack with ``bias=False`` wherever PyTorch has that switch (a batch normalisation's shift stays)."""
    layers = (layer.changed(bias=False) if any(spec.name == "bias" for spec in layer.fields()) else layer for layer in architecture.layers)
    return replace(architecture, layers=tuple(layers))


def _renamed(tie: Tie, old: str, new: str) -> Tie:
    return Tie(new if tie.layer == old else tie.layer, new if tie.to == old else tie.to)


def check_title(name: str) -> None:
    """Raise :class:`InputError` unless *name* is a short line of printable text."""
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise InputError(f"the architecture is called '{shortened(name)}'; call it something of 1 to {MAX_NAME} printable characters.")


def check_input(shape: Shape) -> None:
    """Raise :class:`InputError` unless *shape* is an image, sequence or vector of possible sizes, or a number of tokens."""
    allowed = (1,) if shape.tokens else (1, 2, 3)
    if len(shape.sizes) not in allowed or any(type(size) is not int or not 1 <= size <= MAX_SIZE for size in shape.sizes):
        raise InputError(
            f"the input is '{shortened('x'.join(map(str, shape.sizes)))}'; give channels x height x width, length x features, "
            f"a number of features, or a number of tokens, each a whole number from 1 to {MAX_SIZE:,}."
        )


# --- shapes --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One layer that fits: what it meets and what it makes."""

    at: Context
    output: Shape


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first layer that does not fit."""

    index: int
    error: MisfitError


def trace(architecture: Architecture) -> tuple[list[Step], Misfit | None]:
    """The steps of all layers up to the first that does not fit, and that one (None: all fit)."""
    steps: list[Step] = []
    signals = [architecture.input]
    memory: Shape | None = None
    left: State | None = None
    start: State | None = None
    ties = architecture.tied_to()
    for index, layer in enumerate(architecture.layers):
        at = Context(signals[-1], memory, start, _skipped(layer, signals))
        try:
            output = layer.output(at)
            steps.append(Step(at, output))
            _check_tie(architecture, ties, index, steps)
            if max(output.sizes) > MAX_FLOWING:
                raise MisfitError(f"makes a size of more than 10^60 of {at.shape.text}; nothing of that size can be")
        except MisfitError as error:
            return steps[:index], Misfit(index, error)
        left = layer.leaves(at) or left
        if isinstance(layer, TargetTokens):
            memory, start, left = at.shape, left, None
        signals.append(output)
    return steps, None


def _skipped(layer: Layer, signals: list[Shape]) -> Shape | None:
    if not isinstance(layer, Residual) or layer.back >= len(signals):
        return None
    return signals[-1 - layer.back]


def _check_tie(architecture: Architecture, ties: dict[int, int], index: int, steps: list[Step]) -> None:
    """Raise where the layer at *index* completes a tie that cannot be."""
    pairs = [(layer, to) for layer, to in ties.items() if index == max(layer, to)]
    for layer, to in pairs:
        own, other = (architecture.layers[position].weight_matrix(steps[position].at) for position in (layer, to))
        if own is None or own != other:
            texts = ["no matrix" if shape is None else f"{shape[0]}×{shape[1]}" for shape in (own, other)]
            raise MisfitError(
                f"shares its weight in the tie of {architecture.names[layer]} ({texts[0]}) to {architecture.names[to]} ({texts[1]}), "
                "which must have the same shape",
                *_tie_changes(architecture.layers[index], other if index == layer else own),
            )


def _tie_changes(layer: Layer, shape: tuple[int, int] | None) -> list[Change | None]:
    if shape is None:
        return []
    if isinstance(layer, Linear):
        return [layer.change(f"Give it {shape[0]} outputs", out_features=shape[0])]
    if isinstance(layer, Embedding):
        return [layer.change(f"Make it {shape[0]} symbols of {shape[1]} features", num_embeddings=shape[0], embedding_dim=shape[1])]
    return []
