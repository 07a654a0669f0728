"""What a subject brings to be trained. Everything random in it comes from torch's global generator, which the loop seeds and saves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from hw2gui.datasets.characters import Split


@dataclass(frozen=True)
class Best:
    """Which of an epoch's metrics says that an epoch is better, and whether more or less of it is."""

    metric: str = "validation_loss"
    more: bool = False

    def beats(self, value: float, known: float | None) -> bool:
        """Whether *value* is better than the best *known* (None: there is none). NaN never is."""
        if known is None:
            return value == value
        return value > known if self.more else value < known


class Task(ABC):
    """A network, its data and its loss. A batch is whatever `plan` makes of it, with the number of examples as its length."""

    name: ClassVar[str]
    """The kind of task, as it stands in the run's folder: the subject's name."""

    best: Best = Best()
    chance_loss: float | None = None
    """The loss of a network that guesses (ln of the number of classes); one that stays there has collapsed."""

    @property
    def data(self) -> Mapping[str, str]:
        """The sums of the data it was made from, by name; a resumed run must find the same."""
        return {}

    def prepare(self, device: torch.device) -> None:
        """Put the data where they are computed with. Called once, before `build`."""
        return

    @abstractmethod
    def build(self) -> nn.Module:
        """A fresh network, initialised from torch's generator; the loop moves it to the device."""

    @abstractmethod
    def plan(self, epoch: int, generator: torch.Generator) -> Sequence[Any]:
        """The batches of *epoch* (from 1), such as index tensors (`shuffled`), in an order that *generator* alone decides.

        Every epoch has equally many.
        """

    @abstractmethod
    def loss(self, model: nn.Module, batch: Any) -> Tensor:
        """The mean loss over the examples of *batch*: a scalar to differentiate."""

    def in_place(self, model: nn.Module) -> bool:
        """Whether `gradients` writes into the gradients that are there. Their parameters then are laid side by side, where a step of the
        optimizer is quicker (`hw2gui.training.flat`).
        """
        return False

    def gradients(self, model: nn.Module, batch: Any) -> Tensor:
        """Leave the gradients of the loss in the parameters' ``grad``, nothing of earlier ones; returns the loss, detached."""
        loss = self.loss(model, batch)
        model.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
        return loss.detach()

    @abstractmethod
    def evaluate(self, model: nn.Module, split: Split) -> Mapping[str, float]:
        """Metrics on the whole *split* by name, unprefixed (``loss``, ``accuracy``). The model is in eval mode, without gradients."""

    def samples(self, model: nn.Module, epoch: int) -> Iterable[tuple[str, Any]]:
        """What to show after *epoch*: names with plain JSON data. The model is in eval mode, without gradients."""
        return ()

    def dead_share(self, model: nn.Module) -> float | None:
        """The share of dead ReLU units now (see `hw2gui.training.health.dead_relu_share`); None: not measured."""
        return None

    def set_dropout(self, model: nn.Module, share: float) -> None:
        """Make every dropout drop *share* from now on."""
        for module in model.modules():
            if isinstance(module, nn.modules.dropout._DropoutNd):
                module.p = share
            elif isinstance(module, nn.RNNBase) and module.num_layers > 1:
                module.dropout = share


def shuffled(examples: int, batch_size: int, generator: torch.Generator, device: torch.device | None = None) -> Sequence[Tensor]:
    """Batches (batch_size,) of the indices 0 … *examples* − 1 in random order, the last perhaps smaller. On *device*, with the data."""
    return torch.split(torch.randperm(examples, generator=generator).to(device), batch_size)
