"""The numbers the questions ask for, computed when they are asked: functions for the worker, each answering a value and a sentence."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hw2gui.datasets import registry

IMAGES = 100
"""Test images that a number about reading them is measured on."""

PAIRS = 100
"""Validation pairs that an error rate is measured on: seconds."""

TURNED = 30.0
"""Degrees clockwise."""


@dataclass(frozen=True)
class Number:
    """A value to hold a guess against, and what it is in a sentence."""

    value: float
    words: str


def output_cells() -> Number:
    """1.1a: how many cells z has."""
    geometry = _geometry()
    rows, columns = geometry.output_shape
    return Number(rows * columns, f"z has {rows} × {columns} = {rows * columns:,} cells.")


def density() -> Number:
    """1.1b: the share of M inside the kernel's band, in percent."""
    geometry = _geometry()
    kernel_rows, kernel_columns = geometry.kernel_shape
    inside = kernel_rows * kernel_columns * geometry.matrix_rows
    entries = geometry.matrix_rows * geometry.matrix_columns
    share = 100 * inside / entries
    return Number(share, f"{inside:,} of {entries:,} entries lie inside the kernel: {share:.2f} %. All others are 0, whatever the weights.")


def question1_ratio() -> Number:
    """1.1c: how many times more weights the fully connected replacement has."""
    from hw2gui.parameters.presets import question1
    from hw2gui.parameters.twins import same_output_twin

    return _ratio(question1(), same_output_twin(question1()), ignore_biases=True)


def largest_attention() -> Number:
    """1.2: the largest entry of P, in units of the uniform 1/HW."""
    from hw2gui.convolution import images
    from hw2gui.convolution.attention import PixelAttention
    from hw2gui.convolution.state import CHARACTER_SIZE, first_state

    loaded = images.load(first_state().image, CHARACTER_SIZE, CHARACTER_SIZE)
    low, high = PixelAttention(loaded.pixels).relative_range()
    return Number(high, f"On this character P lies between {low:.3f} and {high:.3f} times uniform, 1/HW.")


def dense_ratio() -> Number:
    """2.1: how many times the CNN's parameters the fully connected network of the same widths has."""
    from hw2gui.parameters.presets import cnn
    from hw2gui.parameters.twins import same_widths_twin

    return _ratio(cnn(), same_widths_twin(cnn()))


def read_turned() -> Generator[Any, None, Number]:
    """2.2: how many of 100 test characters are still read right when they are turned."""
    from hw2gui.vision.answers import _open, _samples
    from hw2gui.vision.robustness import robustness

    name = registry.usual_characters()
    curve = yield from robustness(_open("shipped", None).module, _samples(name, "test", IMAGES), "rotation", (0.0, TURNED))
    straight, turned = (round(IMAGES * accuracy) for accuracy in curve.accuracies)
    return Number(turned, f"{turned} of {IMAGES} are read right when turned by {TURNED:g}°; upright, {straight}.")


def read_shuffled() -> Generator[Any, None, Number]:
    """2.3: how many of 100 test characters are read right with one fixed permutation of their pixels."""
    from hw2gui.vision import activations, data
    from hw2gui.vision.answers import _open, _samples

    samples = data.permuted(_samples(registry.usual_characters(), "test", IMAGES), 0)
    found = yield from activations.predict_steps(_open("shipped", None).module, samples.images, "reading")
    right = int((found.argmax(axis=1) == samples.labels).sum())
    words = f"{right} of {IMAGES} are read right; guessing would get {IMAGES // 10}. Each image still holds the same grey levels."
    return Number(right, words)


def accuracy() -> Generator[Any, None, Number]:
    """2.4: the accuracy of the homework's network, as it ships, in percent of test images."""
    from hw2gui.vision import answers, models

    model = "homework" if "homework" in models.names() else models.DEFAULT
    found = yield from answers.evaluate(model, registry.usual_characters(), "test", 10 * IMAGES)
    percent = 100 * float((found.probabilities.argmax(axis=1) == found.labels).mean())
    return Number(percent, f"{percent:.1f} % of {10 * IMAGES:,} test images. {models.words(model)}")


def silent() -> Number:
    """2.5: the share of the first ReLU's values that are 0, in percent."""
    from hw2gui.vision import answers, data, models

    image, _ = data.one(registry.usual_characters(), "test", 7)
    inside = answers.inside(models.DEFAULT, image.astype(np.float32) / np.float32(256))
    values = inside.of("relu1")
    share = 100 * float((values == 0).mean())
    return Number(share, f"{share:.0f} % of the {values.size:,} values behind the first ReLU are 0.")


def plain_error() -> Generator[Any, None, Number]:
    """3.1a: the error rate without attention, in percent."""
    return (yield from _error("-plain", 1, "Without attention, greedy"))


def attention_error() -> Generator[Any, None, Number]:
    """3.1b: the error rate with attention, in percent."""
    return (yield from _error("", 1, "With attention, greedy"))


def beam_error() -> Generator[Any, None, Number]:
    """3.1c: the error rate with attention and a beam of 5, in percent."""
    return (yield from _error("", 5, "With attention and a beam of 5"))


def _geometry() -> Any:
    from hw2gui.convolution.state import ConvolutionState

    return ConvolutionState().geometry


def _ratio(first: Any, second: Any, *, ignore_biases: bool = False) -> Number:
    from hw2gui.parameters.analysis import analyse
    from hw2gui.parameters.twins import compare, times_text

    comparison = compare(analyse(first, ignore_biases=ignore_biases), analyse(second, ignore_biases=ignore_biases))
    ratio = comparison.ratio
    assert ratio is not None
    return Number(float(ratio), f"{comparison.second:,} against {comparison.first:,}: {times_text(ratio)} as many.")


def _error(suffix: str, beam: int, how: str) -> Generator[Any, None, Number]:
    from hw2gui.datasets import lexicon
    from hw2gui.seq2seq import answers

    sentences = registry.is_present(registry.find("spa-eng"))
    model, data = (f"es-en{suffix}", None) if sentences else (f"ar-en{suffix}", lexicon.NAME)
    found = yield from answers.evaluate(model, "validation", (beam,), data=data, limit=PAIRS)
    rate = 100 * found.of(beam).scores.error_rate
    what = "Spanish–English sentences" if sentences else "Arabic names of the built-in lexicon"
    return Number(rate, f"{how}: {rate:.1f} % on the first {len(found.sources)} validation pairs ({what}, model {model}).")
