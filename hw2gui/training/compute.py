"""What a training computes with: the device, the threads, the optimizer."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import torch
from torch import nn

from hw2gui.errors import UnavailableError
from hw2gui.training.config import Device, TrainingConfig, free_cores

_ADAM_BETA2 = 0.999

_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1  # glibc's malloc.h
_LARGEST_KEPT, _MOST_KEPT = 32 * 2**20, 2**28


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
    _keep_memory()
    before = torch.get_num_threads()
    torch.set_num_threads(threads or free_cores())
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(before)


@lru_cache(maxsize=1)
def _keep_memory() -> None:
    """Have this process keep what tensors give back, up to 256 MiB of it, for the next ones.

    Otherwise glibc hands large blocks to the system and takes them anew, each page to be filled with zeros, in every step: at a batch
    of 128 that is a third of the time. Other systems' allocators are left as they are.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return  # another C library
    mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT)
    mallopt(_TRIM_THRESHOLD, _MOST_KEPT)


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


def stepper(optimizer: torch.optim.Optimizer) -> Callable[[], object]:
    """The step of *optimizer*, bit for bit; for the fused Adam of a single parameter without the bookkeeping around its kernel, which
    at the homework's batch takes a third of the time of it.
    """
    kernel = _FUSED.get(type(optimizer))
    groups = optimizer.param_groups
    if kernel is None or not groups[0]["fused"] or [len(group["params"]) for group in groups] != [1]:
        return optimizer.step

    @torch.no_grad()
    def step() -> None:
        group = optimizer.param_groups[0]
        vector = group["params"][0]
        state = optimizer.state[vector]
        if not state or vector.grad is None:
            optimizer.step()  # which makes the state
            return
        state["step"] += 1
        means, squares = state["exp_avg"], state["exp_avg_sq"]
        beta1, beta2 = group["betas"]
        settings = {"lr": group["lr"], "beta1": beta1, "beta2": beta2, "weight_decay": group["weight_decay"], "eps": group["eps"]}
        kernel([vector], [vector.grad], [means], [squares], [], [state["step"]], **settings, amsgrad=False, maximize=False)

    return step


_FUSED: dict[type[torch.optim.Optimizer], Callable[..., object]] = {
    torch.optim.Adam: torch._fused_adam_,
    torch.optim.AdamW: torch._fused_adamw_,
}
