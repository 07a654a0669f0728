"""Pictures for export of a drawing that is read: the ink, its way to the network, the answer, and what supports it."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from hw2gui.arrays import Singles
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.figures import COLOURS, GRID, INK, NORMAL, SMALL, captioned, sheet
from hw2gui.vision.figures import in_rows, picture, scale_of
from hw2gui.vision.pen import Drawing, ink
from hw2gui.vision.readings import Reading, StripReading
from hw2gui.vision.results import Neighbours
from hw2gui.vision.strip import AMOUNTS, amount_text

FINE = 448
"""The side of the exported drawing in pixels: sixteen to each pixel of what the network reads."""
BLACK_TO_WHITE = Normalize(0, 1)


def drawing_figure(drawing: Drawing) -> Figure:
    """The strokes as they were drawn."""
    figure = sheet(3.4, 3.6)
    picture(figure.add_subplot(), ink(drawing, FINE), "", "gray", BLACK_TO_WHITE)
    return captioned(figure, "Drawn by hand, before anything is done to it.")


def pipeline_figure(reading: Reading) -> Figure:
    """Every step from the strokes to the 28×28 pixels the network reads, with what each did."""
    steps = reading.prepared.steps
    figure = in_rows(
        np.stack([step.picture for step in steps]),
        [step.name if step.taken else f"{step.name}: off" for step in steps],
        "gray",
        BLACK_TO_WHITE,
        columns=len(steps),
    )
    return captioned(figure, " ".join(f"{step.name.capitalize()}: {step.note}." for step in steps[1:]))


def answer_figure(probabilities: Singles, source: str) -> Figure:
    """The probability of each class (10,) as a bar on 0 to 1."""
    figure = sheet(4.6, 3.2)
    axes = figure.add_subplot()
    best = int(probabilities.argmax())
    axes.barh(range(len(CLASSES)), probabilities, color=[COLOURS[0] if one == best else "#9aa0a6" for one in range(len(CLASSES))])
    axes.set_yticks(range(len(CLASSES)), [one.romaji for one in CLASSES], fontsize=NORMAL)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.13)
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.tick_params(labelsize=NORMAL)
    axes.set_xlabel("probability", fontsize=NORMAL)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    for row, value in enumerate(probabilities.tolist()):
        axes.text(value + 0.01, row, f"{value:.3f}", va="center", fontsize=SMALL, color=INK)
    return captioned(figure, source)


def first_figure(reading: Reading) -> Figure:
    """What leaves the first layer that has weights: every map, or the units in rows, on one signed scale."""
    pictures = reading.first_pictures
    norm, colours, scale = scale_of(reading.first, signed=True)
    if reading.first.ndim == 3:
        figure = in_rows(pictures, [f"map {number + 1}" for number in range(len(pictures))], colours, norm, columns=8)
        return captioned(figure, f"{reading.layer}, before ReLU: {scale}. {reading.model_words}")
    figure = sheet(3.4, 3.6)
    picture(figure.add_subplot(), pictures[0], "", colours, norm)
    return captioned(figure, f"{reading.layer}, before ReLU: {len(reading.first)} units in rows, {scale}. {reading.model_words}")


def strip_figure(strip: StripReading, words: str) -> Figure:
    """The drawing changed by each amount, with what is read then; red what is read otherwise."""
    best = strip.probabilities.argmax(axis=1)
    titles = [
        f"{amount_text(strip.change, amount)} {CLASSES[label].romaji}" for amount, label in zip(AMOUNTS[strip.change], best, strict=True)
    ]
    figure = in_rows(strip.pictures, titles, "gray", BLACK_TO_WHITE, columns=6, bad=(best != strip.label).tolist())
    return captioned(figure, f"The same drawing, changed; red: read as another class than {CLASSES[strip.label].romaji}. {words}")


def nearest_figure(found: Neighbours, source: str) -> Figure:
    """The nearest training images with their classes and distances."""
    titles = [f"{CLASSES[label].romaji} {distance:.2f}" for label, distance in zip(found.labels, found.distances, strict=True)]
    figure = in_rows(found.images, titles, "gray", Normalize(0, 255))
    return captioned(figure, f"Nearest training images: class, distance of the pixels. {source}")
