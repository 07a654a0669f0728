"""What the user chose in the vision tab: which model, which image, what is drawn, what is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from hw2gui.datasets import registry
from hw2gui.datasets.characters import Split
from hw2gui.errors import InputError
from hw2gui.training.room import Room, check_room
from hw2gui.vision import recipes
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.drawing import Steps
from hw2gui.vision.inquiry import Inquiry
from hw2gui.vision.network import CLASS_COUNT
from hw2gui.vision.pen import Drawing
from hw2gui.vision.strip import Change

Page = Literal["draw", "inside", "results", "train", "teach", "experiments"]
Source = str
"""The image that is looked into: "drawing", or one of a set as `hw2gui.vision.data` names it."""
Showing = Literal["maps", "filters"]
Gallery = Literal["cell", "classes", "compare", "top"]
Compared = Literal["fixed", "broken", "both"]

DRAWING = "drawing"

SHIPPED = "shipped"
"""The model that comes with the program."""

FIRST_DATA = "strokes:10000"
"""What the first run is trained on: it needs no download."""

LARGEST_INDEX = 59_999
"""No set here has more images."""


@dataclass(frozen=True)
class LookedAt:
    """One image and the network it is sent through: all that the pages about it depend on."""

    model: str
    epoch: int | None
    source: Source
    split: Split
    index: int
    drawing: Drawing
    steps: Steps


@dataclass(frozen=True)
class Exam:
    """A model at an epoch, and the images it is tested on: all that its confusion matrix depends on."""

    model: str
    epoch: int | None
    data: str
    """The set as `hw2gui.vision.data` names it; empty: the one the model was trained on."""
    split: Split


@dataclass(frozen=True)
class VisionState:
    """Everything chosen in the tab."""

    page: Page = "draw"
    model: str = SHIPPED
    epoch: int | None = None
    """One of a run's saved epochs (0: untrained); None: the one the run stands for."""
    drawing: Drawing = field(default_factory=Drawing)
    brush: float = 0.07
    """Of new strokes, in sides of the pad."""
    erasing: bool = False
    steps: Steps = field(default_factory=Steps)
    change: Change = "rotation"
    source: Source = "strokes"
    split: Split = "test"
    index: int = 0
    """Which image of that split of the source."""
    showing: Showing = "maps"
    shared_scale: bool = True
    """One colour range for all maps of a stage, or one a map."""
    pinned: tuple[str, int, int, int] | None = None
    """(stage, map, row, column) of the value that is explained; a dense unit is (stage, unit, 0, 0)."""
    attribution: Literal["none", "saliency", "occlusion"] = "none"
    explained: int | None = None
    """The class whose saliency or occlusion is shown; None: the one that is read."""
    tested: Literal["", "strokes", "kmnist"] = ""
    """The set whose results are shown (`Exam.data`)."""
    tested_split: Split = "validation"
    gallery: Gallery = "cell"
    confused: tuple[int, int] | None = None
    """(class, taken for): the cell of the confusion matrix whose images are shown."""
    rival: str = ""
    """The model the first one is compared with; empty: none yet."""
    rival_epoch: int | None = None
    compared: Compared = "fixed"
    error_colours: bool = True
    """The confusion matrix in colours up to the largest share of errors; else up to 1."""
    top: tuple[str, int] = ("conv1", 0)
    """(stage, first channel) whose strongest images are shown."""
    recipe: str = "fast"
    """The recipe the settings were last taken from."""
    setup: VisionConfig = field(default_factory=lambda: replace(recipes.find("fast").config, data=FIRST_DATA))
    """The settings of the next run."""
    room: Room = field(default_factory=Room)
    inquiry: Inquiry = field(default_factory=Inquiry)
    """The experiment of question 2 that is shown."""

    @property
    def looked_at(self) -> LookedAt:
        """The image looked into and its network; the drawing only where it is that image."""
        if self.source == DRAWING:
            return LookedAt(self.model, self.epoch, DRAWING, "test", 0, self.drawing, self.steps)
        return LookedAt(self.model, self.epoch, self.source, self.split, self.index, Drawing(), Steps())

    @property
    def exam(self) -> Exam:
        """The model and the images of the results."""
        return Exam(self.model, self.epoch, self.tested, self.tested_split)


def first_state() -> VisionState:
    """What the tab opens on at the first start: a real character to look into where Kuzushiji-MNIST is there."""
    best = registry.usual_characters()
    return VisionState(source=best, inquiry=Inquiry(data=best))


def check(state: VisionState) -> VisionState:
    """*state* if it can be shown, within its ranges. Raises InputError for what cannot."""
    if not 0 < state.brush <= 0.5:
        raise InputError(f"The brush is {state.brush:g} pads wide: choose 0.01 to 0.5.")
    check_room(state.room)
    if state.explained is not None and not 0 <= state.explained < CLASS_COUNT:
        raise InputError("A class that does not exist is to be explained: the session is damaged.")
    if state.epoch is not None and state.epoch < 0:
        raise InputError("An epoch below 0 is chosen: the session is damaged.")
    if not 0 <= state.index <= LARGEST_INDEX:
        return replace(state, index=min(max(state.index, 0), LARGEST_INDEX))
    return state
