"""The learning rate and the momentum of every step, in closed form: nothing to save, nothing to get out of step on resuming."""

from __future__ import annotations

import math

from hw2gui.training.config import TrainingConfig

# torch.optim.lr_scheduler.OneCycleLR's defaults.
START_DIVISOR = 25.0
END_DIVISOR = 1e4
LOW_MOMENTUM, HIGH_MOMENTUM = 0.85, 0.95


def learning_rate(config: TrainingConfig, step: int, steps: int, per_epoch: int, peak: float | None = None) -> float:
    """The rate of step *step* (from 0) of *steps*, with *per_epoch* steps an epoch.

    *peak* replaces the configured rate: the schedule keeps its shape. One-cycle and step are PyTorch's `OneCycleLR` (cosine, two phases)
    and `StepLR`; cosine is its `CosineAnnealingLR` to 0, stepped every batch (Loshchilov and Hutter 2017, without restarts).
    """
    peak = config.learning_rate if peak is None else peak
    match config.schedule:
        case "one-cycle":
            low = peak / START_DIVISOR
            return _cycle(config, step, steps, low, peak, low / END_DIVISOR)
        case "cosine":
            return _cosine(peak, 0.0, step / steps)
        case "step":
            return float(peak * config.decay ** (step // (per_epoch * config.decay_every)))
        case "range":
            return float(config.first_rate * (peak / config.first_rate) ** min(1.0, step / max(1, steps - 1)))
        case _:
            return peak


def momentum(config: TrainingConfig, step: int, steps: int) -> float:
    """The momentum (SGD) or β₁ (Adam) of step *step*: the configured one, but 0.95 → 0.85 → 0.95 along a one-cycle."""
    if config.schedule != "one-cycle":
        return config.momentum
    return _cycle(config, step, steps, HIGH_MOMENTUM, LOW_MOMENTUM, HIGH_MOMENTUM)


def _cycle(config: TrainingConfig, step: int, steps: int, start: float, middle: float, end: float) -> float:
    turn = config.rise * steps - 1
    if step <= turn:
        return _cosine(start, middle, step / turn if turn > 0 else 1.0)
    return _cosine(middle, end, min(1.0, (step - turn) / (steps - 1 - turn)))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
