"""Which network: a frozen description of convolutions and dense layers, its stages with their shapes, and its parameters in closed form.

Free of torch, so that the window can show a network it does not run; `hw2gui.vision.model` builds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from hw2gui.errors import InputError, shortened
from hw2gui.training.fields import real

Pooling = Literal["max", "subsample", "none"]
Kind = Literal["convolution", "normalisation", "relu", "pool", "flatten", "dense", "dropout"]

SELECTIVE: tuple[Kind, ...] = ("convolution", "pool", "dense")
"""The kinds of stages whose channels are worth asking what excites them."""

SIDE = 28
CLASS_COUNT = 10
POOL = 2
"""Height, width and stride of every pooling window."""

MOST_PARAMETERS = 20_000_000
"""A network beyond this is refused: its training would not fit a desktop's memory and patience."""


@dataclass(frozen=True)
class Convolution:
    """One convolution of stride 1 with bias, ReLU after it, and what follows.

    ``same`` pads with zeros so that height and width stay; ``normalised`` puts batch normalisation before the ReLU; ``pooling`` is a
    2×2 maximum of stride 2, or ("subsample") the upper left pixel of each such window, which forgets as much without choosing.
    """

    channels: int
    kernel: int
    same: bool = True
    normalised: bool = False
    pooling: Pooling = "max"


@dataclass(frozen=True)
class Network:
    """Convolutions, then hidden dense layers of the widths ``dense`` with a ReLU each, then ten logits.

    Dropout stands after hidden dense layer number ``dropout_after`` (from 0); with no hidden layer, before the logits.
    Raises InputError for sizes that do not fit 28×28 pixels.
    """

    convolutions: tuple[Convolution, ...] = (Convolution(8, 5), Convolution(16, 3, same=False))
    dense: tuple[int, ...] = (600, 120)
    dropout: float = real("Dropout", 0.3, "The share of the hidden units left out while training.", minimum=0, maximum=0.99)
    dropout_after: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.dropout < 1.0:
            raise InputError(f"dropout is {self.dropout:g}: choose a share from 0 up to, but not including, 1")
        if any(width < 1 for width in self.dense) or any(layer.channels < 1 or layer.kernel < 1 for layer in self.convolutions):
            raise InputError("every layer needs at least one unit, and a kernel at least one pixel: raise the 0")
        if self.dense and not 0 <= self.dropout_after < len(self.dense):
            raise InputError(f"dropout after hidden layer {self.dropout_after + 1} of {len(self.dense)}: choose one of them")
        for layer in self.convolutions:
            if layer.same and layer.kernel % 2 == 0:
                raise InputError(f"a {layer.kernel}×{layer.kernel} kernel cannot keep the size on both sides alike: choose an odd one")
        if min(math.prod(stage.shape) for stage in self.stages()) < 1:
            raise InputError("the convolutions leave no pixel of 28×28: choose smaller kernels, fewer of them, or 'same' padding")
        if self.parameters > MOST_PARAMETERS:
            raise InputError(f"the network has {self.parameters:,} parameters: choose widths that leave at most {MOST_PARAMETERS:,}")

    def stages(self) -> tuple[Stage, ...]:
        """Every stage from the image to the logits, in order, with the shape of what leaves it."""
        found: list[Stage] = []
        shape: tuple[int, ...] = (1, SIDE, SIDE)
        relus = 0
        for number, layer in enumerate(self.convolutions, start=1):
            lost = 0 if layer.same else layer.kernel - 1
            weights = layer.channels * shape[0] * layer.kernel**2 + layer.channels
            shape = (layer.channels, max(0, shape[1] - lost), max(0, shape[2] - lost))
            relus += 1
            found.append(Stage(f"conv{number}", "convolution", shape, weights))
            if layer.normalised:
                found.append(Stage(f"norm{number}", "normalisation", shape, 2 * layer.channels))
            found.append(Stage(f"relu{relus}", "relu", shape))
            if layer.pooling != "none":
                shape = (shape[0], shape[1] // POOL, shape[2] // POOL)
                found.append(Stage(f"pool{number}", "pool", shape))
        shape = (math.prod(shape),)
        found.append(Stage("flatten", "flatten", shape))
        for number, width in enumerate((*self.dense, CLASS_COUNT), start=1):
            last = number == len(self.dense) + 1
            if last and not self.dense:
                found.append(Stage("dropout", "dropout", shape))
            found.append(Stage(f"dense{number}", "dense", (width,), width * shape[0] + width))
            shape = (width,)
            if not last:
                relus += 1
                found.append(Stage(f"relu{relus}", "relu", shape))
                if number == self.dropout_after + 1:
                    found.append(Stage("dropout", "dropout", shape))
        return tuple(found)

    def stage(self, name: str) -> Stage:
        """The stage called *name*; InputError where there is none."""
        for stage in self.stages():
            if stage.name == name:
                return stage
        raise InputError(f"the network has no stage '{shortened(name)}': choose one of {', '.join(stage.name for stage in self.stages())}")

    def field(self, name: str) -> Field:
        """What of the image a cell of the stage *name* can see; after the flattening all of it. InputError for an unknown stage.

        Each kernel of K pixels widens the field by K − 1 of the present steps, each pooling doubles the step.
        """
        self.stage(name)
        size, step, start = 1, 1, 0
        layer = Convolution(1, 1)
        convolutions = iter(self.convolutions)
        for stage in self.stages():
            if stage.kind == "convolution":
                layer = next(convolutions)
                start -= (layer.kernel // 2 if layer.same else 0) * step
                size += (layer.kernel - 1) * step
            elif stage.kind == "pool":
                size += (POOL - 1) * step if layer.pooling == "max" else 0
                step *= POOL
            elif stage.kind == "flatten":
                return Field(SIDE, 0, 0)
            if stage.name == name:
                break
        return Field(size, step, start)

    @property
    def parameters(self) -> int:
        """Trainable parameters, biases included: K²CD + D a convolution, IO + O a dense layer, 2C a normalisation."""
        return sum(stage.parameters for stage in self.stages())

    @property
    def penultimate(self) -> str:
        """The last stage before the logits' layer and its dropout: what the network knows of an image when it decides."""
        return [stage.name for stage in self.stages() if stage.kind != "dropout"][-2]

    @property
    def title(self) -> str:
        """``8@5×5 16@3×3 – 600-120-10``: enough to tell networks apart in a table."""
        marks = {"max": "", "subsample": " subsampled", "none": " unpooled"}
        filters = " ".join(f"{layer.channels}@{layer.kernel}×{layer.kernel}{marks[layer.pooling]}" for layer in self.convolutions)
        widths = "-".join(map(str, (*self.dense, CLASS_COUNT)))
        return f"{filters} – {widths}" if filters else f"{SIDE * SIDE}-{widths}"


@dataclass(frozen=True)
class Stage:
    """A named stage: ``shape`` of what leaves it for one image, (channels, height, width) or (units,), and its own parameters."""

    name: str
    kind: Kind
    shape: tuple[int, ...]
    parameters: int = 0


@dataclass(frozen=True)
class Field:
    """The receptive field of a stage's cells: ``size`` pixels, ``step`` from one cell to the next, the first one's at ``start``."""

    size: int
    step: int
    start: int

    def of(self, row: int, column: int) -> tuple[int, int, int, int]:
        """(top, left, height, width) of cell (*row*, *column*) in the image; it may reach beyond its edge."""
        return self.start + row * self.step, self.start + column * self.step, self.size, self.size


HOMEWORK = Network()
"""The homework's network, 420,906 parameters."""

HOMEWORK_SUBSAMPLED = Network((Convolution(8, 5, pooling="subsample"), Convolution(16, 3, same=False, pooling="subsample")))
"""The same without pooling's choice of the strongest: every second pixel of every second row. The same parameters."""

FULLY_CONNECTED = Network((), (600, 120))
"""784-600-120-10: the homework network's dense layers on the bare pixels."""

FULLY_CONNECTED_WIDE = Network((), (1568, 576, 600, 120), dropout_after=2)
"""784-1568-576-600-120-10: each convolution with its pooling replaced by a dense layer of as many units, 8·14·14 and 16·6·6."""

BEST = Network(
    (
        Convolution(24, 5, normalised=True),
        Convolution(48, 3, normalised=True, pooling="none"),
        Convolution(48, 3, normalised=True),
        Convolution(96, 3, normalised=True, pooling="none"),
        Convolution(96, 3, normalised=True),
    ),
    dense=(128,),
    dropout=0.3,
)
"""The ``best`` recipe's network: five small normalised convolutions."""


def fully_connected_like(network: Network, second: int = 120) -> Network:
    """784-h-*second*-10 with h such that its number of parameters is nearest to *network*'s.

    785h + (h + 1)·second + (second + 1)·10 is linear in h, so h is its rounded solution.
    """
    rest = second + (second + 1) * CLASS_COUNT
    hidden = max(1, round((network.parameters - rest) / (SIDE * SIDE + 1 + second)))
    return Network((), (hidden, second), network.dropout)
