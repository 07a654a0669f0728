"""A run's metrics as the lines of a plot."""

from __future__ import annotations

import numpy as np

from hw2gui.training.metrics import Metrics
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.report_reference import TITLE, reference
from hw2gui.widgets.live_plot import Level, Line

MOST_POINTS = 2000
"""A longer curve is drawn through so many of its points; the screen has no more pixels."""

SMOOTHED_OVER = 0.02
"""The share of all steps whose mean loss makes a point of the smoothed curve."""


def loss_lines(metrics: Metrics) -> tuple[Line, ...]:
    """The loss of every batch, faint; smoothed; and the validation loss at the end of each epoch."""
    lines: list[Line] = []
    if metrics.steps.size:
        keep = np.unique(np.linspace(0, metrics.steps.size - 1, MOST_POINTS).astype(np.int64))
        lines.append(Line("batch", metrics.steps[keep].astype(np.float64), metrics.losses[keep], 0, 1.0, faint=True))
        smooth = smoothed(metrics.losses, max(1, int(metrics.steps.size * SMOOTHED_OVER)))
        lines.append(Line("training", metrics.steps[keep].astype(np.float64), smooth[keep], 0))
    if "validation_loss" in metrics.epoch_metrics:
        lines.append(Line("validation", metrics.epoch_steps.astype(np.float64), metrics.epoch_metrics["validation_loss"], 1, dashed=True))
    return tuple(lines)


def accuracy_lines(metrics: Metrics) -> tuple[Line, ...]:
    """Validation accuracy of each epoch (and test accuracy where it was asked for)."""
    epochs = metrics.epochs.astype(np.float64)
    return tuple(
        Line(name.partition("_")[0], epochs, values, 1 if name.startswith("validation") else 2)
        for name, values in metrics.epoch_metrics.items()
        if name.endswith("_accuracy")
    )


def report_levels(config: VisionConfig) -> tuple[Level, ...]:
    """The report's value for the same data, network and protocol; nothing for any other."""
    found = reference(config)
    return (Level(f"{TITLE} {found:.4f}", found),) if found is not None else ()


def smoothed(values: np.ndarray, width: int) -> np.ndarray:
    """Means over the last *width* values (fewer at the beginning)."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    ends = np.arange(1, values.size + 1)
    starts = np.maximum(0, ends - width)
    means: np.ndarray = (sums[ends] - sums[starts]) / (ends - starts)
    return means
