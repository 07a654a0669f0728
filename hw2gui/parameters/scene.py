"""What is on screen, computed from what was chosen: :func:`resolve` is pure, its result frozen; the pages ask it for their part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import Analysis, Row, analyse
from hw2gui.parameters.architecture import Architecture, trace
from hw2gui.parameters.ladder import RUNGS, Ladder, RungName
from hw2gui.parameters.layers import Context, Conv2d, MisfitError, Shape
from hw2gui.parameters.state import LARGEST_PICTURE, ParametersState


@dataclass(frozen=True, eq=False)
class Scene:
    """One network with all its counts."""

    state: ParametersState
    analysis: Analysis

    @property
    def architecture(self) -> Architecture:
        """The network."""
        return self.analysis.architecture

    @property
    def selected(self) -> Row | None:
        """The row of the selected layer; None where none is selected or the layer is not reached."""
        index = self.state.selected
        return self.analysis.rows[index] if index is not None and index < len(self.analysis.rows) else None

    def context(self, index: int) -> Context | None:
        """What the layer at *index* meets; None where an earlier one does not fit."""
        rows = self.analysis.rows
        if index < len(rows):
            return rows[index].at
        if index > len(rows):
            return None
        # The layer that does not fit: what it meets is what the last one makes, as the trace of the stack up to it says.
        upto = self.architecture.removed(*range(index, len(self.architecture.layers)))
        steps, _ = trace(upto)
        before = steps[-1] if steps else None
        if before is None:
            return Context(self.architecture.input)
        return Context(before.output, before.at.memory, before.at.state)

    @cached_property
    def steps(self) -> LadderScene:
        """The ladder of the network's first convolution (or the selected one). Raises :class:`InputError` where there is none."""
        return ladder_scene(self)


def resolve(state: ParametersState, known: Scene | None = None) -> Scene:
    """The scene of *state*; the counts of *known* are kept where they are the same."""
    if known is not None:
        old = known.state
        if (old.stack, old.batch, old.ignore_biases) == (state.stack, state.batch, state.ignore_biases):
            return Scene(state, known.analysis)
    return Scene(state, analyse(state.architecture, state.batch, state.ignore_biases))


# --- the ladder ----------------------------------------------------------------------------------------------------------------


MOST_ENTRIES = 3_000_000
"""The largest matrix the ladder draws."""


@dataclass(frozen=True, eq=False)
class LadderScene:
    """The ladder of one convolution: ``counted`` at its own sizes, ``drawn`` with one channel on a picture small enough to be looked at."""

    name: str
    counted: Ladder
    drawn: Ladder
    smallest: int
    """The smallest picture on which the convolution has an output."""
    largest: int

    @property
    def side(self) -> int:
        """Rows of the drawn picture."""
        return self.drawn.image.sizes[1]

    def parameters_drawn(self, rung: RungName) -> int:
        """Weights in the drawn matrix."""
        return self.drawn.rung(rung).weights.value


def ladder_scene(scene: Scene) -> LadderScene:
    """The selected convolution, else the first; its picture has the rows chosen, within what it can have."""
    rows = [row for row in scene.analysis.rows if isinstance(row.layer, Conv2d)]
    if not rows:
        raise InputError("The ladder is about a convolution: add a Conv2d to the stack, or choose a preset that has one.")
    row = next((row for row in rows if row.index == scene.state.selected), rows[0])
    layer = row.layer
    assert isinstance(layer, Conv2d)
    if layer.groups != 1:
        raise InputError(f"{row.name} has {layer.groups} groups: the ladder is drawn for a convolution with one; set its groups to 1.")
    flat = replace(layer, out_channels=1, in_channels=0)
    _, height, width = row.at.shape.sizes
    smallest = next((side for side in range(1, LARGEST_PICTURE + 1) if _fits(flat, _picture(side, height, width))), None)
    if smallest is None:
        raise InputError(f"The window of {row.name} reaches over more than {LARGEST_PICTURE} pixels: the ladder is drawn for smaller ones.")
    sides = range(smallest, max(smallest, min(height, LARGEST_PICTURE)) + 1)
    largest = max(side for side in sides if side == smallest or _entries(flat, _picture(side, height, width)) <= MOST_ENTRIES)
    side = min(max(scene.state.picture_side, smallest), largest)
    return LadderScene(row.name, Ladder(layer, row.at.shape), Ladder(flat, _picture(side, height, width)), smallest, largest)


def _picture(side: int, height: int, width: int) -> Shape:
    """*side* rows of one channel, in the proportions of height × width."""
    return Shape((1, side, min(LARGEST_PICTURE, max(1, side * width // height))))


def _entries(layer: Conv2d, image: Shape) -> int:
    return layer.output(Context(image)).elements * image.elements


def _fits(layer: Conv2d, image: Shape) -> bool:
    try:
        layer.output(Context(image))
    except MisfitError:
        return False
    return True


def rung_names() -> tuple[RungName, ...]:
    """From the most parameters to the fewest."""
    return tuple(RUNGS)
