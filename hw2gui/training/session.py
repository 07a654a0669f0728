"""A task made ready to be trained in its run's folder, from the start or from where its checkpoint is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from hw2gui.datasets.characters import Split
from hw2gui.errors import InputError
from hw2gui.training import checkpoint, compute
from hw2gui.training.checkpoint import Progress, Trained
from hw2gui.training.config import TrainingConfig
from hw2gui.training.events import Sample, Started
from hw2gui.training.flat import flatten
from hw2gui.training.randomness import RandomState, seed_for
from hw2gui.training.recorder import Recorder
from hw2gui.training.run_folder import RunFolder, unwritable
from hw2gui.training.task import Task


@dataclass
class Session:
    """What one call of `train` works on. What is in neither the network, the optimizer nor ``at`` does not outlive a checkpoint."""

    task: Task
    config: TrainingConfig
    run: RunFolder
    trained: Trained
    recorder: Recorder
    resumed: bool

    @property
    def at(self) -> Progress:
        """How far it is."""
        return self.trained.progress

    @property
    def model(self) -> nn.Module:
        """The network."""
        return self.trained.model

    def plan(self, epoch: int) -> Sequence[Any]:
        """The batches of *epoch*, in an order that only the seed and the epoch decide: so that it need not be saved."""
        return self.task.plan(epoch, torch.Generator().manual_seed(seed_for(self.config.seed, "order", epoch)))

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look at the network without a trace: in eval mode, without gradients, with whatever random numbers that takes given back."""
        before = RandomState.now(self.trained.device)
        self.model.eval()
        try:
            with torch.no_grad():
                yield
        finally:
            self.model.train()
            before.restore(self.trained.device)

    def evaluate(self, split: Split) -> dict[str, float]:
        """The task's metrics on *split*, each prefixed by its name."""
        with self.looking():
            return {f"{split}_{name}": float(value) for name, value in self.task.evaluate(self.model, split).items()}

    def samples(self) -> list[Sample]:
        """What the task has to show after the last finished epoch."""
        at = self.at
        with self.looking():
            return [Sample(at.epoch, at.step, name, payload) for name, payload in self.task.samples(self.model, at.epoch)]

    def started(self, per_epoch: int) -> Started:
        """The first event."""
        parameters = sum(parameter.numel() for parameter in self.model.parameters() if parameter.requires_grad)
        at, device = self.at, self.trained.device.type
        return Started(str(self.run.path), at.step, at.epoch, self.config.epochs, per_epoch, parameters, device, self.resumed)


def prepare(task: Task, config: TrainingConfig, run: RunFolder) -> Session:
    """Make network and optimizer, bring them to where the checkpoint of *run* is if it has one, and open its logs.

    If it raises, *run* is as it was: `InputError` for one that is finished, cannot be resumed or finds other data; `UnavailableError` for
    damaged or unwritable files and a device that is not there.
    """
    device = compute.pick_device(config.device)
    task.prepare(device)
    model = task.build().to(device)
    flat = task.in_place(model)
    parameters = [flatten(model)] if flat else [parameter for parameter in model.parameters() if parameter.requires_grad]
    trained = Trained(model, compute.make_optimizer(parameters, config), Progress(), device, flat)
    resumed = run.checkpoint_file.exists()
    if resumed:
        checkpoint.restore(run.checkpoint_file, trained)
    elif any(run.epochs_kept):
        raise InputError(f"The run {run.name} has no checkpoint any more and cannot be resumed: begin a new one.")
    at = trained.progress
    if at.epoch >= config.epochs and run.state.status == "finished":
        raise InputError(f"The run {run.name} has finished its {at.epoch} epochs: begin a new one.")
    if at.dropout is not None:
        task.set_dropout(model, at.dropout)
    try:
        run.settle_data(task.data)
        recorder = Recorder(run, trained, tensorboard=config.tensorboard)
    except OSError as error:
        raise unwritable(run.path, error) from error
    return Session(task, config, run, trained, recorder, resumed)
