"""Running a network and looking inside it. Only for the processes that compute: it imports torch.

Images are float32 as the network takes them (pixels / 256); everything answered is numpy.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.arrays import Ints, Pixels, Singles
from hw2gui.vision.data import Samples
from hw2gui.vision.network import Network
from hw2gui.vision.results import OCCLUSION_NOTE, SALIENCY_NOTE, TOP, Attribution, Inside, Neighbours, Progress, TopImages

BATCH = 500
OCCLUDED = 5
"""Side of the square blanked for an occlusion map."""


def as_input(pixels: Pixels, device: torch.device | str = "cpu") -> Tensor:
    """Pixels (N, 28, 28) uint8 as a network takes them: (N, 1, 28, 28) float32, divided by 256."""
    return torch.from_numpy(pixels.astype(np.float32) / np.float32(256))[:, None].to(device)


def predict(module: nn.Module, pictures: Singles) -> Singles:
    """Probabilities (N, 10) for pictures (N, 28, 28) float32, in evaluation mode."""
    with torch.inference_mode(), evaluating(module):
        logits = module(torch.from_numpy(np.array(pictures, dtype=np.float32))[:, None])
        return functional.softmax(logits, dim=1).numpy()


def predict_steps(module: nn.Module, images: Pixels, what: str = "") -> Generator[Progress, None, Singles]:
    """Probabilities (N, 10) for images (N, 28, 28) uint8, a batch at a time."""
    found = []
    for start in range(0, len(images), BATCH):
        found.append(predict(module, images[start : start + BATCH].astype(np.float32) / np.float32(256)))
        yield Progress(min(1.0, (start + BATCH) / len(images)), what)
    return np.concatenate(found) if found else np.empty((0, 10), dtype=np.float32)


def look_inside(network: Network, module: nn.Sequential, picture: Singles) -> Inside:
    """What leaves every stage for one picture (28, 28)."""
    values: list[Singles] = []
    with torch.inference_mode(), evaluating(module):
        x = torch.from_numpy(np.array(picture, dtype=np.float32))[None, None]
        for stage in module:
            # In place a later stage would overwrite what an earlier one answered; none does, but numpy() would share the memory.
            x = stage(x)
            values.append(x[0].numpy().copy())
        probabilities = functional.softmax(x[0], dim=0).numpy()
    return Inside(network, picture, tuple(values), probabilities)


def saliency(module: nn.Module, picture: Singles, label: int) -> Attribution:
    """The gradient of the logit of *label* by each pixel of *picture* (28, 28)."""
    with evaluating(module):
        x = torch.from_numpy(np.array(picture, dtype=np.float32))[None, None].requires_grad_()
        (slope,) = torch.autograd.grad(module(x)[0, label], x)
    return Attribution(label, slope[0, 0].numpy(), SALIENCY_NOTE)


def occlusion(module: nn.Module, picture: Singles, label: int, side: int = OCCLUDED) -> Attribution:
    """How much the probability of *label* falls when the square of *side* pixels about each pixel of *picture* (28, 28) is blanked."""
    height, width = picture.shape
    before, after = side // 2, side - side // 2
    blanked = np.repeat(picture[None], height * width, axis=0)
    for row in range(height):
        for column in range(width):
            blanked[row * width + column, max(0, row - before) : row + after, max(0, column - before) : column + after] = 0
    whole = predict(module, picture[None])[0, label]
    falls = whole - np.concatenate([predict(module, blanked[start : start + BATCH]) for start in range(0, len(blanked), BATCH)])[:, label]
    return Attribution(label, falls.reshape(height, width).astype(np.float32), OCCLUSION_NOTE)


def top_images(network: Network, module: nn.Sequential, images: Pixels, stage: str) -> Generator[Progress, None, TopImages]:
    """The images (N, 28, 28) uint8 that excite each channel of *stage* most, by the greatest value anywhere in its map."""
    until = [each.name for each in network.stages()].index(network.stage(stage).name) + 1
    strongest: list[Singles] = []
    places: list[Ints] = []
    width = 1
    for start, values in _batches(module[:until], images):
        flat = values.flatten(2) if values.ndim == 4 else values[:, :, None]
        width = values.shape[-1] if values.ndim == 4 else 1
        greatest, place = flat.max(dim=2)
        strongest.append(greatest.numpy())
        places.append(place.numpy())
        yield Progress(min(1.0, (start + BATCH) / len(images)), stage)
    values_of, places_of = np.concatenate(strongest), np.concatenate(places)
    # Ties go to the earlier image.
    order = np.argsort(-values_of, axis=0, kind="stable")[:TOP].T
    channels = np.arange(values_of.shape[1])[:, None]
    place_of = places_of[order, channels]
    cells = np.stack([place_of // width, place_of % width], axis=-1)
    return TopImages(stage, order.astype(np.int64), values_of[order, channels], cells)


def nearest_by_pixels(samples: Samples, picture: Singles, count: int = TOP) -> Neighbours:
    """The *count* images of *samples* whose pixels lie nearest to *picture* (28, 28), by Euclidean distance of pixels / 256."""
    target = picture.reshape(-1).astype(np.float32)
    squared = np.empty(len(samples), dtype=np.float32)
    for start in range(0, len(samples), 4096):
        difference = samples.images[start : start + 4096].reshape(-1, target.size).astype(np.float32) / np.float32(256) - target
        squared[start : start + 4096] = np.einsum("ij,ij->i", difference, difference)
    return _neighbours(samples, np.sqrt(squared), count)


def features(network: Network, module: nn.Sequential, images: Pixels) -> Generator[Progress, None, Singles]:
    """What the last hidden stage makes of each image: (N, units)."""
    until = [stage.name for stage in network.stages()].index(network.penultimate) + 1
    found = []
    for start, values in _batches(module[:until], images):
        found.append(values.flatten(1).numpy())
        yield Progress(min(1.0, (start + BATCH) / len(images)), "features")
    return np.concatenate(found)


def nearest_by_features(samples: Samples, known: Singles, inside: Inside, count: int = TOP) -> Neighbours:
    """The *count* images of *samples* that the network sees most like the one *inside*; *known* are their :func:`features`."""
    target = inside.of(inside.network.penultimate).reshape(-1)
    return _neighbours(samples, np.linalg.norm(known - target, axis=1).astype(np.float32), count)


def _neighbours(samples: Samples, distances: Singles, count: int) -> Neighbours:
    nearest = np.argsort(distances, kind="stable")[:count].astype(np.int64)
    return Neighbours(nearest, samples.labels[nearest], distances[nearest], samples.images[nearest])


def _batches(module: nn.Module, images: Pixels) -> Iterator[tuple[int, Tensor]]:
    for start in range(0, len(images), BATCH):
        with torch.inference_mode(), evaluating(module):
            values = module(as_input(images[start : start + BATCH]))
        yield start, values


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """A module in evaluation mode while the block lasts, then every part of it as it was."""
    before = [(part, part.training) for part in module.modules()]
    for part, _ in before:
        part.training = False
    try:
        yield
    finally:
        for part, training in before:
            part.training = training
