"""Every value of every stage is the sum of its products, against what torch computes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets import strokes
from hw2gui.errors import InputError
from hw2gui.vision.activations import look_inside
from hw2gui.vision.model import build
from hw2gui.vision.network import FULLY_CONNECTED, HOMEWORK, HOMEWORK_SUBSAMPLED, Convolution, Network
from hw2gui.vision.products import value_products
from hw2gui.vision.results import in_rows, tiled

PICTURE = strokes.generate(1, 3)[0][0] / np.float32(256)
NORMALISED = Network((Convolution(4, 3, normalised=True), Convolution(5, 3, same=False, pooling="none")), (20, 12))
NETWORKS = (HOMEWORK, HOMEWORK_SUBSAMPLED, NORMALISED, FULLY_CONNECTED)


def _trained_a_little(network: Network) -> torch.nn.Sequential:
    """With statistics and biases of its own, so that none is hidden by a 0 or a 1."""
    module = build(network, 4)
    random = torch.Generator().manual_seed(7)
    for part in module.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            for values in (part.weight, part.bias, part.running_mean, part.running_var):
                assert values is not None
                values.data = torch.rand(values.shape, generator=random) + 0.2
    return module


MODULES = {network: _trained_a_little(network) for network in NETWORKS}
INSIDE = {network: look_inside(network, module, PICTURE) for network, module in MODULES.items()}


@given(st.data())
def test_a_value_is_the_sum_of_its_products(data: st.DataObject) -> None:
    network = data.draw(st.sampled_from(NETWORKS))
    inside = INSIDE[network]
    stage = data.draw(st.sampled_from([stage for stage in inside.stages if stage.kind not in ("flatten", "dropout")]))
    place = tuple(data.draw(st.integers(0, size - 1)) for size in stage.shape)
    parameters = {name: values.numpy() for name, values in MODULES[network].get_submodule(stage.name).state_dict().items()}
    found = value_products(inside, parameters, stage.name, *place)
    assert found.products.value == pytest.approx(float(inside.of(stage.name)[place]), rel=1e-4, abs=1e-5)
    assert found.in_map == (len(place) == 3)
    names = [each.name for each in inside.stages]
    for number, (kind, value) in enumerate(found.after, start=names.index(stage.name) + 1):
        assert inside.stages[number].kind == kind
        assert value == float(inside.of(names[number])[place])


def test_a_pooling_takes_one_of_its_window() -> None:
    inside = INSIDE[HOMEWORK]
    found = value_products(inside, {}, "pool1", 3, 6, 7).products
    np.testing.assert_array_equal(found.patch[0], inside.of("relu1")[3, 12:14, 14:16])
    assert found.weights.sum() == 1
    assert found.value == found.patch.max()
    subsampled = value_products(INSIDE[HOMEWORK_SUBSAMPLED], {}, "pool1", 3, 6, 7).products
    assert subsampled.weights[0].tolist() == [[1, 0], [0, 0]]


def test_the_first_dense_layer_reads_the_maps_it_was_flattened_from() -> None:
    inside = INSIDE[HOMEWORK]
    parameters = {name: values.numpy() for name, values in MODULES[HOMEWORK].get_submodule("dense1").state_dict().items()}
    patch = value_products(inside, parameters, "dense1", 17).products.patch
    np.testing.assert_array_equal(patch, inside.of("pool2").astype(np.float64))


@pytest.mark.parametrize("place", [("conv1", 8, 0, 0), ("conv1", 0, 28, 0), ("dense3", 10, 0, 0), ("dense3", 0, 1, 0), ("relu1", -1, 0, 0)])
def test_a_value_that_is_not_there_is_refused(place: tuple[str, int, int, int]) -> None:
    with pytest.raises(InputError, match="has no value at"):
        value_products(INSIDE[HOMEWORK], {}, *place)


def test_flattening_has_no_products() -> None:
    with pytest.raises(InputError, match="only passes"):
        value_products(INSIDE[HOMEWORK], {}, "flatten", 5)


@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 6), st.floats(0.3, 4))
def test_tiles_keep_every_block(count: int, high: int, wide: int, ratio: float) -> None:
    values = np.arange(1.0, count * high * wide + 1).reshape(count, high, wide)
    shown = tiled(values, ratio)
    columns = shown.shape[1] // wide
    for number in range(count):
        row, column = divmod(number, columns)
        np.testing.assert_array_equal(shown[row * high : (row + 1) * high, column * wide : (column + 1) * wide], values[number])
    assert shown.sum() == values.sum()


@given(st.integers(1, 700), st.integers(1, 130))
def test_rows_keep_every_unit(count: int, longest: int) -> None:
    shown = in_rows(np.arange(1, count + 1, dtype=np.float32), longest)
    assert shown.shape[1] <= longest
    np.testing.assert_array_equal(shown.reshape(-1)[:count], np.arange(1, count + 1))
    assert not shown.reshape(-1)[count:].any()
    assert shown.size - count < shown.shape[1] + shown.shape[0]
