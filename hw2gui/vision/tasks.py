"""What the vision tab's pages ask of the worker: each page's whole answer in one piece, made of :mod:`hw2gui.vision.answers`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hw2gui.datasets import registry
from hw2gui.datasets.characters import CLASSES, open_set
from hw2gui.vision import answers, models
from hw2gui.vision.drawing import Prepared, Steps, prepare
from hw2gui.vision.pen import Drawing
from hw2gui.vision.readings import CellProducts, Look, Reading, StripReading
from hw2gui.vision.results import Attribution, Neighbours, patch_products
from hw2gui.vision.state import Source
from hw2gui.vision.strip import Change, strip

Singles = NDArray[np.float32]

NEAREST_OF = 10_000
"""The nearest are looked for among so many training images: a fraction of a second."""


def read_drawing(model: str, drawing: Drawing, steps: Steps) -> Reading | None:
    """The drawing prepared and read; None for an empty pad."""
    prepared = _prepared(model, drawing, steps)
    if prepared is None:
        return None
    return Reading(prepared, answers.inside(model, prepared.picture), models.words(model))


def read_strip(model: str, picture: Singles, change: Change) -> StripReading:
    """The prepared *picture* changed by each amount, and what is read then."""
    pictures = strip(picture, change)
    probabilities = answers.classify(model, np.concatenate([picture[None], pictures])).probabilities
    return StripReading(change, int(probabilities[0].argmax()), pictures, probabilities[1:])


def nearest(picture: Singles) -> tuple[Neighbours, str]:
    """The nearest training images by pixels and where they are from: Kuzushiji-MNIST where it is there, else the built-in characters."""
    name = "kmnist" if registry.is_present(registry.find("kmnist")) else "strokes"
    found = answers.nearest_by_pixels(picture, name, NEAREST_OF)
    words = registry.find(name).attribution
    if name == "strokes":
        words = f"Kuzushiji-MNIST is not on this computer, so these are built-in ones. {words}"
    return found, words


def look(model: str, source: Source, index: int, drawing: Drawing, steps: Steps) -> Look | None:
    """The image chosen on its way through the network; None for an empty pad."""
    if source == "drawing":
        prepared = _prepared(model, drawing, steps)
        return None if prepared is None else _looked(model, prepared.picture, None, "Your drawing, as the network reads it.", "")
    characters = open_set(source)
    label = characters.label("test", index)
    picture = characters.image("test", index).astype(np.float32) / np.float32(256)
    words = f"Test image {index} of {characters.title}, {CLASSES[label].kana} {CLASSES[label].romaji}."
    return _looked(model, picture, label, words, characters.attribution)


def attribute(model: str, source: Source, index: int, drawing: Drawing, steps: Steps, kind: str) -> Attribution | None:
    """Saliency or occlusion (*kind*) of the image chosen, for the class it is read as; None for an empty pad."""
    looked = look(model, source, index, drawing, steps)
    if looked is None:
        return None
    ask = answers.saliency if kind == "saliency" else answers.occlusion
    return ask(model, looked.inside.image, looked.inside.predicted)


def cell_products(
    model: str, source: Source, index: int, drawing: Drawing, steps: Steps, stage: str, channel: int, row: int, column: int
) -> CellProducts | None:
    """The products behind one value of a convolution's map. InputError for a cell outside it."""
    looked = look(model, source, index, drawing, steps)
    if looked is None:
        return None
    weights, bias = answers.weights(model, stage)
    inside = looked.inside
    same = inside.of(stage).shape[1:] == inside.into(stage).shape[1:]
    products = patch_products(inside.into(stage), weights, bias, same, channel, row, column)
    names = [each.name for each in inside.stages]
    behind = inside.stages[names.index(stage) + 1 :]
    until = next((at for at, each in enumerate(behind) if each.kind == "relu"), -1) + 1
    after = tuple((each.kind, float(inside.of(each.name)[channel, row, column])) for each in behind[:until])
    return CellProducts(stage, channel, row, column, products, after)


def _prepared(model: str, drawing: Drawing, steps: Steps) -> Prepared | None:
    """As the images are that the model was trained on."""
    return prepare(drawing, models.card(model).norms, steps)


def _looked(model: str, picture: Singles, label: int | None, words: str, attribution: str) -> Look:
    inside = answers.inside(model, picture)
    first = next((stage.name for stage in inside.stages if stage.kind == "convolution"), None)
    filters = answers.weights(model, first)[0] if first else np.empty((0, 0, 0, 0), dtype=np.float32)
    return Look(inside, label, words, attribution, filters)
