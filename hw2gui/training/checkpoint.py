"""Everything a training needs to go on as if nothing had happened, in one file that is replaced whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from hw2gui.errors import UnavailableError
from hw2gui.training import tensor_file
from hw2gui.training.flat import State, join_state, split_state
from hw2gui.training.randomness import RandomState
from hw2gui.training.tensor_file import Array
from hw2gui.training.weights import CHECKPOINT, MODEL, Weights, about

_MEND = "begin the run anew, or use the weights of an epoch that were kept"


@dataclass
class Progress:
    """How far a training is. *epoch* counts finished ones, *position* the batches done of the one after."""

    step: int = 0
    epoch: int = 0
    position: int = 0
    loss_sum: float = 0.0  # over the examples of the unfinished epoch
    examples: int = 0
    seconds: float = 0.0
    best_epoch: int = 0
    best_value: float | None = None
    best_metrics: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)  # of the last finished epoch
    peak: float | None = None  # the learning rate set by hand
    dropout: float | None = None  # the dropout set by hand
    changes: int = 0  # so many of the changes made by hand have been applied


@dataclass
class Trained:
    """What changes from step to step."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    progress: Progress
    device: torch.device
    flat: bool = False  # the optimizer's one parameter is the vector of all

    def optimizer_state(self) -> State:
        """What the optimizer remembers, parameter by parameter however they lie in memory."""
        state = self.optimizer.state_dict()["state"]
        return split_state(state, self.model) if self.flat else state

    def restore_optimizer(self, state: State) -> None:
        """Put `optimizer_state` back. ValueError or KeyError where it is another optimizer's."""
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": join_state(state, self.model) if self.flat else state, "param_groups": groups})


def model_arrays(model: nn.Module) -> dict[str, Array]:
    """The ``state_dict`` as arrays; on the CPU they share the network's memory."""
    return {name: tensor.detach().cpu().numpy() for name, tensor in model.state_dict().items()}


def load_arrays(model: nn.Module, arrays: Mapping[str, Array], path: Path) -> None:
    """Give *model* the weights *arrays*, read from *path*. Raises `UnavailableError` where they are another network's."""
    try:
        model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in arrays.items()})
    except RuntimeError as error:
        raise UnavailableError(f"The weights in {path} are those of another network: choose the run they belong to.") from error


def save(path: Path, trained: Trained, weights: Weights) -> None:
    """Write all of *trained* to *path*; *weights* are its network's, described. Raises OSError."""
    arrays: dict[str, Array] = {MODEL + name: array for name, array in weights.arrays.items()}
    scalars: dict[str, dict[str, Any]] = {}
    for index, state in trained.optimizer_state().items():
        for name, value in state.items():
            if isinstance(value, torch.Tensor):
                arrays[f"optimizer.{index}.{name}"] = value.cpu().numpy()
            else:
                scalars.setdefault(str(index), {})[name] = value
    random_arrays, random_plain = RandomState.now(trained.device).to_plain()
    arrays |= {f"random.{name}": array for name, array in random_arrays.items()}
    own = {"progress": asdict(trained.progress), "optimizer": scalars, "random": random_plain, "device": trained.device.type}
    tensor_file.write(path, CHECKPOINT, {**about(weights), **own}, arrays)


def restore(path: Path, trained: Trained) -> None:
    """Bring *trained*, whose network and optimizer are freshly made, and the random numbers to what `save` has written to *path*.

    Raises `UnavailableError` for a file that is missing, damaged, newer, or of another network or optimizer.
    """
    file = tensor_file.read(path, (CHECKPOINT,), _MEND)
    try:
        progress = Progress(**file.about["progress"])
        random = RandomState.from_plain(_under("random.", file.arrays), file.about["random"])
        state: State = {int(index): dict(values) for index, values in file.about["optimizer"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise UnavailableError(f"{path} is damaged: {_MEND}.") from error
    load_arrays(trained.model, _under(MODEL, file.arrays), path)
    for name, array in _under("optimizer.", file.arrays).items():
        index, _, part = name.partition(".")
        state.setdefault(int(index), {})[part] = torch.from_numpy(array.copy())
    try:
        trained.restore_optimizer(state)
    except (ValueError, KeyError) as error:
        raise UnavailableError(f"{path} was written by another optimizer: {_MEND}.") from error
    trained.progress = progress
    random.restore(trained.device if file.about["device"] == trained.device.type else None)


def _under(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
