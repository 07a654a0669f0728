"""A character network as something to be trained: its data as tensors, its batches, its scores.

For the training process: it imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.datasets.characters import Split
from hw2gui.errors import InputError
from hw2gui.vision import data, models
from hw2gui.vision.activations import as_input
from hw2gui.vision.augment import augment
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.data import Samples
from hw2gui.vision.model import build

EVALUATED_AT_ONCE = 1000
"""Images in a batch of an evaluation."""


class CharacterTask:
    """The data and the network of a configuration, for `hw2gui.training` to train."""

    def __init__(self, config: VisionConfig) -> None:
        self.config = config
        self._samples: dict[Split, Samples] = {}

    def build(self) -> nn.Sequential:
        """The network: its weights drawn from the seed, or those of the model to start from. InputError where that is another network."""
        config = self.config
        if config.start is None:
            module = build(config.network, config.training.seed)
        else:
            found = models.load(config.start)
            if found.network.stages() != config.network.stages():
                raise InputError(f"{config.start} is another network ({found.network.title}): choose one of {config.network.title}")
            module = build(config.network)
            module.load_state_dict(found.module.state_dict())
        if len(config.network.convolutions) > 2:
            # Convolutions of many channels run a third faster so; the homework's do not care.
            for weights in module.parameters():
                weights.data = weights.data.contiguous(memory_format=torch.channels_last) if weights.ndim == 4 else weights.data
        return module

    def samples(self, split: Split) -> Samples:
        """The images of *split*, permuted where the configuration says so."""
        if split not in self._samples:
            config = self.config
            found = data.load(config.data, split, config.limit, balanced=config.balanced and split == "train")
            self._samples[split] = found if config.permutation is None else data.permuted(found, config.permutation)
        return self._samples[split]

    def count(self, split: Split = "train") -> int:
        """How many images *split* has."""
        return len(self.samples(split))

    def batch(self, indices: Tensor, generator: torch.Generator, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
        """The training images *indices* (N,) as the network takes them, augmented, and their labels."""
        images, labels = self._training
        inputs = images[indices].to(device).to(torch.float32).mul_(1 / 256)
        return augment(inputs, self.config.augmentation, generator), labels[indices].to(device)

    def loss(self, module: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        """Mean cross-entropy of the logits."""
        inputs, labels = batch
        return functional.cross_entropy(module(inputs), labels, label_smoothing=self.config.training.label_smoothing)

    def evaluate(self, module: nn.Module, split: Split, device: torch.device | str = "cpu") -> Mapping[str, float]:
        """Mean cross-entropy (without smoothing) and accuracy on *split*. The module must be in evaluation mode."""
        samples = self.samples(split)
        loss = hits = 0.0
        with torch.inference_mode():
            for start in range(0, len(samples), EVALUATED_AT_ONCE):
                part = slice(start, start + EVALUATED_AT_ONCE)
                labels = torch.from_numpy(samples.labels[part]).to(device)
                logits = module(as_input(samples.images[part], device))
                loss += float(functional.cross_entropy(logits, labels, reduction="sum"))
                hits += int((logits.argmax(dim=1) == labels).sum())
        return {"loss": loss / len(samples), "accuracy": hits / len(samples)}

    @cached_property
    def _training(self) -> tuple[Tensor, Tensor]:
        samples = self.samples("train")
        # Copies: the arrays may be read-only, which tensors cannot be.
        return torch.from_numpy(samples.images.copy())[:, None], torch.from_numpy(samples.labels.copy())
