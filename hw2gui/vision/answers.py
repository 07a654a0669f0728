"""What the window asks the warm worker about a model: functions to be named by a `hw2gui.jobs.Job`. They import torch when they are called.

A model is named as `hw2gui.vision.models` names it; opened models, and what they make of a set's images, are kept for the next question.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hw2gui.arrays import Singles
from hw2gui.datasets.characters import Split
from hw2gui.vision import data, models
from hw2gui.vision.data import Samples
from hw2gui.vision.evaluation import Evaluation, RobustnessCurve
from hw2gui.vision.results import Attribution, Inside, Neighbours, Progress, TopImages
from hw2gui.vision.strip import Change

if TYPE_CHECKING:
    from hw2gui.vision.models import Loaded


_KEPT = 4  # models, and sets of features, kept open


@dataclass(frozen=True, eq=False)
class Answer:
    """What a model says of pictures: probabilities (N, 10)."""

    probabilities: Singles


def classify(model: str, pictures: Singles, epoch: int | None = None) -> Answer:
    """Probabilities for pictures (N, 28, 28) float32, pixels / 256: a drawing, or a strip of its variations."""
    from hw2gui.vision.activations import predict

    return Answer(predict(_open(model, epoch).module, pictures))


def inside(model: str, picture: Singles, epoch: int | None = None) -> Inside:
    """What leaves every stage for one picture (28, 28)."""
    from hw2gui.vision.activations import look_inside

    loaded = _open(model, epoch)
    return look_inside(loaded.network, loaded.module, picture)


def weights(model: str, stage: str, epoch: int | None = None) -> tuple[Singles, Singles]:
    """Weights (out, in, K, K) and bias (out,) of a convolution, or weights (out, in) of a dense layer. InputError for a stage without."""
    from hw2gui.errors import InputError

    loaded = _open(model, epoch)
    if loaded.network.stage(stage).kind not in ("convolution", "dense"):
        raise InputError(f"{stage} has no filters: choose a convolution or a dense layer")
    layer = loaded.module.get_submodule(stage)
    state = layer.state_dict()
    return state["weight"].numpy().copy(), state["bias"].numpy().copy()


def parameters(model: str, stage: str, epoch: int | None = None) -> dict[str, Singles]:
    """All numbers of a stage by name (weight, bias, running_mean, running_var); none for one that learns nothing."""
    loaded = _open(model, epoch)
    loaded.network.stage(stage)
    return {name: tensor.numpy().copy() for name, tensor in loaded.module.get_submodule(stage).state_dict().items()}


def saliency(model: str, picture: Singles, label: int, epoch: int | None = None) -> Attribution:
    """The gradient of the logit of *label* by each pixel of *picture* (28, 28)."""
    from hw2gui.vision import activations

    return activations.saliency(_open(model, epoch).module, picture, label)


def occlusion(model: str, picture: Singles, label: int, epoch: int | None = None) -> Attribution:
    """How much the probability of *label* falls as each part of the picture is blanked."""
    from hw2gui.vision import activations

    return activations.occlusion(_open(model, epoch).module, picture, label)


def top_images(
    model: str, stage: str, name: str, split: Split = "test", limit: int | None = None, epoch: int | None = None
) -> Generator[Progress, None, TopImages]:
    """The images of a set that excite each channel of *stage* most."""
    from hw2gui.vision import activations

    loaded = _open(model, epoch)
    return (yield from activations.top_images(loaded.network, loaded.module, _samples(name, split, limit).images, stage))


def nearest_by_pixels(picture: Singles, name: str, limit: int | None = None) -> Neighbours:
    """The training images of a set whose pixels are nearest to *picture* (28, 28)."""
    from hw2gui.vision import activations

    return activations.nearest_by_pixels(_samples(name, "train", limit), picture)


def nearest_by_features(
    model: str, picture: Singles, name: str, limit: int | None = None, epoch: int | None = None
) -> Generator[Progress, None, Neighbours]:
    """The training images of a set that the model's last hidden layer sees most like *picture*."""
    from hw2gui.vision import activations

    loaded, samples = _open(model, epoch), _samples(name, "train", limit)
    key = (loaded.version, name, limit)
    if key not in _features:
        while len(_features) >= _KEPT:
            del _features[next(iter(_features))]
        _features[key] = yield from activations.features(loaded.network, loaded.module, samples.images)
    return activations.nearest_by_features(samples, _features[key], inside(model, picture, epoch))


def evaluate(
    model: str, name: str, split: Split = "test", limit: int | None = None, epoch: int | None = None
) -> Generator[Progress, None, Evaluation]:
    """The model's probabilities for every image of a split, with the labels."""
    from hw2gui.vision import activations

    loaded, samples = _open(model, epoch), _samples(name, split, limit)
    if loaded.permutation is not None:
        samples = data.permuted(samples, loaded.permutation)
    return Evaluation((yield from activations.predict_steps(loaded.module, samples.images, "evaluating")), samples.labels)


def robustness(
    model: str, change: Change, name: str, split: Split = "test", limit: int | None = None, epoch: int | None = None
) -> Generator[Progress, None, RobustnessCurve]:
    """Accuracy against the amount of *change*."""
    from hw2gui.vision import robustness as curves

    return (yield from curves.robustness(_open(model, epoch).module, _samples(name, split, limit), change))


def export_onnx(model: str, path: str, epoch: int | None = None) -> None:
    """Write the model to *path* as ONNX. UnavailableError where that fails."""
    from hw2gui.vision import onnx_export

    loaded = _open(model, epoch)
    onnx_export.export(loaded.network, {name: tensor.numpy() for name, tensor in loaded.module.state_dict().items()}, Path(path))


_features: dict[tuple[str, str, int | None], Singles] = {}


def _open(model: str, epoch: int | None) -> Loaded:
    # A run that is still training writes new epochs under the same name; its version changes with them.
    return _load(model, epoch, models.version(model, epoch))


@lru_cache(maxsize=_KEPT)
def _load(model: str, epoch: int | None, _version: str) -> Loaded:
    return models.load(model, epoch)


@lru_cache(maxsize=_KEPT)
def _published(name: str, split: Split, limit: int | None) -> Samples:
    return data.load(name, split, limit)


def _samples(name: str, split: Split, limit: int | None) -> Samples:
    # What the user's own sets hold can change at any moment.
    own = data.DRAWINGS in name or data.FOLDER in name
    return data.load(name, split, limit) if own else _published(name, split, limit)
