from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import torch

from hw2gui.datasets import strokes
from hw2gui.errors import InputError
from hw2gui.steps import finish
from hw2gui.vision import activations, results
from hw2gui.vision.data import Samples
from hw2gui.vision.evaluation import Evaluation, RobustnessCurve, compare
from hw2gui.vision.model import build
from hw2gui.vision.network import BEST, FULLY_CONNECTED, HOMEWORK, Network
from hw2gui.vision.results import Progress, patch_products
from hw2gui.vision.robustness import robustness


def outcome(steps: Generator[Any, None, Any]) -> Any:
    """Run to the end, watching the progress."""
    told: list[Any] = []
    found = finish(steps, told.append)
    assert all(isinstance(event, Progress) for event in told)
    shares = [event.share for event in told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    return found


@pytest.fixture(scope="module")
def samples() -> Samples:
    images, labels = strokes.generate(620, 5)
    return Samples(images, labels.astype(np.int64))


@pytest.fixture(scope="module")
def pictures(samples: Samples) -> np.ndarray:
    return samples.images.astype(np.float32) / np.float32(256)


def test_inside_is_what_hooks_see(pictures: np.ndarray) -> None:
    module = build(HOMEWORK, 1).train()
    seen: dict[str, np.ndarray] = {}
    for name, stage in module.named_children():
        stage.register_forward_hook(lambda _module, _into, out, name=name: seen.__setitem__(name, out[0].detach().numpy().copy()))
    inside = activations.look_inside(HOMEWORK, module, pictures[0])
    assert all(part.training for part in module.modules()), "left as it was"
    module.eval()(torch.from_numpy(pictures[:1])[:, None])
    for one in inside.stages:
        np.testing.assert_array_equal(inside.of(one.name), seen[one.name])
    assert inside.of("conv1").min() < 0 == inside.of("relu1").min()
    np.testing.assert_allclose(inside.probabilities, np.exp(inside.logits) / np.exp(inside.logits).sum(), rtol=1e-5)
    assert inside.predicted == inside.logits.argmax()
    np.testing.assert_array_equal(inside.into("conv1")[0], pictures[0])
    np.testing.assert_array_equal(inside.into("conv2"), inside.of("pool1"))
    with pytest.raises(InputError, match="no stage 'conv7'"):
        inside.of("conv7")


@pytest.mark.parametrize("network", [HOMEWORK, BEST], ids=["homework", "best"])
def test_products_sum_to_the_activation(network: Network, pictures: np.ndarray) -> None:
    module = build(network, 2)
    inside = activations.look_inside(network, module, pictures[3])
    rng = np.random.default_rng(0)
    for number, layer in enumerate(network.convolutions, start=1):
        name = f"conv{number}"
        convolution = module.get_submodule(name)
        maps, weights, bias = inside.of(name), convolution.weight.detach().numpy(), convolution.bias.detach().numpy()
        channels, height, width = maps.shape
        corners = [(0, 0, 0), (channels - 1, height - 1, width - 1)]
        for channel, row, column in [*corners, *((rng.integers(channels), rng.integers(height), rng.integers(width)) for _ in range(6))]:
            found = patch_products(inside.into(name), weights, bias, layer.same, int(channel), int(row), int(column))
            assert found.products.shape == weights[0].shape
            assert found.value == pytest.approx(float(maps[channel, row, column]), abs=2e-5)
            assert (found.top, found.left) == ((row - layer.kernel // 2, column - layer.kernel // 2) if layer.same else (row, column))
        with pytest.raises(InputError, match="there is no cell"):
            patch_products(inside.into(name), weights, bias, layer.same, 0, height, 0)


def test_prediction_is_the_softmax_of_the_logits(samples: Samples, pictures: np.ndarray) -> None:
    module = build(HOMEWORK, 1)
    with torch.no_grad():
        wanted = torch.softmax(module.eval()(torch.from_numpy(pictures)[:, None]), 1).numpy()
    np.testing.assert_allclose(outcome(activations.predict_steps(module, samples.images)), wanted, atol=1e-6)
    np.testing.assert_allclose(activations.predict(module, pictures[:7]), wanted[:7], atol=1e-6)


def test_saliency_is_the_slope(pictures: np.ndarray) -> None:
    """Beside finite differences, in double precision."""
    module = build(FULLY_CONNECTED, 1)
    found = activations.saliency(module, pictures[0], 4)
    double = build(FULLY_CONNECTED, 1).double().eval()
    for row, column in ((3, 4), (14, 14), (20, 9)):
        x = torch.from_numpy(pictures[0].astype(np.float64))[None, None].repeat(2, 1, 1, 1)
        x[0, 0, row, column] += 1e-6
        x[1, 0, row, column] -= 1e-6
        with torch.no_grad():
            logits = double(x)[:, 4]
        assert found.values[row, column] == pytest.approx(float(logits[0] - logits[1]) / 2e-6, abs=1e-5)
    assert found.note == results.SALIENCY_NOTE


def test_occlusion_is_the_fall(pictures: np.ndarray) -> None:
    module = build(HOMEWORK, 1)
    found = activations.occlusion(module, pictures[0], 3)
    whole = activations.predict(module, pictures[:1])[0, 3]
    for row, column in ((0, 0), (13, 15), (27, 27)):
        blanked = pictures[0].copy()
        blanked[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
        assert found.values[row, column] == pytest.approx(whole - activations.predict(module, blanked[None])[0, 3], abs=1e-6)


@pytest.mark.parametrize("stage", ["conv1", "relu2", "dense1"])
def test_top_images_beside_brute_force(stage: str, samples: Samples, pictures: np.ndarray) -> None:
    module = build(HOMEWORK, 1)
    found = outcome(activations.top_images(HOMEWORK, module, samples.images, stage))
    until = [each.name for each in HOMEWORK.stages()].index(stage) + 1
    with torch.no_grad():
        values = module[:until].eval()(torch.from_numpy(pictures)[:, None]).numpy()
    greatest = values.reshape(*values.shape[:2], -1).max(axis=2)
    assert found.indices.shape == found.values.shape == (values.shape[1], 9)
    np.testing.assert_allclose(found.values, -np.sort(-greatest, axis=0)[:9].T, atol=1e-5)
    for channel in range(0, values.shape[1], 5):
        for index, value, (row, column) in zip(found.indices[channel], found.values[channel], found.cells[channel], strict=True):
            there = values[index, channel, row, column] if values.ndim == 4 else values[index, channel]
            assert there == pytest.approx(value, abs=1e-5)


def test_nearest_images(samples: Samples, pictures: np.ndarray) -> None:
    module = build(HOMEWORK, 1)
    near = activations.nearest_by_pixels(samples, pictures[17])
    distances = np.linalg.norm((pictures - pictures[17]).reshape(len(pictures), -1), axis=1)
    assert near.indices[0] == 17
    np.testing.assert_allclose(near.distances, np.sort(distances)[:9], atol=1e-4)
    np.testing.assert_array_equal(near.labels, samples.labels[near.indices])
    np.testing.assert_array_equal(near.images, samples.images[near.indices])
    known = outcome(activations.features(HOMEWORK, module, samples.images))
    assert known.shape == (len(samples), 120)
    inside = activations.look_inside(HOMEWORK, module, pictures[17])
    by_features = activations.nearest_by_features(samples, known, inside)
    assert by_features.indices[0] == 17
    assert by_features.distances[0] == pytest.approx(0, abs=1e-5)


def test_evaluation_beside_brute_force() -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(10), 300).astype(np.float32)
    labels = rng.integers(0, 9, 300)  # class 9 does not occur
    found = Evaluation(probabilities, labels)
    predicted = [int(np.argmax(row)) for row in probabilities]
    assert found.accuracy == sum(p == t for p, t in zip(predicted, labels, strict=True)) / 300
    for true in range(10):
        for taken in range(10):
            cell = [i for i in range(300) if labels[i] == true and predicted[i] == taken]
            assert found.confusion[true, taken] == len(cell)
            assert sorted(found.cell(true, taken)) == cell
            surest = probabilities[found.cell(true, taken), taken]
            assert all(surest[:-1] >= surest[1:])
    for label in range(9):
        own = [p == label for p, t in zip(predicted, labels, strict=True) if t == label]
        assert found.per_class[label] == pytest.approx(sum(own) / len(own))
    assert np.isnan(found.per_class[9])
    assert found.loss == pytest.approx(-np.mean([np.log(probabilities[i, labels[i]]) for i in range(300)]), rel=1e-6)
    assert sum(map(sum, found.as_data()["confusion"])) == 300
    with pytest.raises(InputError, match="nothing to evaluate"):
        Evaluation(probabilities[:0], labels[:0])


def test_two_models_compared() -> None:
    labels = np.array([0, 1, 2, 3, 4])
    first, second = (Evaluation(np.eye(10, dtype=np.float32)[classes], labels) for classes in ([0, 1, 5, 5, 5], [0, 6, 2, 3, 6]))
    found = compare(first, second)
    assert (found.fixed.tolist(), found.broken.tolist(), found.both.tolist()) == ([2, 3], [1], [4])
    assert "right on 2 images the first gets wrong" in found.sentence
    assert "40.00 % to 60.00 %; 1 defeat both" in found.sentence
    with pytest.raises(InputError, match="different images"):
        compare(first, Evaluation(first.probabilities, labels[::-1]))


def test_robustness_counts_what_is_right_after_the_change(samples: Samples) -> None:
    class MiddlePixel(torch.nn.Module):
        """Class 0 where the middle pixel is dark, class 1 where it is bright."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            bright = x[:, 0, 14, 14]
            return torch.stack([0.5 - bright, bright - 0.5, *(torch.full_like(bright, -9.0) for _ in range(8))], dim=1)

    images = np.zeros((4, 28, 28), dtype=np.uint8)
    images[1:, 14, 12] = 255
    curve = outcome(robustness(MiddlePixel(), Samples(images, np.array([0, 1, 1, 1])), "right", (-2.0, 0.0, 2.0)))
    assert curve == RobustnessCurve("right", (-2.0, 0.0, 2.0), (0.25, 0.25, 1.0))
    assert curve.unchanged == 0.25
    assert curve.kept == pytest.approx((0.25 + 1.0) / 2 / 0.25)
    assert curve.unit == "pixels right"
    scaled = RobustnessCurve("scale", (0.5, 1.0, 1.5), (0.2, 0.8, 0.4))
    assert scaled.unchanged == 0.8 and scaled.kept == pytest.approx(0.3 / 0.8)
