"""The layer kinds: one frozen dataclass each, listed here in the order a palette shows them."""

from __future__ import annotations

from typing import Any

from hw2gui.errors import InputError, shortened
from hw2gui.parameters.layers.attention import BilinearAttention, MultiheadSelfAttention
from hw2gui.parameters.layers.base import (
    Call,
    Change,
    Context,
    Family,
    Form,
    Layer,
    MisfitError,
    ReceptiveField,
    Shape,
    State,
)
from hw2gui.parameters.layers.convolution import Conv2d, ConvTranspose2d
from hw2gui.parameters.layers.dense import BatchNorm2d, Dropout, Flatten, LayerNorm, Linear, LogSoftmax, ReLU, Sigmoid, Tanh
from hw2gui.parameters.layers.fields import MAX_SIZE, FieldKind, FieldSpec, Pair
from hw2gui.parameters.layers.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from hw2gui.parameters.layers.recurrent import GRU, LSTM, Embedding
from hw2gui.parameters.layers.wiring import Residual, TargetTokens

KINDS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        Conv2d,
        ConvTranspose2d,
        MaxPool2d,
        AvgPool2d,
        AdaptiveAvgPool2d,
        Linear,
        Flatten,
        ReLU,
        Tanh,
        Sigmoid,
        LogSoftmax,
        Dropout,
        BatchNorm2d,
        LayerNorm,
        Embedding,
        LSTM,
        GRU,
        BilinearAttention,
        MultiheadSelfAttention,
        TargetTokens,
        Residual,
    )
}
"""Every kind by its name."""


def make(kind: str, /, **values: Any) -> Layer:
    """A layer of *kind* with field *values*, the others at their defaults.

    Raises :class:`InputError` naming an unknown kind or field (with the nearest known one) or a value out of range.
    """
    if kind not in KINDS:
        raise InputError(f"there is no layer kind '{shortened(kind)}'; {_suggestion(kind, list(KINDS))}.")
    known = [spec.name for spec in KINDS[kind].fields()]
    for name in values:
        if name not in known:
            raise InputError(f"{kind} has no field '{shortened(name)}'; {_suggestion(name, known)}.")
    return KINDS[kind](**values)


def _suggestion(given: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(given[:40], known, n=1) or get_close_matches(given[:40].lower(), [name.lower() for name in known], n=1)
    nearest = [name for name in known if near and name.lower() == near[0].lower()]
    return f"did you mean {nearest[0]}?" if nearest else "use one of " + ", ".join(known)


__all__ = [
    "GRU",
    "KINDS",
    "LSTM",
    "MAX_SIZE",
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BatchNorm2d",
    "BilinearAttention",
    "Call",
    "Change",
    "Context",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Embedding",
    "Family",
    "FieldKind",
    "FieldSpec",
    "Flatten",
    "Form",
    "Layer",
    "LayerNorm",
    "Linear",
    "LogSoftmax",
    "MaxPool2d",
    "MisfitError",
    "MultiheadSelfAttention",
    "Pair",
    "ReLU",
    "ReceptiveField",
    "Residual",
    "Shape",
    "Sigmoid",
    "State",
    "Tanh",
    "TargetTokens",
    "make",
]
