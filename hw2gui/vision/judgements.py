"""What the runs of an experiment show, as plots and a sentence that says it whichever way it comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hw2gui.training.plots import Level, Line, Plot
from hw2gui.vision.compared import Compared, learning_curves
from hw2gui.vision.strip import UNITS, Change

CHANGES: tuple[Change, ...] = ("right", "rotation", "scale")
"""What the test images undergo in 2.2."""

CHANGE_NAMES: dict[Change, str] = {"right": "shift", "down": "shift", "rotation": "rotation", "scale": "scale", "thickness": "thickness"}


def judge_parameters(compared: Sequence[Compared]) -> tuple[tuple[Plot, ...], str]:
    """2.1: which fully connected networks reach the CNN, which is the first of *compared*, and with how many parameters."""
    cnn, *dense = compared
    own = cnn.network.parameters
    parts = []
    for one in dense:
        count = one.network.parameters
        parts.append(f"{one.network.title} with {count:,} ({count / own:.2f}×) {one.said}")
    better = [one for one in dense if one.test >= cnn.test]
    verdict = "none of them reaches the CNN"
    if better:
        verdict = f"{len(better)} of them reach{'es' if len(better) == 1 else ''} the CNN"
    sentence = f"On test images the CNN gets {cnn.said} right with {own:,} parameters; {'; '.join(parts)}: {verdict}."
    sizes = Plot(
        "Test accuracy against parameters",
        "parameters",
        "accuracy on test images",
        tuple(_point(one) for one in compared),
        log_x=True,
    )
    return (learning_curves("CNN against fully connected networks", compared), sizes), sentence


def _point(one: Compared) -> Line:
    """A network by its size: the mean, and the band from the least to the greatest."""
    tests = [run.test for run in one.runs]
    point = Line(one.label, (float(one.network.parameters),), (one.test,), one.group)
    return replace(point, low=(min(tests),), high=(max(tests),)) if len(tests) > 1 else point


def judge_transformations(compared: Sequence[Compared]) -> tuple[tuple[Plot, ...], str]:
    """2.2: what is left of each network's accuracy when the test images are shifted, rotated and scaled; the CNN is the first."""
    plots, parts = [], []
    for change in CHANGES:
        first = compared[0].curve(change)
        kept = ", ".join(f"{one.label} {100 * one.curve(change).kept:.0f} %" for one in compared)
        low, high = (f"{amount:g}".replace("-", "−") for amount in (first.amounts[0], first.amounts[-1]))
        reach = f"×{low} to ×{high}" if change == "scale" else f"{low} to {high} {first.unit}"
        parts.append(f"{CHANGE_NAMES[change]} ({reach}): {kept}")
        lines = tuple(line for one in compared for line in one.lines(change))
        chance = (Level("chance", 0.1, len(compared)),)
        plots.append(
            Plot(f"Accuracy against {CHANGE_NAMES[change]}", UNITS[change].replace("×", "factor"), "accuracy on test images", lines, chance)
        )
    curves = [compared[0].curve(change) for change in CHANGES]
    least = min(min(curve.accuracies) / curve.unchanged for curve in curves)
    verdict = f"the CNN is not indifferent to them: at worst {100 * least:.0f} % of its accuracy is left"
    if least > 0.95:
        verdict = "the CNN hardly minds them"
    sentence = f"Of the accuracy on unchanged test images there is left, on the mean over the changes, with {'; '.join(parts)}; {verdict}."
    return tuple(plots), sentence


def judge_permutation(compared: Sequence[Compared]) -> tuple[tuple[Plot, ...], str]:
    """2.3: what one fixed permutation of the pixels costs; *compared*: CNN, CNN permuted, dense network, dense network permuted."""
    cnn, cnn_permuted, dense, dense_permuted = compared
    before, after = 100 * (cnn.test - dense.test), 100 * (cnn_permuted.test - dense_permuted.test)
    sentence = (
        (
            f"With the pixels in their places the CNN is {before:+.2f} points from the fully connected network ({cnn.said} against "
            f"{dense.said} on test images); with one fixed permutation of them {after:+.2f} ({cnn_permuted.said} against "
            f"{dense_permuted.said}): the permutation costs the CNN {100 * (cnn.test - cnn_permuted.test):.2f} points, "
            f"the fully connected network, which knows no places, {100 * (dense.test - dense_permuted.test):.2f}."
        )
        .replace(" -", " −")
        .replace("(-", "(−")
    )
    return (learning_curves("One fixed permutation of all pixels", compared),), sentence
