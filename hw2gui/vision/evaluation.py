"""Scores from probabilities and labels: accuracy, classes, the confusion matrix with the images behind each cell, two models compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from hw2gui.arrays import Booleans, Ints, Singles
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError
from hw2gui.vision.network import CLASS_COUNT
from hw2gui.vision.strip import UNITS, Change


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A model's ``probabilities`` (N, 10) for images of known ``labels`` (N,), N ≥ 1."""

    probabilities: Singles
    labels: Ints

    def __post_init__(self) -> None:
        if len(self.probabilities) != len(self.labels) or not len(self.labels):
            raise InputError("there is nothing to evaluate: choose a set and split that hold images")

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def predicted(self) -> Ints:
        """The most probable class of each image, (N,)."""
        found: Ints = np.argmax(self.probabilities, axis=1)
        return found

    @cached_property
    def right(self) -> Booleans:
        """Whether it is the label, (N,)."""
        correct: Booleans = self.predicted == self.labels
        return correct

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return float(self.right.mean())

    @property
    def loss(self) -> float:
        """Mean cross-entropy, in nats."""
        of_label = self.probabilities[np.arange(len(self)), self.labels].astype(np.float64)
        return float(-np.log(np.maximum(of_label, np.finfo(np.float32).tiny)).mean())

    @cached_property
    def confusion(self) -> Ints:
        """How many images of each class (row) were taken for each class (column), (10, 10)."""
        counted = np.bincount(self.labels * CLASS_COUNT + self.predicted, minlength=CLASS_COUNT**2)
        return counted.reshape(CLASS_COUNT, CLASS_COUNT).astype(np.int64)

    @property
    def per_class(self) -> tuple[float, ...]:
        """The share of each class's images that is right (recall); nan for a class without images."""
        totals = self.confusion.sum(axis=1)
        return tuple(float(hit / total) if total else float("nan") for hit, total in zip(np.diag(self.confusion), totals, strict=True))

    @property
    def mistakes(self) -> Ints:
        """All images that are read wrongly, the surest first."""
        found = np.flatnonzero(~self.right)
        surest = self.probabilities[found].max(axis=1) if len(found) else np.empty(0)
        return found[np.argsort(-surest, kind="stable")].astype(np.int64)

    def cell(self, label: int, predicted: int) -> Ints:
        """The images of class *label* taken for *predicted*, the surest first."""
        found = np.flatnonzero((self.labels == label) & (self.predicted == predicted))
        return found[np.argsort(-self.probabilities[found, predicted], kind="stable")].astype(np.int64)

    def as_data(self) -> dict[str, object]:
        """Plain numbers, for JSON."""
        return {
            "n": len(self),
            "accuracy": self.accuracy,
            "loss": self.loss,
            "per_class": {character.romaji: share for character, share in zip(CLASSES, self.per_class, strict=True)},
            "confusion": self.confusion.tolist(),
        }


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two models on the same images: indices of what the second ``fixed``, what it ``broke``, and what ``both`` get wrong."""

    fixed: Ints
    broken: Ints
    both: Ints
    first: float
    second: float

    def which(self, kind: Literal["fixed", "broken", "both"]) -> Ints:
        """The images of one kind."""
        return {"fixed": self.fixed, "broken": self.broken, "both": self.both}[kind]

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return (
            f"The second model is right on {len(self.fixed):,} images the first gets wrong, and wrong on {len(self.broken):,} "
            f"the first gets right: "
            f"{100 * self.first:.2f} % to {100 * self.second:.2f} %; {len(self.both):,} defeat both."
        )


def compare(first: Evaluation, second: Evaluation) -> Comparison:
    """What *second* does better and worse than *first*. InputError where they saw different images."""
    if not np.array_equal(first.labels, second.labels):
        raise InputError("the two models were evaluated on different images: evaluate both on the same set and split")
    found = (~first.right & second.right, first.right & ~second.right, ~first.right & ~second.right)
    fixed, broken, both = (np.flatnonzero(which).astype(np.int64) for which in found)
    return Comparison(fixed, broken, both, first.accuracy, second.accuracy)


@dataclass(frozen=True)
class RobustnessCurve:
    """The accuracy after each amount of one change."""

    change: Change
    amounts: tuple[float, ...]
    accuracies: tuple[float, ...]

    @property
    def unit(self) -> str:
        """What the amounts count."""
        return UNITS[self.change]

    @property
    def unchanged(self) -> float:
        """The accuracy where nothing is changed."""
        nothing = 1.0 if self.change == "scale" else 0.0
        return self.accuracies[self.amounts.index(nothing)]

    @property
    def kept(self) -> float:
        """How much of the unchanged accuracy is left, on the mean over all other amounts."""
        nothing = 1.0 if self.change == "scale" else 0.0
        others = [accuracy for amount, accuracy in zip(self.amounts, self.accuracies, strict=True) if amount != nothing]
        return float(np.mean(others)) / self.unchanged
