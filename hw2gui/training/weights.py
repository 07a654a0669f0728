"""The weights of a network on the disk, with what is needed to know which network they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hw2gui.training import tensor_file
from hw2gui.training.tensor_file import Array

WEIGHTS = "hw2gui weights"
CHECKPOINT = "hw2gui checkpoint"
MODEL = "model."
"""What the names of a checkpoint's arrays begin with where they are the network's."""


@dataclass(frozen=True)
class Weights:
    """A network's arrays by their names in its ``state_dict``, and where they come from.

    *config* is the task's whole configuration as plain values; *epoch* 0 is the untrained network, *step* counts batches.
    *metrics* are those of that epoch's end, empty for weights saved in the midst of an epoch.
    """

    path: Path
    task: str
    config: Mapping[str, Any]
    epoch: int
    step: int
    metrics: Mapping[str, float]
    arrays: Mapping[str, Array]


def write_weights(path: Path, weights: Weights) -> None:
    """Write *weights* to *path* (not to their own), whole or not at all. Raises OSError."""
    tensor_file.write(path, WEIGHTS, about(weights), weights.arrays)


def read_weights(path: Path) -> Weights:
    """Read what `write_weights` wrote, or the network of a run's checkpoint. Needs no torch. Raises `UnavailableError`."""
    file = tensor_file.read(path, (WEIGHTS, CHECKPOINT), "choose another model, or train it again")
    prefix = MODEL if file.format == CHECKPOINT else ""
    arrays = {name.removeprefix(prefix): array for name, array in file.arrays.items() if name.startswith(prefix)}
    told = file.about
    return Weights(path, told["task"], told["config"], told["epoch"], told["step"], told["metrics"], arrays)


def about(weights: Weights) -> dict[str, Any]:
    """Everything but the arrays, as plain values."""
    names = ("task", "config", "epoch", "step", "metrics")
    return {name: getattr(weights, name) for name in names}
