"""The homework's networks and a few well-known ones, each built from its sizes; no count is written here, all are computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from hw2gui.parameters.architecture import Architecture, Tie
from hw2gui.parameters.expressions import Expr, Formula, Symbol
from hw2gui.parameters.layers import (
    LSTM,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    BilinearAttention,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    Linear,
    LogSoftmax,
    MaxPool2d,
    Pair,
    ReLU,
    Residual,
    Shape,
    Tanh,
    TargetTokens,
)

CHARACTER = Shape((1, 28, 28))
"""An image of the homework's data."""
SPANISH_ENGLISH_SYMBOLS = 34
"""The 26 letters, space, full stop, exclamation and question mark of its sentences, and padding, unknown, start and end."""


def question1(image: Shape = CHARACTER, kernel: Pair = (5, 5), classes: int = 3) -> Architecture:
    """Question 1: one M×N filter → ReLU → 2×2 max pooling → fully connected to the classes."""
    layers = (Conv2d(1, kernel), ReLU(), MaxPool2d((2, 2)), Flatten(), Linear(classes))
    return Architecture("Question 1 network", image, layers)


def question1_formula(image: Shape = CHARACTER, kernel: Pair = (5, 5), classes: int = 3) -> Formula:
    """The weights of :func:`question1`: MN + K⌊(H−M+1)/2⌋⌊(W−N+1)/2⌋ (with C channels: CMN + …)."""
    filters = Symbol("M", kernel[0]) * Symbol("N", kernel[1])
    if image.sizes[0] > 1:
        filters = Symbol("C", image.sizes[0]) * filters
    dense = Symbol("K", classes) * _pooled(image, kernel)
    return Formula("weights", filters + dense, (Formula("convolution", filters), Formula("fully connected layer", dense)))


def question1_twin_formula(image: Shape = CHARACTER, kernel: Pair = (5, 5), classes: int = 3) -> Formula:
    """The same with one fully connected layer in place of convolution and pooling: (HW + K)⌊(H−M+1)/2⌋⌊(W−N+1)/2⌋."""
    letters = zip("CHW" if image.sizes[0] > 1 else " HW", image.sizes, strict=True)
    symbols = [Symbol(letter, size) for letter, size in letters if letter != " "]
    pixels: Expr = symbols[0]
    for symbol in symbols[1:]:
        pixels = pixels * symbol
    pooled, outputs = _pooled(image, kernel), Symbol("K", classes)
    parts = Formula("first layer", pixels * pooled), Formula("second layer", outputs * pooled)
    return Formula("weights", (pixels + outputs) * pooled, parts)


def _pooled(image: Shape, kernel: Pair) -> Expr:
    _, height, width = image.sizes
    rows = (Symbol("H", height) - Symbol("M", kernel[0]) + 1) // 2
    return rows * ((Symbol("W", width) - Symbol("N", kernel[1]) + 1) // 2)


def cnn(image: Shape = CHARACTER, classes: int = 10) -> Architecture:
    """Question 2: the CNN for Kuzushiji characters."""
    layers = (
        Conv2d(8, (5, 5), padding=(2, 2)),
        ReLU(),
        MaxPool2d((2, 2)),
        Conv2d(16, (3, 3)),
        ReLU(),
        MaxPool2d((2, 2)),
        Flatten(),
        Linear(600),
        ReLU(),
        Dropout(0.3),
        Linear(120),
        ReLU(),
        Linear(classes),
        LogSoftmax(),
    )
    return Architecture("Question 2 CNN", image, layers)


def seq2seq(
    attention: bool = True,
    source_symbols: int = SPANISH_ENGLISH_SYMBOLS,
    target_symbols: int = SPANISH_ENGLISH_SYMBOLS,
    hidden: int = 128,
    source_length: int = 19,
    target_length: int = 20,
) -> Architecture:
    """Question 3: bidirectional LSTM encoder, LSTM decoder started from its state, output weight tied to the target embedding.

    *hidden* must be even: each direction of the encoder has half of it.
    """
    encoder: tuple[Layer, ...] = (
        Embedding(source_symbols, hidden, name="source_embedding"),
        Dropout(0.3),
        LSTM(hidden // 2, bidirectional=True, name="encoder"),
        Dropout(0.3),
    )
    decoder: tuple[Layer, ...] = (
        TargetTokens(target_length, name="target_tokens"),
        Embedding(target_symbols, hidden, name="target_embedding"),
        Dropout(0.3),
        LSTM(hidden, initial_state="encoder", name="decoder"),
        *((BilinearAttention(name="attention"),) if attention else ()),
        Dropout(0.3),
        Linear(target_symbols, name="output_layer"),
    )
    name = f"Question 3 encoder–decoder {'with' if attention else 'without'} attention"
    tie = Tie("output_layer", "target_embedding")
    return Architecture(name, Shape((source_length,), tokens=True), encoder + decoder, (tie,))


def dense(*widths: int, image: Shape = CHARACTER) -> Architecture:
    """A fully connected network on the flattened *image*: ``dense(600, 120, 10)`` is 784-600-120-10, with ReLU between its layers."""
    layers: list[Layer] = [Flatten(), Linear(widths[0])]
    for _, width in pairwise(widths):
        layers += [ReLU(), Linear(width)]
    return Architecture("-".join(map(str, (image.elements, *widths))), image, tuple(layers))


def lenet5() -> Architecture:
    """LeNet-5 (LeCun et al., 1998) as usually written today: plain average pooling, every map connected to every other."""
    layers = (
        *(Conv2d(6, (5, 5)), Tanh(), AvgPool2d((2, 2))),
        *(Conv2d(16, (5, 5)), Tanh(), AvgPool2d((2, 2))),
        *(Conv2d(120, (5, 5)), Tanh(), Flatten()),
        *(Linear(84), Tanh(), Linear(10)),
    )
    return Architecture("LeNet-5", Shape((1, 32, 32)), layers)


def vgg_like() -> Architecture:
    """Pairs of 3×3 convolutions between poolings, after VGG (Simonyan and Zisserman, 2014), for 32×32 colour images."""
    layers: list[Layer] = []
    for channels in (32, 64, 128):
        layers += [Conv2d(channels, (3, 3), padding=(1, 1)), ReLU(), Conv2d(channels, (3, 3), padding=(1, 1)), ReLU(), MaxPool2d((2, 2))]
    layers += [Flatten(), Linear(256), ReLU(), Dropout(0.5), Linear(10)]
    return Architecture("VGG-like", Shape((3, 32, 32)), tuple(layers))


def resnet_like() -> Architecture:
    """Three residual blocks after ResNet (He et al., 2015), for 32×32 colour images.

    Each block adds the signal that entered it; where channels and size change, through a 1×1 convolution with the block's stride
    (without the batch normalisation that some implementations put there).
    """
    layers: list[Layer] = [Conv2d(16, (3, 3), padding=(1, 1), bias=False), BatchNorm2d(), ReLU()]
    for channels, stride in ((16, 1), (32, 2), (64, 2)):
        layers += [Conv2d(channels, (3, 3), (stride, stride), (1, 1), bias=False), BatchNorm2d(), ReLU()]
        layers += [Conv2d(channels, (3, 3), padding=(1, 1), bias=False), BatchNorm2d()]
        layers += [Residual(5, projection=stride > 1, stride=(stride, stride)), ReLU()]
    layers += [AdaptiveAvgPool2d((1, 1)), Flatten(), Linear(10)]
    return Architecture("ResNet-like", Shape((3, 32, 32)), tuple(layers))


@dataclass(frozen=True, slots=True)
class Preset:
    """An entry of the preset menu."""

    key: str
    title: str
    summary: str
    build: Callable[[], Architecture]


PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset("question1", "Question 1", "One filter, ReLU, 2×2 max pooling, a fully connected layer to 3 classes.", question1),
        Preset("cnn", "Question 2: CNN", "Two convolutions and three fully connected layers for Kuzushiji characters.", cnn),
        Preset("seq2seq", "Question 3 with attention", "Bidirectional LSTM encoder, LSTM decoder with bilinear attention.", seq2seq),
        Preset("seq2seq-plain", "Question 3 without attention", "The same without attention.", lambda: seq2seq(attention=False)),
        Preset("dense-matched", "784-600-120-10", "The CNN's fully connected layers on the pixels.", lambda: dense(600, 120, 10)),
        Preset("dense-512", "784-512-10", "One hidden layer: fewer parameters than the CNN.", lambda: dense(512, 10)),
        Preset("lenet5", "LeNet-5", "The ancestor of the family, 1998.", lenet5),
        Preset("vgg", "VGG-like", "Pairs of 3×3 convolutions between poolings.", vgg_like),
        Preset("resnet", "ResNet-like", "Three residual blocks.", resnet_like),
    )
}
"""Every preset by its key."""
