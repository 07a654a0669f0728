"""A small task for the tests of training: dropout, random noise and a learned shift, so that nothing random may be forgotten."""

from __future__ import annotations

import math
import random
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.datasets.characters import Split
from hw2gui.jobs import Commands
from hw2gui.session.codec import from_plain
from hw2gui.training.config import TrainingConfig
from hw2gui.training.events import Event, Finished
from hw2gui.training.health import dead_relu_share
from hw2gui.training.loop import train
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.task import Best, Task, shuffled

EXAMPLES, INPUTS, CLASSES = 40, 6, 3


class Toy(Task):
    name = "toy"
    best = Best("validation_accuracy", more=True)
    chance_loss = math.log(CLASSES)

    def __init__(self, config: TrainingConfig) -> None:
        self.config = config
        generator = torch.Generator().manual_seed(7)
        self.x = torch.randn(EXAMPLES, INPUTS, generator=generator)
        self.y = (self.x[:, 0] > 0).long() + (self.x[:, 1] > 0).long()

    @property
    def data(self) -> Mapping[str, str]:
        return {"noise": "made with seed 7"}

    def build(self) -> nn.Module:
        return nn.Sequential(nn.Linear(INPUTS, 12), nn.ReLU(), nn.Dropout(0.2), nn.BatchNorm1d(12), nn.Linear(12, CLASSES))

    def plan(self, epoch: int, generator: torch.Generator) -> Sequence[Tensor]:
        return shuffled(EXAMPLES, self.config.batch_size, generator)

    def loss(self, model: nn.Module, batch: Tensor) -> Tensor:
        noise = torch.randn(len(batch), INPUTS) * 0.1 + np.random.rand() * 0.01 + random.random() * 0.01  # noqa: NPY002
        return functional.cross_entropy(model(self.x[batch] + noise), self.y[batch], label_smoothing=self.config.label_smoothing)

    def evaluate(self, model: nn.Module, split: Split) -> dict[str, float]:
        torch.rand(3), random.random()  # an evaluation may draw as it likes
        assert not model.training
        logits = model(self.x)
        accuracy = (logits.argmax(1) == self.y).float().mean()
        return {"loss": functional.cross_entropy(logits, self.y).item(), "accuracy": accuracy.item()}

    def samples(self, model: nn.Module, epoch: int) -> Iterable[tuple[str, Any]]:
        yield "logits", [round(value, 4) for value in model(self.x[:1])[0].tolist()]

    def dead_share(self, model: nn.Module) -> float | None:
        return dead_relu_share(model, lambda: model(self.x))


class Weak(Toy):
    """Loses its numbers at step 8."""

    def loss(self, model: nn.Module, batch: Tensor) -> Tensor:
        loss = super().loss(model, batch)
        self.steps = getattr(self, "steps", 0) + 1
        return loss * float("nan") if self.steps == 8 else loss


class Stubborn(Toy):
    """Learns nothing: the loss is that of guessing."""

    def loss(self, model: nn.Module, batch: Tensor) -> Tensor:
        return functional.cross_entropy(model(self.x[batch]) * 0, self.y[batch])


class Broken(Toy):
    def loss(self, model: nn.Module, batch: Tensor) -> Tensor:
        return functional.cross_entropy(model(self.x[batch, :2]), self.y[batch])


def train_toy(folder: str, commands: Commands) -> Generator[Event, None, Finished]:
    """The job: train, or go on with, the run in *folder*."""
    from pathlib import Path

    run = RunFolder.open(Path(folder))
    config = from_plain(TrainingConfig, run.header.config)
    return (yield from train(Toy(config), config, run, commands))
