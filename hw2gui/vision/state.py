"""What the user chose in the vision tab: which model, which image, what is drawn, what is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from hw2gui.datasets import registry
from hw2gui.errors import InputError
from hw2gui.vision.drawing import Steps
from hw2gui.vision.pen import Drawing
from hw2gui.vision.strip import Change

Page = Literal["draw", "inside", "train"]
Source = Literal["drawing", "strokes", "kmnist"]

SHIPPED = "shipped"
"""The model that comes with the program."""

LARGEST_INDEX = 9_999
"""The last image of either set's test split."""


@dataclass(frozen=True)
class VisionState:
    """Everything chosen in the tab."""

    page: Page = "draw"
    model: str = SHIPPED
    drawing: Drawing = field(default_factory=Drawing)
    brush: float = 0.07
    """Of new strokes, in sides of the pad."""
    erasing: bool = False
    steps: Steps = field(default_factory=Steps)
    change: Change = "rotation"
    source: Source = "strokes"
    """The image that is looked into: the drawing, or a test image of a set."""
    index: int = 0
    shared_scale: bool = True
    """One colour range for all maps of a stage, or one a map."""
    pinned: tuple[str, int, int, int] | None = None
    """(stage, map, row, column) of the map cell whose products are shown."""
    attribution: Literal["none", "saliency", "occlusion"] = "none"
    recipe: str = "fast"
    """The recipe a new run starts from; the fields below are its settings, as changed by hand."""
    data: str = "strokes:10000"
    learning_rate: float = 4e-3
    batch_size: int = 128
    epochs: int = 5
    seed: int = 42


def first_state() -> VisionState:
    """What the tab opens on at the first start: a real character to look into where Kuzushiji-MNIST is there."""
    return VisionState(source="kmnist" if registry.is_present(registry.find("kmnist")) else "strokes")


def check(state: VisionState) -> VisionState:
    """*state* if it can be shown, within its ranges. Raises InputError for what cannot."""
    if not 0 < state.brush <= 0.5:
        raise InputError(f"The brush is {state.brush:g} pads wide: choose 0.01 to 0.5.")
    if not (1e-10 <= state.learning_rate <= 100 and 1 <= state.batch_size <= 65_536 and 1 <= state.epochs <= 10_000):
        raise InputError("The learning rate, the batch size or the number of epochs is out of range: the session is damaged.")
    if not 0 <= state.index <= LARGEST_INDEX:
        return replace(state, index=min(max(state.index, 0), LARGEST_INDEX))
    return state
