"""What the vision tab's pages ask of the worker: each page's whole answer in one piece, made of :mod:`hw2gui.vision.answers`."""

from __future__ import annotations

import numpy as np

from hw2gui.arrays import Singles
from hw2gui.datasets import registry
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision import answers, data, models
from hw2gui.vision.drawing import Prepared, Steps, prepare
from hw2gui.vision.models import Epochs
from hw2gui.vision.pen import Drawing
from hw2gui.vision.products import value_products
from hw2gui.vision.readings import CellProducts, Look, Reading, StripReading
from hw2gui.vision.results import Attribution, Neighbours
from hw2gui.vision.state import DRAWING, LookedAt
from hw2gui.vision.strip import Change, strip

NEAREST_OF = 10_000
"""The nearest are looked for among so many training images: a fraction of a second."""


def read_drawing(model: str, drawing: Drawing, steps: Steps, epoch: int | None = None) -> Reading | None:
    """The drawing prepared and read; None for an empty pad."""
    prepared = _prepared(model, drawing, steps)
    if prepared is None:
        return None
    inside = answers.inside(model, _as_trained(model, prepared.picture), epoch)
    layer = next(stage.name for stage in inside.stages if stage.kind in ("convolution", "dense"))
    return Reading(prepared, inside.probabilities, inside.logits, layer, inside.of(layer), models.words(model, epoch))


def read_strip(model: str, picture: Singles, change: Change, epoch: int | None = None) -> StripReading:
    """The prepared *picture* changed by each amount, and what is read then."""
    pictures = strip(picture, change)
    read = np.stack([_as_trained(model, one) for one in (picture, *pictures)])
    probabilities = answers.classify(model, read, epoch).probabilities
    return StripReading(change, int(probabilities[0].argmax()), pictures, probabilities[1:])


def nearest(picture: Singles) -> tuple[Neighbours, str]:
    """The nearest training images by pixels and where they are from: Kuzushiji-MNIST where it is there, else the built-in characters."""
    name = registry.usual_characters()
    found = answers.nearest_by_pixels(picture, name, NEAREST_OF)
    words = registry.find(name).attribution
    if name == "strokes":
        words = f"Kuzushiji-MNIST is not on this computer, so these are built-in ones. {words}"
    return found, words


def look(at: LookedAt) -> Look | None:
    """The image chosen on its way through the network; None for an empty pad."""
    if at.source == DRAWING:
        prepared = _prepared(at.model, at.drawing, at.steps)
        return None if prepared is None else _looked(at, prepared.picture, None, "Your drawing, as the network reads it.", "")
    image, label = data.one(at.source, at.split, at.index)
    picture = image.astype(np.float32) / np.float32(256)
    words = f"{at.split.capitalize()} image {at.index} of {data.title(at.source)}, {CLASSES[label].kana} {CLASSES[label].romaji}."
    return _looked(at, picture, label, words, data.attribution(at.source), data.count(at.source, at.split))


def attribute(at: LookedAt, kind: str, label: int | None = None) -> Attribution | None:
    """Saliency or occlusion (*kind*) of the image chosen, for class *label* (None: the one it is read as); None for an empty pad."""
    looked = look(at)
    if looked is None:
        return None
    ask = answers.saliency if kind == "saliency" else answers.occlusion
    return ask(at.model, looked.inside.image, looked.inside.predicted if label is None else label, at.epoch)


def cell_products(at: LookedAt, stage: str, channel: int, row: int, column: int) -> CellProducts | None:
    """The products behind one value of a stage. InputError for a value that is not there."""
    looked = look(at)
    if looked is None:
        return None
    return value_products(looked.inside, answers.parameters(at.model, stage, at.epoch), stage, channel, row, column)


def filters(model: str, epoch: int | None) -> dict[str, Singles]:
    """The weights of each convolution, (D, C, K, K), and of each dense layer, (O, I), in the order of the stages."""
    stages = models.card(model, epoch).network.stages()
    return {stage.name: answers.weights(model, stage.name, epoch)[0] for stage in stages if stage.kind in ("convolution", "dense")}


def epochs(model: str) -> Epochs:
    """The epochs of *model* one can look at. InputError and UnavailableError where it cannot be opened."""
    return models.epochs_of(model)


def check_model(model: str, epoch: int | None = None) -> str:
    """Open *model* whole, so that nothing is chosen that cannot be shown; what it is, in a sentence.

    InputError and UnavailableError for one that is unknown, foreign, damaged or newer.
    """
    return models.load(model, epoch).card.words


def _prepared(model: str, drawing: Drawing, steps: Steps) -> Prepared | None:
    """As the images are that the model was trained on."""
    return prepare(drawing, models.card(model).norms, steps)


def _as_trained(model: str, picture: Singles) -> Singles:
    """A picture with its pixels permuted where the model was trained on permuted ones: it knows no others."""
    seed = models.card(model).config.permutation
    return picture if seed is None else data.permuted_picture(picture, seed)


def _looked(at: LookedAt, picture: Singles, label: int | None, words: str, attribution: str, count: int = 0) -> Look:
    inside = answers.inside(at.model, _as_trained(at.model, picture), at.epoch)
    return Look(inside, label, words, attribution, count)
