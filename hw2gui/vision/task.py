"""A character network as something to be trained: its data as tensors, its batches, its scores.

For the training process: it imports torch.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.datasets import registry
from hw2gui.datasets.characters import Split
from hw2gui.errors import InputError
from hw2gui.training.health import dead_relu_share
from hw2gui.training.task import Best, Task, shuffled
from hw2gui.vision import backpropagation, data, models
from hw2gui.vision.augment import augment
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.data import Samples
from hw2gui.vision.model import build
from hw2gui.vision.network import CLASS_COUNT

EVALUATED_AT_ONCE = 1000
"""Images in a batch of an evaluation."""

PROBED = 256
"""Training images that tell whether a unit is dead."""


def _channels_last(_module: nn.Module, _inputs: object, maps: Tensor) -> Tensor:
    """Maps with their channels side by side in memory: convolutions of many channels are a third faster so, and later ones keep it.

    The weights stay as they are: PyTorch's fused optimizers take state restored from a file for laid out as the weights are.
    """
    return maps.contiguous(memory_format=torch.channels_last)


class CharacterTask(Task):
    """The data and the network of a configuration."""

    name: ClassVar[str] = models.TASK
    best = Best("validation_accuracy", more=True)
    chance_loss = math.log(CLASS_COUNT)

    def __init__(self, config: VisionConfig) -> None:
        self.config = config
        self._device = torch.device("cpu")
        self._samples: dict[Split, Samples] = {}
        self._by_hand = False

    @property
    def data(self) -> Mapping[str, str]:
        """The published md5 sums of the files the images come from; of the user's own and the built-in ones a sum of what was read."""
        found: dict[str, str] = {}
        for part in data.names(self.config.data):
            own = part.partition(":")[0]
            published = registry.DATASETS[own].files if own in registry.DATASETS else ()
            found |= {f"{own}/{file.name}": file.md5 for file in published}
            if not published:
                found[part] = hashlib.sha256(data.load(part, "train", self.config.limit).images.tobytes()).hexdigest()
        return found

    def prepare(self, device: torch.device) -> None:
        """Load the training and validation images; the test images are loaded when they are asked for."""
        self._device = device
        samples = self.images("train")
        # Copies: the arrays may be read-only, which tensors cannot be.
        self._images = torch.from_numpy(samples.images.copy())[:, None].to(device)
        self._labels = torch.from_numpy(samples.labels.copy()).to(device)
        self.images("validation")

    def build(self) -> nn.Module:
        """The network: its weights as drawn, or those of the model to start from. InputError where that is another network."""
        config = self.config
        module = build(config.network)
        if config.start is not None:
            found = models.load(config.start)
            if found.network.stages() != config.network.stages():
                raise InputError(f"{config.start} is another network ({found.network.title}): choose one of {config.network.title}")
            module.load_state_dict(found.module.state_dict())
        self._by_hand = self._device.type == "cpu" and backpropagation.fits(module)
        if len(config.network.convolutions) > 2:
            module.get_submodule("conv1").register_forward_hook(_channels_last)
        return module

    def plan(self, epoch: int, generator: torch.Generator) -> Sequence[Any]:
        """Shuffled indices."""
        return shuffled(len(self._labels), self.config.training.batch_size, generator, self._device)

    def batch(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """The training images *indices* (N,) as the network takes them, augmented, and their labels."""
        inputs = self._images.index_select(0, indices) * (1 / 256)
        return augment(inputs, self.config.augmentation), self._labels.index_select(0, indices)

    def loss(self, model: nn.Module, batch: Tensor) -> Tensor:
        """Mean cross-entropy of the logits over the batch, in nats, with the configured label smoothing."""
        inputs, labels = self.batch(batch)
        return functional.cross_entropy(model(inputs), labels, label_smoothing=self.config.training.label_smoothing)

    def in_place(self, model: nn.Module) -> bool:
        """Where the gradients are written out by hand."""
        return self._by_hand

    def gradients(self, model: nn.Module, batch: Tensor) -> Tensor:
        """As automatic differentiation finds them, for the homework's kind of network in half the time."""
        if not self._by_hand:
            return super().gradients(model, batch)
        with torch.inference_mode():
            inputs, labels = self.batch(batch)
            return backpropagation.gradients(model, inputs, labels, self.config.training.label_smoothing)

    def evaluate(self, model: nn.Module, split: Split) -> Mapping[str, float]:
        """Mean cross-entropy (without smoothing) and accuracy on *split*."""
        samples = self.images(split)
        loss = hits = 0.0
        for start in range(0, len(samples), EVALUATED_AT_ONCE):
            part = slice(start, start + EVALUATED_AT_ONCE)
            labels = torch.from_numpy(samples.labels[part].copy()).to(self._device)
            inputs = torch.from_numpy(samples.images[part].copy())[:, None].to(self._device).to(torch.float32).mul_(1 / 256)
            logits = model(inputs)
            loss += float(functional.cross_entropy(logits, labels, reduction="sum"))
            hits += int((logits.argmax(dim=1) == labels).sum())
        return {"loss": loss / len(samples), "accuracy": hits / len(samples)}

    def dead_share(self, model: nn.Module) -> float | None:
        """The share of ReLU units and maps that are 0 on the first training images."""
        inputs = self._images[:PROBED].to(torch.float32).mul_(1 / 256)
        return dead_relu_share(model, lambda: model(inputs))

    def images(self, split: Split) -> Samples:
        """The images of *split*, permuted where the configuration says so."""
        if split not in self._samples:
            config = self.config
            found = data.load(config.data, split, config.limit, balanced=config.balanced and split == "train")
            self._samples[split] = found if config.permutation is None else data.permuted(found, config.permutation)
        return self._samples[split]
