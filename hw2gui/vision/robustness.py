"""Accuracy against shift, rotation and scale: every test image changed alike, by a growing amount. It imports torch."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from torch import nn

from hw2gui.vision.activations import BATCH, predict
from hw2gui.vision.data import Samples
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.results import Progress
from hw2gui.vision.strip import AMOUNTS, Change, Transform, transformed


def robustness(
    module: nn.Module, samples: Samples, change: Change, amounts: Sequence[float] | None = None
) -> Generator[Progress, None, RobustnessCurve]:
    """The accuracy of *module* on *samples* after each amount of *change* (those of `hw2gui.vision.strip`)."""
    chosen = AMOUNTS[change] if amounts is None else tuple(amounts)
    accuracies = []
    for number, amount in enumerate(chosen):
        hits = 0
        for start in range(0, len(samples), BATCH):
            pictures = samples.images[start : start + BATCH].astype(np.float32) / np.float32(256)
            found = predict(module, transformed(pictures, Transform.single(change, amount))).argmax(axis=1)
            hits += int(np.count_nonzero(found == samples.labels[start : start + BATCH]))
            yield Progress((number + min(1.0, (start + BATCH) / len(samples))) / len(chosen), change)
        accuracies.append(hits / len(samples))
    return RobustnessCurve(change, chosen, tuple(accuracies))
