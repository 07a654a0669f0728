"""Any value of any stage as one formula, Σ input × weight + bias, with exactly the numbers that made it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hw2gui.arrays import Floats, Singles
from hw2gui.errors import InputError
from hw2gui.vision.network import POOL, Stage
from hw2gui.vision.readings import CellProducts
from hw2gui.vision.results import Inside, PatchProducts, patch_products

EPSILON = 1e-5
"""What PyTorch's batch normalisation adds to the variance."""


def value_products(
    inside: Inside, parameters: Mapping[str, Singles], name: str, channel: int, row: int = 0, column: int = 0
) -> CellProducts:
    """The value of stage *name* at (*channel*, *row*, *column*) for the image *inside*; of a unit, row and column are 0.

    *parameters* are the stage's weight and bias (and a normalisation's running mean and variance), by name. A pooling and a ReLU pick what
    they let through: their weights are 1 there and 0 elsewhere. InputError for a value that is not there.
    """
    stage = inside.network.stage(name)
    values = inside.of(name)
    in_map = values.ndim == 3
    place = (channel, row, column)
    shape = values.shape if in_map else (*values.shape, 1, 1)
    if any(not 0 <= at < size for at, size in zip(place, shape, strict=True)):
        raise InputError(f"{name} has no value at {place}: it is {'×'.join(map(str, values.shape))}")
    entering = inside.into(name)
    if stage.kind == "convolution":
        same = values.shape[1:] == entering.shape[1:]
        products = patch_products(entering, parameters["weight"], parameters["bias"], same, *place)
    elif stage.kind == "dense":
        products = _dense(inside, stage, parameters, channel)
    elif stage.kind == "normalisation":
        products = _normalised(entering, parameters, place)
    elif stage.kind == "pool":
        products = _pooled(inside, stage, place)
    elif stage.kind == "relu":
        products = _let_through(entering.reshape(shape), place)
    else:
        raise InputError(f"{name} only passes its values on: choose a value of another stage")
    return CellProducts(name, stage.kind, channel, row, column, in_map, products, _after(inside, stage, place))


def _dense(inside: Inside, stage: Stage, parameters: Mapping[str, Singles], unit: int) -> PatchProducts:
    """After the flattening the input is laid as the maps it was made of."""
    before = inside.stages[: inside.stages.index(stage)]
    flat = before[-1].kind == "flatten" if before else False
    maps = before[-2].shape if len(before) > 1 else (1, *inside.image.shape)
    entering = inside.into(stage.name)
    shape = maps if flat else (entering.size, 1, 1)
    weights = parameters["weight"][unit]
    return PatchProducts(_reals(entering, shape), _reals(weights, shape), float(parameters["bias"][unit]), 0, 0)


def _normalised(entering: Singles, parameters: Mapping[str, Singles], place: tuple[int, int, int]) -> PatchProducts:
    """(x − μ)/√(σ² + ε)·γ + β with the mean and variance that training left, as a factor and a bias."""
    gamma, beta, mean, variance = (float(parameters[name][place[0]]) for name in ("weight", "bias", "running_mean", "running_var"))
    factor = gamma / (variance + EPSILON) ** 0.5
    return _single(float(entering[place]), factor, beta - mean * factor, place)


def _pooled(inside: Inside, stage: Stage, place: tuple[int, int, int]) -> PatchProducts:
    channel, row, column = place
    window = inside.into(stage.name)[channel, POOL * row : POOL * (row + 1), POOL * column : POOL * (column + 1)]
    layer = inside.network.convolutions[int(stage.name.removeprefix("pool")) - 1]
    taken = int(np.argmax(window)) if layer.pooling == "max" else 0
    weights = np.zeros((1, POOL, POOL))
    weights.flat[taken] = 1.0
    return PatchProducts(_reals(window, (1, POOL, POOL)), weights, 0.0, POOL * row, POOL * column)


def _let_through(entering: Singles, place: tuple[int, int, int]) -> PatchProducts:
    value = float(entering[place])
    return _single(value, 1.0 if value > 0 else 0.0, 0.0, place)


def _single(value: float, weight: float, bias: float, place: tuple[int, int, int]) -> PatchProducts:
    return PatchProducts(np.full((1, 1, 1), value), np.full((1, 1, 1), weight), bias, place[1], place[2])


def _after(inside: Inside, stage: Stage, place: tuple[int, int, int]) -> tuple[tuple[str, float], ...]:
    """What a normalisation and a ReLU right behind make of it."""
    found: list[tuple[str, float]] = []
    for each in inside.stages[inside.stages.index(stage) + 1 :]:
        if each.kind not in ("normalisation", "relu") or stage.kind in ("relu", "pool"):
            break
        found.append((each.kind, float(inside.of(each.name)[place if len(each.shape) == 3 else place[0]])))
    return tuple(found)


def _reals(values: Singles, shape: tuple[int, ...]) -> Floats:
    return values.reshape(shape).astype(np.float64)
