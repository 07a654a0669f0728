"""What a training computes with: the device, the threads, the optimizer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from hw2gui.errors import UnavailableError
from hw2gui.training.config import Device, TrainingConfig, free_cores

_ADAM_BETA2 = 0.999


def pick_device(wanted: Device) -> torch.device:
    """The device *wanted*; auto takes a GPU where there is one. Raises `UnavailableError` for one that is not there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return torch.device(next(name for name, found in there.items() if found))
    if not there[wanted]:
        name = {"cuda": "CUDA device", "mps": "Apple GPU"}[wanted]
        raise UnavailableError(f"This computer's PyTorch finds no {name}: choose the device cpu or auto.")
    return torch.device(wanted)


def check_device(wanted: Device) -> None:
    """Raise `UnavailableError`, with what to choose, where this computer has no such device."""
    pick_device(wanted)


@contextmanager
def computing(threads: int) -> Iterator[None]:
    """Compute with so many *threads* (0: `free_cores`), and without denormal numbers, which cost much time and mean nothing here."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads or free_cores())
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(before)


def make_optimizer(parameters: Sequence[nn.Parameter], config: TrainingConfig) -> torch.optim.Optimizer:
    """The optimizer that *config* names, for *parameters*; fused where torch can (twice as fast at small batches)."""
    try:
        return _make_optimizer(parameters, config, fused=True)
    except RuntimeError:
        return _make_optimizer(parameters, config, fused=False)


def _make_optimizer(parameters: Sequence[nn.Parameter], config: TrainingConfig, *, fused: bool) -> torch.optim.Optimizer:
    shared: dict[str, Any] = {"lr": config.learning_rate, "weight_decay": config.weight_decay, "fused": fused}
    if config.optimizer == "sgd":
        return torch.optim.SGD(parameters, momentum=config.momentum, **shared)
    kind = torch.optim.Adam if config.optimizer == "adam" else torch.optim.AdamW
    return kind(parameters, betas=(config.momentum, _ADAM_BETA2), **shared)


def set_rate(optimizer: torch.optim.Optimizer, rate: float, momentum: float) -> None:
    """Step with this learning rate and momentum (β₁ of Adam) from now on."""
    for group in optimizer.param_groups:
        group["lr"] = rate
        if "betas" in group:
            group["betas"] = (momentum, _ADAM_BETA2)
        else:
            group["momentum"] = momentum
