from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw2gui.errors import UnavailableError
from hw2gui.vision.model import build
from hw2gui.vision.network import BEST, FULLY_CONNECTED, HOMEWORK, HOMEWORK_SUBSAMPLED, Network
from hw2gui.vision.onnx_export import export, model_bytes


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protocol buffer, in order: (number, whole number or bytes)."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            length = 4 if tag & 7 == 5 else varint()
            yield tag >> 3, message[at : at + length]
            at += length


def only(message: bytes, number: int) -> list:
    return [value for which, value in fields(message) if which == number]


UNPOOLED = replace(BEST, convolutions=tuple(replace(layer, pooling="subsample") for layer in BEST.convolutions[:3]))


@pytest.mark.parametrize("network", [HOMEWORK, HOMEWORK_SUBSAMPLED, FULLY_CONNECTED, BEST, UNPOOLED])
def test_the_graph_is_the_network(network: Network) -> None:
    state = build(network, 1).state_dict()
    weights = {name: tensor.numpy() for name, tensor in state.items() if not name.endswith("num_batches_tracked")}
    content = model_bytes(network, weights)
    (graph,) = only(content, 7)
    assert [only(opset, 2) for opset in only(content, 8)] == [[13]]
    nodes = only(graph, 1)
    kinds = {
        "convolution": "Conv",
        "normalisation": "BatchNormalization",
        "relu": "Relu",
        "pool": "MaxPool",
        "flatten": "Flatten",
        "dense": "Gemm",
    }
    wanted = [kinds[stage.kind] for stage in network.stages() if stage.kind != "dropout"]
    found = [only(node, 4)[0].decode().replace("Slice", "MaxPool") for node in nodes]
    assert found == wanted
    for before, after in itertools.pairwise(nodes):
        assert only(after, 1)[0] == only(before, 2)[0]
    assert (only(nodes[0], 1)[0], only(nodes[-1], 2)[0]) == (b"image", b"logits")
    kept = {only(tensor, 8)[0].decode(): tensor for tensor in only(graph, 5)}
    assert set(weights) <= set(kept)
    for name, array in weights.items():
        assert only(kept[name], 1) == list(array.shape)
        np.testing.assert_array_equal(np.frombuffer(only(kept[name], 9)[0], np.float32), array.reshape(-1))
    every_input = [name.decode() for node in nodes for name in only(node, 1)[1:]]
    assert sorted(every_input) == sorted(kept)


def test_export(tmp_path: Path) -> None:
    weights = {name: tensor.numpy() for name, tensor in build(HOMEWORK, 1).state_dict().items()}
    export(HOMEWORK, weights, tmp_path / "x.onnx")
    assert (tmp_path / "x.onnx").read_bytes() == model_bytes(HOMEWORK, weights)
    with pytest.raises(UnavailableError, match="cannot be written"):
        export(HOMEWORK, weights, tmp_path / "x.onnx" / "y.onnx")
