"""A model's results as tables, for the screen, for a paper and for a spreadsheet."""

from __future__ import annotations

import numpy as np

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision.evaluation import Evaluation
from hw2gui.writers import Table

HEADER = ("class", "images", "right", "recall", "taken for it", "precision", "most often taken for")


def class_table(evaluation: Evaluation, title: str, *, plain: bool = False) -> Table:
    """A line for each class: how many of its images are right (recall), how much of what is taken for it is it (precision).

    *plain* numbers are for programs: shares of 1, and an empty cell where there is nothing to divide by.
    """
    counts = evaluation.confusion
    rows = tuple(_row(counts, label, plain) for label in range(len(CLASSES)))
    right = int(np.trace(counts))
    footer = ("all", _whole(len(evaluation), plain), _whole(right, plain), _share(right, len(evaluation), plain), "", "", "")
    return Table(title, HEADER, (False, True, True, True, True, True, False), rows, footer)


def confusion_table(evaluation: Evaluation, title: str, *, plain: bool = False) -> Table:
    """The confusion matrix: a row for each class, a column for what its images were taken for."""
    names = [character.romaji for character in CLASSES]
    rows = tuple((name, *(_whole(int(count), plain) for count in line)) for name, line in zip(names, evaluation.confusion, strict=True))
    return Table(title, ("is", *names), (False, *(True for _ in names)), rows, notes=("Columns: what it was taken for.",))


def _row(counts: np.ndarray, label: int, plain: bool) -> tuple[str, ...]:
    line = counts[label]
    images, right, taken = int(line.sum()), int(line[label]), int(counts[:, label].sum())
    wrong = np.where(np.arange(len(line)) == label, 0, line)
    worst = int(np.argmax(wrong))
    confused = f"{CLASSES[worst].romaji} ({int(wrong[worst])})" if wrong[worst] else ""
    return (
        CLASSES[label].romaji,
        _whole(images, plain),
        _whole(right, plain),
        _share(right, images, plain),
        _whole(taken, plain),
        _share(right, taken, plain),
        confused,
    )


def _whole(count: int, plain: bool) -> str:
    return str(count) if plain else f"{count:,}"


def _share(part: int, whole: int, plain: bool) -> str:
    if not whole:
        return "" if plain else "–"
    return f"{part / whole:.6f}" if plain else f"{100 * part / whole:.2f} %"
